"""Checks before publication: each warning and its opposite; who may dismiss them."""

import pytest
from django.core.exceptions import PermissionDenied

from articles.publishing import article_checks
from articles.publishing.actions import PublishingError, correct, publish, schedule
from articles.publishing.article_checks import acknowledge_warning, open_warnings, run_checks
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


def test_quotation_without_claim_is_warned_of():
    article = story("It rained.", QUOTED)
    warning = run_checks(article)[0]

    assert warning.code == article_checks.QUOTATION

    text = article.latest.text

    assert text[warning.start : warning.end] == warning.passage == "The north span has to close now,"


def test_quotation_with_speaker_is_fine():
    article = story(QUOTED)
    make_claim(article, quote="The north span has to close now,", by="Ada Roe")

    assert codes(article) == []


def test_quotation_of_a_rejected_claim_is_warned_of():
    article = story(QUOTED)
    make_claim(article, quote="The north span has to close now,", by="Ada Roe", review="rejected")

    assert codes(article) == [article_checks.QUOTATION]


@pytest.mark.parametrize("words", ["“Bridge”", "“The Long Bridge”", "‘safe’"])
def test_short_quotation_is_fine(words):
    assert codes(story(f"They read {words} there.")) == []


def test_figures_without_claim_are_warned_of_per_sentence():
    article = story("The bridge carries 9,400 drivers and 300 lorries. It rained.")
    warning, *others = run_checks(article)

    assert (warning.code, others) == (article_checks.FIGURE, [])
    assert "9,400" in warning.sentence
    assert "300" in warning.sentence


@pytest.mark.parametrize(
    "words", ["It opened in 1931.", "It shut on 16 December.", "Two men stood there.", "Many bolts are loose."]
)
def test_dates_and_number_words_are_not_figures(words):
    assert codes(story(words)) == []


def test_figure_in_a_claim_is_fine():
    article = story("The bridge carries 9,400 drivers, Ada Roe said.")
    make_claim(
        article, quote="The bridge carries 9,400 drivers", by="Ada Roe", figures=[make_quantity("9,400", lower=9400)]
    )

    assert codes(article) == []


def test_figure_in_a_rejected_claim_is_fine():
    article = story("The bridge carries 9,400 drivers, Ada Roe said.")
    make_claim(article, quote="The bridge carries 9,400 drivers", by="Ada Roe", review="rejected")

    assert codes(article) == []


def test_figures_are_checked_in_english_only():
    assert codes(story("Die Brücke trägt 9,400 Autos.", language="de")) == []


def test_speakerless_and_unreviewed_claims_are_warned_of():
    article = story("It is unsafe. It will close.")
    nobody = make_claim(article, quote="It is unsafe.", by=())

    waiting = make_claim(article, quote="It will close.", by="Ada Roe", review="proposed")

    assert [(warning.code, warning.claim, warning.start) for warning in run_checks(article)] == [
        (article_checks.SPEAKERLESS, nobody.pk, 0),
        (article_checks.PROPOSED, waiting.pk, 14),
    ]


def test_unreported_thought_is_fine():
    article = story("It is unsafe.")
    make_claim(article, quote="It is unsafe.", by="Ada Roe", review="proposed", reporting=False)

    assert codes(article) == []


def test_story_with_one_unnamed_source_is_warned_of():
    article = story("It is unsafe. It will close.")
    official = unnamed_speaker("an official")
    make_claim(article, quote="It is unsafe.", by=official)

    make_claim(article, quote="It will close.", by=[official, "Ada Roe"])

    assert codes(article) == [article_checks.ANONYMOUS]

    make_claim(article, quote="It will close.", by="Per Lind")

    assert codes(article) == []


def test_two_unnamed_sources_are_fine():
    article = story("It is unsafe. It will close.")
    make_claim(article, quote="It is unsafe.", by=unnamed_speaker("an official"))

    make_claim(article, quote="It will close.", by={**unnamed_speaker("a diver"), "unnamed": 2})

    assert codes(article) == []


def test_image_without_alt_or_credit_is_warned_of():
    article = story("It rained.")
    ArticleImageFactory(article=article, image=ImageFactory(), credit="", alt=" ")
    ArticleImageFactory(article=article, image=ImageFactory(), credit="Ada", alt="A bridge in the rain")

    ArticleImageFactory(article=article, credit="")  # no file came with the copy

    assert codes(article) == [article_checks.NO_ALT, article_checks.NO_CREDIT]


def test_story_without_text_has_no_warnings():
    assert run_checks(ArticleFactory(revision=False)) == []


def test_checks_query_count_is_constant(django_assert_num_queries):
    article = story(*(f"Span {n} is unsafe, Ada Roe said." for n in range(40)))
    for n in range(40):
        make_claim(article, quote=f"Span {n} is unsafe", by="Ada Roe")
    article.refresh_from_db()
    with django_assert_num_queries(6):
        run_checks(article)


# --- Dismissing a warning ---


def test_acknowledged_warning_stays_closed_for_its_words(editor):
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
def test_acknowledging_needs_a_reason(editor, reason):
    article = story(QUOTED)
    with pytest.raises(ValueError, match="Give a reason"):
        acknowledge_warning(article, run_checks(article)[0].key, by=editor, reason=reason)


def test_warning_that_must_be_fixed_is_not_acknowledged(chief):
    article = story("It is unsafe.")
    make_claim(article, quote="It is unsafe.", by="Ada Roe", review="proposed")

    with pytest.raises(ValueError, match="cannot be dismissed"):
        acknowledge_warning(article, run_checks(article)[0].key, by=chief, reason="Never mind")
    with pytest.raises(ValueError, match="Load the page again"):
        acknowledge_warning(article, "no-such:warning", by=chief, reason="Never mind")


def test_acknowledging_needs_the_publish_permission(reporter):
    article = story(QUOTED)
    with pytest.raises(PermissionDenied):
        acknowledge_warning(article, run_checks(article)[0].key, by=reporter, reason="It is fine")


# --- Publishing despite warnings ---

STEPS = {
    "publish": publish,
    "schedule": lambda article, **kwargs: schedule(article, at=article.created_at.replace(year=2199), **kwargs),
}


@pytest.mark.parametrize("step", STEPS)
def test_editor_cannot_publish_despite_warnings(editor, step):
    article = story(QUOTED)

    with pytest.raises(PublishingError) as caught:
        STEPS[step](article, by=editor, over=[warning.key for warning in run_checks(article)])
    assert caught.value.code == "warnings"


@pytest.mark.parametrize("step", STEPS)
def test_chief_publishes_despite_shown_warnings(chief, step):
    article = story(QUOTED, "The bridge carries 9,400 drivers.")
    first, second = run_checks(article)

    with pytest.raises(PublishingError) as caught:
        STEPS[step](article, by=chief, over=[first.key])
    assert caught.value.code == "warnings"

    STEPS[step](article, by=chief, over=[first.key, second.key])
    overruled = log.entries_for(article).get().details["warnings"]

    assert len(overruled) == 2
    assert "The north span has to close now," in overruled[0]


def test_correction_is_checked_if_its_text_is_new(editor):
    article = published_article(paragraphs=[QUOTED])
    note = {"by": editor, "kind": "correction", "note": "It was the north span."}
    correct(article, **note)  # a note alone shows no new words

    add_revision(article, paragraphs=[QUOTED, "It rained."])

    with pytest.raises(PublishingError):
        correct(article, **note)
