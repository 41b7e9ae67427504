"""An import run from its start to its end, or to its undoing."""

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
    """A run that cannot be undone; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What an undo took away."""

    articles: int
    revisions: int


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """What an undo would take away: stories that would be deleted, and one for each revision that would go."""

    articles: list[Article]
    revised: list[Article]


def start_run(arguments: dict[str, Any], *, by: User | None) -> ImportRun:
    """Open a run, and note runs whose process is gone as interrupted."""
    interrupt_dead_runs()
    return ImportRun.objects.create(arguments=arguments, user=by, process=_current_process())


def resume_run(run: ImportRun) -> set[tuple[str, str]]:
    """Take up an interrupted run; returns the (path, member) of files that it has dealt with."""
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.RUNNING, process=_current_process())
    run.refresh_from_db()
    return set(run.items.values_list("path", "member"))


def finish_run(run: ImportRun) -> None:
    """Close a run, its counts taken from its items."""
    _close_run(run, ImportRun.State.FINISHED)


def interrupt_run(run: ImportRun) -> None:
    """Close a run that was stopped; it can be resumed."""
    _close_run(run, ImportRun.State.INTERRUPTED)


def interrupt_dead_runs() -> None:
    """Runs that say they are running but whose process on this host is gone were killed: say so."""
    for run in ImportRun.objects.filter(state=ImportRun.State.RUNNING):
        if run.process and not _is_alive(run.process):
            interrupt_run(run)


def undo_run(run: ImportRun, *, by: User | None = None) -> UndoResult:
    """Take back all that a run brought in. In one transaction; the originals stay.

    Raises UndoRefusedError while it runs, when it was undone already, when somebody has worked on one of
    its articles since, or when a later import built on them.
    """
    with import_transaction():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        items = list(run.items.select_related("article", "revision").order_by("-id"))
        _check_undo(run, items)
        revisions = sum(_undo_revision(item) for item in items if item.outcome == Outcome.REVISED)
        made = [i.article_id for i in items if i.outcome in (Outcome.IMPORTED, Outcome.WARNED) and i.article_id]
        Original.objects.filter(items__article__in=made).update(taken_in=False)
        Original.objects.filter(items__run=run).update(taken_in=False)
        Article.objects.filter(pk__in=made).update(live=None, latest=None)
        Article.objects.filter(pk__in=made).delete()
        run.state, run.finished_at = ImportRun.State.UNDONE, timezone.now()
        run.save(update_fields=["state", "finished_at"])
        log.record(verbs.IMPORT_UNDONE, run, by=by, articles=len(made), revisions=revisions)
    logger.info("Import run %s undone: %d articles, %d revisions.", run.public_id, len(made), revisions)
    return UndoResult(articles=len(made), revisions=revisions)


def preview_undo(run: ImportRun) -> UndoPreview:
    """Return what `undo` would take away, and change nothing. Raises UndoRefusedError as `undo` does."""
    items = list(run.items.select_related("article", "revision").order_by("id"))
    _check_undo(run, items[::-1])
    made = [i.article for i in items if i.outcome in (Outcome.IMPORTED, Outcome.WARNED) and i.article]
    revised = [i for i in items if i.outcome == Outcome.REVISED and i.article and i.revision]
    first = dict(
        Revision.objects.filter(article__in=[i.article_id for i in revised])
        .values_list("article")
        .annotate(Min("number"))
    )
    back = [i.article for i in revised if i.article and i.revision and first[i.article.pk] < i.revision.number]
    return UndoPreview(articles=made, revised=back)


def undo_refusal_reason(run: ImportRun) -> str:
    """Why a run cannot be undone now, in a sentence; nothing if it can."""
    try:
        _check_undo(run, list(run.items.select_related("article", "revision").order_by("-id")))
    except UndoRefusedError as error:
        return str(error)
    return ""


def settle_items(items: QuerySet[ImportItem], *, by: User) -> int:
    """Note that somebody has dealt with what was odd about these files; returns how many that is news of."""
    require_permission(may_import(by) or may_publish(by), "settle import warnings")
    return items.filter(settled_at__isnull=True).update(settled_at=timezone.now(), settled_by=by)


def _check_undo(run: ImportRun, items: list[ImportItem]) -> None:
    if run.state == ImportRun.State.UNDONE:
        raise UndoRefusedError("This run was undone already.")
    if run.state == ImportRun.State.RUNNING and _is_alive(run.process):
        raise UndoRefusedError("This run is still going. Stop it first.")
    ours = [
        i for i in items if i.article is not None and i.outcome in (Outcome.IMPORTED, Outcome.WARNED, Outcome.REVISED)
    ]
    touched = [i.article for i in ours if i.article and i.article.edited_at]
    if touched:
        raise UndoRefusedError(
            f"{len(touched)} of its articles have been worked on since, the first at {touched[0].get_absolute_url()}. "
            "Take those back by hand; the rest of the run stays with them."
        )
    last = {item.article_id: item.revision_id for item in reversed(ours)}
    built_on = Article.objects.filter(pk__in=[pk for pk in last if pk]).exclude(
        latest__in=[pk for pk in last.values() if pk]
    )
    if later := built_on.first():
        raise UndoRefusedError(
            f"A later import brought a new revision of {later.get_absolute_url()}. Undo that run first."
        )


def _undo_revision(item: ImportItem) -> bool:
    """Take back one revision: the claims found in it go, the story is again what it was before."""
    article, revision = item.article, item.revision
    if article is None or revision is None:
        return False
    before = article.revisions.filter(number__lt=revision.number).order_by("-number").first()
    if before is None:
        return False
    Claim.objects.filter(article=article).exclude(anchors__revision=before).delete()
    live = article.live
    if article.live_id == revision.pk:  # the revision before it may be a draft that readers never saw
        seen = article.revisions.filter(number__lt=revision.number, live_from__isnull=False)
        live = seen.order_by("-number").first() or before
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
    """Is that process still there? One of another host counts as alive: we cannot know."""
    host, _, rest = process.rpartition(":")[0].rpartition(":")
    started = process.rpartition(":")[2]
    if host != socket.gethostname():
        return True
    return bool(rest) and _process_start_time(int(rest)) == started


def _process_start_time(pid: int) -> str:
    """When a process began, as the kernel tells (Linux), so that a reused number is not taken for it."""
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
