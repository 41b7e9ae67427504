"""Actions on many stories: confirmation page, changes, report of the result."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

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

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

logger = logging.getLogger("articles.importing")

#: Stories listed on the confirmation page, and stories listed as skipped.
MAX_NAMED_ARTICLES = 30
#: Stories changed in one transaction. A longer transaction would make other users wait to save.
ARTICLES_PER_TRANSACTION = 50
Status = Article.Status


class EmptyForm(forms.Form):
    pass


class TopicsForm(forms.Form):
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.all(), widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Topics to add")
    )


@dataclass(frozen=True, slots=True)
class BulkAction:
    """An action on many stories.

    `condition` selects the stories that it can change. `apply` changes one story; it returns False if nothing had
    to be changed, and raises PublishingError if the story must be skipped. `preview`, `button` and `done` have the
    placeholders %(count)d and, `preview` only, %(total)d.
    """

    action: str
    label: Promise
    preview: _StrPromise
    button: _StrPromise
    done: _StrPromise
    explanation: Promise
    is_allowed: Callable[[AnyUser], bool]
    condition: Q
    apply: Callable[[Article, User, Any], bool]
    form: type[forms.Form] = EmptyForm


def _submit(article: Article, user: User, cleaned_data: Any) -> bool:
    actions.submit(article, by=user)
    return True


def _publish(article: Article, user: User, cleaned_data: Any) -> bool:
    actions.publish(article, by=user)
    return True


def _tag(article: Article, user: User, cleaned_data: Any) -> bool:
    topics = cleaned_data["topics"]
    existing = set(article.topics.filter(pk__in=[topic.pk for topic in topics]).values_list("pk", flat=True))
    added = [topic for topic in topics if topic.pk not in existing]
    if not may_write(user, article):
        raise PublishingError(_("Your role does not let you change this story any more."), code="not-yours")
    if not added:
        return False
    article.topics.add(*added)
    Article.objects.filter(pk=article.pk).update(edited_at=timezone.now())
    log.record(verbs.TOPICS_ADDED, article, user=user, article=article.pk, topics=[topic.name for topic in added])
    return True


def _extract(article: Article, user: User, cleaned_data: Any) -> bool:
    locked = Article.objects.locked(article.pk)
    plan = find_claims(locked)
    if not (plan.new or plan.withdrawn):
        return False
    note = _("%(new)d proposed, %(withdrawn)d withdrawn") % {"new": len(plan.new), "withdrawn": len(plan.withdrawn)}
    Article.objects.filter(pk=article.pk).update(edited_at=timezone.now())
    log.record(verbs.CLAIMS_EXTRACTED, article, user=user, article=article.pk, note=note)
    return True


HAS_TEXT = Q(latest__isnull=False)
BULK_ACTIONS = (
    BulkAction(
        action="submit_many",
        label=gettext_lazy("Send selected stories for review"),
        preview=ngettext_lazy(
            "%(count)d of %(total)d selected stories will be sent for review.",
            "%(count)d of %(total)d selected stories will be sent for review.",
            "count",
        ),
        button=ngettext_lazy("Send %(count)d story for review", "Send %(count)d stories for review", "count"),
        done=ngettext_lazy("Sent %(count)d story for review.", "Sent %(count)d stories for review.", "count"),
        explanation=gettext_lazy("Only drafts can be sent for review."),
        is_allowed=may_write,
        condition=HAS_TEXT & Q(status=Status.DRAFT),
        apply=_submit,
    ),
    BulkAction(
        action="publish_many",
        label=gettext_lazy("Publish selected stories"),
        preview=ngettext_lazy(
            "%(count)d of %(total)d selected stories will be published.",
            "%(count)d of %(total)d selected stories will be published.",
            "count",
        ),
        button=ngettext_lazy("Publish %(count)d story", "Publish %(count)d stories", "count"),
        done=ngettext_lazy(
            "Published or scheduled %(count)d story.", "Published or scheduled %(count)d stories.", "count"
        ),
        explanation=gettext_lazy(
            "A story keeps its publication date; a story without one is published now. If the date or the end of an "
            "embargo is in the future, the story is scheduled. Stories with open warnings are skipped."
        ),
        is_allowed=may_publish,
        condition=HAS_TEXT & Q(status__in=[Status.DRAFT, Status.IN_REVIEW]),
        apply=_publish,
    ),
    BulkAction(
        action="tag_many",
        label=gettext_lazy("Add topics to selected stories"),
        preview=ngettext_lazy(
            "Topics will be added to %(count)d of %(total)d selected stories.",
            "Topics will be added to %(count)d of %(total)d selected stories.",
            "count",
        ),
        button=ngettext_lazy("Add topics to %(count)d story", "Add topics to %(count)d stories", "count"),
        done=ngettext_lazy("Added topics to %(count)d story.", "Added topics to %(count)d stories.", "count"),
        explanation=gettext_lazy("Stories keep the topics that they have."),
        is_allowed=may_write,
        condition=Q(),
        apply=_tag,
        form=TopicsForm,
    ),
    BulkAction(
        action="extract_many",
        label=gettext_lazy("Re-run claim detection on selected stories"),
        preview=ngettext_lazy(
            "Claim detection will run on %(count)d of %(total)d selected stories.",
            "Claim detection will run on %(count)d of %(total)d selected stories.",
            "count",
        ),
        button=ngettext_lazy("Detect claims in %(count)d story", "Detect claims in %(count)d stories", "count"),
        done=ngettext_lazy("Claims changed in %(count)d story.", "Claims changed in %(count)d stories.", "count"),
        explanation=gettext_lazy(
            "New claims are added as proposals. Proposals that are no longer found are withdrawn. Reviewed claims do "
            "not change."
        ),
        is_allowed=may_review,
        condition=HAS_TEXT & ~Q(status=Status.RETRACTED),
        apply=_extract,
    ),
)


def make_admin_action(
    bulk: BulkAction,
) -> Callable[[ModelAdmin[Article], HttpRequest, QuerySet[Article]], HttpResponse | None]:
    """Return the function that the admin's list calls for a bulk action."""

    def action(
        model_admin: ModelAdmin[Article], request: HttpRequest, queryset: QuerySet[Article]
    ) -> HttpResponse | None:
        return run_bulk_action(model_admin, request, queryset, bulk)

    return action


