"""The desk's list of stories, a story's page, its revisions, and the steps of its public life."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from articles.admin import desk_views, version_views
from articles.admin.article_form import ARTICLE_FIELDS, ArticleForm, autosave_key, get_conflict
from articles.admin.article_inlines import BylineInline, CorrectionInline, RelatedLinkInline, RevisionInline
from articles.admin.autosave_views import autosave_view, initial_data
from articles.admin.bulk_actions import BULK_ACTIONS, accept_claims_in_bulk, make_admin_action
from articles.admin.formatting import admin_link, badge, count_subquery
from articles.admin.images import ArticleImageInline
from articles.admin.publishing_forms import STEPS, available_steps
from articles.admin.publishing_views import checks_page, step_page
from articles.admin.review_views import review
from articles.admin.search import IndexedSearchMixin, article_search_condition
from articles.admin.work_queues import WorkQueueFilter
from articles.editing import autosave
from articles.editing.revisions import create_revision
from articles.models import Article, Claim, ImportItem, Revision
from articles.permissions import UNPUBLISHED_STATUSES, may_review, may_write, require_user
from articles.publishing.actions import is_public, is_under_embargo
from record import log, verbs
from record.history import find_send_back_note, render_history_page
from sources.images.forms import ImageProcessingMixin
from sources.models import Source


class ProposedClaimsFilter(admin.SimpleListFilter):
    title = "claims"
    parameter_name = "claims"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "some wait for review"), ("none", "none wait")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        waiting = Exists(Claim.objects.filter(article=OuterRef("pk"), review=Claim.Review.PROPOSED, reporting=True))
        return queryset.filter({"waiting": waiting, "none": ~waiting}.get(self.value() or "", Q()))


class DraftFilter(admin.SimpleListFilter):
    title = "draft"
    parameter_name = "draft"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("ahead", "has a draft beside what readers see")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        ahead = queryset.filter(live__isnull=False).exclude(live=F("latest"))
        return ahead if self.value() == "ahead" else queryset


class PublisherFilter(admin.SimpleListFilter):
    """Publishers that have a host on record: a short list, however many sources there are."""

    title = "publisher"
    parameter_name = "publisher"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        publishers = Source.objects.filter(hosts__isnull=False).distinct().by_name()
        return [(str(publisher.pk), publisher.name) for publisher in publishers.only("name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        chosen = self.value() or ""
        return queryset.filter(publisher=int(chosen)) if chosen.isdecimal() else queryset


@admin.register(Article)
class ArticleAdmin(ImageProcessingMixin, IndexedSearchMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    form = ArticleForm
    image_field_name = "upload"
    list_display = ("__str__", "state", "published", "publisher_and_agency", "claims_waiting", "edited_at")
    list_filter = ("status", WorkQueueFilter, ProposedClaimsFilter, DraftFilter, "topics", PublisherFilter)
    date_hierarchy = "published_at"
    search_fields = ("latest__headline",)
    search_condition = staticmethod(article_search_condition)
    search_help_text = "Words of the story, addresses, agencies and publishers"
    ordering = ("-id",)
    list_per_page = 50
    show_full_result_count = False
    autocomplete_fields = ("publisher", "agency", "topics")
    readonly_fields = ("state", "published", "claims_at_a_glance", "created_at", "edited_at")
    inlines = (BylineInline, ArticleImageInline, RelatedLinkInline, CorrectionInline, RevisionInline)
    change_form_template = "admin/articles/article/change_form.html"

    # --- The list ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        rows = super().get_queryset(request).select_related("latest", "live", "publisher", "agency")
        if request.resolver_match is None or request.resolver_match.url_name != "articles_article_changelist":
            return rows
        claims = Claim.objects.all()
        without_words = [
            f"{which}__{column}" for which in ("latest", "live") for column in ("body", "text", "summary")
        ]
        annotated: QuerySet[Article] = rows.defer(*without_words).annotate(
            proposed=count_subquery(claims.awaiting_review().order_by(), "article"),
            claims_of_it=count_subquery(claims, "article"),
        )
        return annotated

    @admin.display(description="status", ordering="status")
    def state(self, article: Article) -> SafeString:
        """The status, and whether a draft stands beside what readers see."""
        # A story whose time has come is out, though nothing ran to write so.
        status = Article.Status.PUBLISHED if is_public(article) else Article.Status(article.status)
        shown = badge(status, str(status.label))
        if article.live_id and article.live_id != article.latest_id:
            shown = format_html("{} {}", shown, badge("draft", "draft beside it"))
        if is_under_embargo(article):
            until = f"{timezone.localtime(article.embargo_until):%-d %b %Y, %H:%M}"
            shown = format_html("{} {}", shown, badge("embargo", f"embargo until {until}"))
        return shown

    @admin.display(description="publication", ordering="published_at")
    def published(self, article: Article) -> str | None:
        if article.published_at is None:
            return None
        if article.published_precision == Article.Precision.DAY:
            return f"{article.published_at:%-d %b %Y}"
        return f"{timezone.localtime(article.published_at):%-d %b %Y, %H:%M}"

    @admin.display(description="publisher, agency")
    def publisher_and_agency(self, article: Article) -> str | None:
        return ", ".join(source.name for source in (article.publisher, article.agency) if source) or None

    @admin.display(description="claims waiting")
    def claims_waiting(self, article: Article) -> SafeString | str:
        """How many of how many wait, leading to their review."""
        total, proposed = article.claims_of_it, article.proposed  # type: ignore[attr-defined]
        if not total:
            return "none found"
        words = f"{proposed} of {total}" if proposed else f"all {total} judged"
        return format_html('<a href="{}">{}</a>', reverse("admin:articles_article_desk", args=[article.pk]), words)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """What this person may do with many stories at once, each asking first."""
        many: dict[str, Any] = {
            bulk.action: (make_admin_action(bulk), bulk.action, bulk.label)
            for bulk in BULK_ACTIONS
            if bulk.is_allowed(request.user)
        }
        if may_review(request.user):
            label = gettext("Accept the proposed claims of the selected stories")
            many["accept_many"] = (accept_claims_in_bulk, "accept_many", label)
        return {**many, **super().get_actions(request)}

    # --- A story's page ---

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Article | None:
        """While a form is saved the story is locked: two editors' revisions come one after the other."""
        article: Article | None = super().get_object(request, object_id, from_field)
        if article is not None and request.method == "POST" and transaction.get_connection().in_atomic_block:
            Article.objects.locked(article.pk)
            article.refresh_from_db()
        return article

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        words = ["headline", "summary", "body", "writing", "note", "based_on"]
        about = {"fields": (("dateline", "language"), ("publisher", "agency"), "topics", "original_url", "slug")}
        if obj is None:
            return [(None, {"fields": words[:4]}), ("About the story", about)]
        if not may_write(request.user, obj):
            words = ["latest_text"]
        return [
            (None, {"fields": (("state", "published"), *words)}),
            ("Claims", {"fields": ("claims_at_a_glance",)}),
            ("About the story", about),
            ("Record", {"fields": (("created_at", "edited_at"),), "classes": ("collapse",)}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        fields = [*self.readonly_fields, "latest_text"]
        return [*fields, "slug"] if obj is not None and obj.status not in UNPUBLISHED_STATUSES else fields

    @admin.display(description="text")
    def latest_text(self, article: Article) -> SafeString:
        """The latest words, for whoever may read but not change them."""
        if article.latest is None:
            return mark_safe("")
        # What is stored is sanitised (articles.text.body.sanitise).
        return format_html('<div class="article-text" dir="auto">{}</div>', mark_safe(article.latest.body))  # noqa: S308

    @admin.display(description="")
    def claims_at_a_glance(self, article: Article) -> SafeString:
        claims = article.claims.prefetch_related("hops__source", "hops__organisation", "quantities")
        return render_to_string(
            "admin/articles/article/claims.html", {"claims": claims.order_by("order", "id"), "article": article}
        )

    def get_inlines(self, request: HttpRequest, obj: Article | None) -> Any:
        """Without a correction there is nothing to show of them, and a new story has no revisions yet."""
        left_out: set[Any] = set()
        if obj is None:
            left_out = {CorrectionInline, RevisionInline}
        elif not obj.corrections.exists():
            left_out = {CorrectionInline}
        return [inline for inline in self.inlines if inline not in left_out]

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Save the story's facts; its words become a revision."""
        given = form.cleaned_data
        if not change:
            obj.save()
        elif fields := [name for name in form.changed_data if name in ARTICLE_FIELDS]:
            obj.save(update_fields=[*fields, "original_url_hash"])
        obj.latest = create_revision(
            obj,
            headline=given["headline"],
            summary=given["summary"],
            body=given["body"],
            by=require_user(request.user),
            note=given.get("note", ""),
        )
        if given.get("writing"):
            autosave.discard_text(given["writing"], by=require_user(request.user))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        facts = set(form.changed_data) & {*ARTICLE_FIELDS, "topics"}
        if facts or any(formset.has_changed() for formset in formsets):  # words are noted by `revise`
            Article.objects.filter(pk=form.instance.pk).update(edited_at=timezone.now())
            parts = [str(f.model._meta.verbose_name_plural) for f in formsets if f.has_changed()]
            changed = [*sorted(facts), *parts]
            by = require_user(request.user)
            log.record(verbs.CHANGED, form.instance, user=by, article=form.instance.pk, fields=changed)

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        """Delete a draft; that somebody did stays on record."""
        log.record(verbs.DELETED, obj, user=require_user(request.user), article=obj.pk)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        rows = [(article.pk, str(article), article.pk) for article in queryset.select_related("latest")]
        log.record_many(verbs.DELETED, Article, rows, user=require_user(request.user))
        super().delete_queryset(request, queryset)

    def get_view_on_site_url(self, obj: Article | None = None) -> str | None:
        """Only what readers can see has a page there."""
        readable = obj is not None and (is_public(obj) or obj.status == Article.Status.RETRACTED)
        return obj.get_absolute_url() if obj is not None and readable else None

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article: Article | None = kwargs.get("obj")
        if article is not None:
            context["steps"] = available_steps(request.user, article)
            context["sent_back"] = article.status == Article.Status.DRAFT and find_send_back_note(article)
        form = context["adminform"].form
        if "body" in form.fields:
            key = autosave_key(form)
            context["writing"] = initial_data(article, require_user(request.user), key)
            context["conflict"] = get_conflict(form) if article is not None else None
        return super().render_change_form(request, context, *args, **kwargs)

    # --- Review and the steps of its public life ---

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        steps = [
            path(
                f"<int:pk>/{step.slug}/",
                wrap(self.step_view),
                {"slug": step.slug},
                name=f"articles_article_{step.slug}",
            )
            for step in STEPS
        ]
        return [
            path("<int:pk>/desk/", wrap(self.desk_view), name="articles_article_desk"),
            # These say in JSON that somebody is signed out, where `wrap` would lead to another page.
            path("<int:pk>/desk/state/", desk_views.desk_state, name="articles_article_desk_state"),
            path("<int:pk>/desk/act/", desk_views.desk_action, name="articles_article_desk_act"),
            path("<int:pk>/desk/checks/", desk_views.desk_checks, name="articles_article_desk_checks"),
            path("<int:pk>/desk/sources/", desk_views.desk_sources, name="articles_article_desk_sources"),
            path("<int:pk>/review/", wrap(self.review_view), name="articles_article_review"),
            path("<int:pk>/checks/", wrap(self.checks_view), name="articles_article_checks"),
            path("writing/", autosave_view, name="articles_article_writing_new"),
            path("<int:pk>/writing/", autosave_view, name="articles_article_writing"),
            path("<int:pk>/compare/", wrap(self.compare_view), name="articles_article_compare"),
            path("<int:pk>/restore/", wrap(self.restore_view), name="articles_article_restore"),
            path("<int:pk>/preview/", wrap(self.preview_view), name="articles_article_preview"),
            path("<int:pk>/preview/framed/", wrap(self.preview_frame_view), name="articles_article_framed"),
            *steps,
            *super().get_urls(),
        ]

    def desk_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request) or not request.user.has_perm("articles.view_claim"):
            raise PermissionDenied
        return desk_views.desk_page(request, pk, self.admin_site.each_context(request))

    def review_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request) or not request.user.has_perm("articles.view_claim"):
            raise PermissionDenied
        return review(request, pk, self.admin_site.each_context(request))

    def step_view(self, request: HttpRequest, pk: int, slug: str) -> HttpResponse:
        return step_page(self, request, pk, slug)

    def checks_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return checks_page(self, request, pk)

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return version_views.compare_page(self, request, pk)

    def restore_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return version_views.restore_version(self, request, pk)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        return version_views.preview_page(request, self, pk)  # type: ignore[call-arg] # csp's types know views of a request alone

    def preview_frame_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        return version_views.preview_frame(request, self, pk)  # type: ignore[call-arg] # the same

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What was done to the story and to its claims, and how it came in."""
        pk = int(object_id) if object_id.isdecimal() else 0
        seen = request.user.has_perm("articles.view_importitem")
        items = ImportItem.objects.filter(article=pk).select_related("run").order_by("-id")[:20] if seen else []
        return render_history_page(
            self, request, object_id, log.entries_for_article(pk), {"items": items, **(extra_context or {})}
        )

    # --- Who may ---

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return may_write(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """A story that readers have seen is retracted, not deleted."""
        deletable = obj is None or (obj.status in UNPUBLISHED_STATUSES and obj.live_id is None)
        return deletable and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A draft goes with its revisions and claims, none of which is deleted by itself."""
        to_delete, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        parts = {str(model._meta.verbose_name) for model in (Revision, Claim)}
        return to_delete, counts, forbidden - parts, protected

    def has_review_permission(self, request: HttpRequest) -> bool:
        return may_review(request.user)


@admin.register(Revision)
class RevisionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """One version of a story's words, for reading. It is reached from its story."""

    list_display = ("headline", "number", "author", "created_at")
    list_select_related = ("author",)
    show_full_result_count = False
    fields = ("article_link", "number", "headline", "summary", "body_html", "author", "note", "created_at", "digest")
    readonly_fields = fields

    @admin.display(description="story")
    def article_link(self, revision: Revision) -> SafeString | None:
        return admin_link(revision.article)

    @admin.display(description="text")
    def body_html(self, revision: Revision) -> SafeString:
        return format_html('<div class="article-text" dir="auto">{}</div>', mark_safe(revision.body))  # noqa: S308 - sanitised

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        return super().get_queryset(request).select_related("article__latest")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        return False
