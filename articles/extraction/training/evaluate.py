"""Measure weights in training and the shipped model with the corpus's scorer."""

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
from articles.extraction.tagger.windows import PADDING_FEATURE, TaggedAttribution, build_windows
from articles.extraction.tagger.wordpiece import END_PIECE, START_PIECE, WordPieces
from articles.extraction.training.corpus import ROLES, Article, load_corpus
from articles.extraction.training.model import Network


def load_scorer(polnear: Path) -> ModuleType:
    """Import score.py from the corpus folder."""
    spec = importlib.util.spec_from_file_location("polnear_score", polnear / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(polnear / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def score_windows(network: Network, vocabulary: WordPieces, text: str) -> list[ScoredWindow]:
    """Return what `Tagger.score_windows` yields, from the network in full precision."""
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
    """Return an attribution as the scorer reads it."""
    return {
        "cue": [[linked.cue.start, linked.cue.end]],
        "source": [[linked.source.start, linked.source.end]] if linked.source else [],
        "content": [[span.start, span.end] for span in linked.content],
    }


def match_marked(module: ModuleType, text: str, predicted: Sequence[Any], gold: Sequence[Any]) -> list[bool]:
    """Return for each predicted attribution whether it is one of the marked ones.

    The measure is the scorer's "whole".
    """
    document = module.Doc(text)
    predicted_views = [document.view(attribution) for attribution in predicted]
    marked_views = [document.view(attribution) for attribution in gold]
    pairs = []
    for i, view in enumerate(predicted_views):
        head = document.head(view)
        for j, other in enumerate(marked_views):
            union = len(view["content_t"] | other["content_t"])
            overlap = len(view["content_t"] & other["content_t"]) / union if union else 0.0
            source_matches = head in other["source_t"] if head is not None else not other["source"]
            if overlap >= 0.5 and source_matches:
                pairs.append((overlap, module.touch(view, other), -i, -j))
    used: set[int] = set()
    is_matched = [False] * len(predicted_views)
    for _, _, i, j in sorted(pairs, reverse=True):
        if not is_matched[-i] and j not in used:
            is_matched[-i] = True
            used.add(j)
    return is_matched


def evaluate_network(network: Network, vocabulary: WordPieces, articles: list[Article], polnear: Path) -> str:
    """Return one line of scores for weights in training."""
    network.eval()
    source, content = network.link_bias.tolist()
    decoding = DecodingParameters(network.transition_scores().detach().numpy(), (source, content))
    predictions = [
        [
            to_scorer_format(linked)
            for linked in find_linked_cues(score_windows(network, vocabulary, article.text), decoding)
        ]
        for article in articles
    ]
    lines = []
    for reporting in (False, True):
        result = score_articles(load_scorer(polnear), articles, predictions, reporting=reporting)
        lines.append(
            f"{'reporting' if reporting else 'all'} " + " ".join(f"{k} {v:.2f}" for k, v in list_scores(result))
        )
    return " | ".join(lines)


def score_articles(
    module: ModuleType, articles: list[Article], predictions: list[list[Any]], *, reporting: bool
) -> dict[str, Any]:
    """Return the scorer's result, against the first annotator of each article."""
    total = module.Score()
    for article, predicted in zip(articles, predictions, strict=True):
        predicted_attributions, gold = (
            [
                attribution
                for attribution in attributions
                if not reporting or module.is_reporting(article.text, attribution)
            ]
            for attributions in (predicted, article.annotations[0])
        )
        total.add(module.Doc(article.text), predicted_attributions, gold)
    result: dict[str, Any] = total.result()
    return result


def list_scores(result: dict[str, Any]) -> list[tuple[str, float]]:
    """Return the main scores by name, in per cent."""
    whole = result["whole"]
    scores = [("whole", whole["F1"]), ("precision", whole["P"]), ("recall", whole["R"])]
    scores += [(f"exact {name}", result["exact"][name]["F1"]) for name in (*ROLES, "all")]
    scores += [(f"whole {kind}", score["F1"]) for kind, score in result["whole_by_type"].items()]
    return [(name, 100 * value) for name, value in scores]


def format_table(polnear: Path, part: str, weights: Path) -> str:
    """Return scores, speed and memory of the shipped model on a part of the corpus."""
    module = load_scorer(polnear)
    articles = load_corpus(polnear / part)
    tagger = Tagger(weights)
    tagger(articles[0].text)
    start = time.process_time()
    tagged = [tagger(article.text) for article in articles]
    seconds = time.process_time() - start
    predictions = [[_to_scorer_format(attribution) for attribution in attributions] for attributions in tagged]
    scores_all, scores_reporting = (
        list_scores(score_articles(module, articles, predictions, reporting=reporting)) for reporting in (False, True)
    )
    lines = [f"{part}: {len(articles)} articles, version {tagger.version}", f"{'':16s}{'all':>8s}{'reporting':>11s}"]
    lines += [
        f"{name:16s}{score_all:8.1f}{score_reporting:11.1f}"
        for (name, score_all), (_, score_reporting) in zip(scores_all, scores_reporting, strict=True)
    ]
    words = sum(len(article.text.split()) for article in articles)
    memory_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    lines.append(
        f"{len(articles) / seconds:.1f} articles a second on one core ({words // len(articles)} words each on average); "
        f"{words / seconds / 700:.1f} of 700 words; {memory_mib} MiB at most, PyTorch loaded"
    )
    return "\n".join(lines)


def _to_scorer_format(attribution: TaggedAttribution) -> dict[str, Any]:
    return {role: [list(span) for span in getattr(attribution, role)] for role in ROLES}
