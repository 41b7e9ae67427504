"""What a page says of itself where somebody shares its address: Open Graph, and the words of its picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from articles.display.formatting import in_order, machine_time, published_day, who
from articles.display.last_changed import story_updated
from articles.display.share_image import HEIGHT, WIDTH, Words, digest
from articles.models import Article, Claim, Ledger
from sources.models import Source

#: Topics that fit on one line above a headline.
TOPICS = 3
#: Characters of a description: more is cut wherever it is shown.
DESCRIPTION = 200
#: A path of this site -> its whole address.
Absolute = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Card:
    """What goes into a page's head. Its own address and that of its picture are whole."""

    title: str
    description: str
    address: str
    kind: str  # https://ogp.me/#types
    picture: str
    picture_says: str
    #: More properties, each with its value: article:published_time and the like.
    more: Sequence[tuple[str, str]] = ()
    width: int = WIDTH
    height: int = HEIGHT


def card_of_story(article: Article, absolute: Absolute) -> Card:
    """A story as ArticleQuerySet.for_page with_last_correction gives it; of a retracted one, only that it is."""
    retracted = article.status == Article.Status.RETRACTED
    live = article.live
    said = (live.summary or live.text) if live else ""
    topics = in_order(article.shown_topics)  # type: ignore[attr-defined]
    return _card(
        live.headline if live else "",
        _("This story has been retracted.") if retracted else Truncator(said).chars(DESCRIPTION),
        article.get_absolute_url(),
        words_of_story(article),
        absolute,
        kind="article",
        more=(
            ("article:published_time", machine_time(article)),
            ("article:modified_time", story_updated(article).isoformat()),
            *(("article:tag", topic["name"]) for topic in topics if not retracted),
        ),
    )


def card_of_claim(claim: Claim, absolute: Absolute) -> Card:
    """A claim as ClaimQuerySet.for_page gives it."""
    words = words_of_claim(claim)
    description = " · ".join(part for part in (words.kicker, words.foot) if part)
    return _card(claim.statement, description, claim.get_absolute_url(), words, absolute)


def card_of_source(source: Source, absolute: Absolute) -> Card:
    """A source."""
    words = words_of_source(source)
    kind = "profile" if source.kind == Source.Kind.PERSON else "website"
    return _card(source.name, source.description or words.foot, source.get_absolute_url(), words, absolute, kind=kind)


def card_of_ledger(ledger: Ledger, absolute: Absolute) -> Card:
    """A ledger as ledgers.public_ledgers gives it; its picture is its chart."""
    changed = f"{ledger.last:%Y%m%d%H%M}-{ledger.figures}"  # type: ignore[attr-defined]
    return Card(
        title=ledger.name,
        description=Truncator(ledger.description or ledger.name).chars(DESCRIPTION),
        address=absolute(ledger.get_absolute_url()),
        kind="website",
        picture=absolute(f"{reverse('articles:ledger-picture', args=[ledger.slug])}?v={changed}"),
        picture_says=_("Chart: %(name)s") % {"name": ledger.name},
        width=0,
        height=0,
    )


def _card(
    title: str,
    description: str,
    path: str,
    words: Words,
    absolute: Absolute,
    *,
    kind: str = "website",
    more: Sequence[tuple[str, str]] = (),
) -> Card:
    """The card of a page whose picture is at `share.png` below it; a changed picture has a changed address."""
    return Card(
        title=title,
        description=description,
        address=absolute(path),
        kind=kind,
        picture=absolute(f"{path}share.png?v={digest(words)}"),
        picture_says=" · ".join(part for part in (words.kicker, words.headline) if part),
        more=more,
    )


def site_words() -> Words:
    """Of the site as a whole."""
    return Words(
        headline=_("Who said what, and who passed it on"),
        site=settings.SITE_NAME,
    )


def words_of_story(article: Article) -> Words:
    """Of a story, as ArticleQuerySet.for_page or for_list gives it."""
    outlet = article.agency or article.publisher
    if article.status == Article.Status.RETRACTED:
        kicker = _("Retracted")
    else:
        kicker = " · ".join(topic["name"] for topic in in_order(article.shown_topics)[:TOPICS])  # type: ignore[attr-defined]
    return Words(
        headline=article.live.headline if article.live else "",
        kicker=kicker,
        foot=" · ".join(part for part in (outlet.name if outlet else "", published_day(article)) if part),
        site=settings.SITE_NAME,
    )


def words_of_claim(claim: Claim) -> Words:
    """Of a claim, as ClaimQuerySet.for_list or for_page gives it."""
    story = claim.article
    headline = story.live.headline if story.live else ""
    return Words(
        headline=capfirst(claim.statement),
        kicker=" → ".join(who(hop) for hop in claim.chain),  # type: ignore[attr-defined]
        foot=f"{published_day(story)} · {headline}",
        site=settings.SITE_NAME,
    )


def words_of_source(source: Source) -> Words:
    """Of a source."""
    return Words(
        headline=source.name,
        kicker=capfirst(str(source.get_kind_display())),
        foot=_("What is on record here, and through whom"),
        site=settings.SITE_NAME,
    )


def site_picture(absolute: Absolute) -> str:
    """The address of the picture for pages without one of their own."""
    return absolute(f"{reverse('articles:site_picture')}?v={digest(site_words())}")
