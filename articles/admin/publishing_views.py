"""Pages of the publishing steps, and of the checks before publishing."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.publishing_forms import STEPS, available_steps, format_time
from articles.models import Article
from articles.permissions import may_overrule, may_publish, require_user
from articles.publishing.actions import PublishingError, is_public
from articles.publishing.article_checks import PublishingWarning, acknowledge_warning, run_checks
from articles.text.body import Block, Mark, marked_blocks

Status = Article.Status

STATUS_SENTENCES = {
    Status.DRAFT: gettext_lazy("“%(story)s” is a draft."),
    Status.IN_REVIEW: gettext_lazy("“%(story)s” is in review."),
    Status.SCHEDULED: gettext_lazy("“%(story)s” is scheduled for %(time)s."),
    Status.PUBLISHED: gettext_lazy("“%(story)s” is published."),
    Status.RETRACTED: gettext_lazy("“%(story)s” is retracted."),
}


@dataclass(frozen=True, slots=True)
class NumberedWarning:
    """A warning with its number on the page, and the URL of what it is about."""

    number: int
    warning: PublishingWarning
    url: str


def number_warnings(article: Article, warnings: list[PublishingWarning]) -> list[NumberedWarning]:
    """Number the warnings from 1, and link each to the place where it can be fixed.

    That is the claim's review, the image in the story form, or the passage on the checks page.
    """
    return [
        NumberedWarning(number, warning, _warning_url(article, warning, number))
        for number, warning in enumerate(warnings, 1)
    ]


def describe_status(article: Article) -> str:
    """Return a sentence with the status: “X” is a draft."""
    # A scheduled story is published when its time has come, though its status is not updated.
    status = Status.PUBLISHED if is_public(article) else Status(article.status)
    time = format_time(article.published_at) if article.published_at else ""
    return str(STATUS_SENTENCES[status] % {"story": article, "time": time})


def step_page(model_admin: ModelAdmin[Article], request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Show the form of a step with its open warnings; POST takes the step.

    Answer 409 to a POST that open warnings block.
    """
    article = _get_article(model_admin, request, pk)
    step = next(step for step in STEPS if step.slug == slug)
    if not step.is_allowed(request.user, article):
        raise PermissionDenied
    to_article = HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))
    warnings = step.get_warnings(article)
    open_warnings = [warning for warning in warnings if warning.is_open]
    blocked = bool(open_warnings) and not may_overrule(request.user)
    form = step.form(article, request.POST if request.method == "POST" else None, warnings=open_warnings)
    if request.method == "POST" and not blocked and form.is_valid():
        try:
            changed = step.apply(article, require_user(request.user), form)
        except PublishingError as error:
            messages.error(request, error.sentence)
            return HttpResponseRedirect(request.path) if error.code == "warnings" else to_article
        messages.success(request, step.describe_result(changed))
        return to_article
    return TemplateResponse(
        request,
        "admin/articles/article/publishing_step.html",
        {
            **model_admin.admin_site.each_context(request),
            "title": step.label,
            "opts": model_admin.opts,
            "article": article,
            "status_sentence": describe_status(article),
            "step": step,
            "form": form,
            "is_public": is_public(article),
            "checks": number_warnings(article, warnings),
            "open_count": len(open_warnings),
            "blocked": blocked,
        },
        status=409 if blocked and request.method == "POST" else 200,
    )


def checks_page(model_admin: ModelAdmin[Article], request: HttpRequest, pk: int) -> HttpResponse:
    """Show the warnings next to the text; POST dismisses one of them with a reason."""
    article = _get_article(model_admin, request, pk)
    if request.method == "POST":
        try:
            acknowledge_warning(
                article,
                request.POST.get("warning", ""),
                by=require_user(request.user),
                reason=request.POST.get("reason", ""),
            )
        except ValueError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Warning dismissed (logged)."))
        return HttpResponseRedirect(request.path)
    checks = number_warnings(article, run_checks(article))
    return TemplateResponse(
        request,
        "admin/articles/article/checks.html",
        {
            **model_admin.admin_site.each_context(request),
            "title": _("Checks before publishing"),
            "opts": model_admin.opts,
            "article": article,
            "checks": checks,
            "standing": sum(check.warning.is_open for check in checks),
            "blocks": _marked_blocks(article, checks),
            "may_acknowledge": may_publish(request.user),
            "steps": [step for step in available_steps(request.user, article) if step.shows_new_text],
        },
    )


def _get_article(model_admin: ModelAdmin[Article], request: HttpRequest, pk: int) -> Article:
    article = model_admin.get_queryset(request).filter(pk=pk).first()
    if article is None:
        raise Http404
    if not model_admin.has_view_permission(request, article):
        raise PermissionDenied
    return article


def _warning_url(article: Article, warning: PublishingWarning, number: int) -> str:
    if warning.claim is not None:
        review = reverse("admin:articles_article_review", args=[article.pk])
        return f"{review}?at={warning.claim}#card-{warning.claim}"
    if warning.image_use is not None:
        return reverse("admin:articles_article_change", args=[article.pk]) + "#images-group"
    return reverse("admin:articles_article_checks", args=[article.pk]) + f"#{number}"


def _marked_blocks(article: Article, checks: list[NumberedWarning]) -> list[Block]:
    """Return the text, with the passages of the warnings marked with their numbers."""
    marks = [
        Mark(
            str(check.number),
            check.warning.start,
            check.warning.end,
            "has-warning" if check.warning.is_open else "has-warning acknowledged",
        )
        for check in checks
        if check.warning.start is not None and check.warning.end is not None
    ]
    return marked_blocks(article.latest.body, marks) if article.latest else []
