"""`import_seeds`: what it stores, reports, leaves alone and undoes."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import os
import socket
import tarfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from articles.claims.build import save_claims
from articles.editing.slugs import SlugAllocator
from articles.importing import existing, prepare
from articles.importing.updates import revise_from_import
from articles.models import Anchor, Article, Claim, ImportItem, ImportRun, Original, PublisherHost, Revision, Topic
from record.models import LogEntry
from sources.models import Source
from tests.importing.samples import make_seed_folder, make_seed_text
from tests.parsing.story import CLEAN_TEXT, PARAGRAPHS, URL
from tests.requirements import SHARED

pytestmark = pytest.mark.django_db

Outcome = ImportItem.Outcome


def load(*paths: Path, **options: Any) -> tuple[str, int]:
    """Run the command; return its output and its exit status."""
    out, status = io.StringIO(), 0
    try:
        call_command("import_seeds", *map(str, paths), stdout=out, stderr=out, **options)
    except SystemExit as stop:
        status = int(stop.code or 0)
    return out.getvalue(), status


def row_counts() -> dict[str, int]:
    """Return the number of rows of each table, except those about runs."""
    models = (Article, Revision, Claim, Anchor, Source, Original, Topic)
    return {model.__name__: model.objects.count() for model in models}


def exported() -> list[dict[str, Any]]:
    out = io.StringIO()
    from articles.exports.exchange import export_articles

    for row in export_articles(Article.objects.all(), proposed=True):
        out.write(json.dumps(row) + "\n")
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_import_stores_sources_and_claims(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(CLEAN_TEXT, encoding="utf-8")
    printed, status = load(tmp_path, publish=True, accept=0.0, topic=["Bridges"])

    assert status == 0
    assert "imported" in printed

    article = Article.objects.get()

    assert article.status == Article.Status.PUBLISHED
    assert article.live == article.latest
    assert article.live is not None
    assert article.live.text == "\n\n".join(PARAGRAPHS)
    assert [topic.name for topic in article.topics.all()] == ["Bridges"]

    claim = article.claims.get(statement__contains="angry town")

    assert (claim.review, claim.reviewed_how) == ("accepted", "import")
    assert claim.hops.get().source == Source.objects.get(name="Ann Frith")

    content = claim.anchors.filter(part="content").first()

    assert content is not None
    assert "angry town" in article.live.text[content.start : content.end]


def test_import_without_publish_puts_stories_into_review(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(CLEAN_TEXT, encoding="utf-8")
    load(tmp_path)

    assert Article.objects.get().status == Article.Status.IN_REVIEW
    assert not Article.objects.public().exists()
    assert set(Claim.objects.values_list("review", flat=True)) == {"proposed"}


def test_accept_takes_only_claims_of_that_confidence(tmp_path: Path) -> None:
    make_seed_folder(tmp_path / "f", 3)
    load(tmp_path / "f")

    given = sorted({c for c in Claim.objects.values_list("confidence", flat=True) if c is not None})

    assert len(given) > 1, "the copy of this test should give claims of different confidence"

    call_command("import_seeds", undo=str(ImportRun.objects.get().public_id), quiet=True)
    load(tmp_path / "f", accept=given[1])

    assert {c.review for c in Claim.objects.filter(confidence__gte=given[1])} == {"accepted"}
    assert {c.review for c in Claim.objects.filter(confidence__lt=given[1])} == {"proposed"}


def test_publisher_is_found_by_the_host(tmp_path: Path) -> None:
    PublisherHost.objects.create(host="pier-post.example", name="The Pier Post")
    make_seed_folder(tmp_path / "f", 2)

    load(tmp_path / "f")

    assert {str(article.publisher) for article in Article.objects.all()} == {"The Pier Post"}
    assert PublisherHost.objects.get(host="pier-post.example").publisher == Source.objects.get(name="The Pier Post")


def test_publishers_table_of_a_folder_is_read_first(tmp_path: Path) -> None:
    make_seed_folder(tmp_path / "f", 1)
    (tmp_path / "f" / "publishers.tsv").write_text("# hosts\nwww.pier-post.example\tThe Pier Post\n")

    _, status = load(tmp_path / "f")

    assert status == 0
    assert str(Article.objects.get().publisher) == "The Pier Post"


def test_ledgers_table_is_not_imported_as_a_story(tmp_path: Path) -> None:
    make_seed_folder(tmp_path / "f", 1)
    (tmp_path / "f" / "ledgers.tsv").write_text("Loose bolts\t\tbolts\t\tHow many bolts are loose, they said.\n")

    load(tmp_path / "f")

    assert Article.objects.count() == 1


def test_alias_in_one_story_resolves_in_the_next(tmp_path: Path) -> None:
    """The first story introduces "Lorland's spy agency, the National Watch Service"."""
    first = CLEAN_TEXT.replace(
        PARAGRAPHS[0], "Nobody crossed, Lorland's spy agency, the National Watch Service (NWS), said on Monday."
    )
    second = CLEAN_TEXT.replace(PARAGRAPHS[0], "Everybody crossed, Lorland's spy agency said on Monday.").replace(
        URL, URL + "-2"
    )
    (tmp_path / "1.txt").write_text(first, encoding="utf-8")
    (tmp_path / "2.txt").write_text(second, encoding="utf-8")
    load(tmp_path)

    claims = Claim.objects.filter(statement__contains="crossed").order_by("id")

    assert [claim.hops.get().source.name for claim in claims if claim.hops.get().source] == [
        "National Watch Service"
    ] * 2


# --- Kinds of files ---


def make_files(path: Path) -> dict[str, tuple[set[str], str]]:
    """Make a file of each kind. Return name -> (possible outcomes, code)."""
    numbers = itertools.count(1)

    def unique(text: str) -> str:
        number = next(numbers)
        return text.replace("/2024/11/12/", f"/2024/11/12/{number}-").replace("9,000", f"9,{number:03}")

    good, warned = {Outcome.IMPORTED}, {Outcome.WARNED}
    rows: dict[str, tuple[bytes, set[str], str]] = {
        "crlf.txt": (unique(CLEAN_TEXT).replace("\n", "\r\n").encode(), good, ""),
        "bom.txt": (b"\xef\xbb\xbf" + unique(CLEAN_TEXT).encode(), good, ""),
        "utf16.txt": (unique(CLEAN_TEXT).encode("utf-16"), warned, "encoding-utf-16"),
        "cp1252.txt": (unique(CLEAN_TEXT).encode("cp1252"), warned, "encoding-cp1252"),
        "badbyte.txt": (
            unique(CLEAN_TEXT).encode().replace(b"vehicles", b"veh\xffcles"),
            warned,
            "encoding-bad-bytes",
        ),
        "nodate.txt": (unique(CLEAN_TEXT).replace("November 12, 2024", "").encode(), warned, "date-from-url"),
        "nourl.txt": (unique(CLEAN_TEXT)[: CLEAN_TEXT.index("Original")].encode(), warned, "url-missing"),
        "empty.txt": (b"", {Outcome.REJECTED}, "empty"),
        "headline.txt": (b"Only a Headline", {Outcome.REJECTED}, "no-body"),
        "pdf.txt": (b"%PDF-1.4 ...", {Outcome.REJECTED}, "format-not-supported"),
        "large.txt": (b"x" * 5_000_001, {Outcome.REJECTED}, "too-large"),
    }
    path.mkdir()
    for name, (data, _, _) in rows.items():
        (path / name).write_bytes(data)
    (path / "loop").symlink_to(path / "loop")
    os.mkfifo(path / "pipe")
    (path / "around").mkdir()
    (path / "around" / "again").symlink_to(path)
    return {name: (outcomes, code) for name, (_, outcomes, code) in rows.items()} | {
        "loop": ({Outcome.REJECTED}, "symlink-loop"),
        "pipe": ({Outcome.REJECTED}, "not-a-file"),
        "around/again": ({Outcome.REJECTED}, "symlink-loop"),
    }


def test_each_kind_of_file_has_its_outcome(tmp_path: Path) -> None:
    expected = make_files(tmp_path / "table")
    printed, status = load(tmp_path / "table", report=str(tmp_path / "report.jsonl"))

    assert status == 1

    lines = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text().splitlines()]
    found = {os.path.relpath(line["path"], tmp_path / "table"): line for line in lines}

    assert found.keys() == expected.keys()

    for name, (outcomes, code) in expected.items():
        line = found[name]
        assert line["outcome"] in outcomes, (name, line)
        assert not code or code == line["code"] or code in [w["code"] for w in line["warnings"]], (name, line)

    assert "rejected (too-large)" in printed

    kept = set(Original.objects.values_list("size", flat=True))

    assert len(b"%PDF-1.4 ...") in kept  # what was rejected is kept too


def test_importing_twice_writes_nothing_twice(tmp_path: Path) -> None:
    make_files(tmp_path / "table")
    load(tmp_path / "table")
    before = row_counts()

    load(tmp_path / "table")

    assert row_counts() == before

    last = ImportRun.objects.first()

    assert last is not None
    assert set(last.counts) == {"unchanged", "rejected"}


def test_same_bytes_under_another_name_are_unchanged(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(CLEAN_TEXT)
    (tmp_path / "b.txt").write_text(CLEAN_TEXT)
    (tmp_path / "c.txt").write_text(CLEAN_TEXT.replace("\n", "\r\n"))

    load(tmp_path)

    assert Article.objects.count() == 1
    assert list(ImportItem.objects.values_list("outcome", flat=True)) == ["imported", "unchanged", "unchanged"]


def test_same_text_under_another_url_is_unchanged(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(CLEAN_TEXT)
    load(tmp_path)
    (tmp_path / "b.txt").write_text(CLEAN_TEXT.replace(URL, "https://elsewhere.example/x"))

    load(tmp_path)

    assert Article.objects.count() == 1


def test_changed_text_of_a_known_url_is_only_reported(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(make_seed_text(1))
    load(tmp_path)
    (tmp_path / "a.txt").write_text(make_seed_text(1, words="The pier is not sound"))

    printed, status = load(tmp_path)

    assert status == 0
    assert "--update" in printed
    assert Revision.objects.count() == 1
    assert ImportItem.objects.latest("id").outcome == Outcome.CHANGED


def test_update_adds_a_revision_and_keeps_reviews(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(make_seed_text(1))
    load(tmp_path, publish=True, accept=0.0)
    article = Article.objects.get()
    kept = article.claims.get(statement__contains="took about")
    lost = article.claims.get(statement__contains="sound")
    (tmp_path / "a.txt").write_text(make_seed_text(1, words="Every plank is rotten"))

    load(tmp_path, update=True, publish=True)
    article.refresh_from_db()

    assert article.live is not None
    assert (article.live.number, article.live) == (2, article.latest)

    kept.refresh_from_db()
    lost.refresh_from_db()

    assert (kept.review, lost.review) == ("accepted", "accepted")
    assert set(kept.anchors.filter(revision=article.live, part="content").values_list("state", flat=True)) == {"moved"}
    assert "lost" in set(lost.anchors.filter(revision=article.live).values_list("state", flat=True))

    new = article.claims.get(statement__contains="rotten")

    assert new.review == "proposed"
    assert kept in Claim.objects.public()
    assert lost not in Claim.objects.public()


def test_updating_twice_with_old_and_new_text_adds_nothing(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text(make_seed_text(1))
    (tmp_path / "2.txt").write_text(make_seed_text(1, words="The pier is not sound"))
    load(tmp_path, update=True)
    before = row_counts()

    load(tmp_path, update=True)

    assert row_counts() == before
    assert before["Revision"] == 2


def test_update_never_overwrites_an_editors_text(tmp_path: Path, editor: Any) -> None:
    (tmp_path / "a.txt").write_text(make_seed_text(1))
    load(tmp_path)
    Revision.objects.filter(number=1).update(author=editor)
    (tmp_path / "a.txt").write_text(make_seed_text(1, words="The pier is not sound"))
    load(tmp_path, update=True)

    item = ImportItem.objects.latest("id")

    assert (item.outcome, item.code) == (Outcome.CHANGED, "edited-here")
    assert Revision.objects.count() == 1


def test_dry_run_reports_all_and_writes_nothing(tmp_path: Path) -> None:
    make_seed_folder(tmp_path / "f", 3)
    (tmp_path / "f" / "bad.txt").write_bytes(b"")
    (tmp_path / "f" / "same.txt").write_text(make_seed_text(1))

    printed, status = load(tmp_path / "f", dry_run=True)

    assert status == 1
    assert "bad.txt: rejected (empty)" in printed
    assert "same.txt: unchanged" in printed
    assert set(row_counts().values()) == {0}
    assert ImportRun.objects.count() == 0


# --- Archives ---


def test_archive_is_read_without_unpacking(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../../evil.txt", make_seed_text(1))
        archive.writestr("notes/README.md", "not a story")
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as tar:
        data = make_seed_text(2).encode()
        info = tarfile.TarInfo("x/two.txt")
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("x/link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    (tmp_path / "c.txt.gz").write_bytes(gzip.compress(make_seed_text(3).encode()))
    (tmp_path / "d.zip").write_bytes((tmp_path / "a.zip").read_bytes()[:-30])

    load(tmp_path)

    assert Article.objects.count() == 3

    outcomes = {(Path(i.path).name, i.member): (i.outcome, i.code) for i in ImportItem.objects.all()}

    assert outcomes["a.zip", "../../evil.txt"] == ("imported", "")
    assert outcomes["b.tar.gz", "x/link.txt"] == ("rejected", "not-a-file")
    assert outcomes["d.zip", ""][0] == "rejected"
    assert not (tmp_path.parent.parent / "evil.txt").exists()


@pytest.mark.slow
def test_zip_bomb_is_stopped(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(30):
            archive.writestr(f"{number}.txt", b"\0" * 4_900_000)
    load(tmp_path)

    assert "archive-bomb" in set(ImportItem.objects.values_list("code", flat=True))


# --- Runs ---


def test_undo_deletes_what_the_run_imported(tmp_path: Path) -> None:
    make_seed_folder(tmp_path / "f", 3)
    load(tmp_path / "f")
    run = ImportRun.objects.get()

    call_command("import_seeds", undo=str(run.public_id)[:8], quiet=True)

    assert Article.objects.count() == Claim.objects.count() == 0
    assert Original.objects.count() == 3

    run.refresh_from_db()

    assert run.state == ImportRun.State.UNDONE

    load(tmp_path / "f")

    assert Article.objects.count() == 3


def test_undo_of_an_update_restores_the_story(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(make_seed_text(1))
    load(tmp_path, publish=True, accept=0.0)
    before = exported()
    (tmp_path / "a.txt").write_text(make_seed_text(1, words="Every plank is rotten"))

    load(tmp_path, update=True)

    assert exported() != before

    call_command("import_seeds", undo=str(ImportRun.objects.latest("id").public_id), quiet=True)

    assert exported() == before


def test_undo_is_refused_after_an_edit(tmp_path: Path) -> None:
    from django.utils import timezone

    make_seed_folder(tmp_path / "f", 2)
    load(tmp_path / "f")
    Article.objects.filter(slug__contains="pier-1").update(edited_at=timezone.now())
    with pytest.raises(CommandError, match="Somebody has edited"):
        call_command("import_seeds", undo=str(ImportRun.objects.get().public_id))
    assert Article.objects.count() == 2


def test_resume_continues_where_the_run_stopped(tmp_path: Path) -> None:
    make_seed_folder(tmp_path / "f", 2)
    load(tmp_path / "f", topic=["Piers"])
    run = ImportRun.objects.get()
    ImportRun.objects.update(state=ImportRun.State.RUNNING, process=f"{socket.gethostname()}:999999:0")
    make_seed_folder(tmp_path / "f", 4)

    load(resume=str(run.public_id))
    run.refresh_from_db()

    assert (run.state, run.counts) == (ImportRun.State.FINISHED, {"imported": 4})
    assert Topic.objects.get().articles.count() == 4


def test_next_run_marks_a_killed_run_as_interrupted(tmp_path: Path) -> None:
    ImportRun.objects.create(process=f"{socket.gethostname()}:999999:0")
    make_seed_folder(tmp_path / "f", 1)

    load(tmp_path / "f")

    assert set(ImportRun.objects.values_list("state", flat=True)) == {"interrupted", "finished"}


def test_unknown_run_or_account_is_a_command_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No run has an id that begins with"):
        call_command("import_seeds", undo="abc")
    with pytest.raises(CommandError, match="no account named"):
        call_command("import_seeds", str(tmp_path), user="nobody")


def test_article_refused_by_the_database_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    allocate = SlugAllocator.allocate

    def allocate_or_fail(allocator: SlugAllocator, headline: str) -> str:
        return "" if "Pier 1" in headline else allocate(allocator, headline)

    monkeypatch.setattr(SlugAllocator, "allocate", allocate_or_fail)
    make_seed_folder(tmp_path / "f", 3)
    _, status = load(tmp_path / "f")
    assert status == 1
    assert Article.objects.count() == 2
    refused = ImportItem.objects.get(outcome="rejected")
    assert refused.code == "not-stored"


def test_empty_folder_is_reported(tmp_path: Path) -> None:
    printed, status = load(tmp_path)

    assert status == 0
    assert "No seed files found" in printed


def test_missing_path_is_rejected_with_its_name(tmp_path: Path) -> None:
    printed, status = load(tmp_path / "nowhere")

    assert status == 1
    assert "not-found" in printed


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the sample is in ../shared, which is not here")
def test_sample_is_imported_completely() -> None:
    load(SHARED / "seeds", publish=True, accept=0.0)
    article = Article.objects.get()

    assert (str(article.agency), str(article.publisher)) == ("AFP", "The Moscow Times")
    assert article.published_precision == "day"
    assert article.claims.count() == 9

    lee = Source.objects.get(name="Lee Seong-kweun")

    assert Claim.objects.public().spoken_by(lee).count() == 7

    service = Source.objects.get(name="National Intelligence Service")
    claim = Claim.objects.public().originating_with(service).get()

    assert [hop.source for hop in claim.hops.all()] == [service, lee]


# --- Updates of a story that lost words ---

LEDE = "The old ferry will sail until the autumn storms begin, captain Mia Holt of the Ferry Trust said on Monday."


def ferry(*paragraphs: str, url: str = "https://www.pier-post.example/2024/03/05/ferry") -> str:
    text = "\n\n".join(paragraphs)
    return f"Ferry Sails On\n\nBy Northwire\n\nMarch 5, 2024\n\n{text}\n\nOriginal url: {url}\n"


def test_story_that_lost_words_is_updated_again(tmp_path: Path) -> None:
    for words in ("Nobody on the quay had expected anything else this year, Holt said.", "Rain.", "It snowed."):
        (tmp_path / "a.txt").write_text(ferry(LEDE, words), encoding="utf-8")
        (tmp_path / "b.txt").write_text(make_seed_text(len(words)), encoding="utf-8")
        _, status = load(tmp_path, publish=True, accept=0.0, update=True)
        assert status == 0
    article = Article.objects.get(original_url__endswith="ferry")

    assert article.revisions.count() == 3
    assert article.live is not None
    assert article.live.text.endswith("It snowed.")
    assert Article.objects.count() == 4
    assert Anchor.objects.filter(revision=article.live, state="lost").exists()


def test_undone_update_orders_claims_by_words_that_stand(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ferry("Nothing is known yet.", LEDE), encoding="utf-8")
    load(tmp_path, publish=True, accept=0.0)
    claim = Claim.objects.get(statement__contains="autumn storms")
    (tmp_path / "a.txt").write_text(ferry("It rained.", "It snowed."), encoding="utf-8")
    load(tmp_path, update=True)
    Claim.objects.filter(pk=claim.pk).update(order=7)
    (tmp_path / "a.txt").write_text(ferry("It rained.", "It hailed."), encoding="utf-8")
    load(tmp_path, update=True)

    call_command("import_seeds", undo=str(ImportRun.objects.latest("id").public_id), quiet=True)

    claim.refresh_from_db()
    assert claim.order == 7


# --- An error costs one article ---


def failing_after(real: Callable[..., Any], words: str, error: Exception) -> Callable[..., Any]:
    """Return `real`, but raise after its work on a draft with these words."""

    def fails(*args: Any, **kwargs: Any) -> Any:
        result = real(*args, **kwargs)
        if any(words in getattr(thing, "headline", "") for thing in (result, *args)):
            raise error
        return result

    return fails


ERRORS = [RuntimeError("bro\x00ken"), ValueError("The span 9 to 12"), RecursionError("too deep"), KeyError("x")]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_error_in_an_update_rejects_that_article_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    make_seed_folder(tmp_path / "f", 3)
    load(tmp_path / "f")
    for number in range(3):
        (tmp_path / "f" / f"{number:05}.txt").write_text(make_seed_text(number, words="Every plank is rotten"))
    (tmp_path / "f" / "new.txt").write_text(make_seed_text(7))
    monkeypatch.setattr(
        "articles.importing.store.revise_from_import", failing_after(revise_from_import, "Pier 1", error)
    )

    printed, status = load(tmp_path / "f", update=True)

    assert status == 1
    refused = ImportItem.objects.get(outcome="rejected")
    assert (refused.code, refused.article) == ("not-revised", Article.objects.get(slug__startswith="pier-1"))
    assert type(error).__name__ in refused.detail
    assert "not-revised" in printed
    assert sorted(Revision.objects.filter(number=2).values_list("article__slug", flat=True)) == [
        "pier-0-passes-its-inspection",
        "pier-2-passes-its-inspection",
    ]
    assert Article.objects.filter(slug__startswith="pier-7").exists()
    [record] = [record for record in caplog.records if record.name == "articles.importing"]
    assert record.exc_info


@pytest.mark.django_db(transaction=True)
def test_error_after_a_new_topic_and_publisher_costs_one_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next article must not use rows of the failed one, which are rolled back."""
    PublisherHost.objects.create(host="pier-post.example", name="The Pier Post")
    make_seed_folder(tmp_path / "f", 3)
    monkeypatch.setattr(
        "articles.importing.store.save_claims", failing_save(save_claims, "pier-0-passes-its-inspection")
    )

    _, status = load(tmp_path / "f", topic=["Piers"])

    assert status == 1
    assert Topic.objects.get().articles.count() == 2
    assert {str(article.publisher) for article in Article.objects.all()} == {"The Pier Post"}
    assert ImportItem.objects.get(outcome="rejected").code == "not-stored"


