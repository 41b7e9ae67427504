"""Open Graph data of pages, and the text of their share images."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from articles.display.formatting import chain_text, in_order, machine_time, published_day
from articles.display.last_changed import article_updated_at
from articles.display.share_image import HEIGHT, WIDTH, ImageText, image_digest
from articles.models import Article, Claim, Ledger
from sources.models import Source

#: Topics that fit on the line above a headline.
MAX_TOPICS = 3
#: Characters of a description. Other sites cut longer ones.
MAX_DESCRIPTION_CHARS = 200
#: A path of this site -> its absolute URL.
UrlBuilder = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ShareCard:
    """The Open Graph data of a page. Its URLs are absolute."""

    title: str
    description: str
    url: str
    kind: str  # https://ogp.me/#types
    image_url: str
    image_alt: str
    #: Further properties with their values, such as article:published_time.
    extra_properties: Sequence[tuple[str, str]] = ()
    width: int = WIDTH
    height: int = HEIGHT


def article_card(article: Article, absolute: UrlBuilder) -> ShareCard:
    """Return the card of an article.

    It is of ArticleQuerySet.for_page().with_last_correction().

    For a retracted article it has the headline and says that it is retracted.
    """
    retracted = article.status == Article.Status.RETRACTED
    live = article.live
    text = (live.summary or live.text) if live else ""
    topics = in_order(article.shown_topics)  # type: ignore[attr-defined]
    return _build_card(
        live.headline if live else "",
        _("This story has been retracted.") if retracted else Truncator(text).chars(MAX_DESCRIPTION_CHARS),
        article.get_absolute_url(),
        article_image_text(article),
        absolute,
        kind="article",
        extra_properties=(
            ("article:published_time", machine_time(article)),
            ("article:modified_time", article_updated_at(article).isoformat()),
            *(("article:tag", topic["name"]) for topic in topics if not retracted),
        ),
    )


def claim_card(claim: Claim, absolute: UrlBuilder) -> ShareCard:
    """Return the card of a claim of ClaimQuerySet.for_page."""
    image_text = claim_image_text(claim)
    description = " · ".join(part for part in (image_text.kicker, image_text.footer) if part)
    return _build_card(claim.statement, description, claim.get_absolute_url(), image_text, absolute)


def source_card(source: Source, absolute: UrlBuilder) -> ShareCard:
    image_text = source_image_text(source)
    kind = "profile" if source.kind == Source.Kind.PERSON else "website"
    return _build_card(
        source.name,
        source.description or image_text.footer,
        source.get_absolute_url(),
        image_text,
        absolute,
        kind=kind,
    )


def ledger_card(ledger: Ledger, absolute: UrlBuilder) -> ShareCard:
    """Return the card of a ledger of public_ledgers, with its chart as the image."""
    version = f"{ledger.last:%Y%m%d%H%M}-{ledger.figures}"  # type: ignore[attr-defined]
    return ShareCard(
        title=ledger.name,
        description=Truncator(ledger.description or ledger.name).chars(MAX_DESCRIPTION_CHARS),
        url=absolute(ledger.get_absolute_url()),
        kind="website",
        image_url=absolute(f"{reverse('articles:ledger-picture', args=[ledger.slug])}?v={version}"),
        image_alt=_("Chart: %(name)s") % {"name": ledger.name},
        width=0,
        height=0,
    )


def _build_card(
    title: str,
    description: str,
    path: str,
    image_text: ImageText,
    absolute: UrlBuilder,
    *,
    kind: str = "website",
    extra_properties: Sequence[tuple[str, str]] = (),
) -> ShareCard:
    """Return the card of a page with its image at `share.png`.

    The image's URL has a digest of its text, so that a changed image has another URL.
    """
    return ShareCard(
        title=title,
        description=description,
        url=absolute(path),
        kind=kind,
        image_url=absolute(f"{path}share.png?v={image_digest(image_text)}"),
        image_alt=" · ".join(part for part in (image_text.kicker, image_text.headline) if part),
        extra_properties=extra_properties,
    )


def site_image_text() -> ImageText:
    return ImageText(
        headline=_("Who said what, and who passed it on"),
        site_name=settings.SITE_NAME,
    )


def article_image_text(article: Article) -> ImageText:
    """Return the text for an article of ArticleQuerySet.for_page or for_list."""
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
    """Return the text for a claim of ClaimQuerySet.for_page or for_list."""
    article = claim.article
    headline = article.live.headline if article.live else ""
    return ImageText(
        headline=capfirst(claim.statement),
        kicker=chain_text(claim.chain),  # type: ignore[attr-defined]
        footer=f"{published_day(article)} · {headline}",
        site_name=settings.SITE_NAME,
    )


def source_image_text(source: Source) -> ImageText:
    return ImageText(
        headline=source.name,
        kicker=capfirst(str(source.get_kind_display())),
        footer=_("What they said, and through whom"),
        site_name=settings.SITE_NAME,
    )


def site_image_url(absolute: UrlBuilder) -> str:
    """Return the URL of the image for pages that have none."""
    return absolute(f"{reverse('articles:site_picture')}?v={image_digest(site_image_text())}")
