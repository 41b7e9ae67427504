"""History pages of articles, claims and sources: log entries by day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from record import log, verbs
from record.models import LogEntry

#: Log entries on a page.
ENTRIES_PER_PAGE = 100


@dataclass(slots=True)
class HistoryEntry:
    """What a user did at one time: a log entry, or one action on several rows.

    `targets` are (name, URL or ""), and empty if the entry is about the page's own object. `details` are
    (label or "", text).
    """

    user_name: str
    action: str
    at: datetime
    verb: str
    targets: list[tuple[str, str]] = field(default_factory=list)
    details: list[tuple[str, str]] = field(default_factory=list)


def build_history(log_entries: Iterable[LogEntry], *, page_of: models.Model | None = None) -> list[HistoryEntry]:
    """Describe log entries in words. Consecutive entries of one action become one.

    `page_of` is the object of the history page: entries about it do not repeat its name.
    """
    history = []
    for _key, same_action in groupby(log_entries, key=lambda entry: (entry.at, entry.by_id, entry.verb, entry.kind)):
        group = list(same_action)
        first = group[0]
        is_page_object = page_of is not None and (first.kind, first.row) == (page_of._meta.label_lower, page_of.pk)
        history.append(
            HistoryEntry(
                user_name=first.by.get_username() if first.by else _("A command"),
                action=str(verbs.VERB_LABELS.get(first.verb, first.verb)),
                at=first.at,
                verb=first.verb,
                targets=[] if is_page_object else [(entry.name, _admin_url(entry)) for entry in group],
                details=list(_describe_details(first.details)),
            )
        )
    return history


@dataclass(frozen=True, slots=True)
class SendBackNote:
    """The note to the writer with which a story was sent back."""

    user_name: str
    at: datetime
    note: str


def find_send_back_note(article: models.Model) -> SendBackNote | None:
    """Return the note that an article was last sent back with. One query.

    Return None if it never was, or was sent for review again since.
    """
    entry = log.entries_for(article).filter(verb__in=(verbs.SENT_BACK, verbs.SUBMITTED)).first()
    if entry is None or entry.verb != verbs.SENT_BACK:
        return None
    return SendBackNote(entry.by.get_username() if entry.by else "", entry.at, entry.details.get("note", ""))


def render_history_page(
    model_admin: ModelAdmin[Any],
    request: HttpRequest,
    object_id: str,
    log_entries: QuerySet[LogEntry],
    extra_context: dict[str, Any],
) -> HttpResponse:
    """Render an object's history, for users who may see the object.

    It replaces Django's history page, which shows the admin's own log only. Raise Http404, PermissionDenied.
    """
    obj = model_admin.get_object(request, unquote(object_id))
    if obj is None:
        raise Http404
    if not model_admin.has_view_or_change_permission(request, obj):
        raise PermissionDenied
    page = Paginator(log_entries, ENTRIES_PER_PAGE).get_page(request.GET.get("p"))
    history = build_history(page.object_list, page_of=obj)
    days = [(day, list(entries)) for day, entries in groupby(history, key=lambda entry: _local_date(entry.at))]
    return TemplateResponse(
        request,
        "admin/record/history.html",
        {
            **model_admin.admin_site.each_context(request),
            "title": _("History"),
            "opts": model_admin.opts,
            "object": obj,
            "original": obj,
            "days": days,
            "page": page,
            **extra_context,
        },
    )


def _local_date(at: datetime) -> date:
    return timezone.localtime(at).date()


def _admin_url(entry: LogEntry) -> str:
    """Return the URL of the object's admin page, "" without one.

    The object itself may be deleted.
    """
    label, _dot, model = entry.kind.partition(".")
    try:
        return reverse(f"admin:{label}_{model}_change", args=[entry.row])
    except NoReverseMatch:
        return ""


def _describe_details(details: dict[str, Any]) -> Iterable[tuple[str, str]]:
    labels = {
        "revision": _("Revision"),
        "when": _("Scheduled for"),
        "until": _("Until"),
        "fields": _("Changed fields"),
        "topics": _("Topics"),
        "other": _("Other source"),
        "words": _("Passage"),
        "was": _("Before"),
        "reason": _("Public note") if "words" not in details else _("Reason"),
        "note": _("Note"),
        "run": _("Import run"),
    }
    for key, label in labels.items():
        value = details.get(key)
        if value is None:
            continue
        if key in ("when", "until"):
            moment = parse_datetime(value)
            value = f"{timezone.localtime(moment):%-d %B %Y, %H:%M}" if moment else value
        elif isinstance(value, list):
            value = ", ".join(map(str, value))
        yield label, str(value)
    if details.get("how") == "bulk":
        yield "", _("in bulk")
    for warning in details.get("warnings", ()):
        yield _("Despite warning"), warning