def run_bulk_action(
    model_admin: ModelAdmin[Article], request: HttpRequest, queryset: QuerySet[Article], bulk: BulkAction
) -> HttpResponse | None:
    """Ask for confirmation; once confirmed, change the stories and report the result."""
    if not bulk.is_allowed(request.user):
        raise PermissionDenied
    selected = list(queryset.order_by().values_list("pk", flat=True))
    articles = Article.objects.filter(bulk.condition, pk__in=selected).select_related("latest").order_by("id")
    confirmed = "confirmed" in request.POST
    form = bulk.form(request.POST if confirmed else None)
    if not confirmed or not form.is_valid():
        count = articles.count()
        return _render_confirmation(
            model_admin,
            request,
            action=bulk.action,
            title=bulk.label,
            preview=bulk.preview % {"count": count, "total": len(selected)},
            button=bulk.button % {"count": count},
            explanation=bulk.explanation,
            form=form,
            total=len(selected),
            count=count,
            articles=[(article, article.get_status_display()) for article in articles[:MAX_NAMED_ARTICLES]],
        )
    changed, skipped = _apply_to_articles(bulk, list(articles.values_list("pk", flat=True)), request, form)
    text = str(bulk.done % {"count": changed})
    unchanged = len(selected) - changed - len(skipped)
    if unchanged:
        text += " " + ngettext("%(count)d unchanged.", "%(count)d unchanged.", unchanged) % {"count": unchanged}
    messages.success(request, text)
    if skipped:
        rows = format_html_join(
            "", "<li>{}: {}</li>", ((admin_link(article), reason) for article, reason in skipped[:MAX_NAMED_ARTICLES])
        )
        messages.warning(
            request, format_html("{}<ul>{}</ul>", _("Skipped: %(count)d") % {"count": len(skipped)}, rows)
        )
    return None


