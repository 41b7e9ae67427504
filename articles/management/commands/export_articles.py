"""`manage.py export_articles`: write articles in the exchange format."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.exports.exchange import export_articles
from articles.exports.training_data import reviewed_articles
from articles.models import Article


class Command(BaseCommand):
    help = (
        "Write articles as JSON Lines, one per line, in order of publication: articles of every status, or with --public "
        "only what readers may see. `import_seeds --as-exported` reads the file back. With --training it writes the "
        "claims that editors reviewed, for `make train ALSO=FILE`."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", metavar="FILE", help="the file to write (default: standard output)")
        parser.add_argument("--slug", metavar="SLUG", action="append", help="only this article; may be repeated")
        parser.add_argument(
            "--since", type=_parse_day, metavar="DATE", help="only articles published on or after YYYY-MM-DD"
        )
        parser.add_argument("--include-proposed", action="store_true", help="include proposed and rejected claims")
        parser.add_argument(
            "--training",
            action="store_true",
            help="write the claims that editors accepted, edited or rejected, as marked text to train the extractor",
        )
        parser.add_argument("--public", action="store_true", help="only what readers may see")

    def handle(self, *args: object, **options: Any) -> None:
        if options["public"] and options["include_proposed"]:
            raise CommandError("Readers never see proposed claims. Leave out --public or --include-proposed.")
        articles = Article.objects.public() if options["public"] else Article.objects.all()
        if options["slug"]:
            articles = articles.filter(slug__in=options["slug"])
            if missing := set(options["slug"]) - set(articles.values_list("slug", flat=True)):
                raise CommandError(f"No such article: {', '.join(sorted(missing))}.")
        if options["since"]:
            articles = articles.filter(published_at__gte=options["since"])
        if options["training"] and (options["public"] or options["include_proposed"]):
            raise CommandError("--training chooses its claims itself, so leave out --public and --include-proposed.")
        rows = (
            reviewed_articles(articles)
            if options["training"]
            else export_articles(articles, proposed=options["include_proposed"], public=options["public"])
        )
        try:
            output = options["output"]
            opened = Path(output).open("w", encoding="utf-8") if output else nullcontext(sys.stdout)  # noqa: SIM115
        except OSError as error:
            raise CommandError(f"{options['output']} cannot be written: {error.strerror}.") from error
        count = 0
        try:
            with opened as file:
                for row in rows:
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
                    count += 1
        except BrokenPipeError:  # the reading program has ended
            sys.stderr.close()
            return
        if options["output"]:
            self.stderr.write(f"{count} articles written to {options['output']}.")


def _parse_day(value: str) -> datetime:
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise ArgumentTypeError(f"{value} is not a date. Write it as YYYY-MM-DD") from error
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
