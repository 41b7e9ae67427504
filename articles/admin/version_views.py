"""Compare, restore and preview the versions of a story."""

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

#: Versions to choose from, newest first.
MAX_VERSION_CHOICES = 200


def compare_page(model_admin: ModelAdmin[Article], request: HttpRequest, pk: int) -> HttpResponse:
    """Compare the chosen versions, or the latest with the live or previous one."""
    article = _get_article(model_admin, request, pk)
    revisions = _recent_revisions(article)
    newest = _selected_revision(request, "new", revisions, article.latest)
    previous = next((revision for revision in revisions if revision.number < newest.number), newest)
    live = article.live if article.live_id and article.live_id != newest.pk else None
    oldest = _selected_revision(request, "old", revisions, live or previous)
    old, new = (Revision.objects.get(pk=revision.pk) for revision in (oldest, newest))
    parts = compare_versions(VersionText.from_revision(old), VersionText.from_revision(new))
    return TemplateResponse(
        request,
        "admin/articles/article/compare.html",
        {
            **model_admin.admin_site.each_context(request),
            "title": _("Compare versions"),
            "opts": model_admin.opts,
            "article": article,
            "revisions": revisions,
            "old": old,
            "new": new,
            "parts": parts,
            "is_same": not any(part.changed for part in parts),
            "removed_words": sum(part.removed_words for part in parts),
            "added_words": sum(part.added_words for part in parts),
            "may_write": may_write(request.user, article),
        },
    )


def restore_version(model_admin: ModelAdmin[Article], request: HttpRequest, pk: int) -> HttpResponse:
    """Restore an older version as a new revision (POST)."""
    article = _get_article(model_admin, request, pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    revision = _get_revision(article, request.POST.get("revision", ""))
    seen = request.POST.get("seen", "")
    compare = f"{reverse('admin:articles_article_compare', args=[pk])}?old={revision.number}"
    try:
        restored = restore_revision(
            article, revision, seen=int(seen) if seen.isdecimal() else None, by=require_user(request.user)
        )
    except StaleVersionError:
        messages.warning(
            request,
            _("Not restored: a newer version was saved. This page compares revision %(number)d with it.")
            % {"number": revision.number},
        )
        return HttpResponseRedirect(compare)
    messages.success(
        request,
        _("Revision %(old)d was restored as revision %(new)d. To undo this, restore the revision before it.")
        % {"old": revision.number, "new": restored.number},
    )
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))


@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def preview_page(request: HttpRequest, model_admin: ModelAdmin[Article], pk: int) -> HttpResponse:
    """Show a version in a frame as wide as a screen or a phone."""
    article = _get_article(model_admin, request, pk)
    revisions = _recent_revisions(article)
    revision = _selected_revision(request, "revision", revisions, article.latest)
    return TemplateResponse(
        request,
        "admin/articles/article/preview.html",
        {
            **model_admin.admin_site.each_context(request),
            "title": _("Preview"),
            "opts": model_admin.opts,
            "article": article,
            "revision": revision,
            "revisions": revisions,
            "frame_url": f"{reverse('admin:articles_article_framed', args=[pk])}?revision={revision.number}",
        },
    )


@never_cache
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]
def preview_frame(request: HttpRequest, model_admin: ModelAdmin[Article], pk: int) -> HttpResponse:
    """Show a version as readers would see it, with its claims. Six queries."""
    current = _get_article(model_admin, request, pk)
    revision = _get_revision(current, request.GET.get("revision", ""))
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


def _get_article(model_admin: ModelAdmin[Article], request: HttpRequest, pk: int) -> Article:
    article = model_admin.get_object(request, str(pk))
    if article is None:
        raise Http404
    if not model_admin.has_view_permission(request, article):
        raise PermissionDenied
    if article.latest is None:
        raise Http404(_("This story has no text yet."))
    return article


def _recent_revisions(article: Article) -> list[Revision]:
    rows = article.revisions.select_related("author").defer("body", "text", "summary")
    return list(rows.order_by("-number")[:MAX_VERSION_CHOICES])


def _selected_revision(
    request: HttpRequest, name: str, revisions: list[Revision], default: Revision | None
) -> Revision:
    number = request.GET.get(name, "")
    if number:
        for revision in revisions:
            if str(revision.number) == number:
                return revision
        raise Http404
    return default or revisions[0]


def _get_revision(article: Article, number: str) -> Revision:
    if not number.isdecimal() or len(number) > 9:
        raise Http404
    revision: Revision = get_object_or_404(article.revisions, number=int(number))
    return revision
