"""A story's versions in the admin: two of them compared, an older one restored, any of them as readers would see it."""

from __future__ import annotations

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin

from articles.display.marked_text import build_passages, summarize_claims
from articles.editing.versions import StaleVersionError, VersionText, compare_versions, restore_revision
from articles.models import Article, Claim, Revision
from articles.permissions import may_write, require_user

#: Versions to choose from: the newest of a story that has more.
MAX_VERSION_CHOICES = 200


def compare_page(of: ModelAdmin[Article], request: HttpRequest, pk: int) -> HttpResponse:
    """Two versions of a story word by word; without a choice, what readers see or else the last two."""
    article = _get_article(of, request, pk)
    revisions = _recent_revisions(article)
    newest = _selected_revision(request, "new", revisions, article.latest)
    before = next((one for one in revisions if one.number < newest.number), newest)
    live = article.live if article.live_id and article.live_id != newest.pk else None
    oldest = _selected_revision(request, "old", revisions, live or before)
    old, new = (Revision.objects.get(pk=one.pk) for one in (oldest, newest))
    parts = compare_versions(VersionText.from_revision(old), VersionText.from_revision(new))
    return TemplateResponse(
        request,
        "admin/articles/article/compare.html",
        {
            **of.admin_site.each_context(request),
            "title": _("Compare versions"),
            "opts": of.opts,
            "article": article,
            "revisions": revisions,
            "old": old,
            "new": new,
            "parts": parts,
            "same": not any(part.changed for part in parts),
            "gone": sum(part.removed_words for part in parts),
            "fresh": sum(part.added_words for part in parts),
            "may_write": may_write(request.user, article),
        },
    )


def restore_version(of: ModelAdmin[Article], request: HttpRequest, pk: int) -> HttpResponse:
    """POST: an older version becomes the newest again."""
    article = _get_article(of, request, pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    revision = _get_revision(article, request.POST.get("revision", ""))
    seen = request.POST.get("seen", "")
    compare = f"{reverse('admin:articles_article_compare', args=[pk])}?old={revision.number}"
    try:
        made = restore_revision(
            article, revision, seen=int(seen) if seen.isdecimal() else None, by=require_user(request.user)
        )
    except StaleVersionError:
        messages.warning(
            request,
            _("Not restored: a version was saved meanwhile. This is how revision %(number)d differs from it.")
            % {"number": revision.number},
        )
        return HttpResponseRedirect(compare)
    messages.success(
        request,
        _("Revision %(old)d stands on top again, as revision %(new)d. To go back, restore the one before it.")
        % {"old": revision.number, "new": made.number},
    )
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))


@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def preview_page(request: HttpRequest, of: ModelAdmin[Article], pk: int) -> HttpResponse:
    """A version at readers' width: the page that shows it in a frame."""
    article = _get_article(of, request, pk)
    revisions = _recent_revisions(article)
    revision = _selected_revision(request, "revision", revisions, article.latest)
    return TemplateResponse(
        request,
        "admin/articles/article/preview.html",
        {
            **of.admin_site.each_context(request),
            "title": _("Preview"),
            "opts": of.opts,
            "article": article,
            "revision": revision,
            "revisions": revisions,
            "framed": f"{reverse('admin:articles_article_framed', args=[pk])}?revision={revision.number}",
        },
    )


@never_cache
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]
def preview_frame(request: HttpRequest, of: ModelAdmin[Article], pk: int) -> HttpResponse:
    """A version as readers would see it if it were live: with the claims that they would be shown. Six queries."""
    seen = _get_article(of, request, pk)
    revision = _get_revision(seen, request.GET.get("revision", ""))
    article = get_object_or_404(Article.objects.for_page().with_last_correction(), pk=pk)
    article.live, article.status = revision, Article.Status.PUBLISHED
    article.published_at = article.published_at or timezone.now()
    claims = list(Claim.objects.for_article_preview(article, revision.pk))
    context = {
        "article": article,
        "retracted": False,
        "passages": build_passages(article, claims),
        "tally": summarize_claims(claims),
        "preview": True,
    }
    with timezone.override(None):  # readers see the site's time zone
        response = render(request, "articles/article.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _get_article(of: ModelAdmin[Article], request: HttpRequest, pk: int) -> Article:
    article = of.get_object(request, str(pk))
    if article is None:
        raise Http404
    if not of.has_view_permission(request, article):
        raise PermissionDenied
    if article.latest is None:
        raise Http404("A story without words has no versions.")
    return article


def _recent_revisions(article: Article) -> list[Revision]:
    rows = article.revisions.select_related("author").defer("body", "text", "summary")
    return list(rows.order_by("-number")[:MAX_VERSION_CHOICES])


def _selected_revision(
    request: HttpRequest, name: str, revisions: list[Revision], otherwise: Revision | None
) -> Revision:
    number = request.GET.get(name, "")
    if number:
        for revision in revisions:
            if str(revision.number) == number:
                return revision
        raise Http404
    return otherwise or revisions[0]


def _get_revision(article: Article, number: str) -> Revision:
    if not number.isdecimal() or len(number) > 9:
        raise Http404
    revision: Revision = get_object_or_404(article.revisions, number=int(number))
    return revision