def failing_save(real: Callable[..., None], slug: str) -> Callable[..., None]:
    def fails(rows: Any) -> None:
        real(rows)
        if any(row.claim.article.slug == slug for row in rows):
            raise TypeError("no claim can be saved")

    return fails


def test_address_that_cannot_be_read_rejects_one_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_seed_folder(tmp_path / "f", 3)
    real = existing.url_key

    def unreadable(url: str) -> str:
        if "pier-1" in url:
            raise ValueError("Invalid IPv6 URL")
        return real(url)

    monkeypatch.setattr(existing, "url_key", unreadable)
    for dry_run in (True, False):
        printed, status = load(tmp_path / "f", dry_run=dry_run)
        assert status == 1
        assert "rejected (not-stored)" in printed
    assert Article.objects.count() == 2


def test_error_of_the_reader_rejects_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_seed_folder(tmp_path / "f", 3)
    real = prepare.html_from_paragraphs

    def fails(paragraphs: Any) -> str:
        if any("11 bolts" in paragraph for paragraph in paragraphs):
            raise IndexError("out of range")
        return real(paragraphs)

    monkeypatch.setattr(prepare, "html_from_paragraphs", fails)
    _, status = load(tmp_path / "f")
    assert status == 1
    assert ImportItem.objects.get(outcome="rejected").code == "not-read"
    assert Article.objects.count() == 2


