"""Checks before publication: warnings with their place in the latest revision.

A quotation or a figure without a source may be right (a book title, the outlet's own figure). An editor dismisses
such a warning with a reason, once for those words. All other warnings must be fixed. A chief may publish despite open
warnings (articles.publishing.actions), and the audit log says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import groupby

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from articles.extraction.unattributed import find_quotations, find_unquoted_quantities
from articles.models import Anchor, Article, Claim
from articles.permissions import may_publish, require_permission
from record import log, verbs
from record.models import LogEntry
from record.users import User

QUOTATION, FIGURE, SPEAKERLESS = "quotation-without-speaker", "figure-without-source", "claim-without-speaker"
ANONYMOUS, PROPOSED = "one-anonymous-origin", "claim-still-proposed"
NO_ALT, NO_CREDIT = "picture-without-alt", "picture-without-credit"
#: Warnings that may be wrong, so that an editor can dismiss them.
ACKNOWLEDGEABLE = frozenset((QUOTATION, FIGURE))
#: Fewer quoted words than this are a name, a title or a word used with distance, not what somebody said.
MIN_QUOTED_WORDS = 4
#: Longest passage that a warning repeats.
MAX_PASSAGE_CHARS = 120


@dataclass(frozen=True, slots=True)
class PublishingWarning:
    """One thing to fix. `key` is the same as long as its passage, claim or image is."""

    key: str
    code: str
    sentence: str
    passage: str = ""  # the text it is about
    start: int | None = None  # its place in the latest revision's text, code points, [start, end)
    end: int | None = None
    claim: int | None = None  # key of the claim it is about
    image_use: int | None = None  # key of the ArticleImage
    reason: str = ""  # why an editor dismissed it
    by: str = ""  # that editor

    @property
    def can_be_acknowledged(self) -> bool:
        return self.code in ACKNOWLEDGEABLE

    @property
    def is_open(self) -> bool:
        return not self.reason


def run_checks(article: Article) -> list[PublishingWarning]:
    """Return the warnings of the latest revision, in text order. Six queries.

    Dismissed ones are included.
    """
    if article.latest is None:
        return []
    placed = Anchor.objects.filter(revision=article.latest_id).exclude(state=Anchor.State.LOST)
    every = list(
        article.claims.prefetch_related(Prefetch("anchors", placed, to_attr="standing"), "hops").order_by(
            "order", "id"
        )
    )
    claims = [
        claim
        for claim in every
        # A thought or a plan that nobody reported needs no review.
        if claim.review in Claim.SHOWN_REVIEWS or (claim.review == Claim.Review.PROPOSED and claim.reporting)
    ]
    found = [
        *_check_quotations(article, _attributed_spans(claims)),
        # Whoever rejected a claim has checked its figure.
        *_check_figures(article, _attributed_spans(every)),
        *_check_claims(claims),
        *_check_images(article),
    ]
    acknowledged = _acknowledgements(article)
    return [
        replace(
            warning,
            reason=acknowledged.get(warning.key, ("", ""))[0],
            by=acknowledged.get(warning.key, ("", ""))[1],
        )
        for warning in sorted(found, key=lambda warning: (warning.start is None, warning.start or 0))
    ]


def open_warnings(article: Article) -> list[PublishingWarning]:
    """Return the warnings that nobody has dismissed."""
    return [warning for warning in run_checks(article) if warning.is_open]


@transaction.atomic
def acknowledge_warning(article: Article, key: str, *, by: User, reason: str) -> None:
    """Dismiss a warning, and record the reason in the audit log.

    Raise PermissionDenied. Raise ValueError with a sentence for the editor if there is no reason, no such warning, or
    if the warning must be fixed.
    """
    require_permission(may_publish(by), _("dismiss warnings"))
    warning = next((warning for warning in run_checks(article) if warning.key == key), None)
    if warning is None:
        raise ValueError(_("This warning is gone, or its text has changed. Load the page again."))
    if not warning.can_be_acknowledged:
        raise ValueError(_("This warning cannot be dismissed. Fix it."))
    if not reason.strip():
        raise ValueError(_("Give a reason."))
    log.record(
        verbs.WARNING_ACKNOWLEDGED,
        article,
        user=by,
        article=article.pk,
        warning=key,
        words=warning.passage,
        reason=reason.strip(),
    )


def _acknowledgements(article: Article) -> dict[str, tuple[str, str]]:
    """Return warning key -> (reason, editor) from the audit log."""
    entries = LogEntry.objects.filter(kind="articles.article", row=article.pk, verb=verbs.WARNING_ACKNOWLEDGED)
    return {
        entry.details["warning"]: (entry.details["reason"], entry.by.get_username() if entry.by else "")
        for entry in entries.select_related("by").order_by("id")
    }


def _attributed_spans(claims: Sequence[Claim]) -> list[tuple[int, int]]:
    """Return the spans of claims with a speaker: their content, cues and speakers."""
    return [
        (anchor.start, anchor.end)
        for claim in claims
        if claim.hops.all()
        for anchor in claim.standing  # type: ignore[attr-defined]
    ]


def _check_quotations(article: Article, attributed: Sequence[tuple[int, int]]) -> Iterator[PublishingWarning]:
    """Yield warnings for quotations that no claim with a speaker covers."""
    text = article.latest.text if article.latest else ""
    for start, end in find_quotations(text):
        if len(text[start:end].split()) >= MIN_QUOTED_WORDS and not _overlaps(start, end, attributed):
            yield _passage_warning(QUOTATION, _("This quotation has no source."), text, start, end)


def _check_figures(article: Article, attributed: Sequence[tuple[int, int]]) -> Iterator[PublishingWarning]:
    """Yield warnings for sentences with a figure and no claim with a speaker."""
    if article.latest is None or article.language.split("-")[0].lower() != "en":
        return
    text = article.latest.text
    figures = [
        (figure, sentence)
        for figure, sentence in find_unquoted_quantities(text)
        if (figure.counts or figure.unit) and any(char.isdigit() for char in figure.raw)
    ]
    for sentence, pairs in groupby(figures, key=lambda pair: pair[1]):
        if _overlaps(sentence.start, sentence.end, attributed):
            continue
        quoted = ", ".join(f"“{figure.raw}”" for figure, _sentence in pairs)
        message = _("No source is named for %(figures)s.") % {"figures": quoted}
        yield _passage_warning(FIGURE, message, text, sentence.start, sentence.end)


def _check_claims(claims: Sequence[Claim]) -> Iterator[PublishingWarning]:
    for claim in claims:
        if claim.review == Claim.Review.PROPOSED:
            yield _claim_warning(PROPOSED, _("This claim has not been reviewed yet."), claim)
        elif not claim.hops.all():
            yield _claim_warning(SPEAKERLESS, _("This claim has no speaker."), claim)
    origins = [min(hops, key=lambda hop: hop.position) for claim in claims if (hops := list(claim.hops.all()))]
    if len({(hop.source_id, hop.unnamed) for hop in origins}) == 1 and origins[0].source_id is None:
        origin = origins[0]
        yield PublishingWarning(
            key=f"{ANONYMOUS}:{origin.unnamed}",
            code=ANONYMOUS,
            sentence=_("All claims in this story come from one unnamed source."),
            passage=origin.mention,
            claim=origin.claim_id,
        )


def _check_images(article: Article) -> Iterator[PublishingWarning]:
    for use in article.images.filter(image__isnull=False).order_by("order", "id"):
        name = use.caption or use.credit or _("An image")
        if not use.alt.strip():
            message = _("This image has no alternative text for people who cannot see it.")
            yield PublishingWarning(
                key=f"{NO_ALT}:{use.pk}", code=NO_ALT, sentence=message, passage=name, image_use=use.pk
            )
        if not (use.credit.strip() or use.credit_source_id):
            message = _("This image has no credit.")
            yield PublishingWarning(
                key=f"{NO_CREDIT}:{use.pk}", code=NO_CREDIT, sentence=message, passage=name, image_use=use.pk
            )


def _passage_warning(code: str, sentence: str, text: str, start: int, end: int) -> PublishingWarning:
    passage = text[start:end]
    digest = sha256(passage.encode()).hexdigest()[:16]
    return PublishingWarning(f"{code}:{digest}", code, sentence, _shorten(passage), start, end)


def _claim_warning(code: str, sentence: str, claim: Claim) -> PublishingWarning:
    anchors: list[Anchor] = claim.standing  # type: ignore[attr-defined]
    spans = sorted((anchor.start, anchor.end) for anchor in anchors if anchor.part == Anchor.Part.CONTENT)
    start, end = spans[0] if spans else (None, None)
    return PublishingWarning(
        f"{code}:{claim.pk}", code, sentence, _shorten(claim.statement), start, end, claim=claim.pk
    )


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_PASSAGE_CHARS else text[: MAX_PASSAGE_CHARS - 1] + "…"


def _overlaps(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(begin < end and start < stop for begin, stop in spans)
