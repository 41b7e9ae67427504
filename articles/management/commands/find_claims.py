"""`manage.py find_claims`: look for claims anew in stories that are here, as after an update of the extractor."""

from __future__ import annotations

import logging
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from tqdm import tqdm

from articles.claims.propose import find_claims
from articles.extraction import EXTRACTOR_VERSION
from articles.models import Article, Claim

logger = logging.getLogger("articles.importing")


class Command(BaseCommand):
    help = (
        "Look for claims anew in stories whose claims an older extractor proposed, or in those named. What somebody "
        "judged or wrote stays as it is; proposals nobody judged are renewed. It may be stopped and begun again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "slugs", nargs="*", metavar="SLUG", help="only these stories, whoever proposed their claims"
        )
        parser.add_argument("--all", action="store_true", help="every story, this extractor's own included")
        parser.add_argument("--dry-run", action="store_true", help="only say how many stories it would look at")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: object, **options: Any) -> None:
        if options["slugs"] and options["all"]:
            raise CommandError(_("Name stories or give --all, not both."))
        if any(not slug.strip() for slug in options["slugs"]):
            raise CommandError(_("No story was named: a SLUG is empty."))
        stories = Article.objects.filter(latest__isnull=False)
        if options["slugs"]:
            stories = stories.filter(slug__in=options["slugs"])
            if missing := set(options["slugs"]) - set(stories.values_list("slug", flat=True)):
                raise CommandError(f"No such story: {', '.join(sorted(missing))}.")
        elif not options["all"]:
            others = Claim.objects.filter(article=OuterRef("pk")).exclude(extractor__in=["", EXTRACTOR_VERSION])
            stories = stories.filter(Exists(others.order_by()))
        ids = list(stories.order_by("pk").values_list("pk", flat=True))
        if options["dry_run"]:
            self.stdout.write(f"{len(ids)} stories would be looked at by {EXTRACTOR_VERSION}.")
            return
        new = withdrawn = kept = failed = 0
        for pk in tqdm(ids, unit=" stories", disable=options["quiet"] or None):
            article = Article.objects.select_related("latest").filter(pk=pk).first()
            if article is None:
                continue  # deleted since
            try:
                plan = find_claims(article)
            except (OperationalError, InterfaceError):
                raise  # the database itself is at fault, not this story
            except Exception as error:
                logger.exception("No claims found in story %s", article.slug)
                failed += 1
                self.stderr.write(
                    _("%(slug)s: left as it was, an error stopped it (%(error)s).")
                    % {"slug": article.slug, "error": f"{type(error).__name__}: {error}"}
                )
                continue
            new += len(plan.new)
            withdrawn += len(plan.withdrawn)
            kept += len(plan.matched) + len(plan.retained) + len(plan.lost)
        self.stdout.write(
            f"{len(ids) - failed} stories looked at by {EXTRACTOR_VERSION}: {new} claims proposed, {withdrawn} withdrawn, "
            f"{kept} found again or left as they are."
        )
        if failed:
            sys.exit(1)