def test_outage_of_the_database_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_seed_folder(tmp_path / "f", 2)

    def full(*args: Any) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("articles.importing.store.save_claims", full)
    with pytest.raises(OperationalError):
        load(tmp_path / "f")
    assert not ImportItem.objects.exists()
    assert ImportRun.objects.get().state == ImportRun.State.INTERRUPTED


# --- Options without effect are refused ---


def test_dry_run_of_an_undo_lists_what_would_be_deleted(tmp_path: Path) -> None:
    make_seed_folder(tmp_path / "f", 2)
    load(tmp_path / "f")
    make_seed_folder(tmp_path / "f", 3)
    (tmp_path / "f" / "00001.txt").write_text(make_seed_text(1, words="Every plank is rotten"))
    load(tmp_path / "f", update=True)
    run, before, entries = ImportRun.objects.latest("id"), exported(), LogEntry.objects.count()

    printed, _ = load(undo=str(run.public_id), dry_run=True)

    assert "pier-2-passes-its-inspection: would be deleted" in printed
    assert "pier-1-passes-its-inspection: would lose its new revision" in printed
    assert "1 stories and 1 revisions. Nothing was changed." in printed
    run.refresh_from_db()
    assert (run.state, exported(), LogEntry.objects.count()) == (ImportRun.State.FINISHED, before, entries)
    call_command("import_seeds", undo=str(run.public_id), quiet=True)
    with pytest.raises(CommandError, match="already undone"):
        load(undo=str(run.public_id), dry_run=True)


