"""The readable history of an article, a claim or a source: the record, a day at a time, newest first."""

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

#: Acts on a page.
ENTRIES_PER_PAGE = 100


@dataclass(slots=True)
class HistoryEntry:
    """What one person did at one time, in words: one act, or the same on several claims."""

    user_name: str
    action: str
    at: datetime
    verb: str
    targets: list[tuple[str, str]] = field(default_factory=list)  # (name, address or ""); none: the page's own row
    details: list[tuple[str, str]] = field(default_factory=list)  # (label or "", words)


def build_history(acts: Iterable[LogEntry], *, page_of: models.Model | None = None) -> list[HistoryEntry]:
    """Acts in words. Judgements that one person made in one go are one entry."""
    told = []
    for _key, same in groupby(acts, key=lambda act: (act.at, act.by_id, act.verb, act.kind)):
        group = list(same)
        first = group[0]
        about_it = page_of is not None and (first.kind, first.row) == (page_of._meta.label_lower, page_of.pk)
        told.append(
            HistoryEntry(
                user_name=first.by.get_username() if first.by else _("A command"),
                action=str(verbs.VERB_LABELS.get(first.verb, first.verb)),
                at=first.at,
                verb=first.verb,
                targets=[] if about_it else [(act.name, _admin_url(act)) for act in group],
                details=list(_describe_details(first.details)),
            )
        )
    return told


@dataclass(frozen=True, slots=True)
class SendBackNote:
    """What whoever sent a story back wants of its writer."""

    user_name: str
    at: datetime
    note: str


def find_send_back_note(story: models.Model) -> SendBackNote | None:
    """The note that a story was sent back with, until it is sent for review again. One query."""
    steps = (verbs.SENT_BACK, verbs.SUBMITTED)
    act = log.entries_for(story).filter(verb__in=steps).first()
    if act is None or act.verb != verbs.SENT_BACK:
        return None
    return SendBackNote(act.by.get_username() if act.by else "", act.at, act.details.get("note", ""))


def render_history_page(
    of: ModelAdmin[Any], request: HttpRequest, object_id: str, acts: QuerySet[LogEntry], extra: dict[str, Any]
) -> HttpResponse:
    """An object's history in place of Django's own. Whoever may see the object may see what was done to it."""
    row = of.get_object(request, unquote(object_id))
    if row is None:
        raise Http404
    if not of.has_view_or_change_permission(request, row):
        raise PermissionDenied
    shown = Paginator(acts, ENTRIES_PER_PAGE).get_page(request.GET.get("p"))
    days = [
        (day, list(of_day))
        for day, of_day in groupby(
            build_history(shown.object_list, page_of=row), key=lambda entry: _local_date(entry.at)
        )
    ]
    return TemplateResponse(
        request,
        "admin/record/history.html",
        {
            **of.admin_site.each_context(request),
            "title": _("History"),
            "opts": of.opts,
            "object": row,
            "original": row,
            "days": days,
            "shown": shown,
            **extra,
        },
    )


def _local_date(at: datetime) -> date:
    return timezone.localtime(at).date()


def _admin_url(act: LogEntry) -> str:
    """The page of what was acted on; it may be gone, which its page then says."""
    label, _dot, model = act.kind.partition(".")
    try:
        return reverse(f"admin:{label}_{model}_change", args=[act.row])
    except NoReverseMatch:
        return ""


def _describe_details(details: dict[str, Any]) -> Iterable[tuple[str, str]]:
    labels = {
        "revision": _("Revision"),
        "when": _("For"),
        "until": _("Until"),
        "fields": _("Changed"),
        "topics": _("Topics"),
        "other": _("With"),
        "words": _("Passage"),
        "was": _("Before"),
        "reason": _("In public") if "words" not in details else _("Because"),
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
        yield "", _("many at once")
    for warning in details.get("warnings", ()):
        yield _("Over the warning"), warning
