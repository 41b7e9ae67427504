"""Fit decoding and confidence on held-out training articles."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from articles.extraction.tagger.cue_classes import is_reporting
from articles.extraction.tagger.inference import (
    CHECKSUMS,
    EVIDENCE_NAMES,
    NETWORK,
    SETTINGS,
    WORD_PIECES,
    ScoredWindow,
    Tagger,
    collect_evidence,
    file_digest,
    find_linked_cues,
)
from articles.extraction.tagger.labels import DecodingParameters
from articles.extraction.training.corpus import Article, load_corpus, split_held_out
from articles.extraction.training.evaluate import load_scorer, match_marked, to_scorer_format
from articles.extraction.training.model import Network

Numbers = NDArray[np.float64]
SPAN_START_BIASES = (0.0, 0.25, 0.5, 0.75, 1.0)
MIN_CONFIDENCES = tuple(round(0.05 * step, 2) for step in range(11))
MIN_SOURCE_LINK, MIN_CONTENT_LINK = 0.3, 0.15
RIDGE_PENALTY = 2.0  # keeps the weights small, against overfitting to a few dozen articles
FOLD_COUNT = 4


def fit_logistic_regression(inputs: Numbers, right: Numbers) -> Numbers:
    """Return the weights of a ridge-regularised logistic regression (Newton's method)."""
    weights = np.zeros(inputs.shape[1])
    ridge = np.full(inputs.shape[1], RIDGE_PENALTY)
    ridge[0] = 0.0
    for _ in range(50):
        probability = 1 / (1 + np.exp(-inputs @ weights))
        gradient = inputs.T @ (right - probability) - ridge * weights
        hessian = (inputs * (probability * (1 - probability))[:, None]).T @ inputs + np.diag(ridge + 1e-9)
        step = np.linalg.solve(hessian, gradient)
        weights = weights + step
        if np.abs(step).max() < 1e-6:
            break
    return weights


class _FoundAttributions:
    """All attributions that one decoding setting finds in the held-out articles."""

    def __init__(
        self,
        module: ModuleType,
        articles: list[Article],
        scored_windows: list[list[ScoredWindow]],
        decoding: DecodingParameters,
    ) -> None:
        rows: list[list[float]] = []
        right: list[bool] = []
        fold: list[int] = []
        reporting: list[bool] = []
        self.gold = [0, 0]
        for number, (article, windows) in enumerate(zip(articles, scored_windows, strict=True)):
            found = find_linked_cues(windows, decoding)
            scored = [to_scorer_format(linked) for linked in found]
            cue_reports = [is_reporting(article.text[linked.cue.start : linked.cue.end]) for linked in found]
            gold = article.annotations[0]
            rows += [
                list(collect_evidence(linked, reporting=cue_is_reporting))
                for linked, cue_is_reporting in zip(found, cue_reports, strict=True)
            ]
            right += match_marked(module, article.text, scored, gold)
            fold += [number % FOLD_COUNT] * len(found)
            reporting += cue_reports
            self.gold[0] += len(gold)
            self.gold[1] += sum(module.is_reporting(article.text, marked) for marked in gold)
        self.rows, self.right = np.array(rows), np.array(right, float)
        self.fold, self.reporting = np.array(fold), np.array(reporting)

    def cross_fitted_confidence(self) -> Numbers:
        """Return the confidence of each attribution, fitted on the other folds."""
        probability = np.zeros(len(self.rows))
        for number in range(FOLD_COUNT):
            inside = self.fold == number
            probability[inside] = 1 / (
                1 + np.exp(-self.rows[inside] @ fit_logistic_regression(self.rows[~inside], self.right[~inside]))
            )
        return probability

    def f1(self, kept: NDArray[np.bool_]) -> tuple[float, float]:
        """Return the whole F1 of the kept attributions: over all, and over reporting ones."""
        reporting = kept & self.reporting
        return (
            float(2 * self.right[kept].sum() / (kept.sum() + self.gold[0])),
            float(2 * self.right[reporting].sum() / (reporting.sum() + self.gold[1])),
        )


def reliability_table(confidence: Numbers, right: Numbers) -> list[dict[str, float]]:
    """Return the share of correct attributions in each confidence interval."""
    table = []
    for low in np.arange(0.0, 1.0, 0.1):
        inside = (confidence >= low) & (confidence < low + 0.1 if low < 0.85 else confidence <= 1.0)
        if inside.any():
            table.append(
                {
                    "from": round(float(low), 1),
                    "number": int(inside.sum()),
                    "confidence": round(float(confidence[inside].mean()), 3),
                    "right": round(float(right[inside].mean()), 3),
                }
            )
    return table


def _are_neighbours(first: tuple[float, float], second: tuple[float, float]) -> bool:
    steps = (
        abs(first[0] - second[0]) / (SPAN_START_BIASES[1] - SPAN_START_BIASES[0]),
        abs(first[1] - second[1]) / (MIN_CONFIDENCES[1] - MIN_CONFIDENCES[0]),
    )
    return 0.5 < sum(steps) < 1.5


def calibrate_tagger(polnear: Path, checkpoint: Path, folder: Path, version: str) -> str:
    """Write tagger.json next to the exported network. Return a report of the choice."""
    module = load_scorer(polnear)
    articles = split_held_out(load_corpus(polnear / "train"))[1]
    network = Network.from_weights(torch.load(checkpoint, weights_only=True)["network"])
    link_bias = network.link_bias.tolist()
    settings: dict[str, Any] = {
        "version": version,
        "link_bias": [round(value, 6) for value in link_bias],
        "transitions": [[round(value, 6) for value in row] for row in network.transition_scores().tolist()],
        "least_source_link": MIN_SOURCE_LINK,
        "least_content_link": MIN_CONTENT_LINK,
        "eagerness": 0.0,
        "least": 0.0,
        "confidence": [0.0] * len(EVIDENCE_NAMES),
    }
    path = folder / SETTINGS
    path.write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    tagger = Tagger(folder)
    scored_windows = [list(tagger.score_windows(article.text)) for article in articles]
    lines: list[str] = []
    scores: dict[tuple[float, float], float] = {}
    best: tuple[float, float, float] = (-1.0, 0.0, 0.0)
    for start_bias in SPAN_START_BIASES:
        attributions = _FoundAttributions(
            module, articles, scored_windows, replace(tagger.settings.decoding, span_start_bias=start_bias)
        )
        if not attributions.rows.ndim == 2:
            raise SystemExit("The network finds nothing in the held-out articles. Train it for more epochs.")
        confidence = attributions.cross_fitted_confidence()
        for min_confidence in MIN_CONFIDENCES:
            f1_all, f1_reporting = attributions.f1(confidence >= min_confidence)
            lines.append(
                f"span start bias {start_bias}, confidence from {min_confidence}: all {f1_all:.4f} reporting {f1_reporting:.4f}"
            )
            scores[start_bias, min_confidence] = f1_all + f1_reporting
    for (start_bias, min_confidence), score in scores.items():
        # Average with the neighbouring settings: one lucky setting on a few dozen articles is not a good choice.
        nearby_scores = [score, *(scores[key] for key in scores if _are_neighbours(key, (start_bias, min_confidence)))]
        best = max(best, (sum(nearby_scores) / len(nearby_scores), start_bias, min_confidence))
    _, settings["eagerness"], settings["least"] = best
    attributions = _FoundAttributions(
        module, articles, scored_windows, replace(tagger.settings.decoding, span_start_bias=settings["eagerness"])
    )
    settings["confidence"] = [
        round(float(value), 6) for value in fit_logistic_regression(attributions.rows, attributions.right)
    ]
    path.write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    sums = [f"{file_digest(folder / name)}  {name}\n" for name in (NETWORK, SETTINGS, WORD_PIECES)]
    (folder / CHECKSUMS).write_text("".join(sums), encoding="utf-8")
    lines.append(f"chosen: span start bias {settings['eagerness']}, confidence from {settings['least']}")
    lines += [str(row) for row in reliability_table(attributions.cross_fitted_confidence(), attributions.right)]
    return "\n".join(lines)