OPTIONS_WITHOUT_EFFECT: list[tuple[list[str], str]] = [
    (["PATH"], "PATH"),
    (["--publish"], "--publish"),
    (["--draft"], "--draft"),
    (["--accept"], "--accept"),
    (["--update"], "--update"),
    (["--topic", "X"], "--topic"),
    (["--format", "seed"], "--format"),
]


@pytest.mark.parametrize(
    ("more", "named"),
    [
        *OPTIONS_WITHOUT_EFFECT,
        (["--jobs", "2"], "--jobs"),
        (["--report", "-"], "--report"),
        (["--resume", "a"], "--resume"),
    ],
)
def test_undo_refuses_options_without_effect(tmp_path: Path, more: list[str], named: str) -> None:
    make_seed_folder(tmp_path / "f", 1)
    load(tmp_path / "f")

    run = ImportRun.objects.get()

    with pytest.raises(CommandError, match=f"--undo cannot be used with {named}"):
        call_command("import_seeds", "--undo", str(run.public_id), *more)
    assert Article.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "named"), [*OPTIONS_WITHOUT_EFFECT, (["--dry-run"], "--dry-run"), (["--user", "x"], "--user")]
)
def test_resume_refuses_options_without_effect(tmp_path: Path, more: list[str], named: str) -> None:
    make_seed_folder(tmp_path / "f", 1)
    load(tmp_path / "f")
    run = ImportRun.objects.get()
    ImportRun.objects.update(state=ImportRun.State.INTERRUPTED)

    make_seed_folder(tmp_path / "f", 2)

    with pytest.raises(CommandError, match=f"--resume cannot be used with {named}"):
        call_command("import_seeds", "--resume", str(run.public_id), *more)
    assert Article.objects.count() == 1
    assert ImportRun.objects.get().state == ImportRun.State.INTERRUPTED


