"""From the network's scores to attributions: the best labels of each window, its spans, and which belong together."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from articles.extraction.tagger.windows import Window

Scores = NDArray[np.float32]

# Labels: 0 is none; 2 * role + 1 begins a span of the role, 2 * role + 2 goes on with it.
SOURCE, CUE, CONTENT = range(3)
LABEL_COUNT = 7
FORBIDDEN_SCORE = -1e4


@dataclass(frozen=True, slots=True)
class DecodingParameters:
    """The learned part of decoding: label after label, and how readily things are linked."""

    transitions: Scores  # (7, 7)
    link_bias: tuple[float, float]  # source, content
    min_source_link: float = 0.3
    min_content_link: float = 0.15
    span_start_bias: float = 0.0  # added to the scores of labels that begin a span: above 0, more is found


@dataclass(slots=True)
class LabelledSpan:
    """A span of one role in one window."""

    role: int
    start: int  # code points of the text
    end: int
    first_word: int  # words of the window, the last one included
    last_word: int
    probability: float  # how probable the labels at its two ends are (the lesser)


@dataclass(slots=True)
class LinkedCue:
    """A cue with what belongs to it."""

    cue: LabelledSpan
    source: LabelledSpan | None = None
    content: list[LabelledSpan] = field(default_factory=list)
    source_link: float = 0.0
    content_link: float = 1.0  # the least


def best_labels(scores: list[Scores], chain: DecodingParameters) -> list[tuple[NDArray[np.int64], Scores]]:
    """For each window (words, 7): its best labels (Viterbi), and the probability of each of them.

    The windows of a text are walked side by side; rows never meet. Shorter ones wait at the front under a label
    of none, which is where every window begins anyway.
    """
    if not scores:
        return []
    longest, count = max(len(window) for window in scores), len(scores)
    padded = np.full((longest, count, LABEL_COUNT), FORBIDDEN_SCORE, np.float32)
    padded[:, :, 0] = 0.0
    for row, window in enumerate(scores):
        padded[longest - len(window) :, row] = window
        padded[longest - len(window) :, row, 1::2] += chain.span_start_bias
    best = np.empty_like(padded)
    best[0] = chain.transitions[0] + padded[0]
    for at in range(1, longest):
        best[at] = (best[at - 1][:, :, None] + chain.transitions).max(1)
        best[at] += padded[at]
    labels = np.empty((longest, count), np.int64)
    labels[-1] = best[-1].argmax(1)
    into = np.ascontiguousarray(chain.transitions.T)
    for at in range(longest - 1, 0, -1):
        labels[at - 1] = (best[at - 1] + into[labels[at]]).argmax(1)
    chances = _label_probabilities(padded, chain.transitions)
    chosen = np.take_along_axis(chances, labels[:, :, None], 2)[:, :, 0]
    return [
        (labels[longest - len(window) :, row], chosen[longest - len(window) :, row])
        for row, window in enumerate(scores)
    ]


def _label_probabilities(padded: Scores, transitions: Scores) -> Scores:
    """The probability of each label of each word, by the forward-backward algorithm, scaled at every step.

    Both directions are walked at once: `walked[0]` from the first word on, `walked[1]` from the last one back.
    """
    step = np.exp(transitions)
    emitted = np.exp(padded - padded.max(2, keepdims=True))
    walked = np.stack([emitted, emitted[::-1]], 1)
    steps = np.stack([step, step.T])
    walked[0, 0] *= step[0]
    now = walked[0]
    for at in range(1, len(walked)):
        now = np.matmul(now, steps) * walked[at]
        now /= now.sum(2, keepdims=True)
        walked[at] = now
    before, after = walked[:, 0], walked[::-1, 1]
    joint = before.copy()
    joint[:-1] *= after[1:] @ step.T
    chances: Scores = joint / joint.sum(2, keepdims=True)
    return chances


def find_spans(window: Window, labels: NDArray[np.int64], chances: Scores) -> list[LabelledSpan]:
    """The labelled spans of a window, in order. A span never goes on in another paragraph."""
    found: list[LabelledSpan] = []
    words = window.words
    open_at = -2  # the index of the word the last span ended with
    for index, label in enumerate(labels.tolist()):
        if label == 0:
            continue
        piece = words[index]
        last = (words[index + 1] if index + 1 < len(words) else len(window.pieces)) - 1
        start, end = window.offsets[piece][0], window.offsets[last][1]
        role, goes_on = (label - 1) // 2, label % 2 == 0
        sure = float(chances[index])
        if goes_on and open_at == index - 1 and found[-1].role == role and not window.features[piece] % 2:
            found[-1].end, found[-1].last_word = end, index
            found[-1].probability = min(found[-1].probability, sure)
        else:
            found.append(LabelledSpan(role, start, end, index, index, sure))
        open_at = index
    return found


def link_spans(found: list[LabelledSpan], query: Scores, key: Scores, chain: DecodingParameters) -> list[LinkedCue]:
    """The spans of one window as attributions: each content goes to one cue, each cue takes one source."""
    cues = [span for span in found if span.role == CUE]
    if not cues:
        return []
    size = key.shape[1] // 2
    at = [cue.first_word for cue in cues]
    raw = [
        query[at, role * size : (role + 1) * size] @ key[:, role * size : (role + 1) * size].T / math.sqrt(size)
        + chain.link_bias[role]
        for role in (0, 1)
    ]
    source_chance, content_chance = (1 / (1 + np.exp(-values)) for values in raw)
    result = [LinkedCue(cue) for cue in cues]
    for span in found:
        if span.role == SOURCE:
            for number, chance in enumerate(source_chance[:, span.first_word : span.last_word + 1].mean(1).tolist()):
                if chance > max(chain.min_source_link, result[number].source_link):
                    result[number].source, result[number].source_link = span, chance
        elif span.role == CONTENT:
            chances = content_chance[:, span.first_word : span.last_word + 1].mean(1)
            number = int(chances.argmax())
            if chances[number] > chain.min_content_link:
                result[number].content.append(span)
                result[number].content_link = min(result[number].content_link, float(chances[number]))
    return [linked for linked in result if linked.content]
