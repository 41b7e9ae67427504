"""Provide an article with a chain of three hops.

A service told a lawmaker, he told reporters, and an agency wrote it.
"""

from __future__ import annotations

from datetime import date

import pytest

from articles.models import Article, Claim
from sources.models import Source
from tests.factories import get_source, make_claim, make_quantity, published_article, unnamed_speaker

FIRST_PARAGRAPH = (
    "Inspectors counted at least 40 loose bolts, deputy Ada Roe said after a briefing by the Bridge Inspectorate."
)
SECOND_PARAGRAPH = "“We cannot wait,” she told reporters on Tuesday. “Somebody will be hurt.”"
THIRD_PARAGRAPH = "A senior official said the bridge may close, and nothing else."


@pytest.fixture
def inspectorate(db: None) -> Source:
    made = get_source("Bridge Inspectorate", Source.Kind.ORGANISATION)
    made.names.create(name="the inspectors", folded="inspectors")
    return made


@pytest.fixture
def deputy(db: None) -> Source:
    return get_source("Ada Roe")


@pytest.fixture
def story(inspectorate: Source, deputy: Source) -> Article:
    """Three claims: one passed on, one broken quotation, one of somebody unnamed."""
    article = published_article(
        slug="bridge",
        headline="Bridge has loose bolts",
        summary="A deputy wants it closed",
        paragraphs=[FIRST_PARAGRAPH, SECOND_PARAGRAPH, THIRD_PARAGRAPH],
        agency=get_source("Northern Wire", Source.Kind.AGENCY),
        publisher=get_source("The Quay", Source.Kind.ORGANISATION),
        dateline="SKERRY",
        original_url="https://www.quay.example/bridge",
    )
    make_claim(
        article,
        quote="Inspectors counted at least 40 loose bolts",
        by=[inspectorate, deputy],
        form=Claim.Form.INDIRECT,
        cue="said",
        figures=[make_quantity("at least 40", lower=40, counts="bolts")],
    )
    make_claim(
        article,
        quote=["We cannot wait,", "Somebody will be hurt."],
        by=deputy,
        cue="told",
        stated_from=date(2024, 12, 17),
        stated_to=date(2024, 12, 17),
        stated_words="Tuesday",
        reviewed_how=Claim.ReviewMethod.IMPORT,
    )
    make_claim(
        article,
        quote="the bridge may close, and nothing else",
        by=unnamed_speaker("A senior official", organisation=inspectorate),
        form=Claim.Form.MIXED,
        modality=Claim.Modality.POSSIBLE,
    )
    return article
