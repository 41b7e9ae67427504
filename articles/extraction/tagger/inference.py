"""The network at work: onnxruntime, one window at a time."""

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
from articles.extraction.tagger.tagged import TaggedAttribution
from articles.extraction.tagger.windows import PADDING_FEATURE, Window, build_windows
from articles.extraction.tagger.wordpiece import END_PIECE, START_PIECE, WordPieces

# onnxruntime reads this when it is loaded. Without it, it stores a device id and queues events in ~/.cache/Microsoft
# and sends them over the network; `disable_telemetry_events()` comes too late.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime

WEIGHTS = Path(__file__).parent / "weights"
NETWORK, WORD_PIECES, SETTINGS, CHECKSUMS = "tagger.onnx", "pieces.txt", "tagger.json", "SHA256SUMS"
# Half of a pair, alone, is no character.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
OUTPUTS = ("tag", "link_query", "link_key")
# Windows whose labels are looked for together: enough to be quick, few enough for the longest text to fit in memory.
WINDOWS_PER_BATCH = 16
# Probabilities nearer to 0 or 1 than this say nothing more.
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
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _log_odds(chance: float) -> float:
    chance = min(max(chance, _MIN_PROBABILITY), 1 - _MIN_PROBABILITY)
    return math.log(chance / (1 - chance))


def collect_evidence(linked: LinkedCue, *, reporting: bool) -> tuple[float, ...]:
    """What confidence is reckoned from, in the order of EVIDENCE; the weights are fitted on articles kept aside."""
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
    """What was fitted beside the network itself (tagger.json)."""

    version: str
    decoding: DecodingParameters
    confidence_weights: tuple[float, ...]  # a weight for each piece of evidence
    min_confidence: float  # confidence below which an attribution is more likely to cost than to gain

    @classmethod
    def read(cls, path: Path) -> Settings:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        source, content = raw["link_bias"]
        transitions = np.array(raw["transitions"], np.float32)
        chain = DecodingParameters(
            transitions, (source, content), raw["least_source_link"], raw["least_content_link"], raw["eagerness"]
        )
        return cls(raw["version"], chain, tuple(raw["confidence"]), raw["least"])


class Tagger:
    """One network, loaded; calling it reads a text."""

    def __init__(self, folder: Path = WEIGHTS) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # The file holds fused operators already; the further fusions onnxruntime knows make it slower.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        self.session = onnxruntime.InferenceSession(str(folder / NETWORK), options, providers=["CPUExecutionProvider"])
        self.pieces = WordPieces(folder / WORD_PIECES)
        self.first, self.last = self.pieces.piece_id(START_PIECE), self.pieces.piece_id(END_PIECE)
        self.settings = Settings.read(folder / SETTINGS)

    @property
    def version(self) -> str:
        return self.settings.version

    def score_windows(self, text: str) -> Iterator[ScoredWindow]:
        """The windows of a text with tag scores, link queries and link keys for each of their words.

        Windows go through the network one by one: it measures the activations of what it reads together,
        so a batch would let texts change each other's answers; and on one core a batch gains nothing.
        """
        for window in build_windows(_LONE_SURROGATE.sub("�", text), self.pieces):
            pieces = np.array([[self.first, *window.pieces, self.last]], np.int64)
            features = np.array([[PADDING_FEATURE, *window.features, PADDING_FEATURE]], np.int64)
            begins = np.array(window.words, np.int64) + 1
            tag, query, key = self.session.run(OUTPUTS, {"pieces": pieces, "features": features, "begins": begins})
            yield window, tag[0], query[0], key[0]

    def confidence(self, linked: LinkedCue, *, reporting: bool) -> float:
        """How probable it is that an annotator marked the same."""
        total = sum(
            a * b
            for a, b in zip(
                self.settings.confidence_weights, collect_evidence(linked, reporting=reporting), strict=True
            )
        )
        return 1 / (1 + math.exp(-total))

    def __call__(self, text: str, least: float | None = None) -> list[TaggedAttribution]:
        """The attributions of a text (see `articles.extraction.tagger.tag`)."""
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
        return sorted(found, key=lambda one: (one.content, one.cue))


def find_linked_cues(attended: Iterable[ScoredWindow], chain: DecodingParameters) -> list[LinkedCue]:
    """The attributions of all windows, before any is left out for want of confidence."""
    found: list[LinkedCue] = []
    left = iter(attended)
    while some := list(islice(left, WINDOWS_PER_BATCH)):
        labelled = best_labels([tag for _, tag, _, _ in some], chain)
        for (window, _, query, key), (labels, chances) in zip(some, labelled, strict=True):
            found.extend(link_spans(find_spans(window, labels, chances), query, key, chain))
    return found
