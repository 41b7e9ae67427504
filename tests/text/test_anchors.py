"""Test carrying spans to a changed text: better lost than wrong."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from articles.parsing import Draft, read_articles
from articles.text.anchors import CarryState, carry_spans, find_candidates

OLD = "The mayor spoke. “No,” he said. The clerk asked again. “No,” he said. Then the lights went out."


def place(text: str, words: str, nth: int = 1) -> tuple[int, int]:
    """Return the range of the nth occurrence of a passage."""
    start = -1
    for _ in range(nth):
        start = text.index(words, start + 1)
    return start, start + len(words)


@pytest.mark.parametrize(
    ("new", "words", "nth", "expected"),
    [
        (OLD, "lights went", 1, "exact"),
        ("At last. " + OLD, "The clerk asked", 1, "moved"),
        (OLD.replace("lights went", "lamps went"), "lights went", 1, "lost"),
        (OLD.replace("The mayor spoke. ", ""), "“No,” he said. Then", 1, "moved"),
        (OLD.replace("asked", "unasked"), "asked", 1, "lost"),
        ("", "lights went", 1, "lost"),
    ],
)
def test_carried_span_is_exact_moved_or_lost(new: str, words: str, nth: int, expected: str) -> None:
    (carried,) = carry_spans(OLD, new, [place(OLD, words, nth)])

    assert carried.state == expected

    if expected != "lost":
        assert new[carried.start : carried.end] == words


def test_second_of_two_equal_passages_stays_second() -> None:
    new = OLD.replace("The mayor spoke.", "The mayor rose and spoke.")
    first, second = carry_spans(OLD, new, [place(OLD, "No,", 1), place(OLD, "No,", 2)])

    assert (second.start, second.end) == place(new, "No,", 2)
    assert first.state == CarryState.LOST or (first.start, first.end) == place(new, "No,", 1)


def test_inserted_equal_passage_does_not_replace_old_one() -> None:
    new = OLD.replace("The clerk", "“No,” he said. The clerk", 1)
    for words, nth, now in (("No,", 1, 1), ("No,", 2, 3)):
        (carried,) = carry_spans(OLD, new, [place(OLD, words, nth)])
        assert carried.state == CarryState.LOST or (carried.start, carried.end) == place(new, words, now)


def test_span_outside_the_text_raises_error() -> None:
    with pytest.raises(ValueError, match="is not inside the text"):
        carry_spans(OLD, OLD, [(0, len(OLD) + 1)])


def test_lost_span_has_candidates_best_first() -> None:
    new = OLD.replace("the lights went out", "all the lights in town went out")
    best = find_candidates(OLD, new, place(OLD, "the lights went out"))[0]

    assert "lights in town" in new[best.start : best.end]


@dataclass(frozen=True)
class Piece:
    """A word with an identity that survives edits; a copy has another identity."""

    number: int
    text: str


class Editor:
    """Edits a text at random and tracks every word."""

    def __init__(self, seed: int, sentences: list[list[str]] | None = None) -> None:
        self.random = random.Random(seed)
        self.numbers = iter(range(10**9))
        self.moved: set[int] = set()
        if sentences is not None:
            self.sentences = [[self.piece(word) for word in sentence] for sentence in sentences]
            return
        vocabulary = [
            "no",
            "the",
            "mayor",
            "said",
            "bridge",
            "at",
            "least",
            "100",
            "were",
            "killed",
            "she",
            "lamp",
            "of",
        ]
        self.sentences = [
            [self.piece(self.random.choice(vocabulary)) for _ in range(self.random.randint(2, 14))]
            for _ in range(self.random.randint(6, 25))
        ]
        for _ in range(3):  # repeated sentences
            again = self.random.choice(self.sentences)
            self.sentences.insert(self.random.randrange(len(self.sentences)), [self.piece(p.text) for p in again])

    def piece(self, text: str) -> Piece:
        return Piece(next(self.numbers), text)

    def text(self) -> tuple[str, dict[int, tuple[int, int]]]:
        where, out = {}, ""
        for sentence in self.sentences:
            for piece in sentence:
                where[piece.number] = (len(out), len(out) + len(piece.text))
                out += piece.text + " "
            out = out[:-1] + ". "
        return out, where

    def edit(self) -> None:
        choice, at = self.random.random(), self.random.randrange(len(self.sentences))
        sentence = self.sentences[at]
        if choice < 0.25:
            sentence.insert(self.random.randint(0, len(sentence)), self.piece(f"new{self.random.randint(0, 99)}"))
        elif choice < 0.5 and len(sentence) > 1:
            spot = self.random.randrange(len(sentence))
            beside = [p.text for p in sentence[max(0, spot - 1) : spot + 2]]
            if len(set(beside)) == len(beside):  # in "no no" it would be ambiguous which word was removed
                sentence.pop(spot)
        elif choice < 0.65:
            spot = self.random.randrange(len(sentence))
            words = {"lamp", "no", "said", "changed"} - {sentence[spot].text}
            sentence[spot] = self.piece(self.random.choice(sorted(words)))
        elif choice < 0.75:
            words = [self.piece(f"w{self.random.randint(0, 999)}") for _ in range(5)]
            self.sentences.insert(at, words)
        elif choice < 0.85:
            if sentence[0].number in self.moved:
                return  # ambiguous: the copy could be where the sentence was
            copy = [self.piece(p.text) for p in sentence]
            self.sentences.insert(self.random.randint(0, len(self.sentences)), copy)
        elif sum([p.text for p in other] == [p.text for p in sentence] for other in self.sentences) > 1:
            return  # ambiguous: of two equal sentences, either could be the moved or removed one
        elif choice < 0.93 and len(self.sentences) > 2:
            self.moved.update(piece.number for piece in sentence)
            self.sentences.insert(self.random.randrange(len(self.sentences)), self.sentences.pop(at))
        elif len(self.sentences) > 2:
            self.sentences.pop(at)


def sentence_at(text: str, at: int) -> str:
    return text[text.rfind(". ", 0, at) + 1 : text.find(". ", at)].strip()


def test_random_edits_of_random_text_carry_no_span_wrongly() -> None:
    wrong, kept, tried = [], 0, 0
    for seed in range(400):
        editor = Editor(seed)
        old, before = editor.text()
        runs = [s[i : i + editor.random.randint(1, 8)] for s in editor.sentences for i in range(0, len(s), 3)]
        for _ in range(editor.random.randint(1, 6)):
            editor.edit()
        new, after = editor.text()
        spans = [(before[run[0].number][0], before[run[-1].number][1]) for run in runs]
        for run, span, carried in zip(runs, spans, carry_spans(old, new, spans), strict=True):
            tried += 1
            if carried.state == CarryState.LOST:
                continue
            kept += 1
            assert new[carried.start : carried.end] == old[span[0] : span[1]]
            truth = (after.get(run[0].number, (-1,))[0], after.get(run[-1].number, (0, -1))[1])
            intact = new[truth[0] : truth[1]] == old[span[0] : span[1]]
            if not intact and sentence_at(new, carried.start) == sentence_at(old, span[0]):
                continue  # the passage was changed, but its whole sentence is unchanged elsewhere
            if (carried.start, carried.end) != truth:
                wrong.append((seed, span, carried, truth, old[span[0] : span[1]], old, new))

    assert tried > 10_000
    assert kept > 0.5 * tried, "too many spans were lost"
    assert not wrong, f"{len(wrong)} wrong of {kept}: {wrong[0]}"


def seed_texts() -> Iterator[list[list[str]]]:
    """Yield the words of the seed articles, sentence by sentence."""
    for path in sorted((Path(__file__).parents[2] / "seeds").glob("*.txt")):
        for draft in read_articles(path.read_bytes()):
            assert isinstance(draft, Draft)
            sentences = re.split(r"(?<=[.!?”\"])\s+(?=[“\"A-Z])", "\n\n".join(draft.paragraphs))
            yield [words for sentence in sentences if (words := sentence.rstrip(".").split())]


@pytest.mark.slow
def test_random_edits_of_seeds_carry_no_span_wrongly() -> None:
    wrong, kept, tried = [], 0, 0
    for article in seed_texts():
        for seed in range(60):
            editor = Editor(seed, article)
            old, before = editor.text()
            runs = [run for s in editor.sentences for run in (s[:], s[len(s) // 3 :], s[: 1 + len(s) // 2]) if run]
            for _ in range(editor.random.randint(1, 8)):
                editor.edit()
            new, after = editor.text()
            spans = [(before[run[0].number][0], before[run[-1].number][1]) for run in runs]
            for run, span, carried in zip(runs, spans, carry_spans(old, new, spans), strict=True):
                tried += 1
                if carried.state == CarryState.LOST:
                    continue
                kept += 1
                truth = (after.get(run[0].number, (-1,))[0], after.get(run[-1].number, (0, -1))[1])
                intact = new[truth[0] : truth[1]] == old[span[0] : span[1]]
                if not intact and sentence_at(new, carried.start) == sentence_at(old, span[0]):
                    continue  # the passage was changed, but its whole sentence is unchanged elsewhere
                if (carried.start, carried.end) != truth or not intact:
                    wrong.append((seed, span, carried, truth, old[span[0] : span[1]]))

    assert tried > 10_000
    assert kept > 0.8 * tried, "too many spans were lost"
    assert not wrong, f"{len(wrong)} wrong of {kept}: {wrong[0]}"


def test_spans_of_a_megabyte_are_carried_in_seconds() -> None:
    rng = random.Random(1)
    old = " ".join(f"word{rng.randint(0, 500)}" for _ in range(130_000))
    new = old[:500_000] + " something new " + old[500_000:]
    spans = [(m.start(), m.end()) for m in list(re.finditer(r"\w+ \w+ \w+", old))[::900]]
    start = time.monotonic()
    carried = carry_spans(old, new, spans)

    assert time.monotonic() - start < 30  # a guard against quadratic time, not a measurement
    assert sum(span.state != CarryState.LOST for span in carried) > 0.9 * len(spans)
