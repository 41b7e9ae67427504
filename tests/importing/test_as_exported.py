"""The editorial state of exchange files, with and without --as-exported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Claim, ImportItem, ImportRun
from articles.publishing import actions
from record import history, verbs
from record.models import LogEntry
from record.users import User
from tests.importing.samples import make_seed_folder, make_seed_text

pytestmark = pytest.mark.django_db

IGNORED_STATE = "not-as-exported"


def self_published(**changes: Any) -> dict[str, Any]:
    """Return an exchange article that calls itself published, reviewed and corrected."""
    text = "The minister took the money, said Otto Blake."
    content = {"part": "content", "start": 0, "end": 28}
    return {
        "headline": "Minister Took Money",
        "paragraphs": [text, "More."],
        "status": "published",
        "published_at": "2025-01-01",
        "corrections": [{"kind": "correction", "note": "The sum was wrong."}],
        "claims": [
            {
                "statement": "The minister took the money",
                "form": "indirect",
                "review": review,
                "reviewed_how": "desk",
                "reviewed_at": "2025-01-01T00:00:00+00:00",
                "confidence": 0.9,
                "hops": [{"source": "Otto Blake", "kind": "person"}],
                "anchors": [content],
            }
            for review in ("accepted", "rejected")
        ],
    } | changes


def load(tmp_path: Path, *articles: dict[str, Any], **options: Any) -> None:
    """Import these exchange articles as one file."""
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
    call_command("import_seeds", str(tmp_path / "in.jsonl"), quiet=True, **options)


def warnings(code: str = IGNORED_STATE) -> list[str]:
    """Return the details of all import warnings with this code."""
    items = ImportItem.objects.order_by("id")
    return [warning["detail"] for item in items for warning in item.warnings if warning["code"] == code]


def entries(*wanted: str) -> list[tuple[str, str, int | None]]:
    """Return verb, name and revision of the audit log entries with these verbs."""
    rows = LogEntry.objects.filter(verb__in=wanted).order_by("id")
    return [(row.verb, row.name, row.details.get("revision")) for row in rows]


# --- What a file says about itself ---


def test_exchange_file_cannot_publish_itself(tmp_path: Path) -> None:
    load(tmp_path, self_published())

    article = Article.objects.get()
    assert (article.status, article.live) == ("in_review", None)
    assert not article.corrections.exists()
    assert set(Claim.objects.values_list("review", "reviewed_how", "reviewed_at")) == {("proposed", "", None)}


def test_claim_to_be_published_or_reviewed_is_warned_of(tmp_path: Path) -> None:
    load(tmp_path, self_published())

    (detail,) = warnings()
    assert "published" in detail
    assert "2 claims" in detail
    assert "1 correction" in detail
    assert "--as-exported" in detail
    assert ImportItem.objects.get().outcome == "warned"


@pytest.mark.parametrize(
    ("changes", "mentioned"),
    [
        ({"claims": [], "corrections": []}, "published"),
        ({"claims": [], "corrections": [], "status": "retracted"}, "retracted"),
        ({"claims": [], "status": "draft"}, "correction"),
        ({"corrections": [], "status": None}, "claims"),
    ],
)
def test_each_unproven_statement_is_warned_of(tmp_path: Path, changes: dict[str, Any], mentioned: str) -> None:
    load(tmp_path, self_published(**changes))

    (detail,) = warnings()
    assert mentioned in detail


def test_unpublished_unreviewed_file_is_not_warned_of(tmp_path: Path) -> None:
    load(tmp_path, self_published(status="in_review", corrections=[], claims=[]))

    assert warnings() == []
    assert ImportItem.objects.get().outcome == "imported"


def test_dry_run_warns_too(tmp_path: Path) -> None:
    load(tmp_path, self_published(), dry_run=True, report=str(tmp_path / "report.jsonl"))

    (line,) = (tmp_path / "report.jsonl").read_text(encoding="utf-8").splitlines()
    assert [warning["code"] for warning in json.loads(line)["warnings"]] == [IGNORED_STATE]


def test_publish_and_accept_decide_for_an_exchange_file(tmp_path: Path, editor: User) -> None:
    load(tmp_path, self_published(), publish=True, accept=0.5, user=editor.username)

    assert Article.objects.public().count() == 1
    accepted = Claim.objects.get(review="accepted")
    assert (accepted.reviewed_how, accepted.reviewed_by) == ("import", editor)
    assert accepted.reviewed_at is not None
    assert accepted.reviewed_at.year > 2025
    (detail,) = warnings()
    assert "published" not in detail


def test_accept_leaves_a_rejected_claim_to_a_person(tmp_path: Path) -> None:
    load(tmp_path, self_published(), accept=0.0)

    assert sorted(Claim.objects.values_list("review", flat=True)) == ["accepted", "proposed"]


def test_accept_asks_for_the_confidence_of_a_file_claim(tmp_path: Path) -> None:
    unsure = self_published()
    unsure["claims"][0]["confidence"] = 0.4
    unsure["claims"][1] |= {"confidence": None, "review": "accepted"}

    load(tmp_path, unsure, accept=0.5)

    assert set(Claim.objects.values_list("review", flat=True)) == {"proposed"}


def test_embargo_of_a_file_holds_without_the_option(tmp_path: Path) -> None:
    load(tmp_path, self_published(embargo_until="2199-01-01T06:00:00+00:00"), publish=True)

    assert not Article.objects.public().exists()


def test_corrections_printed_in_seed_copy_stay(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        make_seed_text(1).replace(
            "\n\nOriginal url", "\n\nCorrection: An earlier version named the wrong pier.\n\nOriginal url"
        )
    )
    call_command("import_seeds", str(tmp_path / "a.txt"), quiet=True)

    assert Article.objects.get().corrections.count() == 1


# --- --as-exported ---


def test_as_exported_takes_all_over(tmp_path: Path) -> None:
    load(tmp_path, self_published(), as_exported=True)

    article = Article.objects.public().get()
    assert article.corrections.get().note == "The sum was wrong."
    assert sorted(Claim.objects.values_list("review", "reviewed_how")) == [("accepted", "desk"), ("rejected", "desk")]
    assert warnings() == []


def test_as_exported_needs_somebody_who_may_publish(tmp_path: Path, loader: User, editor: User) -> None:
    with pytest.raises(CommandError, match="may not publish"):
        load(tmp_path, self_published(), as_exported=True, user=loader.username)
    assert not Article.objects.exists()
    assert not ImportRun.objects.exists()

    load(tmp_path, self_published(), as_exported=True, user=editor.username)

    assert Article.objects.public().count() == 1


def test_resumed_run_remembers_as_exported(tmp_path: Path) -> None:
    load(tmp_path, self_published(), as_exported=True)
    run = ImportRun.objects.get()
    Article.objects.update(live=None, latest=None)
    Article.objects.all().delete()
    run.items.all().delete()
    ImportRun.objects.update(state=ImportRun.State.INTERRUPTED)

    call_command("import_seeds", resume=str(run.public_id), quiet=True)

    assert Article.objects.public().count() == 1


# --- --update ---


def import_changed_text(tmp_path: Path, **options: Any) -> Article:
    """Import a story, then a changed text of it with `options`. Return the article."""
    (tmp_path / "a.txt").write_text(make_seed_text(1))
    call_command("import_seeds", str(tmp_path / "a.txt"), publish=True, accept=0.0, quiet=True)
    (tmp_path / "a.txt").write_text(make_seed_text(1, words="Every plank is rotten"))
    call_command("import_seeds", str(tmp_path / "a.txt"), update=True, quiet=True, **options)
    return Article.objects.select_related("live", "latest").get()


def test_update_of_a_public_article_is_a_draft(tmp_path: Path) -> None:
    article = import_changed_text(tmp_path, accept=0.0)

    assert article.live is not None
    assert article.latest is not None
    assert (article.live.number, article.latest.number) == (1, 2)
    assert article.latest.live_from is None
    item = ImportItem.objects.latest("id")
    assert item.outcome == "revised"
    assert "draft" in item.detail
    shown = Claim.objects.public().values_list("statement", flat=True)
    assert not [words for words in shown if "rotten" in words]
    assert [words for words in shown if "sound" in words]


def test_update_with_publish_is_live(tmp_path: Path) -> None:
    article = import_changed_text(tmp_path, publish=True)

    assert article.live is not None
    assert article.live.number == 2
    assert article.live.live_from is not None
    assert "published" in ImportItem.objects.latest("id").detail


def test_dry_run_of_an_update_says_what_readers_see(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(make_seed_text(1))
    call_command("import_seeds", str(tmp_path / "a.txt"), publish=True, quiet=True)
    (tmp_path / "a.txt").write_text(make_seed_text(1, words="Every plank is rotten"))
    report = tmp_path / "report.jsonl"

    call_command("import_seeds", str(tmp_path / "a.txt"), update=True, dry_run=True, quiet=True, report=str(report))

    assert "draft" in json.loads(report.read_text(encoding="utf-8"))["detail"]


def test_update_by_public_id_leaves_what_readers_see(tmp_path: Path) -> None:
    load(tmp_path, self_published(), publish=True)
    article = Article.objects.get()

    load(tmp_path, self_published(id=str(article.public_id), headline="Overwritten"), update=True)

    article.refresh_from_db()
    assert article.live is not None
    assert article.live.headline == "Minister Took Money"
    assert article.latest is not None
    assert article.latest.headline == "Overwritten"


def test_update_with_publish_leaves_a_retracted_article(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(make_seed_text(1))
    call_command("import_seeds", str(tmp_path / "a.txt"), publish=True, quiet=True)
    Article.objects.update(status="retracted")
    (tmp_path / "a.txt").write_text(make_seed_text(1, words="Every plank is rotten"))

    call_command("import_seeds", str(tmp_path / "a.txt"), update=True, publish=True, quiet=True)

    article = Article.objects.select_related("live").get()
    assert (article.status, article.live.number if article.live else None) == ("retracted", 1)


def test_undo_of_a_published_update_shows_no_draft(tmp_path: Path) -> None:
    article = import_changed_text(tmp_path)  # revision 2 is a draft
    (tmp_path / "a.txt").write_text(make_seed_text(1, words="The rails are loose"))
    call_command("import_seeds", str(tmp_path / "a.txt"), update=True, publish=True, quiet=True)
    run = ImportRun.objects.latest("id")

    call_command("import_seeds", undo=str(run.public_id), quiet=True)

    article.refresh_from_db()
    assert article.live is not None
    assert article.latest is not None
    assert (article.live.number, article.latest.number) == (1, 2)


def test_editor_publishes_an_update(tmp_path: Path, chief: User) -> None:
    article = import_changed_text(tmp_path)

    over = [warning.key for warning in actions.open_warnings(article)]
    article = actions.publish(article, by=chief, over=over)

    assert article.live is not None
    assert article.live.number == 2


# --- The audit log ---


def test_import_that_publishes_is_in_the_audit_log(tmp_path: Path, editor: User) -> None:
    make_seed_folder(tmp_path / "f", 3)
    call_command("import_seeds", str(tmp_path / "f"), publish=True, quiet=True, user=editor.username)

    names = [f"Pier {number} Passes Its Inspection" for number in range(3)]
    assert entries(verbs.PUBLISHED) == [("published", name, 1) for name in names]
    act = LogEntry.objects.filter(verb=verbs.PUBLISHED).latest("id")
    assert act.by == editor
    assert act.article == act.row == Article.objects.latest("id").pk
    (entry,) = history.build_history([act])
    assert str(ImportRun.objects.get().public_id) in dict(entry.details).values()


def test_import_that_publishes_nothing_logs_nothing(tmp_path: Path) -> None:
    make_seed_folder(tmp_path / "f", 2)
    call_command("import_seeds", str(tmp_path / "f"), quiet=True)

    assert not LogEntry.objects.exists()


def test_published_update_is_in_the_audit_log(tmp_path: Path) -> None:
    import_changed_text(tmp_path, publish=True)

    assert [revision for _, _, revision in entries(verbs.PUBLISHED)] == [1, 2]


def test_draft_update_is_not_logged_as_published(tmp_path: Path) -> None:
    import_changed_text(tmp_path)

    assert [revision for _, _, revision in entries(verbs.PUBLISHED)] == [1]


def test_scheduled_and_retracted_imports_are_logged(tmp_path: Path) -> None:
    scheduled = self_published(published_at="2199-01-01T06:00:00+00:00", headline="Later", claims=[])
    retracted = self_published(status="retracted", headline="Gone", paragraphs=["Nothing of it."], claims=[])

    load(tmp_path, scheduled, retracted, as_exported=True)

    assert entries(verbs.SCHEDULED, verbs.RETRACTED) == [("scheduled", "Later", 1), ("retracted", "Gone", 1)]
    assert LogEntry.objects.get(verb=verbs.SCHEDULED).details["when"] == "2199-01-01T06:00:00+00:00"


def test_audit_log_costs_no_query_per_article(tmp_path: Path) -> None:
    counts = []
    for number, size in enumerate((2, 20)):
        lines = [
            self_published(headline=f"Minister {number} {n}", paragraphs=[f"Words {number} {n}."], claims=[])
            for n in range(size)
        ]
        with CaptureQueriesContext(connection) as captured:
            load(tmp_path, *lines, publish=True)
        counts.append(sum("record_logentry" in query["sql"] for query in captured.captured_queries))

    assert counts == [1, 1]


def test_as_exported_with_update_is_refused(tmp_path: Path) -> None:
    """An update would take over the text of the file and silently drop the rest."""
    (tmp_path / "a.txt").write_text("Bridge closes\n\nThe bridge is closed.\n", encoding="utf-8")

    with pytest.raises(CommandError, match="cannot be used with --update"):
        call_command("import_seeds", str(tmp_path / "a.txt"), as_exported=True, update=True)

    assert not ImportRun.objects.exists()
