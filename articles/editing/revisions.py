"""Writing: an editor's words become the next revision. Readers see it once it is published."""

from __future__ import annotations

import logging
import re
from functools import partial

from django.db import transaction
from django.utils import timezone

from articles.claims.build import names_in_extraction, rows_of_extraction
from articles.extraction import extract
from articles.models import Anchor, Article, Claim, Revision
from articles.permissions import may_write, require
from articles.importing.prepare import outlet_names, publication_day, words_digest
from articles.claims.matching import Plan
from articles.claims.carry_over import carry_anchors, take_found
from articles.text.body import from_paragraphs, plain, sanitise
from record import log as keeping, verbs
from record.users import User
from sources.models import SourceName
from sources.resolver import Resolver

log = logging.getLogger("articles.extraction")

BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
#: What shows that somebody wrote HTML: an element that a body may contain. "A < B" is not one.
MARKUP = re.compile(r"</?(?:p|h2|h3|blockquote|ul|ol|li|a|strong|em|br|sub|sup)\b[^<>]*>", re.IGNORECASE)


def body_from(written: str) -> str:
    """A sanitised body of what somebody typed: restricted HTML, or plain paragraphs with blank lines between."""
    if MARKUP.search(written):
        return sanitise(written)
    return from_paragraphs(BLANK_LINES.split(written.replace("\r\n", "\n").strip()))


@transaction.atomic
def revise(article: Article, *, headline: str, summary: str, body: str, by: User, note: str = "") -> Revision:
    """Make the next revision of a story from HTML or plain paragraphs (`body_from`), and return it.

    The same words again make none: the latest revision is returned. Claims are carried to the new text,
    and what else is claimed in it is proposed. What readers see does not change. Raises PermissionDenied,
    and ValueError without a headline or a text.
    """
    article = Article.objects.select_for_update(of=("self",)).select_related("latest").get(pk=article.pk)
    require(may_write(by, article), "change this story")
    before = article.latest
    clean = body_from(body)
    text = plain(clean)
    headline, summary = " ".join(headline.split()), summary.strip()
    if not headline or not text:
        raise ValueError("A revision needs a headline and a text.")
    if before is not None and (before.headline, before.summary, before.body) == (headline, summary, clean):
        return before
    revision = Revision.objects.create(
        article=article,
        number=(before.number if before else 0) + 1,
        headline=headline,
        summary=summary,
        body=clean,
        text=text,
        digest=words_digest(headline, text),
        author=by,
        note=note.strip(),
    )
    article.latest, article.edited_at = revision, timezone.now()
    article.save(update_fields=["latest", "edited_at"])
    keeping.note(verbs.WROTE, article, by=by, story=article.pk, revision=revision.number, note=revision.note)
    if before is not None:
        carry_anchors(before, revision)
    find_claims(article)
    return revision


@transaction.atomic
def find_claims(article: Article) -> Plan[int, int]:
    """Propose what is claimed in the latest revision and not known yet; judged claims stay as they are."""
    revision = article.latest
    if revision is None:
        return Plan((), (), (), (), ())
    extraction = extract(
        revision.text,
        published=publication_day(article.published_at),
        language=article.language or None,
        outlets=_outlets(article),
    )
    resolver = Resolver()
    resolver.prepare(names_in_extraction(extraction))
    plan = take_found(article, revision, rows_of_extraction(extraction, article, revision, resolver, None))
    done = partial(log.info, "%s: %d new claims, %d withdrawn.", article.slug, len(plan.new), len(plan.withdrawn))
    transaction.on_commit(done)
    return plan


def _outlets(article: Article) -> tuple[str, ...]:
    """Return every known name of an article's publisher and agency. One query, none without them."""
    ids = [outlet for outlet in (article.publisher_id, article.agency_id) if outlet is not None]
    if not ids:
        return ()
    return outlet_names(SourceName.objects.filter(source__in=ids).values_list("name", flat=True))


def keep_order(claim: Claim) -> None:
    """Set a claim's place in the text from its anchors in the latest revision; without any it keeps its place."""
    first = (
        claim.anchors.filter(revision=claim.article.latest_id, part=Anchor.Part.CONTENT)
        .exclude(state=Anchor.State.LOST)
        .order_by("start")
        .first()
    )
    if first is not None and first.start != claim.order:
        claim.order = first.start
        claim.save(update_fields=["order"])