def test_resume_accepts_the_options_of_the_run(tmp_path: Path) -> None:
    make_seed_folder(tmp_path / "f", 1)
    load(tmp_path / "f", publish=True, topic=["Piers"])
    ImportRun.objects.update(state=ImportRun.State.INTERRUPTED)
    make_seed_folder(tmp_path / "f", 2)

    load(tmp_path / "f", publish=True, topic=["Piers"], resume=str(ImportRun.objects.get().public_id))

    assert Article.objects.public().count() == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--undo", ""], "--undo is empty"),
        (["--resume", ""], "--resume is empty"),
        ([""], "PATH is empty"),
        (["seeds", ""], "PATH is empty"),
        (["seeds", "--user", ""], "--user is empty"),
        (["seeds", "--topic", ""], "--topic is empty"),
        (["seeds", "--report", ""], "--report is empty"),
    ],
)
def test_empty_value_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    make_seed_folder(tmp_path / "seeds", 1)
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CommandError, match=sentence):
        call_command("import_seeds", *arguments)
    assert not ImportRun.objects.exists()


# --- The same name twice in one run ---


def twice(path: Path) -> dict[str, list[Path]]:
    """Return ways to give one name twice, with the paths to import."""
    seeds = make_seed_folder(path / "seeds", 3)
    first = seeds / "00000.txt"
    with zipfile.ZipFile(path / "twice.zip", "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("a.txt", make_seed_text(4))
        archive.writestr("a.txt", make_seed_text(5))
    with tarfile.open(path / "twice.tar", "w") as tar:
        for number in (6, 7, 7):
            data = make_seed_text(number).encode()
            info = tarfile.TarInfo("a.txt")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    (path / "alike").mkdir()
    (path / "alike" / "new\nline.txt").write_text(make_seed_text(8))
    (path / "alike" / "new\\nline.txt").write_text(make_seed_text(9))
    (path / "bad.txt").write_bytes(b"")
    return {
        "file": [first, first],
        "file in folder": [seeds, first],
        "folder": [seeds, seeds],
        "zip": [seeds, path / "twice.zip"],
        "tar": [path / "twice.tar", seeds],
        "alike": [path / "alike", seeds],
        "rejected": [path / "bad.txt", path / "bad.txt", first],
    }


@pytest.mark.parametrize(
    ("way", "counts"),
    [
        ("file", {"imported": 1, "unchanged": 1}),
        ("file in folder", {"imported": 3, "unchanged": 1}),
        ("folder", {"imported": 3, "unchanged": 3}),
        ("zip", {"imported": 5}),
        ("tar", {"imported": 5, "unchanged": 1}),
        ("alike", {"imported": 5}),
        ("rejected", {"imported": 1, "rejected": 2}),
    ],
)
@pytest.mark.parametrize("batch", [64, 1])
def test_name_given_twice_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, counts: dict[str, int], batch: int
) -> None:
    """A dry run reports the same, and a resumed run ends the same."""
    monkeypatch.setattr("articles.importing.pipeline.MAX_BATCH_FILES", batch)
    paths, reports = twice(tmp_path)[way], []
    for dry_run in (True, False):
        load(*paths, dry_run=dry_run, report=str(tmp_path / "report"))
        lines = [json.loads(line) for line in (tmp_path / "report").read_text().splitlines()]
        reports.append([(line["path"], line["member"], line["outcome"]) for line in lines])

    run = ImportRun.objects.get()

    assert run.counts == counts
    assert reports[0] == reports[1]

    ImportItem.objects.exclude(pk=ImportItem.objects.earliest("id").pk).delete()
    ImportRun.objects.update(state=ImportRun.State.INTERRUPTED)
    load(resume=str(run.public_id))

    assert run.items.count() == sum(counts.values())
    assert Article.objects.count() == counts["imported"]