def accept_claims_in_bulk(
    model_admin: ModelAdmin[Article], request: HttpRequest, queryset: QuerySet[Article]
) -> HttpResponse | None:
    """Accept all proposed claims of the selected stories, after confirmation.

    The claims get the review method BULK: readers see that nobody looked at each of them.
    """
    if not may_review(request.user):
        raise PermissionDenied
    selected = list(queryset.order_by().values_list("pk", flat=True))
    claims = Claim.objects.awaiting_review().filter(article__in=selected)
    if "confirmed" not in request.POST:
        articles = (
            Article.objects.filter(pk__in=claims.order_by().values("article"))
            .select_related("latest")
            .annotate(claim_count=Count("claims", Q(claims__review=Claim.Review.PROPOSED, claims__reporting=True)))
            .order_by("id")
        )
        claim_count, count = claims.count(), articles.count()
        preview = ngettext(
            "%(claims)d proposed claim in %(count)d of %(total)d selected stories will be accepted.",
            "%(claims)d proposed claims in %(count)d of %(total)d selected stories will be accepted.",
            claim_count,
        )
        button = ngettext("Accept %(count)d claim", "Accept %(count)d claims", claim_count)
        return _render_confirmation(
            model_admin,
            request,
            action="accept_many",
            title=_("Accept the proposed claims of selected stories"),
            preview=preview % {"claims": claim_count, "count": count, "total": len(selected)},
            button=button % {"count": claim_count},
            explanation=_("Readers see that these claims were not reviewed one by one."),
            form=EmptyForm(),
            total=len(selected),
            count=count,
            articles=[(article, article.claim_count) for article in articles[:MAX_NAMED_ARTICLES]],
        )
    reviews = review.accept_claims(
        list(claims.values_list("pk", flat=True)), by=require_user(request.user), how=Claim.ReviewMethod.BULK
    )
    text = ngettext("Accepted %(count)d claim", "Accepted %(count)d claims", len(reviews)) % {"count": len(reviews)}
    undo.store_step(request, text, reviews)
    messages.success(request, f"{text}.")
    if left := claims.count():
        text = ngettext(
            "%(count)d claim was not accepted because it has no speaker.",
            "%(count)d claims were not accepted because they have no speaker.",
            left,
        )
        messages.warning(request, text % {"count": left})
    return None


def _apply_to_articles(
    bulk: BulkAction, keys: list[int], request: HttpRequest, form: forms.Form
) -> tuple[int, list[tuple[Article, str]]]:
    """Apply the action to each story, a few stories per transaction.

    Return the number of changed stories, and the skipped stories with the reasons.
    """
    user = require_user(request.user)
    changed_count = 0
    skipped: list[tuple[Article, str]] = []
    for start in range(0, len(keys), ARTICLES_PER_TRANSACTION):
        with transaction.atomic():
            articles = (
                Article.objects.filter(pk__in=keys[start : start + ARTICLES_PER_TRANSACTION])
                .select_related("latest")
                .order_by("id")
            )
            for article in articles:
                try:
                    with transaction.atomic():
                        changed = bulk.apply(article, user, form.cleaned_data)
                except PublishingError as error:
                    skipped.append((article, error.sentence))
                except PermissionDenied as error:
                    skipped.append((article, str(error)))
                except (OperationalError, InterfaceError):
                    raise  # the database failed: the next story would fail too
                except Exception as error:
                    logger.exception("%s failed for story %s", bulk.action, article.slug)
                    reason = _("Unexpected error (%(error)s). See the server log.") % {"error": type(error).__name__}
                    skipped.append((article, reason))
                else:
                    changed_count += changed
    return changed_count, skipped


def _render_confirmation(model_admin: ModelAdmin[Article], request: HttpRequest, **context: Any) -> HttpResponse:
    return TemplateResponse(
        request,
        "admin/articles/article/bulk_action.html",
        {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "selected": request.POST.getlist("_selected_action"),
            "select_across": request.POST.get("select_across", "0"),
            **context,
        },
    )
