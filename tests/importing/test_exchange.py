"""Exports, and their import into an empty database."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article, Claim
from sources.models import Source
from tests.factories import ArticleFactory, make_claim, published_article
from tests.importing.samples import make_seed_folder
from tests.parsing.story import CLEAN_TEXT

pytestmark = pytest.mark.django_db


def export(**options: Any) -> str:
    out = io.StringIO()
    from contextlib import redirect_stdout

    with redirect_stdout(out):
        call_command("export_articles", **options)
    return out.getvalue()


def test_import_of_an_export_restores_everything(tmp_path: Path) -> None:
    make_seed_folder(tmp_path / "f", 4)
    (tmp_path / "f" / "z.txt").write_text(CLEAN_TEXT, encoding="utf-8")
    call_command("import_seeds", str(tmp_path / "f"), publish=True, accept=0.9, topic=["Piers"], quiet=True)
    Article.objects.filter(slug__startswith="pier-2").update(status="retracted")
    before = export(include_proposed=True)
    sources = sorted(Source.objects.values_list("name", "kind"))
    Claim.objects.all().delete()
    Article.objects.update(live=None, latest=None)
    Article.objects.all().delete()
    Source.objects.filter(hosts__isnull=True).delete()
    (tmp_path / "out.jsonl").write_text(before, encoding="utf-8")
    call_command("import_seeds", str(tmp_path / "out.jsonl"), as_exported=True, quiet=True)

    after = [json.loads(line) | {"warnings": []} for line in export(include_proposed=True).splitlines()]

    assert after == [json.loads(line) | {"warnings": []} for line in before.splitlines()]

    restored = sorted(Source.objects.filter(name__in=[name for name, _ in sources]).values_list("name", "kind"))

    assert restored == sources


def test_proposed_claims_are_exported_only_on_request(tmp_path: Path) -> None:
    make_seed_folder(tmp_path / "f", 1)
    call_command("import_seeds", str(tmp_path / "f"), publish=True, quiet=True)

    assert json.loads(export())["claims"] == []
    assert len(json.loads(export(include_proposed=True))["claims"]) >= 2


def test_public_export_has_only_what_readers_may_see(tmp_path: Path) -> None:
    make_seed_folder(tmp_path / "f", 2)
    call_command("import_seeds", str(tmp_path / "f"), publish=True, accept=0.0, quiet=True)
    Article.objects.filter(slug__startswith="pier-1").update(status="in_review")

    rows = [json.loads(line) for line in export(public=True).splitlines()]

    assert [row["slug"] for row in rows] == ["pier-0-passes-its-inspection"]
    with pytest.raises(CommandError, match="never see proposed"):
        export(public=True, include_proposed=True)


def test_embargo_of_an_export_holds_with_publish(tmp_path: Path) -> None:
    until = datetime(2199, 1, 1, 6, tzinfo=UTC)
    ArticleFactory(embargo_until=until, slug="kept-back")
    (tmp_path / "out.jsonl").write_text(export(), encoding="utf-8")
    Article.objects.update(live=None, latest=None)
    Article.objects.all().delete()
    call_command("import_seeds", str(tmp_path / "out.jsonl"), publish=True, quiet=True)

    story = Article.objects.get()

    assert (story.embargo_until, story.published_at, story.status) == (until, until, "scheduled")
    assert not Article.objects.public().exists()


def test_public_export_leaves_out_partly_lost_claims() -> None:
    article = published_article(paragraphs=["“We wait,” she said. “We hope.”"], slug="waiting")
    made = make_claim(article, quote=["We wait,", "We hope."], by="Ada Roe")

    assert [row["id"] for row in json.loads(export(public=True))["claims"]] == [str(made.public_id)]

    first = made.anchors.filter(part="content").earliest("start")
    made.anchors.filter(pk=first.pk).update(state="lost")

    assert not Claim.objects.public().exists()
    assert json.loads(export(public=True))["claims"] == []


def test_unknown_slug_is_a_command_error() -> None:
    with pytest.raises(CommandError, match="No such article: nowhere"):
        export(slug=["nowhere"])


def test_bad_line_is_rejected_and_others_are_imported(tmp_path: Path) -> None:
    good = {"headline": "A Pier", "paragraphs": ["It stands, said nobody."], "published_at": "2024-03-01"}
    lines = [json.dumps(good), "{broken", json.dumps({"headline": "No text"}), json.dumps(good | {"headline": "B"})]

    (tmp_path / "a.jsonl").write_text("\n".join(lines))

    with pytest.raises(SystemExit):
        call_command("import_seeds", str(tmp_path / "a.jsonl"), quiet=True, stderr=io.StringIO())
    assert sorted(article.latest.headline for article in Article.objects.all() if article.latest) == ["A Pier", "B"]


def test_import_sets_live_from_of_public_revisions(tmp_path: Path) -> None:
    make_seed_folder(tmp_path / "seen", 1)
    call_command("import_seeds", str(tmp_path / "seen"), publish=True, quiet=True)

    seen = Article.objects.get()

    assert seen.live is not None
    assert seen.live.live_from is not None

    make_seed_folder(tmp_path / "unseen", 2)
    call_command("import_seeds", str(tmp_path / "unseen"), quiet=True)
    waiting = Article.objects.exclude(pk=seen.pk).get()

    assert waiting.latest is not None
    assert waiting.latest.live_from is None


def test_export_has_no_quote_of_a_lost_passage(tmp_path: Path) -> None:
    """The offsets of a lost anchor belong to an older, longer text."""
    article = published_article(paragraphs=["It rained.", "“We wait,” she said. “We hope.”"], slug="waiting")
    made = make_claim(article, quote=["We wait,", "We hope."], by="Ada Roe", cue="said")
    last = made.anchors.filter(part="content").latest("start")
    made.anchors.filter(pk=last.pk).update(start=900, end=908, state="lost")

    (row,) = json.loads(export())["claims"]

    assert (row["quotes"], row["paragraph"]) == ([], None)
    assert {anchor["part"] for anchor in row["anchors"]} <= {"cue", "source"}
    (tmp_path / "out.jsonl").write_text(export(), encoding="utf-8")
    Article.objects.update(live=None, latest=None)
    Article.objects.all().delete()
    call_command("import_seeds", str(tmp_path / "out.jsonl"), quiet=True)
    assert Claim.objects.get().statement == made.statement
