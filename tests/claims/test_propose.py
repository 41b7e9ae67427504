"""Claims found anew by another extractor, and what editors judged as training data."""

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
    """A story with what is claimed in it."""
    article = ArticleFactory(revision=False, language="en")
    create_revision(article, headline="The pier", summary="", body=text, by=by)
    article.refresh_from_db()
    return article


@pytest.fixture
def extracted(editor):
    """A story with its claims as an older extractor proposed them."""
    article = story(editor, f"{STORY}\n\nAda Roe thinks that the pier may close.")
    article.claims.update(extractor="older-1", confidence=0.5)
    return article


def test_a_newer_extractor_renews_what_nobody_judged_and_leaves_the_rest(extracted, editor):
    judged, other = list(extracted.claims.awaiting_review())[:2]
    accept_claims([judged], by=editor, how="desk")
    find_claims(extracted)
    judged.refresh_from_db()
    assert (judged.review, judged.extractor, judged.confidence) == ("accepted", "older-1", 0.5)
    assert not Claim.objects.filter(pk=other.pk).exists()
    renewed = extracted.claims.get(statement=other.statement)
    assert (renewed.extractor, renewed.review) == (EXTRACTOR_VERSION, "proposed")
    assert renewed.confidence != 0.5
    assert list(renewed.hops.values_list("source__name", flat=True)) == ["Ben Oak"]


def test_a_rejected_claim_does_not_come_back(extracted, editor):
    first = extracted.claims.awaiting_review()[0]
    reject_claims([first], by=editor, how="desk")
    find_claims(extracted)
    assert extracted.claims.filter(statement=first.statement).count() == 1


def test_the_command_looks_at_older_extractors_stories_only(extracted, editor):
    newer = story(editor, STORY)
    before = set(newer.claims.values_list("pk", flat=True))
    out = StringIO()
    call_command("find_claims", quiet=True, stdout=out)
    assert "1 stories looked at" in out.getvalue()
    assert set(extracted.claims.values_list("extractor", flat=True)) == {EXTRACTOR_VERSION}
    assert set(newer.claims.values_list("pk", flat=True)) == before
    call_command("find_claims", quiet=True, dry_run=True, stdout=out)
    assert "0 stories would be" in out.getvalue()


def test_the_command_names_a_story_that_is_not_there(db):
    with pytest.raises(CommandError, match="No such story: nowhere"):
        call_command("find_claims", "nowhere")


def test_thoughts_wait_for_nobody(extracted):
    thought = extracted.claims.get(reporting=False)
    assert "the pier may close" in thought.statement
    assert thought not in Claim.objects.awaiting_review()


# --- Judged claims as training data ---


def marked(**options):
    out = StringIO()
    with redirect_stdout(out):
        call_command("export_articles", training=True, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_what_editors_judged_is_exported_as_marked_text(extracted, editor):
    first, second = extracted.claims.awaiting_review()
    accept_claims([first], by=editor, how="desk")
    (row,) = marked()
    (one,) = row["claims"]
    assert row["complete"] is False
    assert [row["text"][a:b] for a, b in one["content"]] == ["“We will rebuild the pier,”"]
    assert [row["text"][a:b] for a, b in one["source"]] == ["Ada Roe"]
    assert (one["verdict"], one["extractor"]) == ("accepted", "older-1")
    reject_claims([second], by=editor, how="desk")
    (row,) = marked()
    assert row["complete"] is True
    assert [claim["verdict"] for claim in row["claims"]] == ["accepted", "rejected"]


def test_claims_accepted_in_bulk_teach_nothing(extracted, editor):
    accept_claims(list(extracted.claims.awaiting_review()), by=editor, how="bulk")
    assert marked() == []


def test_training_reads_what_was_exported(extracted, editor, tmp_path):
    first, second = extracted.claims.awaiting_review()
    accept_claims([first], by=editor, how="desk")
    reject_claims([second], by=editor, how="desk")
    call_command("export_articles", training=True, output=str(tmp_path / "ours.jsonl"))
    (article,) = load_reviewed(tmp_path / "ours.jsonl")
    (attributions,) = article.annotations
    assert [[article.text[a:b] for a, b in one["content"]] for one in attributions] == [
        ["“We will rebuild the pier,”"]
    ]


def test_training_data_is_no_public_export():
    with pytest.raises(CommandError, match="leave out --public"):
        call_command("export_articles", training=True, public=True)


def test_somebody_unnamed_is_called_what_the_text_first_calls_them(editor):
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
    assert f"{extracted.slug}: left as it was" in out.getvalue()
    assert "1 stories looked at" in out.getvalue()
    assert set(other.claims.values_list("extractor", flat=True)) == {EXTRACTOR_VERSION}
    assert [record.name for record in caplog.records if record.exc_info] == ["articles.importing"]


def test_command_refuses_names_beside_all_and_empty_names(extracted):
    with pytest.raises(CommandError, match="not both"):
        call_command("find_claims", extracted.slug, all=True)
    with pytest.raises(CommandError, match="No story was named"):
        call_command("find_claims", "")
