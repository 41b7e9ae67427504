"""Import runs, import items and source files in the admin. Runs can be undone."""

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

#: Characters of a source file shown on its page. The whole file can be downloaded.
MAX_SHOWN_CHARS = 100_000
#: Stories listed on the page that asks before a run is undone.
MAX_PREVIEW_ARTICLES = 20


def decode_original(original: Original) -> tuple[str, int]:
    """Return (the text that a page shows, the number of characters left out)."""
    data = zlib.decompress(original.compressed)
    try:
        text, _warnings = decode_text(data)
    except RejectedError:
        text = data.decode("latin-1")  # never fails: each byte is a character
    return text[:MAX_SHOWN_CHARS], max(0, len(text) - MAX_SHOWN_CHARS)


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Show rows that nobody may add, change or delete by hand."""

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

    @admin.display(description=_("state"), ordering="state")
    def status(self, run: ImportRun) -> SafeString:
        return badge(run.state, run.get_state_display())

    @admin.display(description=_("outcomes"))
    def outcome_counts(self, run: ImportRun) -> SafeString | str:
        """Return the number of items with each outcome, linked to them."""
        items = reverse("admin:articles_importitem_changelist")
        labels = dict(ImportItem.Outcome.choices)
        rows = [
            (items, run.pk, outcome, count, labels.get(outcome, outcome))
            for outcome, count in sorted(run.counts.items(), key=lambda row: -row[1])
        ]
        links = format_html_join(" · ", '<a href="{}?run__id__exact={}&amp;outcome__exact={}">{} {}</a>', rows)
        return links or self.get_empty_value_display()

    @admin.display(description=_("options"))
    def argument_list(self, run: ImportRun) -> SafeString | str:
        rows = [
            (
                name,
                gettext("yes") if value is True else ", ".join(map(str, value)) if isinstance(value, list) else value,
            )
            for name, value in run.arguments.items()
            if value is not None and value is not False and value not in ("", [])
        ]
        return format_html_join("", "<div><code>{}</code> {}</div>", rows) or self.get_empty_value_display()

    @admin.display(description=_("duration"))
    def duration(self, run: ImportRun) -> str:
        if run.finished_at is None:
            return self.get_empty_value_display()
        seconds = (run.finished_at - run.started_at).total_seconds()
        return gettext("%(seconds).1f s") % {"seconds": seconds}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        run: ImportRun | None = kwargs.get("obj")
        undone = run is None or run.state == ImportRun.State.UNDONE
        context["unresolved_count"] = run.items.unsettled().count() if run is not None else 0
        context["may_undo"] = may_import(request.user) and not undone
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [path("<int:pk>/undo/", wrap(self.undo_view), name="articles_importrun_undo"), *super().get_urls()]

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask before undoing a run; POST undoes it."""
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
                    gettext("The run is undone: %(articles)s and %(revisions)s deleted. The source files are kept.")
                    % {
                        "articles": _count_articles(undone.articles),
                        "revisions": _count_revisions(undone.revisions),
                    },
                )
            return HttpResponseRedirect(reverse("admin:articles_importrun_change", args=[pk]))
        imported = run.items.filter(outcome__in=["imported", "warned"], article__isnull=False)
        revised = run.items.filter(outcome="revised", article__isnull=False)
        articles, revisions = imported.count(), revised.count()
        preview = (imported | revised).select_related("article__latest").order_by("id")[:MAX_PREVIEW_ARTICLES]
        return TemplateResponse(
            request,
            "admin/articles/importrun/undo.html",
            {
                **self.admin_site.each_context(request),
                "title": gettext("Undo an import run"),
                "opts": self.opts,
                "run": run,
                "articles": _count_articles(articles),
                "revisions": _count_revisions(revisions),
                "preview": preview,
                "has_more": articles + revisions > len(preview),
                "refusal_reason": undo_refusal_reason(run),
            },
        )


class WarningsFilter(admin.SimpleListFilter):
    title = _("warnings")
    parameter_name = "warnings"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("with warnings")), ("no", _("without warnings"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ImportItem]) -> QuerySet[ImportItem]:
        no_warnings = Q(warnings=[])
        return queryset.filter({"yes": ~no_warnings, "no": no_warnings}.get(self.value() or "", Q()))


