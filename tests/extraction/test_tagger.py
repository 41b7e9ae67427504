"""Test the statistical tagger: results, robustness and determinism."""

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
    pytest.skip("needs the packages of the statistical tagger", allow_module_level=True)

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

ARTICLE = """The harbour at Vellmar will close for two years, the port authority said on Tuesday.

“We cannot dredge and load ships in the same basin,” said Ilse Brandt, who runs the port. “It has to be one or the other.”

According to the dockers' union, 340 people would lose their work. Its chairman, Tom Okafor, believes the council was misled.

The weather was mild. Gulls sat on the cranes."""


def span_texts(text: str, spans: tuple[Span, ...]) -> list[str]:
    return [text[span.start : span.end] for span in spans]


def tag_as_text(text: str) -> list[tuple[list[str], list[str], list[str]]]:
    return [
        (span_texts(text, a.source), span_texts(text, a.cue), span_texts(text, a.content)) for a in tagger.tag(text)
    ]


def test_weights_match_their_checksums() -> None:
    sums = (WEIGHTS / CHECKSUMS).read_text(encoding="utf-8").splitlines()

    assert sorted(sums) == sorted(
        f"{file_digest(WEIGHTS / name)}  {name}" for name in (NETWORK, WORD_PIECES, SETTINGS)
    )


def test_model_card_describes_this_version() -> None:
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
def test_tagger_finds_attributions(source: str, cue: str, content: str) -> None:
    assert any(
        source in " ".join(who) and cue in " ".join(how) and content in " ".join(what)
        for who, how, what in tag_as_text(ARTICLE)
    )


def test_continued_quotation_belongs_to_its_speaker() -> None:
    (brandt,) = [what for who, _, what in tag_as_text(ARTICLE) if "Ilse Brandt" in " ".join(who)]

    assert any("one or the other" in part for part in brandt)


def test_text_without_attribution_gives_none() -> None:
    assert tagger.tag("The weather was mild. Gulls sat on the cranes. A ferry left at noon.") == []


def test_thought_is_not_reporting() -> None:
    kinds = {span_texts(ARTICLE, a.cue)[0]: a.reporting for a in tagger.tag(ARTICLE)}

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
def test_is_reporting(cue: str, reporting: bool) -> None:
    assert is_reporting(cue) is reporting


def test_tagged_offsets_are_code_points() -> None:
    moved = "😀𝒜𐍈 " + ARTICLE

    assert tag_as_text(moved) == tag_as_text(ARTICLE) or tag_as_text(moved)[1:] == tag_as_text(ARTICLE)[1:]
    for attribution in tagger.tag(moved):
        for span in (*attribution.source, *attribution.cue, *attribution.content):
            assert 0 <= span.start < span.end <= len(moved)


def test_result_does_not_depend_on_earlier_texts() -> None:
    alone = tagger.tag(ARTICLE)
    tagger.tag("“Never,” she said. " * 200)

    assert tagger.tag(ARTICLE) == alone


@pytest.mark.slow
def test_another_process_gives_the_same_result() -> None:
    code = (
        "import json, sys; from articles.extraction import tagger;"
        "print(json.dumps([[a.source, a.cue, a.content, a.confidence] for a in tagger.tag(sys.stdin.read())]))"
    )
    process = subprocess.run([sys.executable, "-c", code], input=ARTICLE, capture_output=True, text=True, check=True)
    expected = [[a.source, a.cue, a.content, a.confidence] for a in tagger.tag(ARTICLE)]

    assert json.loads(process.stdout) == json.loads(json.dumps(expected))


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
def test_any_text_gives_valid_spans(text: str) -> None:
    for attribution in tagger.tag(text):
        assert attribution.content
        assert 0.0 <= attribution.confidence <= 1.0
        spans = (*attribution.source, *attribution.cue, *attribution.content)
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert list(attribution.content) == sorted(attribution.content)


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
def test_random_text_gives_valid_and_equal_results(parts: list[str]) -> None:
    text = "".join(parts)
    attributions = tagger.tag(text, least=0.0)

    assert attributions == tagger.tag(text, least=0.0)
    for attribution in attributions:
        for spans in (attribution.source, attribution.cue, attribution.content):
            assert all(0 <= span.start < span.end <= len(text) for span in spans)
            assert all(a.end <= b.start for a, b in pairwise(spans))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab .\n“”\"'’é😀A1-"), max_size=1_500))
def test_windows_hold_every_piece_once_in_order(text: str) -> None:
    windows = build_windows(text, tagger.load_tagger().pieces)
    offsets = [pair for window in windows for pair in window.offsets]

    assert offsets == sorted(offsets)
    assert all(len(window.pieces) <= WINDOW_PIECES for window in windows)
    assert all(window.words and window.words[0] == 0 for window in windows)

    paragraphs = [(a, b) for a, b in paragraph_ranges(text)]

    assert all(any(a <= start and end <= b for a, b in paragraphs) for start, end in offsets)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["word ", "“", "a", ". ", "x\n", "\n \n", "He said, “No.” "], ids=repr)
def test_splitting_a_megabyte_takes_linear_time(unit: str) -> None:
    pieces = tagger.load_tagger().pieces
    times = []
    for size in (250_000, 1_000_000):
        text = unit * (size // len(unit))
        start = time.process_time()
        build_windows(text, pieces)
        times.append(time.process_time() - start)

    assert times[1] < 12 * times[0] + 0.5


@pytest.mark.slow
def test_megabyte_is_tagged() -> None:
    text = (ARTICLE + "\n\n") * (1_000_000 // len(ARTICLE) // 4)

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
def test_hard_wrapped_lines_are_one_paragraph(text: str, expected: list[str]) -> None:
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
        ('a "b c "d" e', 8, INSIDE),  # the first closing mark is missing
        ('a "b c "d" e', 11, OUTSIDE),
    ],
)
def test_quotation_state(text: str, at: int, state: int) -> None:
    assert quotation_state(text, paragraph_ranges(text))[at] == state


def test_least_confidence_filters_results() -> None:
    everything = tagger.tag(ARTICLE, least=0.0)
    sure = tagger.tag(ARTICLE, least=0.9)

    assert len(sure) < len(everything)
    assert all(attribution.confidence >= 0.9 for attribution in sure)
    assert set(sure) <= set(everything)


def test_missing_packages_raise_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagger, "AVAILABLE", False)
    tagger.load_tagger.cache_clear()

    with pytest.raises(tagger.TaggerUnavailableError, match="onnxruntime"):
        tagger.tag(ARTICLE)

    monkeypatch.undo()

    assert tagger.tag("") == []


def test_extraction_writes_nothing_to_the_home_folder(tmp_path: Path) -> None:
    code = (
        "from articles.extraction import extract\n"
        "assert extract('“The pier is sound,” said Ada Roe.', language='en').proposals"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "XDG_"))}

    subprocess.run([sys.executable, "-c", code], check=True, env={**environment, "HOME": str(tmp_path)})

    assert list(tmp_path.rglob("*")) == []
