"""What a page says of itself where somebody shares its address: Open Graph, and the words of its picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from articles.display.formatting import hop_name, in_order, machine_time, published_day
from articles.display.last_changed import article_updated_at
from articles.display.share_image import HEIGHT, WIDTH, ImageText, image_digest
from articles.models import Article, Claim, Ledger
from sources.models import Source

#: Topics that fit on one line above a headline.
MAX_TOPICS = 3
#: Characters of a description: more is cut wherever it is shown.
MAX_DESCRIPTION_CHARS = 200
#: A path of this site -> its whole address.
UrlBuilder = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ShareCard:
    """What goes into a page's head. Its own address and that of its picture are whole."""

    title: str
    description: str
    url: str
    kind: str  # https://ogp.me/#types
    image_url: str
    image_alt: str
    #: More properties, each with its value: article:published_time and the like.
    extra_properties: Sequence[tuple[str, str]] = ()
    width: int = WIDTH
    height: int = HEIGHT


def article_card(article: Article, absolute: UrlBuilder) -> ShareCard:
    """A story as ArticleQuerySet.for_page with_last_correction gives it; of a retracted one, only that it is."""
    retracted = article.status == Article.Status.RETRACTED
    live = article.live
    said = (live.summary or live.text) if live else ""
    topics = in_order(article.shown_topics)  # type: ignore[attr-defined]
    return _build_card(
        live.headline if live else "",
        _("This story has been retracted.") if retracted else Truncator(said).chars(MAX_DESCRIPTION_CHARS),
        article.get_absolute_url(),
        article_image_text(article),
        absolute,
        kind="article",
        more=(
            ("article:published_time", machine_time(article)),
            ("article:modified_time", article_updated_at(article).isoformat()),
            *(("article:tag", topic["name"]) for topic in topics if not retracted),
        ),
    )


def claim_card(claim: Claim, absolute: UrlBuilder) -> ShareCard:
    """A claim as ClaimQuerySet.for_page gives it."""
    words = claim_image_text(claim)
    description = " · ".join(part for part in (words.kicker, words.footer) if part)
    return _build_card(claim.statement, description, claim.get_absolute_url(), words, absolute)


def source_card(source: Source, absolute: UrlBuilder) -> ShareCard:
    """A source."""
    words = source_image_text(source)
    kind = "profile" if source.kind == Source.Kind.PERSON else "website"
    return _build_card(
        source.name, source.description or words.footer, source.get_absolute_url(), words, absolute, kind=kind
    )


def ledger_card(ledger: Ledger, absolute: UrlBuilder) -> ShareCard:
    """A ledger as ledgers.public_ledgers gives it; its picture is its chart."""
    changed = f"{ledger.last:%Y%m%d%H%M}-{ledger.figures}"  # type: ignore[attr-defined]
    return ShareCard(
        title=ledger.name,
        description=Truncator(ledger.description or ledger.name).chars(MAX_DESCRIPTION_CHARS),
        url=absolute(ledger.get_absolute_url()),
        kind="website",
        image_url=absolute(f"{reverse('articles:ledger-picture', args=[ledger.slug])}?v={changed}"),
        image_alt=_("Chart: %(name)s") % {"name": ledger.name},
        width=0,
        height=0,
    )


def _build_card(
    title: str,
    description: str,
    path: str,
    words: ImageText,
    absolute: UrlBuilder,
    *,
    kind: str = "website",
    more: Sequence[tuple[str, str]] = (),
) -> ShareCard:
    """The card of a page whose picture is at `share.png` below it; a changed picture has a changed address."""
    return ShareCard(
        title=title,
        description=description,
        url=absolute(path),
        kind=kind,
        image_url=absolute(f"{path}share.png?v={image_digest(words)}"),
        image_alt=" · ".join(part for part in (words.kicker, words.headline) if part),
        extra_properties=more,
    )


def site_image_text() -> ImageText:
    """Of the site as a whole."""
    return ImageText(
        headline=_("Who said what, and who passed it on"),
        site_name=settings.SITE_NAME,
    )


def article_image_text(article: Article) -> ImageText:
    """Of a story, as ArticleQuerySet.for_page or for_list gives it."""
    outlet = article.agency or article.publisher
    if article.status == Article.Status.RETRACTED:
        kicker = _("Retracted")
    else:
        kicker = " · ".join(topic["name"] for topic in in_order(article.shown_topics)[:MAX_TOPICS])  # type: ignore[attr-defined]
    return ImageText(
        headline=article.live.headline if article.live else "",
        kicker=kicker,
        footer=" · ".join(part for part in (outlet.name if outlet else "", published_day(article)) if part),
        site_name=settings.SITE_NAME,
    )


def claim_image_text(claim: Claim) -> ImageText:
    """Of a claim, as ClaimQuerySet.for_list or for_page gives it."""
    story = claim.article
    headline = story.live.headline if story.live else ""
    return ImageText(
        headline=capfirst(claim.statement),
        kicker=" → ".join(hop_name(hop) for hop in claim.chain),  # type: ignore[attr-defined]
        footer=f"{published_day(story)} · {headline}",
        site_name=settings.SITE_NAME,
    )


def source_image_text(source: Source) -> ImageText:
    """Of a source."""
    return ImageText(
        headline=source.name,
        kicker=capfirst(str(source.get_kind_display())),
        footer=_("What is on record here, and through whom"),
        site_name=settings.SITE_NAME,
    )


def site_image_url(absolute: UrlBuilder) -> str:
    """The address of the picture for pages without one of their own."""
    return absolute(f"{reverse('articles:site_picture')}?v={image_digest(site_image_text())}")
