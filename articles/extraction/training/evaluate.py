"""Scores: by the corpus's own scorer, of weights in training and of the shipped model."""

from __future__ import annotations

import importlib.util
import resource
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from articles.extraction.tagger.inference import ScoredWindow, Tagger, find_linked_cues
from articles.extraction.tagger.labels import DecodingParameters, LinkedCue
from articles.extraction.tagger.tagged import TaggedAttribution
from articles.extraction.tagger.windows import PADDING_FEATURE, build_windows
from articles.extraction.tagger.wordpiece import END_PIECE, START_PIECE, WordPieces
from articles.extraction.training.corpus import ROLES, Article, load_corpus
from articles.extraction.training.model import Network


def load_scorer(polnear: Path) -> ModuleType:
    """score.py as it lies beside the corpus."""
    spec = importlib.util.spec_from_file_location("polnear_score", polnear / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(polnear / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def score_windows(network: Network, vocabulary: WordPieces, text: str) -> list[ScoredWindow]:
    """What `Tagger.attend` gives, by the network in full precision."""
    first, last = vocabulary.piece_id(START_PIECE), vocabulary.piece_id(END_PIECE)
    result: list[ScoredWindow] = []
    for window in build_windows(text, vocabulary):
        pieces = torch.tensor([[first, *window.pieces, last]])
        features = torch.tensor([[PADDING_FEATURE, *window.features, PADDING_FEATURE]])
        with torch.no_grad():
            tag, query, key = network(pieces, features)
        words = [place + 1 for place in window.words]
        result.append((window, tag[0, words].numpy(), query[0, words].numpy(), key[0, words].numpy()))
    return result


def to_scorer_format(linked: LinkedCue) -> dict[str, Any]:
    """An attribution as the scorer reads it."""
    return {
        "cue": [[linked.cue.start, linked.cue.end]],
        "source": [[linked.source.start, linked.source.end]] if linked.source else [],
        "content": [[span.start, span.end] for span in linked.content],
    }


def match_marked(module: ModuleType, text: str, predicted: Sequence[Any], gold: Sequence[Any]) -> list[bool]:
    """For each predicted attribution: is it one of the marked ones, by the scorer's measure "whole"?"""
    document = module.Doc(text)
    mine = [document.view(one) for one in predicted]
    theirs = [document.view(one) for one in gold]
    pairs = []
    for i, one in enumerate(mine):
        head = document.head(one)
        for j, other in enumerate(theirs):
            union = len(one["content_t"] | other["content_t"])
            likeness = len(one["content_t"] & other["content_t"]) / union if union else 0.0
            fits = head in other["source_t"] if head is not None else not other["source"]
            if likeness >= 0.5 and fits:
                pairs.append((likeness, module.touch(one, other), -i, -j))
    used: set[int] = set()
    right = [False] * len(mine)
    for _, _, i, j in sorted(pairs, reverse=True):
        if not right[-i] and j not in used:
            right[-i] = True
            used.add(j)
    return right


def evaluate_network(network: Network, vocabulary: WordPieces, articles: list[Article], polnear: Path) -> str:
    """A line of figures for weights in training."""
    network.eval()
    source, content = network.link_bias.tolist()
    chain = DecodingParameters(network.transition_scores().detach().numpy(), (source, content))
    found = [
        [to_scorer_format(one) for one in find_linked_cues(score_windows(network, vocabulary, a.text), chain)]
        for a in articles
    ]
    lines = []
    for reporting in (False, True):
        result = score_articles(load_scorer(polnear), articles, found, reporting=reporting)
        lines.append(
            f"{'reporting' if reporting else 'all'} " + " ".join(f"{k} {v:.2f}" for k, v in list_scores(result))
        )
    return " | ".join(lines)


def score_articles(
    module: ModuleType, articles: list[Article], found: list[list[Any]], *, reporting: bool
) -> dict[str, Any]:
    """The scorer's result, against the first annotator of each article."""
    total = module.Score()
    for article, predicted in zip(articles, found, strict=True):
        mine, gold = (
            [one for one in some if not reporting or module.is_reporting(article.text, one)]
            for some in (predicted, article.annotations[0])
        )
        total.add(module.Doc(article.text), mine, gold)
    result: dict[str, Any] = total.result()
    return result


def list_scores(result: dict[str, Any]) -> list[tuple[str, float]]:
    """The figures that are looked at, in per cent."""
    whole = result["whole"]
    picked = [("whole", whole["F1"]), ("precision", whole["P"]), ("recall", whole["R"])]
    picked += [(f"exact {name}", result["exact"][name]["F1"]) for name in (*ROLES, "all")]
    picked += [(f"whole {kind}", one["F1"]) for kind, one in result["whole_by_type"].items()]
    return [(name, 100 * value) for name, value in picked]


def format_table(polnear: Path, part: str, weights: Path) -> str:
    """The shipped model's figures on a part of the corpus, all and reporting, with its speed and memory."""
    module = load_scorer(polnear)
    articles = load_corpus(polnear / part)
    tagger = Tagger(weights)
    tagger(articles[0].text)
    begun = time.process_time()
    tagged = [tagger(article.text) for article in articles]
    seconds = time.process_time() - begun
    found = [[_to_scorer_format(one) for one in some] for some in tagged]
    every, told = (
        list_scores(score_articles(module, articles, found, reporting=reporting)) for reporting in (False, True)
    )
    lines = [f"{part}: {len(articles)} articles, version {tagger.version}", f"{'':16s}{'all':>8s}{'reporting':>11s}"]
    lines += [f"{name:16s}{one:8.1f}{other:11.1f}" for (name, one), (_, other) in zip(every, told, strict=True)]
    words = sum(len(article.text.split()) for article in articles)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    lines.append(
        f"{len(articles) / seconds:.1f} articles a second on one core ({words // len(articles)} words each on average); "
        f"{words / seconds / 700:.1f} of 700 words; {memory} MiB at most, PyTorch loaded"
    )
    return "\n".join(lines)


def _to_scorer_format(one: TaggedAttribution) -> dict[str, Any]:
    return {role: [list(span) for span in getattr(one, role)] for role in ROLES}
