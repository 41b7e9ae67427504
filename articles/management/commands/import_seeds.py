"""`manage.py import_seeds`: import articles from files."""

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

#: The table of hosts and publishers in a folder. It is read before the seed files.
PUBLISHERS_FILE = "publishers.tsv"
#: Tables in a folder of seed files. `file_figures --ledgers` reads the second one.
TABLE_FILES = (PUBLISHERS_FILE, "ledgers.tsv")
#: Options that are allowed with --undo and with --resume. Others are refused.
UNDO_OPTIONS = ("undo", "dry_run", "user", "quiet")
RESUME_OPTIONS = ("resume", "jobs", "report", "quiet")
#: Without a terminal, a line is printed this often.
PROGRESS_INTERVAL_SECONDS = 10.0

Outcome = ImportItem.Outcome


class Command(BaseCommand):
    help = (
        "Import seed files: a file, a folder or an archive (.zip, .tar.*, .gz). The default is `seeds/`. "
        "You can run the import again at any time: it skips what is already stored, even after it was killed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="PATH", help="files, folders or archives (default: seeds)")
        parser.add_argument("--dry-run", action="store_true", help="print what would happen, and write nothing")
        parser.add_argument(
            "--report", metavar="FILE", help="write the outcome of each article as JSON Lines; - is standard output"
        )
        state = parser.add_mutually_exclusive_group()
        state.add_argument("--draft", action="store_true", help="put stories into review (the default)")
        state.add_argument("--publish", action="store_true", help="publish stories at once")
        parser.add_argument(
            "--accept",
            nargs="?",
            const=0.0,
            type=_parse_confidence,
            metavar="MIN",
            help="accept proposed claims of at least this confidence (0 if no number is given); "
            "readers see that these were not reviewed one by one",
        )
        parser.add_argument(
            "--update",
            action="store_true",
            help="add a changed text of an existing URL as a new revision: a draft, or published with --publish",
        )
        parser.add_argument(
            "--as-exported",
            action="store_true",
            help="use the status, reviews and corrections in files of export_articles; only for files that you trust",
        )
        parser.add_argument(
            "--topic", action="append", default=[], metavar="NAME", help="add this topic to the stories"
        )
        parser.add_argument("--jobs", type=_parse_jobs, default=1, metavar="N", help="worker processes (default 1)")
        parser.add_argument("--format", choices=sorted(FORMATS), help="read every file in this format")
        parser.add_argument("--user", metavar="NAME", help="the account the run belongs to")
        parser.add_argument("--resume", metavar="RUN", help="continue a stopped run with the same options")
        parser.add_argument(
            "--undo", metavar="RUN", help="delete all that a run imported; with --dry-run only print it"
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
                raise CommandError(f"This run is {resumed.state}. There is nothing to resume.")
            stored = _stored_arguments(resumed)
            given_again = _arguments_to_store(options)
            same = {name for name in stored.keys() & given_again.keys() if stored[name] == given_again[name]}
            _check_no_other_options("--resume", given.keys() - same - set(RESUME_OPTIONS))
            options |= stored
        user = _find_user(options["user"])
        if options["as_exported"] and options["update"]:
            raise CommandError(
                "--as-exported cannot be used with --update. An update takes over changed text only, not the status, "
                "claims or corrections of the file. Use one of the two."
            )
        if options["as_exported"] and user is not None and not may_publish(user):
            raise CommandError(
                f"The account “{user.get_username()}” may not publish, so it may not use --as-exported."
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
        importer = Importer(
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
        self._import_paths(paths, importer, done, options)

    def _given_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return this command's own options that differ from their defaults."""
        common = vars(BaseCommand().create_parser("", "").parse_args([]))
        own = vars(self.create_parser("", "").parse_args([]))
        return {name: options[name] for name in own if name not in common and options.get(name) != own[name]}

    def _import_paths(
        self, paths: list[Path], importer: Importer, done: set[tuple[str, str]], options: dict[str, Any]
    ) -> None:
        clock, started = StageTimes(), time.perf_counter()
        progress = _Progress(self, paths, options["quiet"])
        names = options.get("as_typed") or paths
        found = (entry for entry in _seed_files(paths, names) if (entry.path, entry.member) not in done)
        try:
            with _open_report(options["report"]) as write_report:

                def report(items: list[ImportItem]) -> None:
                    for item in items:
                        write_report(item)
                        if item.outcome == Outcome.REJECTED:
                            progress.write_line(f"{item}: rejected ({item.code}). {item.detail}", error=True)
                        elif options["dry_run"] and not options["quiet"]:
                            progress.write_line(f"{item}: {item.get_outcome_display()}")
                    progress.advance(items)

                import_files(
                    found, importer, jobs=options["jobs"], format=options["format"], clock=clock, on_items=report
                )
        except BaseException as error:
            progress.close()
            if importer.run:
                runs.interrupt_run(importer.run)
            if not isinstance(error, KeyboardInterrupt):
                raise
            resume = f"Continue with --resume {importer.run.public_id}, or run" if importer.run else "Run"
            self.stderr.write(f"Stopped. {resume} the same command again. What is imported stays.")
            sys.exit(130)
        progress.close()
        if importer.run:
            runs.finish_run(importer.run)
        if not options["quiet"]:
            self._print_summary(importer, clock, time.perf_counter() - started, dry_run=options["dry_run"])
        if importer.counts[Outcome.REJECTED]:
            sys.exit(1)

    def _print_summary(self, importer: Importer, clock: StageTimes, seconds: float, *, dry_run: bool) -> None:
        total = sum(importer.counts.values())
        if not total:
            self.stdout.write("No seed files found.")
            return
        self.stdout.write("Would be:" if dry_run else f"Run {importer.run.public_id}:" if importer.run else "")
        for outcome in Outcome:
            if importer.counts[outcome]:
                self.stdout.write(f"  {importer.counts[outcome]:>8,}  {outcome.label}")
        rate = total / seconds if seconds else 0
        self.stdout.write(
            f"  {total:>8,}  in {seconds:.1f} s ({rate:,.0f} a second; reading {clock.reading:.1f} s, "
            f"parsing and extraction {clock.preparing:.1f} s, writing {clock.writing:.1f} s)"
        )
        if importer.counts[Outcome.CHANGED]:
            self.stdout.write("Changed stories were not updated. Use --update to add new revisions.")

    def _add_publishers(self, paths: list[Path], options: dict[str, Any]) -> None:
        for path in paths:
            table = path / PUBLISHERS_FILE
            if table.is_file():
                added = add_publishers(table.read_text(encoding="utf-8"))
                if added and not options["quiet"]:
                    self.stdout.write(f"{added} publisher websites added from {table}.")

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
                f"Deleted: {undone.articles} stories and {undone.revisions} revisions. The source files are kept."
            )

    def _print_undo_preview(self, run: ImportRun, *, quiet: bool) -> None:
        preview = runs.preview_undo(run)
        if quiet:
            return
        for article in preview.articles:
            self.stdout.write(f"{article.slug}: would be deleted")
        for article in preview.revised:
            self.stdout.write(f"{article.slug}: would lose its new revision")
        self.stdout.write(
            f"Would be deleted: {len(preview.articles)} stories and {len(preview.revised)} revisions. Nothing was changed."
        )


class _Progress:
    """Show progress: a bar on a terminal, otherwise a line now and then.

    Quiet: only errors.
    """

    def __init__(self, command: BaseCommand, paths: list[Path], quiet: bool) -> None:
        self._command = command
        self._quiet = quiet
        self._count = 0
        self._last = time.monotonic()
        has_terminal = not quiet and sys.stderr.isatty()
        self._bar = tqdm(total=_count_files(paths), unit=" stories", leave=False) if has_terminal else None

    def advance(self, items: list[ImportItem]) -> None:
        self._count += len(items)
        if self._bar is not None:
            self._bar.update(len(items))
        elif not self._quiet and time.monotonic() - self._last >= PROGRESS_INTERVAL_SECONDS:
            self._last = time.monotonic()
            self._command.stdout.write(f"{self._count:,} stories so far")

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
    """Yield all files under the paths, except the tables of publishers and ledgers.

    No two have the same path and member. `names` are the paths as they were typed, so that a resumed run uses the same
    names for its files as before.
    """
    entries = (entry for path, name in zip(paths, names, strict=True) for entry in walk_paths([path], name=Path(name)))
    return number_repeated_names(entry for entry in entries if Path(entry.path).name not in TABLE_FILES)


def _count_files(paths: list[Path]) -> int | None:
    """Return the number of files. An archive counts as one, so a bar may pass its end."""
    return sum(1 if path.is_file() else sum(len(files) for _, _, files in os.walk(path)) for path in paths) or None


@contextmanager
def _open_report(name: str | None) -> Iterator[Callable[[ImportItem], None]]:
    """Open the report; yield a function that writes an item as one line."""
    if name is None:
        yield lambda item: None
        return
    try:
        lines: IO[str] = sys.stdout if name == "-" else Path(name).open("w", encoding="utf-8")  # noqa: SIM115
    except OSError as error:
        raise CommandError(f"Cannot write the report to {name}: {error.strerror}.") from error
    try:
        yield lambda item: print(json.dumps(_item_as_json(item), ensure_ascii=False), file=lines, flush=True)
    finally:
        if lines is not sys.stdout:
            lines.close()


def _item_as_json(item: ImportItem) -> dict[str, Any]:
    """Return an item as a line of the report."""
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
    """Refuse empty values: a shell makes them of a variable that is not set."""
    for name, value in given.items():
        values = value if isinstance(value, (list, tuple)) else [value]
        if any(isinstance(text, str) and not text.strip() for text in values):
            raise CommandError(f"{_option_name(name)} is empty.")


def _check_no_other_options(option: str, names: Iterable[str]) -> None:
    """Refuse options that would have no effect."""
    if others := ", ".join(_option_name(name) for name in sorted(names)):
        raise CommandError(f"{option} cannot be used with {others}.")


def _option_name(name: str) -> str:
    return "PATH" if name == "paths" else f"--{name.replace('_', '-')}"


def _find_run(name: str) -> ImportRun:
    """Return the run with an id that begins with `name`."""
    rows = list(ImportRun.objects.filter(public_id__startswith=name)[:2])
    if len(rows) != 1:
        found = "The ids of several runs begin" if rows else "No run has an id that begins"
        raise CommandError(f"{found} with “{name}”. The admin lists all import runs.")
    return rows[0]


def _arguments_to_store(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that a run stores, so that it can be resumed."""
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
