"""Create revisions from what editors write."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.claims.carry_over import carry_anchors
from articles.claims.propose import find_claims
from articles.models import Article, Revision
from articles.permissions import may_write, require_permission
from articles.text.body import html_from_paragraphs, plain_text, sanitise_html
from record import log, verbs
from record.users import User

BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
#: Text is HTML if it has an element that a body may contain. "A < B" is not HTML.
BODY_TAG = re.compile(r"</?(?:p|h2|h3|blockquote|ul|ol|li|a|strong|em|br|sub|sup)\b[^<>]*>", re.IGNORECASE)


def parse_body(written: str) -> str:
    """Return sanitised HTML of what somebody wrote.

    They wrote restricted HTML, or plain paragraphs with blank lines between them.
    """
    if BODY_TAG.search(written):
        return sanitise_html(written)
    return html_from_paragraphs(BLANK_LINES.split(written.replace("\r\n", "\n").strip()))


@transaction.atomic
def create_revision(article: Article, *, headline: str, summary: str, body: str, by: User, note: str = "") -> Revision:
    """Create the next revision of an article and return it.

    `body` is read by `parse_body`. Existing claims are carried to the new text, and new ones are proposed. What readers
    see does not change. If nothing differs from the latest revision, that one is returned. Raise PermissionDenied, and
    ValueError without a headline or a text.
    """
    article = Article.objects.locked(article.pk)
    require_permission(may_write(by, article), _("change this story"))
    before = article.latest
    html = parse_body(body)
    text = plain_text(html)
    headline, summary = " ".join(headline.split()), summary.strip()
    if not headline or not text:
        raise ValueError(_("A story needs a headline and a text."))
    if before is not None and (before.headline, before.summary, before.body) == (headline, summary, html):
        return before
    revision: Revision = Revision.objects.create_next(
        article, headline=headline, summary=summary, body=html, text=text, author=by, note=note.strip()
    )
    article.latest, article.edited_at = revision, timezone.now()
    article.save(update_fields=["latest", "edited_at"])
    log.record(verbs.REVISED, article, user=by, article=article.pk, revision=revision.number, note=revision.note)
    if before is not None:
        carry_anchors(before, revision)
    find_claims(article)
    return revision
