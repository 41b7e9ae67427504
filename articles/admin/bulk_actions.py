"""Doing one thing with many stories: first how many and which it touches, then the doing, then what was left alone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin import undo
from articles.admin.formatting import admin_link
from articles.claims import review
from articles.claims.propose import find_claims
from articles.models import Article, Claim, Topic
from articles.permissions import AnyUser, may_publish, may_review, may_write, require_user
from articles.publishing import actions
from articles.publishing.actions import PublishingError
from record import log, verbs
from record.users import User

logger = logging.getLogger("articles.importing")

#: Stories named on the page that asks.
MAX_NAMED_ARTICLES = 30
#: Stories dealt with in one transaction: more would keep other writers waiting.
ARTICLES_PER_TRANSACTION = 50
Status = Article.Status


class EmptyForm(forms.Form):
    pass


class TopicsForm(forms.Form):
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.all(), widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Topics to file them under")
    )


@dataclass(frozen=True, slots=True)
class BulkAction:
    """One thing to do with many stories.

    `touched` is which of the chosen ones it touches; `do` does it with one of those, and says False if there was
    nothing to do with it after all. PublishingError, its sentence told, leaves that one story as it is.
    """

    action: str
    label: Promise
    button: Promise
    explanation: Promise
    is_allowed: Callable[[AnyUser], bool]
    condition: Q
    apply: Callable[[Article, User, Any], bool]
    form: type[forms.Form] = EmptyForm


def _submit(article: Article, by: User, given: Any) -> bool:
    actions.submit(article, by=by)
    return True


def _publish(article: Article, by: User, given: Any) -> bool:
    actions.publish(article, by=by)
    return True


def _tag(article: Article, by: User, given: Any) -> bool:
    wanted = given["topics"]
    known = set(article.topics.filter(pk__in=[topic.pk for topic in wanted]).values_list("pk", flat=True))
    added = [topic for topic in wanted if topic.pk not in known]
    if not may_write(by, article):
        raise PublishingError(_("Your role does not let you change this story any more."), code="not-yours")
    if not added:
        return False
    article.topics.add(*added)
    Article.objects.filter(pk=article.pk).update(edited_at=timezone.now())
    log.record(verbs.TOPICS_ADDED, article, user=by, article=article.pk, topics=[topic.name for topic in added])
    return True


def _extract(article: Article, by: User, given: Any) -> bool:
    locked = Article.objects.locked(article.pk)
    plan = find_claims(locked)
    if not (plan.new or plan.withdrawn):
        return False
    found, gone = len(plan.new), len(plan.withdrawn)
    note = _("%(new)d proposed, %(gone)d withdrawn") % {"new": found, "gone": gone}
    Article.objects.filter(pk=article.pk).update(edited_at=timezone.now())
    log.record(verbs.CLAIMS_EXTRACTED, article, user=by, article=article.pk, note=note)
    return True


HAS_TEXT = Q(latest__isnull=False)
BULK_ACTIONS = (
    BulkAction(
        "submit_many",
        gettext_lazy("Send the selected stories for review"),
        gettext_lazy("Send for review"),
        gettext_lazy("Drafts are sent for review."),
        may_write,
        HAS_TEXT & Q(status=Status.DRAFT),
        _submit,
    ),
    BulkAction(
        "publish_many",
        gettext_lazy("Publish the selected stories"),
        gettext_lazy("Publish"),
        gettext_lazy(
            "Each is published under the date it has, or else now. A story that a warning stands against, is left "
            "as it is, and named."
        ),
        may_publish,
        HAS_TEXT & Q(status__in=[Status.DRAFT, Status.IN_REVIEW]),
        _publish,
    ),
    BulkAction(
        "tag_many",
        gettext_lazy("File the selected stories under topics"),
        gettext_lazy("File them"),
        gettext_lazy("Topics that a story has already stay."),
        may_write,
        Q(),
        _tag,
        TopicsForm,
    ),
    BulkAction(
        "extract_many",
        gettext_lazy("Look for claims in the selected stories again"),
        gettext_lazy("Look for claims"),
        gettext_lazy(
            "What is found anew is proposed; proposals that nobody judged and nothing finds any more are withdrawn. "
            "What anybody judged stays as it is."
        ),
        may_review,
        HAS_TEXT & ~Q(status=Status.RETRACTED),
        _extract,
    ),
)


def make_admin_action(
    bulk: BulkAction,
) -> Callable[[ModelAdmin[Article], HttpRequest, QuerySet[Article]], HttpResponse | None]:
    """What the admin calls for an action of its list."""

    def action(of: ModelAdmin[Article], request: HttpRequest, chosen: QuerySet[Article]) -> HttpResponse | None:
        return run_bulk_action(of, request, chosen, bulk)

    return action


def run_bulk_action(
    of: ModelAdmin[Article], request: HttpRequest, chosen: QuerySet[Article], bulk: BulkAction
) -> HttpResponse | None:
    """Ask; when that is confirmed, do it story by story, and say what was done and what was left and why."""
    if not bulk.is_allowed(request.user):
        raise PermissionDenied
    keys = list(chosen.order_by().values_list("pk", flat=True))
    touched = Article.objects.filter(bulk.condition, pk__in=keys).select_related("latest").order_by("id")
    confirmed = "confirmed" in request.POST
    form = bulk.form(request.POST if confirmed else None)
    if not confirmed or not form.is_valid():
        return _confirmation_page(of, request, bulk, form, len(keys), touched)
    done, left = _apply_to_articles(bulk, list(touched.values_list("pk", flat=True)), request, form)
    words = ngettext("%(count)d story: done.", "%(count)d stories: done.", done) % {"count": done}
    same = len(keys) - done - len(left)
    if same:
        words += " " + ngettext("%(n)d stays as it was.", "%(n)d stay as they were.", same) % {"n": same}
    messages.success(request, f"{bulk.button}: {words}")
    if left:
        rows = format_html_join(
            "", "<li>{}: {}</li>", ((admin_link(article), why) for article, why in left[:MAX_NAMED_ARTICLES])
        )
        messages.warning(request, format_html("{}<ul>{}</ul>", _("Left alone: %d") % len(left), rows))
    return None


def accept_claims_in_bulk(
    of: ModelAdmin[Article], request: HttpRequest, chosen: QuerySet[Article]
) -> HttpResponse | None:
    """Accept all proposed claims of the chosen stories, in bulk: readers are told that nobody looked at each."""
    if not may_review(request.user):
        raise PermissionDenied
    keys = list(chosen.order_by().values_list("pk", flat=True))
    claims = Claim.objects.awaiting_review().filter(article__in=keys)
    if "confirmed" not in request.POST:
        stories = (
            Article.objects.filter(pk__in=claims.order_by().values("article"))
            .select_related("latest")
            .annotate(waiting=Count("claims", Q(claims__review=Claim.Review.PROPOSED, claims__reporting=True)))
            .order_by("id")
        )
        return _render_page(
            of,
            request,
            action="accept_many",
            title=_("Accept the claims of many stories"),
            button=_("Accept"),
            explains=_("Readers are told that nobody looked at these claims one by one."),
            form=EmptyForm(),
            total=len(keys),
            touched=stories.count(),
            claims=claims.count(),
            preview=[(story, story.waiting) for story in stories[:MAX_NAMED_ARTICLES]],
        )
    judged = review.accept_claims(
        list(claims.values_list("pk", flat=True)), by=require_user(request.user), how=Claim.ReviewMethod.BULK
    )
    done = ngettext("Accepted %d claim", "Accepted %d claims", len(judged)) % len(judged)
    undo.remember(request, done, judged)
    messages.success(request, f"{done}.")
    if left := claims.count():
        words = ngettext(
            "%d claim still waits: it names nobody who said it.",
            "%d claims still wait: they name nobody who said them.",
            left,
        )
        messages.warning(request, words % left)
    return None


def _apply_to_articles(
    bulk: BulkAction, keys: list[int], request: HttpRequest, form: forms.Form
) -> tuple[int, list[tuple[Article, str]]]:
    """How many were changed, and those left alone with the reason; in transactions of a few stories each."""
    by = require_user(request.user)
    done: int = 0
    left: list[tuple[Article, str]] = []
    for at in range(0, len(keys), ARTICLES_PER_TRANSACTION):
        with transaction.atomic():
            rows = (
                Article.objects.filter(pk__in=keys[at : at + ARTICLES_PER_TRANSACTION])
                .select_related("latest")
                .order_by("id")
            )
            for article in rows:
                try:
                    with transaction.atomic():
                        changed = bulk.apply(article, by, form.cleaned_data)
                except PublishingError as error:
                    left.append((article, error.sentence))
                except PermissionDenied as error:
                    left.append((article, str(error)))
                except (OperationalError, InterfaceError):
                    raise  # the database itself is at fault, not this story
                except Exception as error:
                    logger.exception("%s failed for story %s", bulk.action, article.slug)
                    left.append((article, _("An error stopped it (%s). The log says where.") % type(error).__name__))
                else:
                    done += changed
    return done, left


def _confirmation_page(
    of: ModelAdmin[Article],
    request: HttpRequest,
    bulk: BulkAction,
    form: forms.Form,
    total: int,
    touched: QuerySet[Article],
) -> HttpResponse:
    return _render_page(
        of,
        request,
        action=bulk.action,
        title=bulk.label,
        button=bulk.button,
        explains=bulk.explanation,
        form=form,
        total=total,
        touched=touched.count(),
        claims=None,
        preview=[(story, None) for story in touched[:MAX_NAMED_ARTICLES]],
    )


def _render_page(of: ModelAdmin[Article], request: HttpRequest, **context: Any) -> HttpResponse:
    return TemplateResponse(
        request,
        "admin/articles/article/bulk_action.html",
        {
            **of.admin_site.each_context(request),
            "opts": of.opts,
            "selected": request.POST.getlist("_selected_action"),
            "select_across": request.POST.get("select_across", "0"),
            **context,
        },
    )
