"""The pages on which a story's public life is decided: each step, and the checks before publishing."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.admin.publishing_forms import STEPS, available_steps
from articles.models import Article
from articles.permissions import may_overrule, may_publish, require_user
from articles.publishing.actions import PublishingError, is_public
from articles.publishing.article_checks import PublishingWarning, acknowledge_warning, run_checks
from articles.text.body import Block, Mark, marked_blocks


@dataclass(frozen=True, slots=True)
class NumberedWarning:
    """A warning as a page shows it: its number, and the address of the place it is about."""

    number: int
    warning: PublishingWarning
    url: str


def number_warnings(article: Article, warnings: list[PublishingWarning]) -> list[NumberedWarning]:
    """Each warning with where it is settled: a claim at its review, a picture in the form, a passage in the text."""
    return [
        NumberedWarning(number, warning, _warning_url(article, warning, number))
        for number, warning in enumerate(warnings, 1)
    ]


def step_page(of: ModelAdmin[Article], request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Ask about a step, saying what it does and what warns against it; POST takes it."""
    article = _get_article(of, request, pk)
    step = next(step for step in STEPS if step.slug == slug)
    if not step.is_allowed(request.user, article):
        raise PermissionDenied
    page = HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))
    warnings = step.get_warnings(article)
    standing = [warning for warning in warnings if warning.is_open]
    stopped = bool(standing) and not may_overrule(request.user)
    form = step.form(article, request.POST if request.method == "POST" else None, warnings=standing)
    if request.method == "POST" and not stopped and form.is_valid():
        try:
            after = step.apply(article, require_user(request.user), form)
        except PublishingError as error:
            messages.error(request, error.sentence)
            return HttpResponseRedirect(request.path) if error.code == "warnings" else page
        messages.success(
            request,
            _("%(done)s: “%(story)s” is %(state)s.")
            % {"done": step.done_label, "story": after, "state": after.get_status_display()},
        )
        return page
    return TemplateResponse(
        request,
        "admin/articles/article/publishing_step.html",
        {
            **of.admin_site.each_context(request),
            "title": step.label,
            "opts": of.opts,
            "article": article,
            "step": step,
            "form": form,
            "is_out": is_public(article),
            "checks": number_warnings(article, warnings),
            "standing": len(standing),
            "stopped": stopped,
        },
        status=409 if stopped and request.method == "POST" else 200,
    )


def checks_page(of: ModelAdmin[Article], request: HttpRequest, pk: int) -> HttpResponse:
    """What to settle before publishing, beside the text it is about; POST acknowledges one warning with a reason."""
    article = _get_article(of, request, pk)
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
            messages.success(request, _("Acknowledged, and put on record."))
        return HttpResponseRedirect(request.path)
    checks = number_warnings(article, run_checks(article))
    return TemplateResponse(
        request,
        "admin/articles/article/checks.html",
        {
            **of.admin_site.each_context(request),
            "title": _("Checks before publishing"),
            "opts": of.opts,
            "article": article,
            "checks": checks,
            "standing": sum(check.warning.is_open for check in checks),
            "blocks": _marked_blocks(article, checks),
            "may_acknowledge": may_publish(request.user),
            "steps": [step for step in available_steps(request.user, article) if step.shows_new_text],
        },
    )


def _get_article(of: ModelAdmin[Article], request: HttpRequest, pk: int) -> Article:
    article = of.get_queryset(request).filter(pk=pk).first()
    if article is None:
        raise Http404
    if not of.has_view_permission(request, article):
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
    """The text with each passage that a warning is about marked with the warning's number."""
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
