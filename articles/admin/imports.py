"""How copy came in, for reading: runs, what became of each file, the bytes as they were; and undoing a run."""

from __future__ import annotations

import zlib
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles.admin.formatting import admin_link, badge
from articles.importing.runs import UndoRefusedError, settle_items, undo_refusal_reason, undo_run
from articles.models import ImportItem, ImportRun, Original
from articles.parsing import RejectedError
from articles.parsing.decode import decode_text
from articles.permissions import may_import, may_publish, require_user

#: Characters of an original shown on its page; the whole of it can be downloaded.
MAX_SHOWN_CHARS = 100_000
#: Stories named before a run is undone.
MAX_PREVIEW_ARTICLES = 20


def decode_original(original: Original) -> tuple[str, int]:
    """An original as text, as far as a page shows it, and how many characters are left out."""
    data = zlib.decompress(original.compressed)
    try:
        text, _ignored = decode_text(data)
    except RejectedError:
        text = data.decode("latin-1")
    return text[:MAX_SHOWN_CHARS], max(0, len(text) - MAX_SHOWN_CHARS)


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """On record: looked at, never changed by hand."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "started_at", "status", "user", "outcome_counts", "duration")
    list_filter = ("state",)
    list_select_related = ("user",)
    date_hierarchy = "started_at"
    search_fields = ("public_id",)
    fields = readonly_fields = (
        "status",
        "outcome_counts",
        "user",
        "argument_list",
        "started_at",
        "finished_at",
        "duration",
    )
    change_form_template = "admin/articles/importrun/change_form.html"

    @admin.display(description="state", ordering="state")
    def status(self, run: ImportRun) -> SafeString:
        return badge(run.state, run.get_state_display())

    @admin.display(description="files came to")
    def outcome_counts(self, run: ImportRun) -> SafeString | None:
        """Each outcome with its number, leading to just those items."""
        items = reverse("admin:articles_importitem_changelist")
        labels = dict(ImportItem.Outcome.choices)
        rows = [
            (items, run.pk, outcome, count, labels.get(outcome, outcome))
            for outcome, count in sorted(run.counts.items(), key=lambda row: -row[1])
        ]
        if not rows:
            return None
        return format_html_join(" · ", '<a href="{}?run__id__exact={}&amp;outcome__exact={}">{} {}</a>', rows)

    @admin.display(description="arguments")
    def argument_list(self, run: ImportRun) -> SafeString | None:
        rows = [
            (name, ", ".join(map(str, value)) if isinstance(value, list) else value)
            for name, value in run.arguments.items()
        ]
        return format_html_join("", "<div><code>{}</code> {}</div>", rows) if rows else None

    @admin.display(description="took")
    def duration(self, run: ImportRun) -> str | None:
        return f"{(run.finished_at - run.started_at).total_seconds():.1f} s" if run.finished_at else None

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        run: ImportRun | None = kwargs.get("obj")
        undone = run is None or run.state == ImportRun.State.UNDONE
        context["unsettled"] = run.items.unsettled().count() if run is not None else 0
        context["may_undo"] = may_import(request.user) and not undone
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [path("<int:pk>/undo/", wrap(self.undo_view), name="articles_importrun_undo"), *super().get_urls()]

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask; POST takes back all that the run brought in."""
        run = self.get_queryset(request).filter(pk=pk).first()
        if run is None:
            raise Http404
        if not may_import(request.user):
            raise PermissionDenied
        if request.method == "POST":
            try:
                undone = undo_run(run, by=require_user(request.user))
            except UndoRefusedError as error:
                messages.error(request, str(error))
            else:
                messages.success(
                    request,
                    f"The run is undone: {undone.articles} articles and {undone.revisions} revisions are gone. "
                    "The original files stay.",
                )
            return HttpResponseRedirect(reverse("admin:articles_importrun_change", args=[pk]))
        taken = run.items.filter(outcome__in=["imported", "warned"], article__isnull=False)
        revised = run.items.filter(outcome="revised", article__isnull=False)
        return TemplateResponse(
            request,
            "admin/articles/importrun/undo.html",
            {
                **self.admin_site.each_context(request),
                "title": "Undo an import",
                "opts": self.opts,
                "run": run,
                "articles": taken.count(),
                "revisions": revised.count(),
                "preview": (taken | revised).select_related("article__latest").order_by("id")[:MAX_PREVIEW_ARTICLES],
                "why_not": undo_refusal_reason(run),
            },
        )


class WarningsFilter(admin.SimpleListFilter):
    title = "warnings"
    parameter_name = "warnings"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "with warnings"), ("no", "without")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ImportItem]) -> QuerySet[ImportItem]:
        none = Q(warnings=[])
        return queryset.filter({"yes": ~none, "no": none}.get(self.value() or "", Q()))


class SettledFilter(admin.SimpleListFilter):
    title = _("dealt with")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("odd, and waits")), ("yes", _("somebody dealt with it"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ImportItem]) -> QuerySet[ImportItem]:
        if self.value() == "no":
            return queryset.filter(pk__in=ImportItem.objects.unsettled().order_by().values("pk"))
        return queryset.filter(settled_at__isnull=False) if self.value() == "yes" else queryset