class SettledFilter(admin.SimpleListFilter):
    title = _("resolved")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("unresolved")), ("yes", _("resolved"))]

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
    search_help_text = _("Search by path or code.")
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
        items = super().get_queryset(request)
        items = items.select_related("run", "article__latest", "revision", "original", "settled_by")
        text_columns = [
            f"{relation}__{column}" for relation in ("article__latest", "revision") for column in ("body", "text")
        ]
        return items.defer("original__compressed", *text_columns)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup == "run__id__exact" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    @admin.display(description=_("outcome"), ordering="outcome")
    def outcome_badge(self, item: ImportItem) -> SafeString:
        return badge(item.outcome, item.get_outcome_display())

    @admin.display(description=_("warnings"))
    def warning_codes(self, item: ImportItem) -> str | None:
        return ", ".join(warning["code"] for warning in item.warnings) or None

    @admin.display(description=_("warnings"))
    def warning_details(self, item: ImportItem) -> SafeString | str:
        rows = [(warning["code"], warning["detail"]) for warning in item.warnings]
        return format_html_join("", "<div><code>{}</code> {}</div>", rows) or self.get_empty_value_display()

    @admin.display(description=_("story"))
    def article_link(self, item: ImportItem) -> SafeString | str:
        return admin_link(item.article) or self.get_empty_value_display()

    @admin.display(description=_("revision"))
    def revision_link(self, item: ImportItem) -> SafeString | str:
        if item.revision is None:
            return self.get_empty_value_display()
        text = gettext("revision %(number)d") % {"number": item.revision.number}
        return admin_link(item.revision, text) or text

    @admin.display(description=_("import run"))
    def run_link(self, item: ImportItem) -> SafeString | None:
        return admin_link(item.run)

    @admin.display(description=_("source file"))
    def original_link(self, item: ImportItem) -> SafeString | str:
        return admin_link(item.original) or self.get_empty_value_display()

    @admin.display(description=_("resolved"))
    def settled(self, item: ImportItem) -> str:
        if item.settled_at is None:
            return gettext("not yet") if item.outcome in ImportItem.ATTENTION_OUTCOMES else ""
        return f"{item.settled_by}, {timezone.localtime(item.settled_at):%-d %b %Y, %H:%M}"

    @admin.action(description=_("Mark as resolved"), permissions=["settle"])
    def settle(self, request: HttpRequest, queryset: QuerySet[ImportItem]) -> None:
        items = ImportItem.objects.filter(pk__in=list(queryset.order_by().values_list("pk", flat=True)))
        count = settle_items(items, by=require_user(request.user))
        text = ngettext("%(count)d file marked as resolved.", "%(count)d files marked as resolved.", count)
        messages.success(request, text % {"count": count})

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return may_import(request.user) or may_publish(request.user)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/settle/", wrap(self.settle_view), name="articles_importitem_settle"),
            *super().get_urls(),
        ]

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark one item as resolved, and go to the next unresolved one."""
        if not self.has_settle_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not settle_items(ImportItem.objects.filter(pk=pk), by=require_user(request.user)):
            messages.info(request, _("This file was already marked as resolved."))
        unresolved = ImportItem.objects.unsettled()
        next_item = unresolved.filter(pk__gt=pk).first() or unresolved.first()
        if next_item is None:
            messages.success(request, _("All import warnings are resolved."))
            return HttpResponseRedirect(reverse("admin:articles_importitem_changelist"))
        return HttpResponseRedirect(reverse("admin:articles_importitem_change", args=[next_item.pk]))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the source file next to the text that was imported from it."""
        item: ImportItem | None = kwargs.get("obj")
        if item is not None:
            original = item.original
            context["text"], context["omitted_chars"] = decode_original(original) if original else ("", 0)
            context["imported_revision"] = item.revision or (item.article.latest if item.article else None)
            context["may_settle"] = item.settled_at is None and self.has_settle_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(Original)
class OriginalAdmin(ReadOnlyAdmin):
    """Show source files, always as plain text whatever they contain."""

    list_display = ("__str__", "kept_at", "taken_in")
    list_filter = ("taken_in",)
    search_fields = ("digest",)
    fields = readonly_fields = ("digest", "size", "kept_at", "used_by", "download", "as_text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Original]:
        return super().get_queryset(request).defer("compressed")

    @admin.display(description=_("imported as"))
    def used_by(self, original: Original) -> SafeString | str:
        items = original.items.select_related("run")[:20]
        links = format_html_join("", "<div>{}</div>", ((admin_link(item),) for item in items))
        return links or self.get_empty_value_display()

    @admin.display(description=_("whole file"))
    def download(self, original: Original) -> SafeString:
        url = reverse("admin:articles_original_download", args=[original.pk])
        text = ngettext(
            "Download %(count)d byte as plain text", "Download %(count)d bytes as plain text", original.size
        )
        return format_html('<a href="{}">{}</a>', url, text % {"count": original.size})

    @admin.display(description=_("as text"))
    def as_text(self, original: Original) -> SafeString:
        """Return the text of the file, escaped: HTML in it is shown, not rendered."""
        text, omitted_chars = decode_original(original)
        if not omitted_chars:
            return format_html('<pre class="original" tabindex="0">{}</pre>', text)
        notice = ngettext(
            "… %(count)d more character. Download the file to see it.",
            "… %(count)d more characters. Download the file to see them.",
            omitted_chars,
        ) % {"count": omitted_chars}
        return format_html('<pre class="original" tabindex="0">{}\n\n{}</pre>', text, notice)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/download/", wrap(self.download_view), name="articles_original_download"),
            *super().get_urls(),
        ]

    def download_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send the bytes as a text file that no browser renders or runs."""
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


def _count_articles(count: int) -> str:
    return ngettext("%(count)d story", "%(count)d stories", count) % {"count": count}


def _count_revisions(count: int) -> str:
    return ngettext("%(count)d revision of another story", "%(count)d revisions of other stories", count) % {
        "count": count
    }
