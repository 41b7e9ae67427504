"""`manage.py import_seeds`: copy comes in as files; what became of each is said and kept on record."""

from __future__ import annotations

import json
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from articles.importing import runs
from articles.importing.pipeline import StageTimes, import_files
from articles.importing.publishers import add_publishers
from articles.importing.store import Importer, ImportOptions
from articles.models import ImportItem, ImportRun
from articles.parsing import FORMATS
from articles.parsing.files import FoundFile, UnreadableFile, number_repeated_names, walk_paths
from articles.permissions import may_publish
from record.users import User

#: A folder's own table of hosts and publishers, read before its seed files.
PUBLISHERS_FILE = "publishers.tsv"
#: Tables that may lie beside seed files and are none; `file_figures --ledgers` reads the second one.
TABLE_FILES = (PUBLISHERS_FILE, "ledgers.tsv")
#: Options that count beside --undo and --resume. Any other is refused, not passed over.
UNDO_OPTIONS = ("undo", "dry_run", "user", "quiet")
RESUME_OPTIONS = ("resume", "jobs", "report", "quiet")
#: Without a terminal a line is printed this often, in seconds.
PROGRESS_INTERVAL_SECONDS = 10.0

Outcome = ImportItem.Outcome


class Command(BaseCommand):
    help = (
        "Import seed files: a file, a folder or an archive (.zip, .tar.*, .gz); `seeds/` if none is named. "
        "Importing twice adds nothing, and an import that was stopped at any moment can simply be begun again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="PATH", help="files, folders or archives (default: seeds)")
        parser.add_argument("--dry-run", action="store_true", help="say all that would happen, write nothing")
        parser.add_argument(
            "--report", metavar="FILE", help="write what became of each article as JSON Lines; - prints"
        )
        state = parser.add_mutually_exclusive_group()
        state.add_argument("--draft", action="store_true", help="stories wait in review (the default)")
        state.add_argument("--publish", action="store_true", help="stories are published at once")
        parser.add_argument(
            "--accept",
            nargs="?",
            const=0.0,
            type=_parse_confidence,
            metavar="MIN",
            help="accept the proposed claims of at least this confidence (0 if none is given); "
            "readers see that they were not checked one by one",
        )
        parser.add_argument(
            "--update",
            action="store_true",
            help="changed text under a known URL is a new revision: a draft, or published with --publish",
        )
        parser.add_argument(
            "--as-exported",
            action="store_true",
            help="take over the status, reviews and corrections that files of export_articles give; only for files "
            "that you trust",
        )
        parser.add_argument("--topic", action="append", default=[], metavar="NAME", help="file the stories under it")
        parser.add_argument("--jobs", type=_parse_jobs, default=1, metavar="N", help="worker processes (default 1)")
        parser.add_argument("--format", choices=sorted(FORMATS), help="take every file for this format")
        parser.add_argument("--user", metavar="NAME", help="the account the run belongs to")
        parser.add_argument("--resume", metavar="RUN", help="go on with a run that was stopped, as it was begun")
        parser.add_argument(
            "--undo", metavar="RUN", help="take back all that a run brought in; with --dry-run: only say what"
        )
        parser.add_argument("--quiet", action="store_true", help="print nothing but errors")

    def handle(self, *args: object, **options: Any) -> None:
        given = self._given_options(options)
        _check_no_empty_values(given)
        if "undo" in given:
            _check_no_other_options("--undo", given.keys() - set(UNDO_OPTIONS))
            self._undo(_find_run(options["undo"]), options)
            return
        resumed = _find_run(options["resume"]) if "resume" in given else None
        if resumed:
            if resumed.state not in (ImportRun.State.INTERRUPTED, ImportRun.State.RUNNING):
                raise CommandError(f"That run is {resumed.state}; there is nothing to resume.")
            begun = _stored_arguments(resumed)
            asked = _arguments_to_store(options)
            same = {name for name in begun.keys() & asked.keys() if begun[name] == asked[name]}
            _check_no_other_options("--resume", given.keys() - same - set(RESUME_OPTIONS))
            options |= begun
        user = _find_user(options["user"])
        if options["as_exported"] and user is not None and not may_publish(user):
            raise CommandError(
                _("The account “%(name)s” may not publish, so --as-exported is not allowed for it.")
                % {"name": user.get_username()}
            )
        paths = [Path(path) for path in options["paths"] or ["seeds"]]
        if not options["dry_run"]:
            self._add_publishers(paths, options)
        run: ImportRun | None = None
        done: set[tuple[str, str]] = set()
        if resumed:
            run, done = resumed, runs.resume_run(resumed)
        elif not options["dry_run"]:
            run = runs.start_run(_arguments_to_store(options), by=user)
        publish = True if options["publish"] else False if options["draft"] else None
        intake = Importer(
            run,
            ImportOptions(
                publish=publish,
                min_accept_confidence=options["accept"],
                update=options["update"],
                as_exported=options["as_exported"],
                topics=tuple(options["topic"]),
                by=user,
            ),
        )
        self._import_paths(paths, intake, done, options)

    def _given_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the command's own options that differ from their defaults."""
        common = vars(BaseCommand().create_parser("", "").parse_args([]))
        own = vars(self.create_parser("", "").parse_args([]))
        return {name: options[name] for name in own if name not in common and options.get(name) != own[name]}

    def _import_paths(
        self, paths: list[Path], intake: Importer, done: set[tuple[str, str]], options: dict[str, Any]
    ) -> None:
        clock, began = StageTimes(), time.perf_counter()
        progress = _Progress(self, paths, options["quiet"])
        names = options.get("as_typed") or paths
        found = (entry for entry in _seed_files(paths, names) if (entry.path, entry.member) not in done)
        try:
            with _open_report(options["report"]) as report:

                def tell(items: list[ImportItem]) -> None:
                    for item in items:
                        report(item)
                        if item.outcome == Outcome.REJECTED:
                            progress.write_line(f"{item}: rejected ({item.code}). {item.detail}", error=True)
                        elif options["dry_run"] and not options["quiet"]:
                            progress.write_line(f"{item}: {item.get_outcome_display()}")
                    progress.advance(items)

                import_files(found, intake, jobs=options["jobs"], format=options["format"], clock=clock, on_items=tell)
        except BaseException as error:
            progress.close()
            if intake.run:
                runs.interrupt_run(intake.run)
            if not isinstance(error, KeyboardInterrupt):
                raise
            again = f"with --resume {intake.run.public_id}, or give" if intake.run else "or give"
            self.stderr.write(f"Stopped. Go on {again} the same command again: what is in stays in.")
            sys.exit(130)
        progress.close()
        if intake.run:
            runs.finish_run(intake.run)
        if not options["quiet"]:
            self._print_summary(intake, clock, time.perf_counter() - began, dry=options["dry_run"])
        if intake.counts[Outcome.REJECTED]:
            sys.exit(1)

    def _print_summary(self, intake: Importer, clock: StageTimes, seconds: float, *, dry: bool) -> None:
        total = sum(intake.counts.values())
        if not total:
            self.stdout.write("No seed files there: nothing to import.")
            return
        self.stdout.write("Would be:" if dry else f"Run {intake.run.public_id}:" if intake.run else "")
        for outcome in Outcome:
            if intake.counts[outcome]:
                self.stdout.write(f"  {intake.counts[outcome]:>8,}  {outcome.label}")
        rate = total / seconds if seconds else 0
        self.stdout.write(
            f"  {total:>8,}  in {seconds:.1f} s ({rate:,.0f} a second; reading {clock.reading:.1f} s, "
            f"parsing and extraction {clock.preparing:.1f} s, writing {clock.writing:.1f} s)"
        )
        if intake.counts[Outcome.CHANGED]:
            self.stdout.write("Changed stories were left as they are; --update makes new revisions of them.")

    def _add_publishers(self, paths: list[Path], options: dict[str, Any]) -> None:
        for path in paths:
            table = path / PUBLISHERS_FILE
            if table.is_file():
                added = add_publishers(table.read_text(encoding="utf-8"))
                if added and not options["quiet"]:
                    self.stdout.write(f"{added} publishers' hosts added from {table}.")

    def _undo(self, run: ImportRun, options: dict[str, Any]) -> None:
        by = _find_user(options["user"])
        try:
            if options["dry_run"]:
                self._print_undo_preview(run, quiet=options["quiet"])
                return
            undone = runs.undo_run(run, by=by)
        except runs.UndoRefusedError as refused:
            raise CommandError(str(refused)) from refused
        if not options["quiet"]:
            self.stdout.write(
                f"Taken back: {undone.articles} articles and {undone.revisions} revisions. The originals are kept."
            )

    def _print_undo_preview(self, run: ImportRun, *, quiet: bool) -> None:
        goes = runs.preview_undo(run)
        if quiet:
            return
        for article in goes.articles:
            self.stdout.write(_("%(story)s: would be deleted") % {"story": article.slug})
        for article in goes.revised:
            self.stdout.write(_("%(story)s: would lose its new revision") % {"story": article.slug})
        self.stdout.write(
            _("Would be taken back: %(articles)d articles and %(revisions)d revisions. Nothing was changed.")
            % {"articles": len(goes.articles), "revisions": len(goes.revised)}
        )


class _Progress:
    """A bar on a terminal, now and then a line elsewhere, nothing when quiet. Errors always."""

    def __init__(self, command: BaseCommand, paths: list[Path], quiet: bool) -> None:
        self._command = command
        self._quiet = quiet
        self._count = 0
        self._last = time.monotonic()
        terminal = not quiet and sys.stderr.isatty()
        self._bar = tqdm(total=_count_files(paths), unit=" articles", leave=False) if terminal else None

    def advance(self, items: list[ImportItem]) -> None:
        self._count += len(items)
        if self._bar is not None:
            self._bar.update(len(items))
        elif not self._quiet and time.monotonic() - self._last >= PROGRESS_INTERVAL_SECONDS:
            self._last = time.monotonic()
            self._command.stdout.write(f"{self._count:,} articles so far")

    def write_line(self, line: str, *, error: bool = False) -> None:
        if self._bar is not None:
            tqdm.write(line, file=sys.stderr)
        else:
            (self._command.stderr if error else self._command.stdout).write(line)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _seed_files(paths: Iterable[Path], names: Iterable[Path | str]) -> Iterator[FoundFile | UnreadableFile]:
    """Everything under the paths but the tables of publishers and ledgers, no two of one path and member.

    `names` are the paths as a run was given them: a run that is resumed calls its files what it called them before.
    """
    entries = (entry for path, name in zip(paths, names, strict=True) for entry in walk_paths([path], name=Path(name)))
    return number_repeated_names(entry for entry in entries if Path(entry.path).name not in TABLE_FILES)


def _count_files(paths: list[Path]) -> int | None:
    """How many files lie there; an archive counts as one, so the bar may run over."""
    return sum(1 if path.is_file() else sum(len(files) for _, _, files in os.walk(path)) for path in paths) or None


@contextmanager
def _open_report(name: str | None) -> Iterator[Callable[[ImportItem], None]]:
    """Something that writes items to the report, a line each, at once."""
    if name is None:
        yield lambda item: None
        return
    try:
        lines: IO[str] = sys.stdout if name == "-" else Path(name).open("w", encoding="utf-8")  # noqa: SIM115
    except OSError as error:
        raise CommandError(f"The report cannot be written to {name}: {error.strerror}.") from error
    try:
        yield lambda item: print(json.dumps(_item_as_json(item), ensure_ascii=False), file=lines, flush=True)
    finally:
        if lines is not sys.stdout:
            lines.close()


def _item_as_json(item: ImportItem) -> dict[str, Any]:
    """An item as a line of the report."""
    return {
        "path": item.path,
        "member": item.member,
        "part": item.part,
        "outcome": item.outcome,
        "code": item.code,
        "detail": item.detail,
        "warnings": item.warnings,
        "article": str(item.article.public_id) if item.article else None,
        "slug": item.article.slug if item.article else None,
    }


def _check_no_empty_values(given: dict[str, Any]) -> None:
    """Refuse empty values, as a shell makes of a variable that is not set."""
    missing = {
        "paths": _("No path was given: a PATH is empty."),
        "undo": _("No run was named: --undo is empty."),
        "resume": _("No run was named: --resume is empty."),
        "user": _("No account was named: --user is empty."),
        "topic": _("No topic was named: a --topic is empty."),
        "report": _("No file was named: --report is empty."),
    }
    for name, value in given.items():
        values = value if isinstance(value, (list, tuple)) else [value]
        if any(isinstance(one, str) and not one.strip() for one in values):
            raise CommandError(missing.get(name) or _("%(option)s is empty.") % {"option": _option_name(name)})


def _check_no_other_options(option: str, names: Iterable[str]) -> None:
    """Refuse options that would be accepted and not heeded."""
    if spelled := ", ".join(_option_name(name) for name in sorted(names)):
        raise CommandError(
            _("%(option)s does not go with %(others)s. Leave that out.") % {"option": option, "others": spelled}
        )


def _option_name(name: str) -> str:
    return "PATH" if name == "paths" else f"--{name.replace('_', '-')}"


def _find_run(name: str) -> ImportRun:
    """The run whose id begins with `name`."""
    rows = list(ImportRun.objects.filter(public_id__startswith=name)[:2])
    if len(rows) != 1:
        raise CommandError(
            f"{'Several runs begin' if rows else 'No run begins'} with “{name}”. "
            "The admin lists them under Imports, with their ids."
        )
    return rows[0]


def _arguments_to_store(options: dict[str, Any]) -> dict[str, Any]:
    """What a run is to remember, so that it can be resumed as it was begun."""
    keys = ("draft", "publish", "accept", "update", "as_exported", "topic", "format", "user")
    typed = [str(Path(path)) for path in options["paths"] or ["seeds"]]
    paths = [str(Path(path).absolute()) for path in typed]
    names = {} if typed == paths else {"as_typed": typed}
    return {"paths": paths, **names, **{key: options[key] for key in keys}}


def _stored_arguments(run: ImportRun) -> dict[str, Any]:
    return dict(run.arguments)


def _find_user(name: str | None) -> User | None:
    if not name:
        return None
    user = get_user_model().objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no account named “{name}”.")
    return user


def _parse_confidence(value: str) -> float:
    number = float(value)
    if not 0 <= number <= 1:
        raise ValueError
    return number


_parse_confidence.__name__ = "confidence between 0 and 1"


def _parse_jobs(value: str) -> int:
    number = int(value)
    if not 1 <= number <= 256:
        raise ValueError
    return number


_parse_jobs.__name__ = "number of processes"
