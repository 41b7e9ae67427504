"""The statistical tagger: what it finds, that it bears any text, and that it answers the same every time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from articles.extraction import tagger
from articles.extraction.proposal import Span

if not tagger.AVAILABLE:
    pytest.skip("the statistical tagger's packages are not installed", allow_module_level=True)

from hypothesis import given, settings
from hypothesis import strategies as st

from articles.extraction.tagger.cue_classes import is_reporting
from articles.extraction.tagger.inference import CHECKSUMS, NETWORK, SETTINGS, WEIGHTS, WORD_PIECES, file_digest
from articles.extraction.tagger.windows import (
    INSIDE,
    MARK,
    OUTSIDE,
    UNCLOSED,
    WINDOW_PIECES,
    build_windows,
    paragraph_ranges,
    quotation_state,
)

STORY = """The harbour at Vellmar will close for two years, the port authority said on Tuesday.

“We cannot dredge and load ships in the same basin,” said Ilse Brandt, who runs the port. “It has to be one or the other.”

According to the dockers' union, 340 people would lose their work. Its chairman, Tom Okafor, believes the council was misled.

The weather was mild. Gulls sat on the cranes."""


def words(text: str, spans: tuple[Span, ...]) -> list[str]:
    return [text[span.start : span.end] for span in spans]


def found(text: str) -> list[tuple[list[str], list[str], list[str]]]:
    return [(words(text, a.source), words(text, a.cue), words(text, a.content)) for a in tagger.tag(text)]


def test_the_weights_are_the_ones_that_were_measured() -> None:
    sums = (WEIGHTS / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    assert sorted(sums) == sorted(
        f"{file_digest(WEIGHTS / name)}  {name}" for name in (NETWORK, WORD_PIECES, SETTINGS)
    )


def test_the_card_describes_this_version() -> None:
    card = (WEIGHTS / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert f"Version {tagger.version()}" in card


@pytest.mark.parametrize(
    ("source", "cue", "content"),
    [
        ("the port authority", "said", "harbour at Vellmar will close"),
        ("Ilse Brandt", "said", "We cannot dredge and load ships"),
        ("union", "According to", "340 people would lose their work"),
        ("Okafor", "believes", "the council was misled"),
    ],
)
def test_it_finds_who_said_what(source: str, cue: str, content: str) -> None:
    assert any(
        source in " ".join(who) and cue in " ".join(how) and content in " ".join(what)
        for who, how, what in found(STORY)
    )


def test_a_quotation_that_goes_on_belongs_to_its_speaker() -> None:
    (brandt,) = [what for who, _, what in found(STORY) if "Ilse Brandt" in " ".join(who)]
    assert any("one or the other" in part for part in brandt)


def test_a_text_without_attribution_gives_none() -> None:
    assert tagger.tag("The weather was mild. Gulls sat on the cranes. A ferry left at noon.") == []


def test_thoughts_are_told_from_reports() -> None:
    kinds = {words(STORY, a.cue)[0]: a.reporting for a in tagger.tag(STORY)}
    assert kinds["believes"] is False
    assert kinds["said"] is True


@pytest.mark.parametrize(
    ("cue", "reporting"),
    [
        ("said", True),
        ("told reporters", True),
        ("According to", True),
        ("criticised", True),
        ("denies", True),
        ("admitted", True),
        ("believes", False),
        ("wants", False),
        ("sayings", False),
        ("", False),
    ],
)
def test_reporting_cues(cue: str, reporting: bool) -> None:
    assert is_reporting(cue) is reporting


def test_offsets_are_code_points() -> None:
    moved = "😀𝒜𐍈 " + STORY
    assert found(moved) == found(STORY) or found(moved)[1:] == found(STORY)[1:]
    for one in tagger.tag(moved):
        for span in (*one.source, *one.cue, *one.content):
            assert 0 <= span.start < span.end <= len(moved)


def test_the_same_text_gives_the_same_answer_after_any_other() -> None:
    alone = tagger.tag(STORY)
    tagger.tag("“Never,” she said. " * 200)
    assert tagger.tag(STORY) == alone


@pytest.mark.slow
def test_another_process_gives_the_same_answer() -> None:
    code = (
        "import json, sys; from articles.extraction import tagger;"
        "print(json.dumps([[a.source, a.cue, a.content, a.confidence] for a in tagger.tag(sys.stdin.read())]))"
    )
    there = subprocess.run([sys.executable, "-c", code], input=STORY, capture_output=True, text=True, check=True)
    here = [[a.source, a.cue, a.content, a.confidence] for a in tagger.tag(STORY)]
    assert json.loads(there.stdout) == json.loads(json.dumps(here))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n\n",
        "word",
        "\x00",
        "\ud800 said \udfff",
        '"' * 3_000,
        "“" * 3_000,
        "He said: “" * 500,
        "Q: Did you?\nA: I said no.\nQ: Why?\nA: “Because.”\n" * 50,
        "| a | b |\n|---|---|\n| said | told |\n" * 100,
        "他说：“我们会赢。”\n他補充道。",
        "قال الوزير إن القرار نهائي.",
        "👩‍👩‍👧‍👦" * 500,
        "a" * 20_000,
        "e\u0301" * 5_000,
        "\r\n".join(["He said so.", "She denied it."] * 50),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_any_text_is_borne(text: str) -> None:
    for one in tagger.tag(text):
        assert one.content
        assert 0.0 <= one.confidence <= 1.0
        spans = (*one.source, *one.cue, *one.content)
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert list(one.content) == sorted(one.content)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=30),
            st.sampled_from(
                ["“", "”", '"', "''", "\n", "\n\n", " he said ", ", ", "according to ", "😀", "Lee ", ". "]
            ),
        ),
        max_size=40,
    )
)
def test_any_jumble_is_borne_and_answered_the_same(parts: list[str]) -> None:
    text = "".join(parts)
    first = tagger.tag(text, least=0.0)
    assert first == tagger.tag(text, least=0.0)
    for one in first:
        for spans in (one.source, one.cue, one.content):
            assert all(0 <= span.start < span.end <= len(text) for span in spans)
            assert all(a.end <= b.start for a, b in pairwise(spans))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab .\n“”\"'’é😀A1-"), max_size=1_500))
def test_windows_read_every_piece_once_and_in_order(text: str) -> None:
    made = build_windows(text, tagger.load_tagger().pieces)
    offsets = [pair for window in made for pair in window.offsets]
    assert offsets == sorted(offsets)
    assert all(len(window.pieces) <= WINDOW_PIECES for window in made)
    assert all(window.words and window.words[0] == 0 for window in made)
    inside = [(a, b) for a, b in paragraph_ranges(text)]
    assert all(any(a <= start and end <= b for a, b in inside) for start, end in offsets)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["word ", "“", "a", ". ", "x\n", "\n \n", "He said, “No.” "], ids=repr)
def test_the_cutting_of_a_megabyte_is_not_quadratic(unit: str) -> None:
    pieces = tagger.load_tagger().pieces
    times = []
    for size in (250_000, 1_000_000):
        text = unit * (size // len(unit))
        begun = time.process_time()
        build_windows(text, pieces)
        times.append(time.process_time() - begun)
    assert times[1] < 12 * times[0] + 0.5


@pytest.mark.slow
def test_a_megabyte_is_read() -> None:
    text = (STORY + "\n\n") * (1_000_000 // len(STORY) // 4)
    assert len(tagger.tag(text)) > 1_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\nTwo.", ["One.", "Two."]),
        ("One.\n\n \nTwo.", ["One.", "Two."]),
        ("A line that was\nbroken to a width.\n\nTwo.", ["A line that was\nbroken to a width.", "Two."]),
        ("\n \n", []),
    ],
)
def test_lines_broken_to_a_width_are_one_paragraph(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in paragraph_ranges(text)] == expected


@pytest.mark.parametrize(
    ("text", "at", "state"),
    [
        ("“a” b", 1, INSIDE),
        ("“a” b", 4, OUTSIDE),
        ('"a" b', 0, MARK),
        ("''a'' b", 2, INSIDE),
        ("“a b", 1, UNCLOSED),
        ("“a\nB", 3, OUTSIDE),
        ('a "b c "d" e', 8, INSIDE),  # the first closing mark was lost
        ('a "b c "d" e', 11, OUTSIDE),
    ],
)
def test_quotations_end_with_their_paragraph(text: str, at: int, state: int) -> None:
    assert quotation_state(text, paragraph_ranges(text))[at] == state


def test_least_confidence_can_be_asked_for() -> None:
    everything = tagger.tag(STORY, least=0.0)
    sure = tagger.tag(STORY, least=0.9)
    assert len(sure) < len(everything)
    assert all(one.confidence >= 0.9 for one in sure)
    assert set(sure) <= set(everything)


def test_without_its_packages_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagger, "AVAILABLE", False)
    tagger.load_tagger.cache_clear()
    with pytest.raises(tagger.TaggerUnavailableError, match="onnxruntime"):
        tagger.tag(STORY)
    monkeypatch.undo()
    assert tagger.tag("") == []


def test_extraction_leaves_nothing_in_the_home_folder(tmp_path: Path) -> None:
    code = (
        "from articles.extraction import extract\n"
        "assert extract('“The pier is sound,” said Ada Roe.', language='en').proposals"
    )
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "XDG_"))}

    subprocess.run([sys.executable, "-c", code], check=True, env={**ours, "HOME": str(tmp_path)})

    assert list(tmp_path.rglob("*")) == []
