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

from articles.extraction.unattributed import figures, quotations
from articles.models import Anchor, Article, Claim
from articles.permissions import may_publish, require
from record import log, verbs
from record.models import Act
from record.users import User

QUOTATION, FIGURE, SPEAKERLESS = "quotation-without-speaker", "figure-without-source", "claim-without-speaker"
ANONYMOUS, PROPOSED = "one-anonymous-origin", "claim-still-proposed"
NO_ALT, NO_CREDIT = "picture-without-alt", "picture-without-credit"
#: What may be right as it stands, so that an editor can say so.
ACKNOWLEDGEABLE = frozenset((QUOTATION, FIGURE))
#: Quoted words fewer than these are a name, a title or a word held at arm's length, not what somebody said.
QUOTED_WORDS = 4
#: Characters of a passage that a warning repeats.
SHOWN = 120


@dataclass(frozen=True, slots=True)
class Warning:
    """One thing to settle. `key` stays the same as long as what it is about does."""

    key: str
    code: str
    sentence: str
    words: str = ""  # the words it is about
    start: int | None = None  # where they stand in the latest revision's text, code points, [start, end)
    end: int | None = None
    claim: int | None = None  # key of the claim it is about
    picture: int | None = None  # key of the picture's use
    reason: str = ""  # why an editor let it stand
    by: str = ""  # and which editor

    @property
    def acknowledgeable(self) -> bool:
        return self.code in ACKNOWLEDGEABLE

    @property
    def stands(self) -> bool:
        return not self.reason


def lint(article: Article) -> list[Warning]:
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
        if claim.review in Claim.SHOWN or (claim.review == Claim.Review.PROPOSED and claim.reporting)
    ]
    found = [
        *_of_quotations(article, _spoken(claims)),
        # Whoever rejected a claim has looked at its figure.
        *_of_figures(article, _spoken(every)),
        *_of_claims(claims),
        *_of_pictures(article),
    ]
    said = _acknowledged(article)
    return [
        replace(warning, reason=said.get(warning.key, ("", ""))[0], by=said.get(warning.key, ("", ""))[1])
        for warning in sorted(found, key=lambda warning: (warning.start is None, warning.start or 0))
    ]


def standing_warnings(article: Article) -> list[Warning]:
    """Those that nobody acknowledged."""
    return [warning for warning in lint(article) if warning.stands]


@transaction.atomic
def acknowledge(article: Article, key: str, *, by: User, reason: str) -> None:
    """Put on record that a warning may stand as it is, and why.

    Raises PermissionDenied, and ValueError with a sentence for the editor: without a reason, and for a
    warning that is not there or has to be settled.
    """
    require(may_publish(by), "acknowledge warnings")
    warning = next((warning for warning in lint(article) if warning.key == key), None)
    if warning is None:
        raise ValueError(_("That warning is settled already, or its words have changed. Look again."))
    if not warning.acknowledgeable:
        raise ValueError(_("This has to be settled: it cannot be right as it is."))
    if not reason.strip():
        raise ValueError(_("Say why it may stand."))
    log.note(
        verbs.ACKNOWLEDGED,
        article,
        by=by,
        story=article.pk,
        warning=key,
        words=warning.words,
        reason=reason.strip(),
    )


def _acknowledged(article: Article) -> dict[str, tuple[str, str]]:
    """Keys of warnings -> (why it may stand, who says so)."""
    acts = Act.objects.filter(kind="articles.article", row=article.pk, verb=verbs.ACKNOWLEDGED)
    return {
        act.details["warning"]: (act.details["reason"], act.by.get_username() if act.by else "")
        for act in acts.select_related("by").order_by("id")
    }


def _spoken(claims: Sequence[Claim]) -> list[tuple[int, int]]:
    """Where claims with a speaker stand: their words, their cues and their speakers."""
    return [
        (anchor.start, anchor.end)
        for claim in claims
        if claim.hops.all()
        for anchor in claim.standing  # type: ignore[attr-defined]
    ]


def _of_quotations(article: Article, spoken: Sequence[tuple[int, int]]) -> Iterator[Warning]:
    """Quotations that no claim with a speaker covers."""
    text = article.latest.text if article.latest else ""
    for start, end in quotations(text):
        if len(text[start:end].split()) >= QUOTED_WORDS and not _touched(start, end, spoken):
            yield _passage(QUOTATION, _("Nobody is named who said this."), text, start, end)


def _of_figures(article: Article, spoken: Sequence[tuple[int, int]]) -> Iterator[Warning]:
    """Sentences with a figure that no claim with a speaker stands in."""
    if article.latest is None or article.language.split("-")[0].lower() != "en":
        return
    text = article.latest.text
    counted = [
        (figure, sentence)
        for figure, sentence in figures(text)
        if (figure.counts or figure.unit) and any(char.isdigit() for char in figure.raw)
    ]
    for sentence, of_sentence in groupby(counted, key=lambda pair: pair[1]):
        if _touched(sentence.start, sentence.end, spoken):
            continue
        raw = ", ".join(f"“{figure.raw}”" for figure, _sentence in of_sentence)
        said = _("No source is named for %(figures)s.") % {"figures": raw}
        yield _passage(FIGURE, said, text, sentence.start, sentence.end)


def _of_claims(claims: Sequence[Claim]) -> Iterator[Warning]:
    for claim in claims:
        if claim.review == Claim.Review.PROPOSED:
            yield _claim(PROPOSED, _("Nobody has judged this claim yet."), claim)
        elif not claim.hops.all():
            yield _claim(SPEAKERLESS, _("This claim names nobody who said it."), claim)
    origins = [min(hops, key=lambda hop: hop.position) for claim in claims if (hops := list(claim.hops.all()))]
    if len({(hop.source_id, hop.unnamed) for hop in origins}) == 1 and origins[0].source_id is None:
        origin = origins[0]
        yield Warning(
            key=f"{ANONYMOUS}:{origin.unnamed}",
            code=ANONYMOUS,
            sentence=_("All that is claimed in this story begins with one unnamed person."),
            words=origin.mention,
            claim=origin.claim_id,
        )


def _of_pictures(article: Article) -> Iterator[Warning]:
    for use in article.images.filter(image__isnull=False).order_by("order", "id"):
        name = use.caption or use.credit or _("A picture")
        if not use.alt.strip():
            said = _("This picture has no alternative text: who cannot see it is told nothing.")
            yield Warning(key=f"{NO_ALT}:{use.pk}", code=NO_ALT, sentence=said, words=name, picture=use.pk)
        if not (use.credit.strip() or use.credit_source_id):
            said = _("This picture has no credit.")
            yield Warning(key=f"{NO_CREDIT}:{use.pk}", code=NO_CREDIT, sentence=said, words=name, picture=use.pk)


def _passage(code: str, sentence: str, text: str, start: int, end: int) -> Warning:
    words = text[start:end]
    digest = sha256(words.encode()).hexdigest()[:16]
    return Warning(f"{code}:{digest}", code, sentence, _short(words), start, end)


def _claim(code: str, sentence: str, claim: Claim) -> Warning:
    spans = sorted((a.start, a.end) for a in claim.standing if a.part == Anchor.Part.CONTENT)  # type: ignore[attr-defined]
    start, end = spans[0] if spans else (None, None)
    return Warning(f"{code}:{claim.pk}", code, sentence, _short(claim.statement), start, end, claim=claim.pk)


def _short(words: str) -> str:
    return words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"


def _touched(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(begin < end and start < stop for begin, stop in spans)
