"""What an editor is told to settle before publishing, each beside what is fine; who may let it stand; chiefs' way over it."""

import pytest
from django.core.exceptions import PermissionDenied

from articles.publishing import checks
from articles.publishing.actions import PublishingError, correct, publish, schedule
from articles.publishing.checks import acknowledge_warning, open_warnings, run_checks
from record import log
from tests.factories import (
    ArticleFactory,
    ArticleImageFactory,
    ImageFactory,
    add_revision,
    make_claim,
    make_quantity,
    published_article,
    unnamed_speaker,
)

pytestmark = pytest.mark.django_db


def codes(article):
    return [warning.code for warning in run_checks(article)]


def story(*paragraphs, **kwargs):
    return ArticleFactory(paragraphs=paragraphs, **kwargs)


QUOTED = "“The north span has to close now,” the report reads."


def test_a_quotation_that_no_claim_covers():
    article = story("It rained.", QUOTED)
    warning = run_checks(article)[0]
    assert warning.code == checks.QUOTATION
    text = article.latest.text
    assert text[warning.start : warning.end] == warning.passage == "The north span has to close now,"


def test_a_quotation_with_a_speaker():
    article = story(QUOTED)
    make_claim(article, quote="The north span has to close now,", by="Ada Roe")
    assert codes(article) == []


def test_a_quotation_whose_claim_was_rejected_has_no_speaker():
    article = story(QUOTED)
    make_claim(article, quote="The north span has to close now,", by="Ada Roe", review="rejected")
    assert codes(article) == [checks.QUOTATION]


@pytest.mark.parametrize("words", ["“Bridge”", "“The Long Bridge”", "‘safe’"])
def test_a_title_or_a_word_in_quotation_marks_is_nobodys_statement(words):
    assert codes(story(f"They read {words} there.")) == []


def test_a_figure_that_no_claim_covers_once_a_sentence():
    article = story("The bridge carries 9,400 drivers and 300 lorries. It rained.")
    warning, *others = run_checks(article)
    assert (warning.code, others) == (checks.FIGURE, [])
    assert "9,400" in warning.sentence
    assert "300" in warning.sentence


@pytest.mark.parametrize(
    "words", ["It opened in 1931.", "It shut on 16 December.", "Two men stood there.", "Many bolts are loose."]
)
def test_a_date_a_small_word_and_a_vague_one_are_no_figures(words):
    assert codes(story(words)) == []


def test_a_figure_in_a_claim_has_its_source():
    article = story("The bridge carries 9,400 drivers, Ada Roe said.")
    make_claim(
        article, quote="The bridge carries 9,400 drivers", by="Ada Roe", figures=[make_quantity("9,400", lower=9400)]
    )
    assert codes(article) == []


def test_whoever_rejected_a_claim_has_looked_at_its_figure():
    article = story("The bridge carries 9,400 drivers, Ada Roe said.")
    make_claim(article, quote="The bridge carries 9,400 drivers", by="Ada Roe", review="rejected")
    assert codes(article) == []


def test_figures_are_read_in_english_only():
    assert codes(story("Die Brücke trägt 9,400 Autos.", language="de")) == []


def test_a_claim_without_a_speaker_and_one_that_nobody_judged():
    article = story("It is unsafe. It will close.")
    nobody = make_claim(article, quote="It is unsafe.", by=())
    waiting = make_claim(article, quote="It will close.", by="Ada Roe", review="proposed")
    assert [(warning.code, warning.claim, warning.start) for warning in run_checks(article)] == [
        (checks.SPEAKERLESS, nobody.pk, 0),
        (checks.PROPOSED, waiting.pk, 14),
    ]


def test_a_thought_that_nobody_told_waits_for_nobody():
    article = story("It is unsafe.")
    make_claim(article, quote="It is unsafe.", by="Ada Roe", review="proposed", reporting=False)
    assert codes(article) == []


def test_a_story_that_hangs_on_one_unnamed_person():
    article = story("It is unsafe. It will close.")
    official = unnamed_speaker("an official")
    make_claim(article, quote="It is unsafe.", by=official)
    make_claim(article, quote="It will close.", by=[official, "Ada Roe"])
    assert codes(article) == [checks.ANONYMOUS]
    make_claim(article, quote="It will close.", by="Per Lind")
    assert codes(article) == []


