"""Values -> words for readers; used by templates and exports."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.models import Article, Claim, Correction, Hop, Quantity
from articles.queries.sources import MAX_COUNTED_CLAIMS
from articles.text.urls import url_host

FORM_LABELS = {
    Claim.Form.DIRECT: gettext_lazy("direct: the speaker’s own words"),
    Claim.Form.INDIRECT: gettext_lazy("indirect: told in the writer’s words"),
    Claim.Form.MIXED: gettext_lazy("mixed: partly the speaker’s own words"),
}


#: A first paragraph longer than this, in characters, is cut at a sentence or a word.
MAX_LEDE_CHARS = 320


def bounds(quantity: Quantity) -> str:
    """A figure's bounds in words: "100 or more", "from 900 to under 1,000".

    Nothing where that would say no more than the copy's own words: for an exact figure, and for
    "fewer than 300" itself.
    """
    said = _format_bounds(quantity)
    return "" if said.casefold() == quantity.raw.casefold() else said


def _format_bounds(quantity: Quantity) -> str:
    percent = "%" if quantity.unit == "%" else ""
    unit = f" {quantity.unit}" if quantity.unit and not percent else ""
    low, high = _format_number(quantity.lower) + percent, _format_number(quantity.upper) + percent
    if quantity.lower == quantity.upper:
        return _("about %(n)s") % {"n": low + unit} if quantity.approximate else ""
    if quantity.upper is None:
        words = _("%(low)s or more") if quantity.lower_inclusive else _("more than %(low)s")
        return words % {"low": low + unit}
    if quantity.lower is None or (quantity.lower == 0 and quantity.lower_inclusive):
        words = _("%(high)s or fewer") if quantity.upper_inclusive else _("fewer than %(high)s")
        return words % {"high": high + unit}
    if quantity.lower_inclusive and quantity.upper_inclusive:
        words = _("%(low)s to %(high)s")
    elif quantity.lower_inclusive:
        words = _("from %(low)s to under %(high)s")
    elif quantity.upper_inclusive:
        words = _("over %(low)s, up to %(high)s")
    else:
        words = _("between %(low)s and %(high)s, neither included")
    return words % {"low": low, "high": high + unit}


def published(article: Article) -> str:
    """When, as exactly as is known: a day alone, or the minute too, by the newsroom's clock."""
    when = _local_published_at(article)
    if when is None:
        return ""
    day = date_format(when, _("j F Y"))
    if article.published_precision == Article.Precision.DAY:
        return day
    return f"{day}, {date_format(when, 'H:i')} {when.tzname()}"


def published_day(article: Article) -> str:
    """The day alone, where space is short."""
    when = _local_published_at(article)
    return date_format(when, _("j F Y")) if when else ""


def machine_time(article: Article) -> str:
    """The same for a time element: a date, or a date and time with its offset."""
    when = _local_published_at(article)
    if when is None:
        return ""
    return when.date().isoformat() if article.published_precision == Article.Precision.DAY else when.isoformat()


def day(written: str) -> str:
    """A moment that came as JSON (articles.db.functions), as a day."""
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)  # SQLite keeps moments in UTC and does not say so
    return date_format(timezone.localtime(moment), _("j F Y"))


def year(written: str | None) -> str:
    """The year of a date that came as JSON."""
    return str(date.fromisoformat(written[:10]).year) if written else ""


def date_said(claim: Claim) -> str:
    """The day or days it was said; empty where nobody knows."""
    if claim.stated_from is None or claim.stated_to is None:
        return ""
    if claim.stated_from == claim.stated_to:
        return date_format(claim.stated_from, _("l j F Y"))
    return f"{date_format(claim.stated_from, _('j F Y'))} – {date_format(claim.stated_to, _('j F Y'))}"


def form_label(claim: Claim) -> str:
    """Whose words a claim is in."""
    return str(FORM_LABELS[Claim.Form(claim.form)])


def hop_name(hop: Hop) -> str:
    """A hop's source by name, or the words for somebody unnamed."""
    return hop.source.name if hop.source else hop.mention


def lede(article: Article) -> str:
    """What stands under a headline in a list: the summary, or else the first paragraph, cut where it can be."""
    if article.live is None:
        return ""
    words: str = article.live.summary or article.opening.split("\n\n")[0]  # type: ignore[attr-defined]
    if len(words) <= MAX_LEDE_CHARS:
        return words
    cut = words[:MAX_LEDE_CHARS]
    for end in (". ", "? ", "! ", "” ", '" '):
        at = cut.rfind(end)
        if at > MAX_LEDE_CHARS // 2:
            return cut[: at + 1]
    return cut.rsplit(" ", 1)[0].rstrip(",;:—– ") + "…"


def in_order(rows: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Rows that came as JSON, in their own order, or by name."""
    return sorted(rows or [], key=lambda row: (row.get("order") or 0, str(row.get("name") or "")))


def newest_first(rows: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Rows that came as JSON, by when they were made."""
    return sorted(rows or [], key=lambda row: str(row["created_at"]), reverse=True)


def first_image(article: Article) -> dict[str, Any] | None:
    """A story's first picture that there is a file of."""
    return next((image for image in in_order(article.shown_images) if image["file"]), None)  # type: ignore[attr-defined]


def writers(article: Article) -> list[str]:
    """The names of the byline, in order, each once."""
    return list(dict.fromkeys(line["name"] for line in in_order(article.shown_bylines)))  # type: ignore[attr-defined]


def credits(article: Article) -> list[str]:
    """Whom a story's pictures are credited to, where the copy came without their files."""
    images = in_order(article.shown_images)  # type: ignore[attr-defined]
    return list(dict.fromkeys(image["credit"] for image in images if image["credit"] and not image["file"]))


def host(url: str) -> str:
    """The host of an address, as a reader would say it."""
    return url_host(url) or url


def direction(language: str) -> str:
    """Which way a language is written, for the dir attribute: "rtl" or "ltr"."""
    return "rtl" if language.lower().split("-")[0] in settings.LANGUAGES_BIDI else "ltr"


def _local_published_at(article: Article) -> datetime | None:
    if article.published_at is None:
        return None
    if article.published_precision == Article.Precision.DAY:
        return article.published_at.astimezone(UTC)  # kept as midnight UTC
    return timezone.localtime(article.published_at, timezone.get_default_timezone())


def _format_number(value: Decimal | None) -> str:
    if value is None:
        return ""
    plain = value.to_integral_value() if value == value.to_integral_value() else value.normalize()
    return number_format(plain, use_l10n=True, force_grouping=True)


def claim_count_label(number: int) -> str:
    """How many claims a source on a list has, as far as they were counted (`speaking.COUNTED`)."""
    if number > MAX_COUNTED_CLAIMS:
        return _("more than %(number)s claims") % {"number": number_format(MAX_COUNTED_CLAIMS, force_grouping=True)}
    shown = {"number": number_format(number, force_grouping=True)}
    return ngettext("%(number)s claim", "%(number)s claims", number) % shown


def correction_label(kind: str) -> str:
    """What a note for readers is: “correction”, “retraction” …, in the site's language."""
    return str(Correction.Kind(kind).label)
