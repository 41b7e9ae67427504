"""The tagger behind the stage that finds attributions: what it found stands, and what the rules add to it."""

from __future__ import annotations

import pytest

from articles.extraction import tagger
from articles.extraction.attribution.attributions import Attribution
from articles.extraction.document import Document
from articles.extraction.proposal import Span
from articles.extraction.tagger import TaggedAttribution
from articles.extraction.tagger.stage import PATTERN, find_with_tagger

TEXT = """Officials reported that the dam would hold, said Mara Lind.

“We looked at every gate,” Lind said.

“Not one of them leaked that night.”

The river fell."""


def span(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def tagged(source: str, cue: str, content: str) -> TaggedAttribution:
    return TaggedAttribution((span(source),), (span(cue),), (span(content),), 0.8, True)


def ruled(source: str, cue: str, *content: str, confidence: float = 0.9) -> Attribution:
    cues = (span(cue),) if cue else ()
    sources = (span(source),) if source else ()
    return Attribution(sources, cues, tuple(span(part) for part in content), confidence)


def found(
    monkeypatch: pytest.MonkeyPatch, tags: list[TaggedAttribution], rules: list[Attribution]
) -> list[Attribution]:
    monkeypatch.setattr(tagger, "tag", lambda text: tags)
    return find_with_tagger(Document(TEXT), rules)


OFFICIALS = ("Officials", "reported", "the dam would hold")
WHOLE = "Officials reported that the dam would hold"
LIND = ("Lind", "Lind said", "“We looked at every gate,”")
GOES_ON = "“Not one of them leaked that night.”"


def test_what_the_tagger_finds_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    (one,) = found(monkeypatch, [tagged(*OFFICIALS)], [])
    assert one == Attribution(
        (span("Officials"),), (span("reported"),), (span("the dam would hold"),), 0.8, True, PATTERN
    )


def test_where_the_tagger_saw_nothing_the_rules_are_believed_if_they_are_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    sure = ruled("Mara Lind", "said", WHOLE)
    assert found(monkeypatch, [], [sure]) == [sure]
    assert found(monkeypatch, [], [ruled("Mara Lind", "said", WHOLE, confidence=0.5)]) == []
    assert found(monkeypatch, [tagged(*LIND)], [ruled("Mara Lind", "said", LIND[2])])[0].pattern == PATTERN


def test_an_attribution_around_the_taggers_takes_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    outer = ruled("Mara Lind", "said", WHOLE)
    assert found(monkeypatch, [tagged(*OFFICIALS)], [outer]) == [outer]


def test_one_the_rules_are_not_sure_of_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    (one,) = found(monkeypatch, [tagged(*OFFICIALS)], [ruled("Mara Lind", "said", WHOLE, confidence=0.5)])
    assert one.pattern == PATTERN


def test_content_begins_with_those_it_passes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    lind = tagged("Mara Lind", "said", "the dam would hold")
    (one,) = found(monkeypatch, [lind], [ruled("Mara Lind", "said", WHOLE)])
    assert one.content == (span(WHOLE),)
    assert one.confidence == 0.8


def test_a_quotation_runs_on_through_paragraphs(monkeypatch: pytest.MonkeyPatch) -> None:
    (one,) = found(monkeypatch, [tagged(*LIND)], [ruled(*LIND, GOES_ON)])
    assert one.content == (span(LIND[2]), span(GOES_ON))


def test_but_not_over_what_the_tagger_gave_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    other = tagged("Mara Lind", "leaked", GOES_ON)
    one, _ = found(monkeypatch, [tagged(*LIND), other], [ruled(*LIND, GOES_ON)])
    assert one.content == (span(LIND[2]),)


def test_a_quotation_nobody_is_named_for_is_carried_over(monkeypatch: pytest.MonkeyPatch) -> None:
    carried = ruled("", "", GOES_ON, confidence=0.6)
    first, second = found(monkeypatch, [tagged(*LIND)], [carried])
    assert first.pattern == PATTERN
    assert second == carried


def test_attributions_come_in_the_order_of_their_content(monkeypatch: pytest.MonkeyPatch) -> None:
    both = found(monkeypatch, [tagged(*LIND), tagged(*OFFICIALS)], [])
    assert [one.content[0] for one in both] == sorted(one.content[0] for one in both)


def test_what_the_writer_makes_of_it_is_nobodys_words(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "The dam held all night, Mara Lind said, in what would be its longest test. It held, she said, in plain words."
    )

    def said(source: str, cue: str, *content: str) -> TaggedAttribution:
        parts = tuple(span(part, text) for part in content)
        return TaggedAttribution((span(source, text),), (span(cue, text),), parts, 0.8, True)

    tags = [
        said("Mara Lind", "said", "The dam held all night", "what would be its longest test"),
        said("she", "she said", "It held", "plain words"),
    ]
    monkeypatch.setattr(tagger, "tag", lambda text: tags)
    first, second = find_with_tagger(Document(text), [])
    assert [text[a:b] for a, b in first.content] == ["The dam held all night"]
    assert [text[a:b] for a, b in second.content] == ["It held", "plain words"]
