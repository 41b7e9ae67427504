"""Start, finish, resume and undo import runs."""

from __future__ import annotations

import logging
import os
import socket
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.db import statistics
from articles.fulltext.backends import get_backend
from articles.importing.locks import import_transaction
from articles.models import Article, Claim, ImportItem, ImportRun, Original, Revision
from articles.permissions import may_import, may_publish, require_permission
from record import log, verbs
from record.users import User

logger = logging.getLogger("articles.importing")

Outcome = ImportItem.Outcome


class UndoRefusedError(Exception):
    """The run cannot be undone. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class UndoResult:
    """How many articles and revisions an undo deleted."""

    articles: int
    revisions: int


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """What an undo would delete.

    `articles` would be deleted. `revised` has the article of each revision that would be deleted.
    """

    articles: list[Article]
    revised: list[Article]


def start_run(arguments: dict[str, Any], *, by: User | None) -> ImportRun:
    """Create a run. Mark runs without a process as interrupted."""
    interrupt_dead_runs()
    return ImportRun.objects.create(arguments=arguments, user=by, process=_current_process())


def resume_run(run: ImportRun) -> set[tuple[str, str]]:
    """Continue an interrupted run; return the (path, member) of files that are done."""
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.RUNNING, process=_current_process())
    run.refresh_from_db()
    return set(run.items.values_list("path", "member"))


def finish_run(run: ImportRun) -> None:
    """Close a run. Its counts are computed from its items."""
    _close_run(run, ImportRun.State.FINISHED)


def interrupt_run(run: ImportRun) -> None:
    """Close a run that was stopped. It can be resumed."""
    _close_run(run, ImportRun.State.INTERRUPTED)


def interrupt_dead_runs() -> None:
    """Mark runs as interrupted that were killed: their process on this host is gone."""
    for run in ImportRun.objects.filter(state=ImportRun.State.RUNNING):
        if run.process and not _is_alive(run.process):
            interrupt_run(run)


def undo_run(run: ImportRun, *, by: User | None = None) -> UndoResult:
    """Delete all that a run imported, in one transaction. Source files stay.

    Raise UndoRefusedError if the run is going on, was undone already, has an article that somebody has edited, or has
    one that a later import revised.
    """
    with import_transaction():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        items = list(run.items.select_related("article", "revision").order_by("-id"))
        _check_undo(run, items)
        revisions = sum(_undo_revision(item) for item in items if item.outcome == Outcome.REVISED)
        created = [
            item.article_id for item in items if item.outcome in (Outcome.IMPORTED, Outcome.WARNED) and item.article_id
        ]
        Original.objects.filter(items__article__in=created).update(taken_in=False)
        Original.objects.filter(items__run=run).update(taken_in=False)
        Article.objects.filter(pk__in=created).update(live=None, latest=None)
        Article.objects.filter(pk__in=created).delete()
        run.state, run.finished_at = ImportRun.State.UNDONE, timezone.now()
        run.save(update_fields=["state", "finished_at"])
        log.record(verbs.IMPORT_UNDONE, run, user=by, articles=len(created), revisions=revisions)
    logger.info("Import run %s undone: %d articles, %d revisions.", run.public_id, len(created), revisions)
    return UndoResult(articles=len(created), revisions=revisions)


def preview_undo(run: ImportRun) -> UndoPreview:
    """Return what `undo_run` would delete. Raise UndoRefusedError as it does."""
    items = list(run.items.select_related("article", "revision").order_by("id"))
    _check_undo(run, items[::-1])
    created = [item.article for item in items if item.outcome in (Outcome.IMPORTED, Outcome.WARNED) and item.article]
    revisions = [
        (item.article, item.revision)
        for item in items
        if item.outcome == Outcome.REVISED and item.article and item.revision
    ]
    first_numbers = dict(
        Revision.objects.filter(article__in=[article.pk for article, _revision in revisions])
        .values_list("article")
        .annotate(Min("number"))
    )
    revised = [article for article, revision in revisions if first_numbers[article.pk] < revision.number]
    return UndoPreview(articles=created, revised=revised)


def undo_refusal_reason(run: ImportRun) -> str:
    """Return a sentence that says why a run cannot be undone, or "" if it can."""
    try:
        _check_undo(run, list(run.items.select_related("article", "revision").order_by("-id")))
    except UndoRefusedError as error:
        return str(error)
    return ""


def settle_items(items: QuerySet[ImportItem], *, by: User) -> int:
    """Mark import items as resolved; return how many were not resolved before."""
    require_permission(may_import(by) or may_publish(by), _("resolve import warnings"))
    return items.filter(settled_at__isnull=True).update(settled_at=timezone.now(), settled_by=by)


def _check_undo(run: ImportRun, items: list[ImportItem]) -> None:
    if run.state == ImportRun.State.UNDONE:
        raise UndoRefusedError(_("This run was already undone."))
    if run.state == ImportRun.State.RUNNING and _is_alive(run.process):
        raise UndoRefusedError(_("This run is still running. Stop it first."))
    written = [
        item
        for item in items
        if item.article is not None and item.outcome in (Outcome.IMPORTED, Outcome.WARNED, Outcome.REVISED)
    ]
    edited = [item.article for item in written if item.article and item.article.edited_at]
    if edited:
        raise UndoRefusedError(
            ngettext(
                "Somebody has edited %(count)d of its stories since: %(url)s. "
                "Delete that story by hand; the rest of the run cannot be undone without it.",
                "Somebody has edited %(count)d of its stories since. The first is %(url)s. "
                "Delete those by hand; the rest of the run cannot be undone without them.",
                len(edited),
            )
            % {"count": len(edited), "url": edited[0].get_absolute_url()}
        )
    last_revisions = {item.article_id: item.revision_id for item in reversed(written)}
    revised_later = Article.objects.filter(pk__in=[pk for pk in last_revisions if pk]).exclude(
        latest__in=[pk for pk in last_revisions.values() if pk]
    )
    if article := revised_later.first():
        raise UndoRefusedError(
            _("A later import revised the story at %(url)s. Undo that run first.")
            % {"url": article.get_absolute_url()}
        )


def _undo_revision(item: ImportItem) -> bool:
    """Delete one revision and the claims found in it; restore the one before.

    Return False if there is none before.
    """
    article, revision = item.article, item.revision
    if article is None or revision is None:
        return False
    before = article.revisions.filter(number__lt=revision.number).order_by("-number").first()
    if before is None:
        return False
    Claim.objects.filter(article=article).exclude(anchors__revision=before).delete()
    live = article.live
    if article.live_id == revision.pk:  # readers may never have seen the revision before
        shown = article.revisions.filter(number__lt=revision.number, live_from__isnull=False)
        live = shown.order_by("-number").first() or before
    Article.objects.filter(pk=article.pk).update(latest=before, live=live)
    Revision.objects.filter(pk=revision.pk).delete()
    for claim in article.claims.all():
        first = claim.anchors.content_in_revision(before).first()
        if first:
            Claim.objects.filter(pk=claim.pk).update(order=first.start)
    return True


def _close_run(run: ImportRun, state: str) -> None:
    counts = Counter(run.items.values_list("outcome", flat=True).iterator())
    ImportRun.objects.filter(pk=run.pk).update(state=state, counts=dict(counts), finished_at=timezone.now())
    get_backend().update_word_list("default")
    statistics.analyze_after_adding(counts.total())
    run.refresh_from_db()
    logger.info("Import run %s %s: %s.", run.public_id, state, dict(counts))


def _current_process() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{_process_start_time(os.getpid())}"


def _is_alive(process: str) -> bool:
    """Return whether a process still runs. One on another host counts as alive."""
    host, _, rest = process.rpartition(":")[0].rpartition(":")
    started = process.rpartition(":")[2]
    if host != socket.gethostname():
        return True
    return bool(rest) and _process_start_time(int(rest)) == started


def _process_start_time(pid: int) -> str:
    """Return when a process started (Linux), so that a reused number is recognised.

    Return "" if the process does not exist, and "there" if only its existence is known.
    """
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except (OSError, OverflowError):
        return "there"
    return "there"
