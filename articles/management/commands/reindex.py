"""`manage.py reindex`: rebuild the indexes of full-text search."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, transaction
from tqdm import tqdm

from articles.fulltext import index
from articles.fulltext.backends import get_backend


class Command(BaseCommand):
    help = (
        "Rebuild the indexes of full-text search, and the word list for spelling suggestions. The site stays up and "
        "finds what is indexed so far. This is needed only after the database was written to without its triggers. "
        "Run now and then, it also keeps a large index fast."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="print nothing but errors")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, help="another database of the settings")

    def handle(self, *args: object, **options: Any) -> None:
        using, quiet = options["database"], options["quiet"]
        started = time.monotonic()
        with transaction.atomic(using):
            get_backend(using).install_indexes(using)
        hidden = quiet or not sys.stderr.isatty()
        with tqdm(total=index.count_rows(using), unit=" rows", disable=hidden) as bar:
            rows = index.reindex(using, on_rows=bar.update)
        with transaction.atomic(using):
            get_backend(using).optimize_indexes(using)
        if not quiet:
            self.stdout.write(f"{rows:,} rows indexed in {time.monotonic() - started:.1f} s.")
