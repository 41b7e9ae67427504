"""Decode the network's scores: best labels, spans, and links between spans."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from articles.extraction.tagger.windows import Window

Scores = NDArray[np.float32]

# Labels: 0 is none; 2 * role + 1 begins a span of the role, 2 * role + 2 continues it.
SOURCE, CUE, CONTENT = range(3)
LABEL_COUNT = 7
FORBIDDEN_SCORE = -1e4


@dataclass(frozen=True, slots=True)
class DecodingParameters:
    """Learned parameters of decoding: label transitions and link thresholds."""

    transitions: Scores  # (7, 7)
    link_bias: tuple[float, float]  # source, content
    min_source_link: float = 0.3
    min_content_link: float = 0.15
    span_start_bias: float = 0.0  # added to the scores of labels that begin a span; above 0, more spans are found


@dataclass(slots=True)
class LabelledSpan:
    """A span of one role in one window."""

    role: int
    start: int  # code points of the text, half-open
    end: int
    first_word: int  # indexes of the window's words, both inclusive
    last_word: int
    probability: float  # lowest probability of its labels


@dataclass(slots=True)
class LinkedCue:
    """A cue with its source and content."""

    cue: LabelledSpan
    source: LabelledSpan | None = None
    content: list[LabelledSpan] = field(default_factory=list)
    source_link: float = 0.0
    content_link: float = 1.0  # the lowest of its contents


def best_labels(scores: list[Scores], decoding: DecodingParameters) -> list[tuple[NDArray[np.int64], Scores]]:
    """Return the best labels of each window (Viterbi), and the probability of each.

    `scores` holds an array (words, 7) per window. All windows are decoded at once; rows do not interact. Shorter
    windows are padded at the front with the label "none", which is also the state before every window.
    """
    if not scores:
        return []
    longest, count = max(len(window) for window in scores), len(scores)
    padded = np.full((longest, count, LABEL_COUNT), FORBIDDEN_SCORE, np.float32)
    padded[:, :, 0] = 0.0
    for row, window in enumerate(scores):
        padded[longest - len(window) :, row] = window
        padded[longest - len(window) :, row, 1::2] += decoding.span_start_bias
    best = np.empty_like(padded)
    best[0] = decoding.transitions[0] + padded[0]
    for step in range(1, longest):
        best[step] = (best[step - 1][:, :, None] + decoding.transitions).max(1)
        best[step] += padded[step]
    labels = np.empty((longest, count), np.int64)
    labels[-1] = best[-1].argmax(1)
    transitions_to = np.ascontiguousarray(decoding.transitions.T)
    for step in range(longest - 1, 0, -1):
        labels[step - 1] = (best[step - 1] + transitions_to[labels[step]]).argmax(1)
    probabilities = _label_probabilities(padded, decoding.transitions)
    chosen = np.take_along_axis(probabilities, labels[:, :, None], 2)[:, :, 0]
    return [
        (labels[longest - len(window) :, row], chosen[longest - len(window) :, row])
        for row, window in enumerate(scores)
    ]


def _label_probabilities(padded: Scores, transitions: Scores) -> Scores:
    """Return the probability of each label of each word (forward-backward algorithm).

    Scaled at every step. Both directions run at once: `forward_backward[0]` forward from the first word,
    `forward_backward[1]` backward from the last.
    """
    step = np.exp(transitions)
    emitted = np.exp(padded - padded.max(2, keepdims=True))
    forward_backward = np.stack([emitted, emitted[::-1]], 1)
    steps = np.stack([step, step.T])
    forward_backward[0, 0] *= step[0]
    state = forward_backward[0]
    for index in range(1, len(forward_backward)):
        state = np.matmul(state, steps) * forward_backward[index]
        state /= state.sum(2, keepdims=True)
        forward_backward[index] = state
    before, after = forward_backward[:, 0], forward_backward[::-1, 1]
    joint = before.copy()
    joint[:-1] *= after[1:] @ step.T
    probabilities: Scores = joint / joint.sum(2, keepdims=True)
    return probabilities


def find_spans(window: Window, labels: NDArray[np.int64], probabilities: Scores) -> list[LabelledSpan]:
    """Return the labelled spans of a window, in order. None crosses a paragraph."""
    spans: list[LabelledSpan] = []
    words = window.words
    last_index = -2  # index of the last word of the last span
    for index, label in enumerate(labels.tolist()):
        if label == 0:
            continue
        piece = words[index]
        last = (words[index + 1] if index + 1 < len(words) else len(window.pieces)) - 1
        start, end = window.offsets[piece][0], window.offsets[last][1]
        role, continues = (label - 1) // 2, label % 2 == 0
        probability = float(probabilities[index])
        if continues and last_index == index - 1 and spans[-1].role == role and not window.features[piece] % 2:
            spans[-1].end, spans[-1].last_word = end, index
            spans[-1].probability = min(spans[-1].probability, probability)
        else:
            spans.append(LabelledSpan(role, start, end, index, index, probability))
        last_index = index
    return spans


def link_spans(spans: list[LabelledSpan], query: Scores, key: Scores, decoding: DecodingParameters) -> list[LinkedCue]:
    """Return the attributions of one window.

    Each content is linked to one cue, and each cue takes at most one source.
    """
    cues = [span for span in spans if span.role == CUE]
    if not cues:
        return []
    size = key.shape[1] // 2
    first_words = [cue.first_word for cue in cues]
    scores = [
        query[first_words, role * size : (role + 1) * size]
        @ key[:, role * size : (role + 1) * size].T
        / math.sqrt(size)
        + decoding.link_bias[role]
        for role in (0, 1)
    ]
    source_probability, content_probability = (1 / (1 + np.exp(-values)) for values in scores)
    linked_cues = [LinkedCue(cue) for cue in cues]
    for span in spans:
        if span.role == SOURCE:
            for number, probability in enumerate(
                source_probability[:, span.first_word : span.last_word + 1].mean(1).tolist()
            ):
                if probability > max(decoding.min_source_link, linked_cues[number].source_link):
                    linked_cues[number].source, linked_cues[number].source_link = span, probability
        elif span.role == CONTENT:
            probabilities = content_probability[:, span.first_word : span.last_word + 1].mean(1)
            number = int(probabilities.argmax())
            if probabilities[number] > decoding.min_content_link:
                linked_cues[number].content.append(span)
                linked_cues[number].content_link = min(linked_cues[number].content_link, float(probabilities[number]))
    return [linked for linked in linked_cues if linked.content]
