"""Run the neural network with onnxruntime, one window at a time."""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from articles.extraction.proposal import Span
from articles.extraction.tagger.cue_classes import is_reporting
from articles.extraction.tagger.labels import (
    DecodingParameters,
    LinkedCue,
    Scores,
    best_labels,
    find_spans,
    link_spans,
)
from articles.extraction.tagger.windows import PADDING_FEATURE, TaggedAttribution, Window, build_windows
from articles.extraction.tagger.wordpiece import END_PIECE, START_PIECE, WordPieces

# onnxruntime reads this variable at import. Without it, onnxruntime stores a device id and queues events in
# ~/.cache/Microsoft and sends them over the network. Calling `disable_telemetry_events()` later is too late.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime

WEIGHTS = Path(__file__).parent / "weights"
NETWORK, WORD_PIECES, SETTINGS, CHECKSUMS = "tagger.onnx", "pieces.txt", "tagger.json", "SHA256SUMS"
# Half of a surrogate pair is not a character.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
OUTPUTS = ("tag", "link_query", "link_key")
# Windows that are decoded together: enough to be fast, few enough for the longest text to fit in memory.
WINDOWS_PER_BATCH = 16
# Probabilities are clipped to this distance from 0 and 1.
_MIN_PROBABILITY = 1e-4
EVIDENCE_NAMES = (
    "always",
    "cue",
    "source",
    "content",
    "source link",
    "content link",
    "no source",
    "reporting",
    "broken content",
)
ScoredWindow = tuple[Window, Scores, Scores, Scores]


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _log_odds(probability: float) -> float:
    probability = min(max(probability, _MIN_PROBABILITY), 1 - _MIN_PROBABILITY)
    return math.log(probability / (1 - probability))


def collect_evidence(linked: LinkedCue, *, reporting: bool) -> tuple[float, ...]:
    """Return the inputs of the confidence model, in the order of EVIDENCE_NAMES.

    Its weights are fitted on articles held out from training.
    """
    source = linked.source
    return (
        1.0,
        _log_odds(linked.cue.probability),
        _log_odds(source.probability) if source else 0.0,
        _log_odds(min(span.probability for span in linked.content)),
        _log_odds(linked.source_link) if source else 0.0,
        _log_odds(linked.content_link),
        0.0 if source else 1.0,
        1.0 if reporting else 0.0,
        float(len(linked.content) > 1),
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """Values fitted separately from the network (tagger.json)."""

    version: str
    decoding: DecodingParameters
    confidence_weights: tuple[float, ...]  # one for each of EVIDENCE_NAMES
    min_confidence: float  # attributions below it lower F1

    @classmethod
    def read(cls, path: Path) -> Settings:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        source, content = raw["link_bias"]
        transitions = np.array(raw["transitions"], np.float32)
        decoding = DecodingParameters(
            transitions, (source, content), raw["least_source_link"], raw["least_content_link"], raw["eagerness"]
        )
        return cls(raw["version"], decoding, tuple(raw["confidence"]), raw["least"])


class Tagger:
    """A loaded network. Call it to tag a text."""

    def __init__(self, folder: Path = WEIGHTS) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # The file already has fused operators. Further fusions by onnxruntime make it slower.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        self.session = onnxruntime.InferenceSession(str(folder / NETWORK), options, providers=["CPUExecutionProvider"])
        self.pieces = WordPieces(folder / WORD_PIECES)
        self.first, self.last = self.pieces.piece_id(START_PIECE), self.pieces.piece_id(END_PIECE)
        self.settings = Settings.read(folder / SETTINGS)

    @property
    def version(self) -> str:
        return self.settings.version

    def score_windows(self, text: str) -> Iterator[ScoredWindow]:
        """Yield each window of a text with the scores of its words.

        These are tag scores, link queries and link keys. Windows pass through the network one by one. It scales
        activations by what it reads together, so in a batch one text could change the result of another. On one core
        a batch is not faster.
        """
        for window in build_windows(_LONE_SURROGATE.sub("�", text), self.pieces):
            pieces = np.array([[self.first, *window.pieces, self.last]], np.int64)
            features = np.array([[PADDING_FEATURE, *window.features, PADDING_FEATURE]], np.int64)
            begins = np.array(window.words, np.int64) + 1
            tag, query, key = self.session.run(OUTPUTS, {"pieces": pieces, "features": features, "begins": begins})
            yield window, tag[0], query[0], key[0]

    def confidence(self, linked: LinkedCue, *, reporting: bool) -> float:
        """Return the probability that an annotator marked the same attribution."""
        total = sum(
            a * b
            for a, b in zip(
                self.settings.confidence_weights, collect_evidence(linked, reporting=reporting), strict=True
            )
        )
        return 1 / (1 + math.exp(-total))

    def __call__(self, text: str, least: float | None = None) -> list[TaggedAttribution]:
        """Return the attributions of a text. See `articles.extraction.tagger.tag`."""
        least = self.settings.min_confidence if least is None else least
        found = []
        for linked in find_linked_cues(self.score_windows(text), self.settings.decoding):
            cue = Span(linked.cue.start, linked.cue.end)
            reporting = is_reporting(text[cue.start : cue.end])
            confidence = self.confidence(linked, reporting=reporting)
            if confidence >= least:
                source = (Span(linked.source.start, linked.source.end),) if linked.source else ()
                content = tuple(Span(span.start, span.end) for span in linked.content)
                found.append(TaggedAttribution(source, (cue,), content, round(confidence, 4), reporting))
        return sorted(found, key=lambda attribution: (attribution.content, attribution.cue))


def find_linked_cues(scored_windows: Iterable[ScoredWindow], decoding: DecodingParameters) -> list[LinkedCue]:
    """Return the attributions of all windows, before filtering by confidence."""
    found: list[LinkedCue] = []
    remaining = iter(scored_windows)
    while batch := list(islice(remaining, WINDOWS_PER_BATCH)):
        labelled = best_labels([tag for _, tag, _, _ in batch], decoding)
        for (window, _, query, key), (labels, probabilities) in zip(batch, labelled, strict=True):
            found.extend(link_spans(find_spans(window, labels, probabilities), query, key, decoding))
    return found
