"""`manage.py find_claims`: find claims again, after an update of the extractor."""

from __future__ import annotations

import logging
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError
from django.db.models import Exists, OuterRef
from tqdm import tqdm

from articles.claims.propose import find_claims
from articles.extraction import EXTRACTOR_VERSION
from articles.models import Article, Claim

logger = logging.getLogger("articles.importing")


class Command(BaseCommand):
    help = (
        "Find claims again in stories with claims of an older extractor, or in the named stories. Claims that "
        "somebody reviewed or wrote stay as they are; other proposals are replaced. You can stop this command and run "
        "it again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "slugs", nargs="*", metavar="SLUG", help="only these stories, whatever proposed their claims"
        )
        parser.add_argument("--all", action="store_true", help="all stories, including those of the current extractor")
        parser.add_argument("--dry-run", action="store_true", help="only print how many stories would be checked")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: object, **options: Any) -> None:
        if options["slugs"] and options["all"]:
            raise CommandError("Name stories or use --all, not both.")
        if any(not slug.strip() for slug in options["slugs"]):
            raise CommandError("A SLUG is empty.")
        articles = Article.objects.filter(latest__isnull=False)
        if options["slugs"]:
            articles = articles.filter(slug__in=options["slugs"])
            if missing := set(options["slugs"]) - set(articles.values_list("slug", flat=True)):
                raise CommandError(f"No such story: {', '.join(sorted(missing))}.")
        elif not options["all"]:
            outdated = Claim.objects.filter(article=OuterRef("pk")).exclude(extractor__in=["", EXTRACTOR_VERSION])
            articles = articles.filter(Exists(outdated.order_by()))
        ids = list(articles.order_by("pk").values_list("pk", flat=True))
        if options["dry_run"]:
            self.stdout.write(f"{len(ids)} stories would be checked by {EXTRACTOR_VERSION}.")
            return
        new = withdrawn = kept = failed = 0
        for pk in tqdm(ids, unit=" stories", disable=options["quiet"] or None):
            article = Article.objects.select_related("latest").filter(pk=pk).first()
            if article is None:
                continue  # deleted since
            try:
                plan = find_claims(article)
            except (OperationalError, InterfaceError):
                raise  # an error of the database itself, not of this story
            except Exception as error:
                logger.exception("No claims found in story %s", article.slug)
                failed += 1
                self.stderr.write(
                    f"{article.slug}: not changed because of an error ({type(error).__name__}: {error})."
                )
                continue
            new += len(plan.new)
            withdrawn += len(plan.withdrawn)
            kept += len(plan.matched) + len(plan.retained) + len(plan.lost)
        self.stdout.write(
            f"{len(ids) - failed} stories checked by {EXTRACTOR_VERSION}: {new} claims proposed, {withdrawn} withdrawn, "
            f"{kept} found again or kept."
        )
        if failed:
            sys.exit(1)
