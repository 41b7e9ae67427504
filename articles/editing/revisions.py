"""Writing: an editor's words become the next revision. Readers see it once it is published."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils import timezone

from articles.claims.carry_over import carry_anchors
from articles.claims.propose import find_claims
from articles.models import Article, Revision
from articles.permissions import may_write, require
from articles.text.body import from_paragraphs, plain, sanitise
from articles.text.digests import words_digest
from record import log, verbs
from record.users import User

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
    log.note(verbs.WROTE, article, by=by, story=article.pk, revision=revision.number, note=revision.note)
    if before is not None:
        carry_anchors(before, revision)
    find_claims(article)
    return revision
