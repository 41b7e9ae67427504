"""Writing: an editor's words become the next revision. Readers see it once it is published."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils import timezone

from articles.claims.carry_over import carry_anchors
from articles.claims.propose import find_claims
from articles.models import Article, Revision
from articles.permissions import may_write, require_permission
from articles.text.body import html_from_paragraphs, plain_text, sanitise_html
from articles.text.digests import text_digest
from record import log, verbs
from record.users import User

BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
#: What shows that somebody wrote HTML: an element that a body may contain. "A < B" is not one.
BODY_TAG = re.compile(r"</?(?:p|h2|h3|blockquote|ul|ol|li|a|strong|em|br|sub|sup)\b[^<>]*>", re.IGNORECASE)


def parse_body(written: str) -> str:
    """A sanitised body of what somebody typed: restricted HTML, or plain paragraphs with blank lines between."""
    if BODY_TAG.search(written):
        return sanitise_html(written)
    return html_from_paragraphs(BLANK_LINES.split(written.replace("\r\n", "\n").strip()))


@transaction.atomic
def create_revision(article: Article, *, headline: str, summary: str, body: str, by: User, note: str = "") -> Revision:
    """Make the next revision of a story from HTML or plain paragraphs (`body_from`), and return it.

    The same words again make none: the latest revision is returned. Claims are carried to the new text,
    and what else is claimed in it is proposed. What readers see does not change. Raises PermissionDenied,
    and ValueError without a headline or a text.
    """
    article = Article.objects.select_for_update(of=("self",)).select_related("latest").get(pk=article.pk)
    require_permission(may_write(by, article), "change this story")
    before = article.latest
    clean = parse_body(body)
    text = plain_text(clean)
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
        digest=text_digest(headline, text),
        author=by,
        note=note.strip(),
    )
    article.latest, article.edited_at = revision, timezone.now()
    article.save(update_fields=["latest", "edited_at"])
    log.record(verbs.REVISED, article, user=by, article=article.pk, revision=revision.number, note=revision.note)
    if before is not None:
        carry_anchors(before, revision)
    find_claims(article)
    return revision