@admin.register(ImportItem)
class ImportItemAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "outcome_badge", "code", "warning_codes", "article_link", "run_link", "settled")
    list_filter = ("outcome", WarningsFilter, SettledFilter)
    actions = ("settle",)
    change_form_template = "admin/articles/importitem/change_form.html"
    search_fields = ("path", "member", "code")
    search_help_text = "Paths and codes"
    ordering = ("-id",)
    list_per_page = 50
    fields = readonly_fields = (
        "run_link",
        "path",
        "member",
        "part",
        "outcome_badge",
        "code",
        "detail",
        "warning_details",
        "article_link",
        "revision_link",
        "original_link",
        "settled",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportItem]:
        rows = (
            super()
            .get_queryset(request)
            .select_related("run", "article__latest", "revision", "original", "settled_by")
        )
        words = [f"{where}__{column}" for where in ("article__latest", "revision") for column in ("body", "text")]
        return rows.defer("original__compressed", *words)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup == "run__id__exact" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    @admin.display(description="outcome", ordering="outcome")
    def outcome_badge(self, item: ImportItem) -> SafeString:
        return badge(item.outcome, item.get_outcome_display())

    @admin.display(description="warnings")
    def warning_codes(self, item: ImportItem) -> str | None:
        return ", ".join(warning["code"] for warning in item.warnings) or None

    @admin.display(description="warnings")
    def warning_details(self, item: ImportItem) -> SafeString | None:
        rows = [(warning["code"], warning["detail"]) for warning in item.warnings]
        return format_html_join("", "<div><code>{}</code> {}</div>", rows) if rows else None

    @admin.display(description="article")
    def article_link(self, item: ImportItem) -> SafeString | None:
        return admin_link(item.article)

    @admin.display(description="revision")
    def revision_link(self, item: ImportItem) -> SafeString | None:
        return admin_link(item.revision, f"revision {item.revision.number}") if item.revision else None

    @admin.display(description="run")
    def run_link(self, item: ImportItem) -> SafeString | None:
        return admin_link(item.run)

    @admin.display(description="original")
    def original_link(self, item: ImportItem) -> SafeString | None:
        return admin_link(item.original)

    @admin.display(description=_("dealt with"))
    def settled(self, item: ImportItem) -> str:
        if item.settled_at is None:
            return gettext("not yet") if item.outcome in ImportItem.ATTENTION_OUTCOMES else ""
        return f"{item.settled_by}, {timezone.localtime(item.settled_at):%-d %b %Y, %H:%M}"

    @admin.action(description=_("Note as dealt with"), permissions=["settle"])
    def settle(self, request: HttpRequest, queryset: QuerySet[ImportItem]) -> None:
        rows = ImportItem.objects.filter(pk__in=list(queryset.order_by().values_list("pk", flat=True)))
        settled = settle_items(rows, by=require_user(request.user))
        messages.success(request, ngettext("%d file is dealt with.", "%d files are dealt with.", settled) % settled)

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return may_import(request.user) or may_publish(request.user)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/settle/", wrap(self.settle_view), name="articles_importitem_settle"),
            *super().get_urls(),
        ]

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST notes that somebody dealt with one file, and leads to the next that waits."""
        if not self.has_settle_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not settle_items(ImportItem.objects.filter(pk=pk), by=require_user(request.user)):
            messages.info(request, _("Somebody has dealt with it already."))
        coming = ImportItem.objects.unsettled()
        after = coming.filter(pk__gt=pk).first() or coming.first()
        if after is None:
            messages.success(request, _("That was the last: no import warning waits any more."))
            return HttpResponseRedirect(reverse("admin:articles_importitem_changelist"))
        return HttpResponseRedirect(reverse("admin:articles_importitem_change", args=[after.pk]))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The original beside what was made of it."""
        item: ImportItem | None = kwargs.get("obj")
        if item is not None:
            kept = item.original
            context["text"], context["more"] = decode_original(kept) if kept else ("", 0)
            context["made_of_it"] = item.revision or (item.article.latest if item.article else None)
            context["may_settle"] = item.settled_at is None and self.has_settle_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(Original)
class OriginalAdmin(ReadOnlyAdmin):
    """The bytes of a file as they came. Shown as text and nothing else, whatever they are."""

    list_display = ("__str__", "kept_at", "taken_in")
    list_filter = ("taken_in",)
    search_fields = ("digest",)
    fields = readonly_fields = ("digest", "size", "kept_at", "used_by", "download", "as_text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Original]:
        return super().get_queryset(request).defer("compressed")

    @admin.display(description="came in as")
    def used_by(self, original: Original) -> SafeString | None:
        items = original.items.select_related("run")[:20]
        return format_html_join("", "<div>{}</div>", ((admin_link(item),) for item in items)) or None

    @admin.display(description="whole file")
    def download(self, original: Original) -> SafeString:
        url = reverse("admin:articles_original_download", args=[original.pk])
        return format_html('<a href="{}">Download {} bytes as plain text</a>', url, original.size)

    @admin.display(description="as text")
    def as_text(self, original: Original) -> SafeString:
        """Escaped, so that markup in a file is read and never obeyed."""
        text, more = decode_original(original)
        cut = f"\n\n… {more} more characters: download the file." if more else ""
        return format_html('<pre class="original" tabindex="0">{}{}</pre>', text, cut)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/download/", wrap(self.download_view), name="articles_original_download"),
            *super().get_urls(),
        ]

    def download_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The bytes, as a file to keep: no browser is to guess what they are and run it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        original = Original.objects.filter(pk=pk).first()
        if original is None:
            raise Http404
        return HttpResponse(
            zlib.decompress(original.compressed),
            content_type="text/plain",
            headers={
                "Content-Disposition": f'attachment; filename="{original.digest[:12]}.txt"',
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'none'; sandbox",
            },
        )
