"""An invented article in its clean form, which the tests damage in many ways."""

from __future__ import annotations

from articles.parsing import Draft, RejectedError, read_articles

HEADLINE = "Harbour Bridge to Close for a Month After Cracks Are Found"
PARAGRAPHS = (
    "Port Ellery's harbour bridge will close to all traffic for a month after inspectors found cracks in two of its "
    "bearings, the town council said on Tuesday.",
    "“We would rather have an angry town than a fallen bridge,” said council leader Ann Frith, who signed the order "
    "shortly after midnight. “Nobody crosses until the engineers tell us it is safe.”",
    "At least 9,000 vehicles use the bridge each day, according to the council's own count, and the only other way "
    "across the river lies 14 kilometres upstream at Sallow Weir.",
    "The long-term plan for a second crossing has been put off three times since 2019 for want of money, and the "
    "compromised bearings had been due for replacement last spring.",
)
URL = "https://www.harbour-ledger.example/2024/11/12/harbour-bridge-to-close-for-a-month"
RELATED_TITLE = "Ferry Firm Offers Extra Boats During Bridge Works"
CLEAN_TEXT = (
    f"{HEADLINE}\n\nBy Mira Okafor\n\nNovember 12, 2024\n\n\n\nNorthwire / Sam Pell\n\n"
    + "\n\n".join(PARAGRAPHS[:2])
    + f"\n\nRelated article: <u>{RELATED_TITLE}</u>\n\n"
    + "\n\n".join(PARAGRAPHS[2:])
    + f"\n\nOriginal url:\n\n{URL}\n"
)


def parse_draft(data: bytes | str) -> Draft:
    """Return the only draft of these bytes."""
    (draft,) = read_articles(data.encode() if isinstance(data, str) else data)
    assert isinstance(draft, Draft), draft
    return draft


def parse_rejection(data: bytes | str) -> RejectedError:
    """Return the only rejection of these bytes."""
    (rejection,) = read_articles(data.encode() if isinstance(data, str) else data)
    assert isinstance(rejection, RejectedError), rejection
    return rejection


def warning_codes(draft: Draft) -> list[str]:
    return [warning.code for warning in draft.warnings]


def is_same_article(first: Draft, second: Draft) -> bool:
    """Return whether two drafts are equal, ignoring warnings."""
    return [getattr(first, f) for f in COMPARED_FIELDS] == [getattr(second, f) for f in COMPARED_FIELDS]


COMPARED_FIELDS = (
    "headline", "paragraphs", "bylines", "agency", "published", "dateline", "images", "related", "original_url",
)  # fmt: skip
