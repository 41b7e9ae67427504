"""Finding claims again with another extractor, and exporting training data."""

import json
from contextlib import redirect_stdout
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles.claims.propose import find_claims
from articles.claims.review import accept_claims, reject_claims
from articles.editing.revisions import create_revision
from articles.extraction import EXTRACTOR_VERSION
from articles.extraction.training.corpus import load_reviewed
from articles.models import Claim
from tests.factories import ArticleFactory

pytestmark = pytest.mark.django_db

STORY = "“We will rebuild the pier,” Ada Roe said.\n\nThe pier is sound, said Ben Oak."


def story(by, text):
    """Return a story with its proposed claims."""
    article = ArticleFactory(revision=False, language="en")
    create_revision(article, headline="The pier", summary="", body=text, by=by)
    article.refresh_from_db()
    return article


@pytest.fixture
def extracted(editor):
    """Return a story whose claims an older extractor proposed."""
    article = story(editor, f"{STORY}\n\nAda Roe thinks that the pier may close.")
    article.claims.update(extractor="older-1", confidence=0.5)
    return article


def test_newer_extractor_replaces_unreviewed_claims_only(extracted, editor):
    reviewed, other = list(extracted.claims.awaiting_review())[:2]
    accept_claims([reviewed], by=editor, how="desk")

    find_claims(extracted)
    reviewed.refresh_from_db()

    assert (reviewed.review, reviewed.extractor, reviewed.confidence) == ("accepted", "older-1", 0.5)
    assert not Claim.objects.filter(pk=other.pk).exists()

    renewed = extracted.claims.get(statement=other.statement)

    assert (renewed.extractor, renewed.review) == (EXTRACTOR_VERSION, "proposed")
    assert renewed.confidence != 0.5
    assert list(renewed.hops.values_list("source__name", flat=True)) == ["Ben Oak"]


def test_rejected_claim_is_not_proposed_again(extracted, editor):
    first = extracted.claims.awaiting_review()[0]
    reject_claims([first], by=editor, how="desk")

    find_claims(extracted)

    assert extracted.claims.filter(statement=first.statement).count() == 1


def test_command_checks_only_stories_of_older_extractors(extracted, editor):
    newer = story(editor, STORY)
    before = set(newer.claims.values_list("pk", flat=True))
    out = StringIO()

    call_command("find_claims", quiet=True, stdout=out)

    assert "1 stories checked" in out.getvalue()
    assert set(extracted.claims.values_list("extractor", flat=True)) == {EXTRACTOR_VERSION}
    assert set(newer.claims.values_list("pk", flat=True)) == before

    call_command("find_claims", quiet=True, dry_run=True, stdout=out)

    assert "0 stories would be checked" in out.getvalue()


def test_command_names_an_unknown_story(db):
    with pytest.raises(CommandError, match="No such story: nowhere"):
        call_command("find_claims", "nowhere")


def test_thought_does_not_await_review(extracted):
    thought = extracted.claims.get(reporting=False)

    assert "the pier may close" in thought.statement
    assert thought not in Claim.objects.awaiting_review()


# --- Reviewed claims as training data ---


def export_training_data(**options):
    out = StringIO()
    with redirect_stdout(out):
        call_command("export_articles", training=True, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_reviewed_claims_are_exported_as_marked_text(extracted, editor):
    first, second = extracted.claims.awaiting_review()
    accept_claims([first], by=editor, how="desk")
    (row,) = export_training_data()

    (one,) = row["claims"]

    assert row["complete"] is False
    assert [row["text"][a:b] for a, b in one["content"]] == ["“We will rebuild the pier,”"]
    assert [row["text"][a:b] for a, b in one["source"]] == ["Ada Roe"]
    assert (one["verdict"], one["extractor"]) == ("accepted", "older-1")

    reject_claims([second], by=editor, how="desk")
    (row,) = export_training_data()

    assert row["complete"] is True
    assert [claim["verdict"] for claim in row["claims"]] == ["accepted", "rejected"]


def test_claims_accepted_in_bulk_are_no_training_data(extracted, editor):
    accept_claims(list(extracted.claims.awaiting_review()), by=editor, how="bulk")
    assert export_training_data() == []


def test_training_reads_the_export(extracted, editor, tmp_path):
    first, second = extracted.claims.awaiting_review()
    accept_claims([first], by=editor, how="desk")
    reject_claims([second], by=editor, how="desk")
    call_command("export_articles", training=True, output=str(tmp_path / "ours.jsonl"))
    (article,) = load_reviewed(tmp_path / "ours.jsonl")

    (attributions,) = article.annotations

    assert [[article.text[a:b] for a, b in one["content"]] for one in attributions] == [
        ["“We will rebuild the pier,”"]
    ]


def test_training_export_refuses_public():
    with pytest.raises(CommandError, match="leave out --public"):
        call_command("export_articles", training=True, public=True)


def test_unnamed_speaker_gets_the_first_mention(editor):
    article = story(editor, "An official said the pier was sound. “It is,” she said later.")
    mentions = {hop.mention for claim in article.claims.all() for hop in claim.hops.all()}

    assert mentions == {"an official"}

    article = story(editor, "A senior harbour official said the pier was sound. “It is,” the official said.")
    mentions = {hop.mention for claim in article.claims.all() for hop in claim.hops.all()}

    assert mentions == {"a senior harbour official"}


def test_command_goes_on_after_a_story_that_fails(extracted, editor, monkeypatch, caplog):
    other = story(editor, "The quay is closed, said Cleo Fane.")
    other.claims.update(extractor="older-1")

    def fails(article):
        plan = find_claims(article)
        if article.pk == extracted.pk:
            raise ValueError("The span 9 to 12")
        return plan

    monkeypatch.setattr("articles.management.commands.find_claims.find_claims", fails)
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("find_claims", quiet=True, stdout=out, stderr=out)
    assert f"{extracted.slug}: not changed" in out.getvalue()
    assert "1 stories checked" in out.getvalue()
    assert set(other.claims.values_list("extractor", flat=True)) == {EXTRACTOR_VERSION}
    assert [record.name for record in caplog.records if record.exc_info] == ["articles.importing"]


def test_command_refuses_names_with_all_and_empty_names(extracted):
    with pytest.raises(CommandError, match="not both"):
        call_command("find_claims", extracted.slug, all=True)
    with pytest.raises(CommandError, match="SLUG is empty"):
        call_command("find_claims", "")
