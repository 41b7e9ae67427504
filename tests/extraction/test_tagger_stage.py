"""Test how the tagger's attributions and the rules' are combined."""

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


def span(passage: str, text: str = TEXT) -> Span:
    start = text.index(passage)
    return Span(start, start + len(passage))


def by_tagger(source: str, cue: str, content: str) -> TaggedAttribution:
    return TaggedAttribution((span(source),), (span(cue),), (span(content),), 0.8, True)


def by_rules(source: str, cue: str, *content: str, confidence: float = 0.9) -> Attribution:
    cues = (span(cue),) if cue else ()
    sources = (span(source),) if source else ()
    return Attribution(sources, cues, tuple(span(part) for part in content), confidence)


def combine(
    monkeypatch: pytest.MonkeyPatch, tags: list[TaggedAttribution], rules: list[Attribution]
) -> list[Attribution]:
    monkeypatch.setattr(tagger, "tag", lambda text: tags)
    return find_with_tagger(Document(TEXT), rules)


OFFICIALS = ("Officials", "reported", "the dam would hold")
OUTER_CONTENT = "Officials reported that the dam would hold"
LIND = ("Lind", "Lind said", "“We looked at every gate,”")
NEXT_QUOTATION = "“Not one of them leaked that night.”"


def test_tagged_attribution_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    (attribution,) = combine(monkeypatch, [by_tagger(*OFFICIALS)], [])

    assert attribution == Attribution(
        (span("Officials"),), (span("reported"),), (span("the dam would hold"),), 0.8, True, PATTERN
    )


def test_only_confident_rules_add_attributions(monkeypatch: pytest.MonkeyPatch) -> None:
    sure = by_rules("Mara Lind", "said", OUTER_CONTENT)

    assert combine(monkeypatch, [], [sure]) == [sure]
    assert combine(monkeypatch, [], [by_rules("Mara Lind", "said", OUTER_CONTENT, confidence=0.5)]) == []
    assert combine(monkeypatch, [by_tagger(*LIND)], [by_rules("Mara Lind", "said", LIND[2])])[0].pattern == PATTERN


def test_outer_attribution_replaces_tagged_one(monkeypatch: pytest.MonkeyPatch) -> None:
    outer = by_rules("Mara Lind", "said", OUTER_CONTENT)

    assert combine(monkeypatch, [by_tagger(*OFFICIALS)], [outer]) == [outer]


def test_uncertain_outer_attribution_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    (attribution,) = combine(
        monkeypatch, [by_tagger(*OFFICIALS)], [by_rules("Mara Lind", "said", OUTER_CONTENT, confidence=0.5)]
    )

    assert attribution.pattern == PATTERN


def test_content_includes_the_reported_speaker(monkeypatch: pytest.MonkeyPatch) -> None:
    lind = by_tagger("Mara Lind", "said", "the dam would hold")
    (attribution,) = combine(monkeypatch, [lind], [by_rules("Mara Lind", "said", OUTER_CONTENT)])

    assert attribution.content == (span(OUTER_CONTENT),)
    assert attribution.confidence == 0.8


def test_quotation_continues_in_later_paragraphs(monkeypatch: pytest.MonkeyPatch) -> None:
    (attribution,) = combine(monkeypatch, [by_tagger(*LIND)], [by_rules(*LIND, NEXT_QUOTATION)])

    assert attribution.content == (span(LIND[2]), span(NEXT_QUOTATION))


def test_quotation_of_another_speaker_is_not_added(monkeypatch: pytest.MonkeyPatch) -> None:
    other = by_tagger("Mara Lind", "leaked", NEXT_QUOTATION)
    attribution, _ = combine(monkeypatch, [by_tagger(*LIND), other], [by_rules(*LIND, NEXT_QUOTATION)])

    assert attribution.content == (span(LIND[2]),)


def test_quotation_without_speaker_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    carried = by_rules("", "", NEXT_QUOTATION, confidence=0.6)
    first, second = combine(monkeypatch, [by_tagger(*LIND)], [carried])

    assert first.pattern == PATTERN
    assert second == carried


def test_attributions_are_ordered_by_content(monkeypatch: pytest.MonkeyPatch) -> None:
    both = combine(monkeypatch, [by_tagger(*LIND), by_tagger(*OFFICIALS)], [])

    assert [attribution.content[0] for attribution in both] == sorted(attribution.content[0] for attribution in both)


def test_comment_of_the_writer_is_not_content(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "The dam held all night, Mara Lind said, in what would be its longest test. It held, she said, in plain words."
    )

    def make_tagged(source: str, cue: str, *content: str) -> TaggedAttribution:
        parts = tuple(span(part, text) for part in content)
        return TaggedAttribution((span(source, text),), (span(cue, text),), parts, 0.8, True)

    attributions = [
        make_tagged("Mara Lind", "said", "The dam held all night", "what would be its longest test"),
        make_tagged("she", "she said", "It held", "plain words"),
    ]
    monkeypatch.setattr(tagger, "tag", lambda text: attributions)
    first, second = find_with_tagger(Document(text), [])

    assert [text[a:b] for a, b in first.content] == ["The dam held all night"]
    assert [text[a:b] for a, b in second.content] == ["It held", "plain words"]
