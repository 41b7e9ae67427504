"""What an editor should settle before a story is published: said with its place in the latest revision.

A quotation or a figure that nobody is named for may be right as it is (a book's title, a figure of the outlet's
own): an editor acknowledges that with a reason, once for those words. Everything else is settled by mending
it. A chief may publish over what stands (articles.publishing.actions), and that is on record.
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
#: What may be right as it stands, so that an editor can say so.
ACKNOWLEDGEABLE = frozenset((QUOTATION, FIGURE))
#: Quoted words fewer than these are a name, a title or a word held at arm's length, not what somebody said.
MIN_QUOTED_WORDS = 4
#: Characters of a passage that a warning repeats.
MAX_PASSAGE_CHARS = 120


@dataclass(frozen=True, slots=True)
class PublishingWarning:
    """One thing to settle. `key` stays the same as long as what it is about does."""

    key: str
    code: str
    sentence: str
    passage: str = ""  # the words it is about
    start: int | None = None  # where they stand in the latest revision's text, code points, [start, end)
    end: int | None = None
    claim: int | None = None  # key of the claim it is about
    image_use: int | None = None  # key of the picture's use
    reason: str = ""  # why an editor let it stand
    by: str = ""  # and which editor

    @property
    def can_be_acknowledged(self) -> bool:
        return self.code in ACKNOWLEDGEABLE

    @property
    def is_open(self) -> bool:
        return not self.reason


def run_checks(article: Article) -> list[PublishingWarning]:
    """All there is to settle in the latest revision, acknowledged or not, in the order of the text. Six queries."""
    if article.latest is None:
        return []
    standing = Anchor.objects.filter(revision=article.latest_id).exclude(state=Anchor.State.LOST)
    every = list(
        article.claims.prefetch_related(Prefetch("anchors", standing, to_attr="standing"), "hops").order_by(
            "order", "id"
        )
    )
    claims = [
        claim
        for claim in every
        # A thought or a plan that nobody told is shown on demand, and waits for nobody.
        if claim.review in Claim.SHOWN_REVIEWS or (claim.review == Claim.Review.PROPOSED and claim.reporting)
    ]
    found = [
        *_check_quotations(article, _attributed_spans(claims)),
        # Whoever rejected a claim has looked at its figure.
        *_check_figures(article, _attributed_spans(every)),
        *_check_claims(claims),
        *_check_images(article),
    ]
    said = _acknowledgements(article)
    return [
        replace(warning, reason=said.get(warning.key, ("", ""))[0], by=said.get(warning.key, ("", ""))[1])
        for warning in sorted(found, key=lambda warning: (warning.start is None, warning.start or 0))
    ]


def open_warnings(article: Article) -> list[PublishingWarning]:
    """Those that nobody acknowledged."""
    return [warning for warning in run_checks(article) if warning.is_open]


@transaction.atomic
def acknowledge_warning(article: Article, key: str, *, by: User, reason: str) -> None:
    """Put on record that a warning may stand as it is, and why.

    Raises PermissionDenied, and ValueError with a sentence for the editor: without a reason, and for a
    warning that is not there or has to be settled.
    """
    require_permission(may_publish(by), "acknowledge warnings")
    warning = next((warning for warning in run_checks(article) if warning.key == key), None)
    if warning is None:
        raise ValueError(_("That warning is settled already, or its words have changed. Look again."))
    if not warning.can_be_acknowledged:
        raise ValueError(_("This has to be settled: it cannot be right as it is."))
    if not reason.strip():
        raise ValueError(_("Say why it may stand."))
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
    """Keys of warnings -> (why it may stand, who says so)."""
    acts = LogEntry.objects.filter(kind="articles.article", row=article.pk, verb=verbs.WARNING_ACKNOWLEDGED)
    return {
        act.details["warning"]: (act.details["reason"], act.by.get_username() if act.by else "")
        for act in acts.select_related("by").order_by("id")
    }


def _attributed_spans(claims: Sequence[Claim]) -> list[tuple[int, int]]:
    """Where claims with a speaker stand: their words, their cues and their speakers."""
    return [
        (anchor.start, anchor.end)
        for claim in claims
        if claim.hops.all()
        for anchor in claim.standing  # type: ignore[attr-defined]
    ]


def _check_quotations(article: Article, spoken: Sequence[tuple[int, int]]) -> Iterator[PublishingWarning]:
    """Quotations that no claim with a speaker covers."""
    text = article.latest.text if article.latest else ""
    for start, end in find_quotations(text):
        if len(text[start:end].split()) >= MIN_QUOTED_WORDS and not _overlaps(start, end, spoken):
            yield _passage_warning(QUOTATION, _("Nobody is named who said this."), text, start, end)


def _check_figures(article: Article, spoken: Sequence[tuple[int, int]]) -> Iterator[PublishingWarning]:
    """Sentences with a figure that no claim with a speaker stands in."""
    if article.latest is None or article.language.split("-")[0].lower() != "en":
        return
    text = article.latest.text
    counted = [
        (figure, sentence)
        for figure, sentence in find_unquoted_quantities(text)
        if (figure.counts or figure.unit) and any(char.isdigit() for char in figure.raw)
    ]
    for sentence, of_sentence in groupby(counted, key=lambda pair: pair[1]):
        if _overlaps(sentence.start, sentence.end, spoken):
            continue
        raw = ", ".join(f"“{figure.raw}”" for figure, _sentence in of_sentence)
        said = _("No source is named for %(figures)s.") % {"figures": raw}
        yield _passage_warning(FIGURE, said, text, sentence.start, sentence.end)


def _check_claims(claims: Sequence[Claim]) -> Iterator[PublishingWarning]:
    for claim in claims:
        if claim.review == Claim.Review.PROPOSED:
            yield _claim_warning(PROPOSED, _("Nobody has judged this claim yet."), claim)
        elif not claim.hops.all():
            yield _claim_warning(SPEAKERLESS, _("This claim names nobody who said it."), claim)
    origins = [min(hops, key=lambda hop: hop.position) for claim in claims if (hops := list(claim.hops.all()))]
    if len({(hop.source_id, hop.unnamed) for hop in origins}) == 1 and origins[0].source_id is None:
        origin = origins[0]
        yield PublishingWarning(
            key=f"{ANONYMOUS}:{origin.unnamed}",
            code=ANONYMOUS,
            sentence=_("All that is claimed in this story begins with one unnamed person."),
            passage=origin.mention,
            claim=origin.claim_id,
        )


def _check_images(article: Article) -> Iterator[PublishingWarning]:
    for use in article.images.filter(image__isnull=False).order_by("order", "id"):
        name = use.caption or use.credit or _("A picture")
        if not use.alt.strip():
            said = _("This picture has no alternative text: who cannot see it is told nothing.")
            yield PublishingWarning(
                key=f"{NO_ALT}:{use.pk}", code=NO_ALT, sentence=said, passage=name, image_use=use.pk
            )
        if not (use.credit.strip() or use.credit_source_id):
            said = _("This picture has no credit.")
            yield PublishingWarning(
                key=f"{NO_CREDIT}:{use.pk}", code=NO_CREDIT, sentence=said, passage=name, image_use=use.pk
            )


def _passage_warning(code: str, sentence: str, text: str, start: int, end: int) -> PublishingWarning:
    words = text[start:end]
    digest = sha256(words.encode()).hexdigest()[:16]
    return PublishingWarning(f"{code}:{digest}", code, sentence, _shorten(words), start, end)


def _claim_warning(code: str, sentence: str, claim: Claim) -> PublishingWarning:
    spans = sorted((a.start, a.end) for a in claim.standing if a.part == Anchor.Part.CONTENT)  # type: ignore[attr-defined]
    start, end = spans[0] if spans else (None, None)
    return PublishingWarning(
        f"{code}:{claim.pk}", code, sentence, _shorten(claim.statement), start, end, claim=claim.pk
    )


def _shorten(words: str) -> str:
    return words if len(words) <= MAX_PASSAGE_CHARS else words[: MAX_PASSAGE_CHARS - 1] + "…"


def _overlaps(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(begin < end and start < stop for begin, stop in spans)