def test_two_unnamed_people_are_two_origins():
    article = story("It is unsafe. It will close.")
    make_claim(article, quote="It is unsafe.", by=unnamed_speaker("an official"))
    make_claim(article, quote="It will close.", by={**unnamed_speaker("a diver"), "unnamed": 2})
    assert codes(article) == []


def test_pictures_without_their_words_and_credit():
    article = story("It rained.")
    ArticleImageFactory(article=article, image=ImageFactory(), credit="", alt=" ")
    ArticleImageFactory(article=article, image=ImageFactory(), credit="Ada", alt="A bridge in the rain")
    ArticleImageFactory(article=article, credit="")  # no file came with the copy
    assert codes(article) == [checks.NO_ALT, checks.NO_CREDIT]


def test_a_story_without_words_has_nothing_to_settle():
    assert run_checks(ArticleFactory(revision=False)) == []


def test_checking_costs_the_same_for_one_claim_and_for_many(django_assert_num_queries):
    article = story(*(f"Span {n} is unsafe, Ada Roe said." for n in range(40)))
    for n in range(40):
        make_claim(article, quote=f"Span {n} is unsafe", by="Ada Roe")
    article.refresh_from_db()
    with django_assert_num_queries(6):
        run_checks(article)


# --- Letting a warning stand ---


def test_an_editor_acknowledges_a_warning_with_a_reason_and_it_holds_for_those_words(editor):
    article = story("It rained.", QUOTED)
    key = run_checks(article)[0].key
    acknowledge_warning(article, key, by=editor, reason="A sign on the wall")
    assert open_warnings(article) == []
    assert [(warning.reason, warning.by) for warning in run_checks(article)] == [("A sign on the wall", "edna")]
    add_revision(article, paragraphs=["It still rained.", "And then.", QUOTED])
    assert open_warnings(article) == []
    add_revision(article, paragraphs=[QUOTED.replace("north", "south")])
    assert len(open_warnings(article)) == 1
    assert publish(story("It rained."), by=editor).status == "published"


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_stands_without_a_reason(editor, reason):
    article = story(QUOTED)
    with pytest.raises(ValueError, match="Say why"):
        acknowledge_warning(article, run_checks(article)[0].key, by=editor, reason=reason)


def test_what_can_be_mended_is_not_acknowledged(chief):
    article = story("It is unsafe.")
    make_claim(article, quote="It is unsafe.", by="Ada Roe", review="proposed")
    with pytest.raises(ValueError, match="has to be settled"):
        acknowledge_warning(article, run_checks(article)[0].key, by=chief, reason="Never mind")
    with pytest.raises(ValueError, match="Look again"):
        acknowledge_warning(article, "no-such:warning", by=chief, reason="Never mind")


def test_a_reporter_acknowledges_nothing(reporter):
    article = story(QUOTED)
    with pytest.raises(PermissionDenied):
        acknowledge_warning(article, run_checks(article)[0].key, by=reporter, reason="It is fine")


# --- Publishing over warnings ---

STEPS = {
    "publish": publish,
    "schedule": lambda article, **kwargs: schedule(article, at=article.created_at.replace(year=2199), **kwargs),
}


@pytest.mark.parametrize("step", STEPS)
def test_an_editor_is_stopped_by_a_warning(editor, step):
    article = story(QUOTED)
    with pytest.raises(PublishingError) as caught:
        STEPS[step](article, by=editor, over=[warning.key for warning in run_checks(article)])
    assert caught.value.code == "warnings"


@pytest.mark.parametrize("step", STEPS)
def test_a_chief_publishes_over_the_warnings_that_were_shown_and_that_is_on_record(chief, step):
    article = story(QUOTED, "The bridge carries 9,400 drivers.")
    first, second = run_checks(article)
    with pytest.raises(PublishingError) as caught:
        STEPS[step](article, by=chief, over=[first.key])
    assert caught.value.code == "warnings"
    STEPS[step](article, by=chief, over=[first.key, second.key])
    overruled = log.entries_for(article).get().details["warnings"]
    assert len(overruled) == 2
    assert "The north span has to close now," in overruled[0]


def test_a_correction_is_checked_where_it_shows_new_words(editor):
    article = published_article(paragraphs=[QUOTED])
    note = {"by": editor, "kind": "correction", "note": "It was the north span."}
    correct(article, **note)  # a note alone shows no new words
    add_revision(article, paragraphs=[QUOTED, "It rained."])
    with pytest.raises(PublishingError):
        correct(article, **note)