@pytest.mark.parametrize("is_stored", [True, False])
@pytest.mark.parametrize("batch", [64, 1])
def test_same_change_twice_in_one_run_is_one_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int, is_stored: bool
) -> None:
    monkeypatch.setattr("articles.importing.pipeline.MAX_BATCH_FILES", batch)
    (tmp_path / "a.txt").write_text(make_seed_text(1))
    if is_stored:
        load(tmp_path / "a.txt")
    (tmp_path / "b.txt").write_text(make_seed_text(1, words="Every plank is rotten"))
    (tmp_path / "c.txt").write_text(make_seed_text(1, words="Every plank is rotten") + "\n")

    printed, _ = load(tmp_path, update=True, dry_run=True)
    load(tmp_path, update=True)

    assert Revision.objects.count() == 2
    items = [f"{item}: {item.get_outcome_display()}" for item in ImportRun.objects.latest("id").items.all()]
    assert [line.rpartition(" ")[2] for line in sorted(items)] == [
        "unchanged" if is_stored else "imported",
        "revision",
        "unchanged",
    ]
    assert sorted(items) == sorted(line for line in printed.splitlines() if ".txt: " in line)


def test_resume_knows_files_that_were_given_by_a_relative_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    make_seed_folder(tmp_path / "here" / "f", 2)
    monkeypatch.chdir(tmp_path / "here")
    load(Path("f"), Path("./f/00000.txt"))
    run = ImportRun.objects.get()
    ImportRun.objects.update(state=ImportRun.State.INTERRUPTED)
    make_seed_folder(tmp_path / "here" / "f", 3)
    monkeypatch.chdir(tmp_path)

    load(resume=str(run.public_id))

    run.refresh_from_db()
    assert run.counts == {"imported": 3, "unchanged": 1}
    assert sorted(run.items.values_list("path", "member")) == [
        ("f/00000.txt", ""),
        ("f/00000.txt", "(2)"),
        ("f/00001.txt", ""),
        ("f/00002.txt", ""),
    ]


def test_topics_that_differ_in_capitals_are_one(tmp_path: Path) -> None:
    make_seed_folder(tmp_path / "f", 1)

    _, status = load(tmp_path / "f", topic=["Bridges", "bridges"])

    assert status == 0
    assert [topic.name for topic in Article.objects.get().topics.all()] == ["Bridges"]
