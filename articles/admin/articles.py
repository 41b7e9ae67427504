"""Stories in the admin: list, form, URLs of their other pages; and revisions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles.admin import desk_views, version_views
from articles.admin.article_form import ARTICLE_FIELDS, ArticleForm, autosave_key, get_conflict
from articles.admin.article_inlines import BylineInline, CorrectionInline, RelatedLinkInline, RevisionInline
from articles.admin.autosave_views import autosave_view, initial_data
from articles.admin.bulk_actions import BULK_ACTIONS, accept_claims_in_bulk, make_admin_action
from articles.admin.formatting import admin_link, badge, count_subquery
from articles.admin.images import ArticleImageInline
from articles.admin.publishing_forms import STEPS, available_steps
from articles.admin.publishing_views import checks_page, step_page
from articles.admin.review_views import review_page
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
    title = _("claims")
    parameter_name = "claims"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("some to review")), ("none", _("none to review"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        proposed = Exists(Claim.objects.filter(article=OuterRef("pk"), review=Claim.Review.PROPOSED, reporting=True))
        return queryset.filter({"waiting": proposed, "none": ~proposed}.get(self.value() or "", Q()))


class DraftFilter(admin.SimpleListFilter):
    title = _("draft")
    parameter_name = "draft"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ahead", _("unpublished changes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        changed = queryset.filter(live__isnull=False).exclude(live=F("latest"))
        return changed if self.value() == "ahead" else queryset


class PublisherFilter(admin.SimpleListFilter):
    """Offer the publishers that have a website: few, however many sources there are."""

    title = _("publisher")
    parameter_name = "publisher"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        publishers = Source.objects.filter(hosts__isnull=False).distinct().by_name()
        return [(str(publisher.pk), publisher.name) for publisher in publishers.only("name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        chosen = self.value()
        if not chosen:
            return queryset
        try:
            # `publisher__id`, because the lookup on `publisher` fails for a number too large for the database.
            return queryset.filter(publisher__id=int(chosen))
        except ValueError as error:
            raise IncorrectLookupParameters from error


@admin.register(Article)
class ArticleAdmin(ImageProcessingMixin, IndexedSearchMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    form = ArticleForm
    image_field_name = "upload"
    list_display = ("__str__", "state", "published", "publisher_and_agency", "claims_waiting", "edited_at")
    list_filter = ("status", WorkQueueFilter, ProposedClaimsFilter, DraftFilter, "topics", PublisherFilter)
    date_hierarchy = "published_at"
    search_fields = ("latest__headline",)
    search_condition = staticmethod(article_search_condition)
    search_help_text = _("Search by text, URL, agency or publisher.")
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
        text_columns = [f"{which}__{column}" for which in ("latest", "live") for column in ("body", "text", "summary")]
        annotated: QuerySet[Article] = rows.defer(*text_columns).annotate(
            proposed_count=count_subquery(claims.awaiting_review().order_by(), "article"),
            claim_count=count_subquery(claims, "article"),
        )
        return annotated

    @admin.display(description=_("status"), ordering="status")
    def state(self, article: Article) -> SafeString:
        """Return badges: the status, unpublished changes, an embargo."""
        # A scheduled story is published when its time has come, though its status is not updated.
        status = Article.Status.PUBLISHED if is_public(article) else Article.Status(article.status)
        shown = badge(status, str(status.label))
        if article.live_id and article.live_id != article.latest_id:
            shown = format_html("{} {}", shown, badge("draft", gettext("unpublished changes")))
        if is_under_embargo(article):
            time = f"{timezone.localtime(article.embargo_until):%-d %b %Y, %H:%M}"
            shown = format_html("{} {}", shown, badge("embargo", gettext("embargo until %(time)s") % {"time": time}))
        return shown

    @admin.display(description=_("publication date"), ordering="published_at")
    def published(self, article: Article) -> str:
        if article.published_at is None:
            return gettext("not published")
        if article.published_precision == Article.Precision.DAY:
            return f"{article.published_at:%-d %b %Y}"
        return f"{timezone.localtime(article.published_at):%-d %b %Y, %H:%M}"

    @admin.display(description=_("publisher, agency"))
    def publisher_and_agency(self, article: Article) -> str | None:
        return ", ".join(source.name for source in (article.publisher, article.agency) if source) or None

    @admin.display(description=_("claims to review"))
    def claims_waiting(self, article: Article) -> SafeString | str:
        """Return how many claims wait for review, linked to the review desk."""
        total, proposed = article.claim_count, article.proposed_count  # type: ignore[attr-defined]
        if not total:
            return gettext("no claims")
        if proposed:
            text = gettext("%(proposed)d of %(total)d") % {"proposed": proposed, "total": total}
        else:
            text = ngettext("%(total)d reviewed", "all %(total)d reviewed", total) % {"total": total}
        return format_html('<a href="{}">{}</a>', reverse("admin:articles_article_desk", args=[article.pk]), text)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Add the bulk actions that this user may use. Each asks for confirmation."""
        many: dict[str, Any] = {
            bulk.action: (make_admin_action(bulk), bulk.action, bulk.label)
            for bulk in BULK_ACTIONS
            if bulk.is_allowed(request.user)
        }
        if may_review(request.user):
            label = gettext("Accept the proposed claims of selected stories")
            many["accept_many"] = (accept_claims_in_bulk, "accept_many", label)
        return {**many, **super().get_actions(request)}

    # --- The form ---

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Article | None:
        """Lock the story while its form is saved: one editor saves at a time."""
        article: Article | None = super().get_object(request, object_id, from_field)
        if article is not None and request.method == "POST" and transaction.get_connection().in_atomic_block:
            Article.objects.locked(article.pk)
            article.refresh_from_db()
        return article

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        text_fields = ["headline", "summary", "body", "writing", "note", "based_on"]
        about = {"fields": (("dateline", "language"), ("publisher", "agency"), "topics", "original_url", "slug")}
        if obj is None:
            return [(None, {"fields": text_fields[:4]}), (_("About the story"), about)]
        if not may_write(request.user, obj):
            text_fields = ["latest_text"]
        return [
            (None, {"fields": (("state", "published"), *text_fields)}),
            (_("Claims"), {"fields": ("claims_at_a_glance",)}),
            (_("About the story"), about),
            (_("Dates"), {"fields": (("created_at", "edited_at"),), "classes": ("collapse",)}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        fields = [*self.readonly_fields, "latest_text"]
        return [*fields, "slug"] if obj is not None and obj.status not in UNPUBLISHED_STATUSES else fields

    @admin.display(description=_("text"))
    def latest_text(self, article: Article) -> SafeString:
        """Return the latest text, for users who may not change it."""
        if article.latest is None:
            return mark_safe("")
        # The body was sanitised when it was stored (articles.text.body.sanitise).
        return format_html('<div class="article-text" dir="auto">{}</div>', mark_safe(article.latest.body))  # noqa: S308

    @admin.display(description="")
    def claims_at_a_glance(self, article: Article) -> SafeString:
        claims = article.claims.prefetch_related("hops__source", "hops__organisation", "quantities")
        return render_to_string(
            "admin/articles/article/claims.html", {"claims": claims.order_by("order", "id"), "article": article}
        )

    def get_inlines(self, request: HttpRequest, obj: Article | None) -> Any:
        """Leave out corrections and revisions where there are none."""
        hidden: set[Any] = set()
        if obj is None:
            hidden = {CorrectionInline, RevisionInline}
        elif not obj.corrections.exists():
            hidden = {CorrectionInline}
        return [inline for inline in self.inlines if inline not in hidden]

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Save the article's fields, and its text as a revision if the text has changed."""
        cleaned = form.cleaned_data
        if not change:
            obj.save()
        elif fields := [name for name in form.changed_data if name in ARTICLE_FIELDS]:
            obj.save(update_fields=[*fields, "original_url_hash"])
        obj.latest = create_revision(
            obj,
            headline=cleaned["headline"],
            summary=cleaned["summary"],
            body=cleaned["body"],
            by=require_user(request.user),
            note=cleaned.get("note", ""),
        )
        if cleaned.get("writing"):
            autosave.discard_text(cleaned["writing"], by=require_user(request.user))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        fields = set(form.changed_data) & {*ARTICLE_FIELDS, "topics"}
        if fields or any(formset.has_changed() for formset in formsets):  # `create_revision` logs a new text
            Article.objects.filter(pk=form.instance.pk).update(edited_at=timezone.now())
            parts = [str(f.model._meta.verbose_name_plural) for f in formsets if f.has_changed()]
            changed = [*sorted(fields), *parts]
            by = require_user(request.user)
            log.record(verbs.CHANGED, form.instance, user=by, article=form.instance.pk, fields=changed)

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        """Delete a draft. The audit log keeps an entry."""
        log.record(verbs.DELETED, obj, user=require_user(request.user), article=obj.pk)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        """Delete drafts. The audit log keeps an entry for each."""
        rows = [(article.pk, str(article), article.pk) for article in queryset.select_related("latest")]
        log.record_many(verbs.DELETED, Article, rows, user=require_user(request.user))
        super().delete_queryset(request, queryset)

    def get_view_on_site_url(self, obj: Article | None = None) -> str | None:
        """Return the public URL, or None if readers cannot see the story."""
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

    # --- Other pages of a story ---

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
            # Without `wrap`: to a signed-out user these answer in JSON instead of redirecting to the login page.
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
        return review_page(request, pk, self.admin_site.each_context(request))

    def step_view(self, request: HttpRequest, pk: int, slug: str) -> HttpResponse:
        return step_page(self, request, pk, slug)

    def checks_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return checks_page(self, request, pk)

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return version_views.compare_page(self, request, pk)

    def restore_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return version_views.restore_version(self, request, pk)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        return version_views.preview_page(request, self, pk)  # type: ignore[call-arg] # the types of django-csp know only views without arguments

    def preview_frame_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        return version_views.preview_frame(request, self, pk)  # type: ignore[call-arg] # as above

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the log entries of the story and its claims, and its imports."""
        pk = int(object_id) if object_id.isdecimal() else 0
        may_see_imports = request.user.has_perm("articles.view_importitem")
        items = ImportItem.objects.filter(article=pk).select_related("run").order_by("-id")
        return render_history_page(
            self,
            request,
            object_id,
            log.entries_for_article(pk),
            {"items": items[:20] if may_see_imports else [], **(extra_context or {})},
        )

    # --- Permissions ---

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return may_write(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Allow it only for stories that readers never saw. Others are retracted."""
        deletable = obj is None or (obj.status in UNPUBLISHED_STATUSES and obj.live_id is None)
        return deletable and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Allow deleting revisions and claims together with their draft."""
        to_delete, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        parts = {str(model._meta.verbose_name) for model in (Revision, Claim)}
        return to_delete, counts, forbidden - parts, protected

    def has_review_permission(self, request: HttpRequest) -> bool:
        return may_review(request.user)


@admin.register(Revision)
class RevisionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Show one revision, read only. The story form links to it."""

    list_display = ("headline", "number", "author", "created_at")
    list_select_related = ("author",)
    show_full_result_count = False
    fields = ("article_link", "number", "headline", "summary", "body_html", "author", "note", "created_at", "digest")
    readonly_fields = fields

    @admin.display(description=_("story"))
    def article_link(self, revision: Revision) -> SafeString | None:
        return admin_link(revision.article)

    @admin.display(description=_("text"))
    def body_html(self, revision: Revision) -> SafeString:
        # The body was sanitised when it was stored (articles.text.body.sanitise).
        return format_html('<div class="article-text" dir="auto">{}</div>', mark_safe(revision.body))  # noqa: S308

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
