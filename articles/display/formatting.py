"""Text for readers, made from model instances and their JSON rows."""

from __future__ import annotations

from collections.abc import Iterable
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
from articles.text.numbers import plain_decimal
from articles.text.url_keys import url_host

FORM_LABELS = {
    Claim.Form.DIRECT: gettext_lazy("direct: the speaker’s own words"),
    Claim.Form.INDIRECT: gettext_lazy("indirect: in the writer’s words"),
    Claim.Form.MIXED: gettext_lazy("mixed: partly the speaker’s own words"),
}

#: A longer first paragraph is cut at a sentence or a word.
MAX_LEDE_CHARS = 320


# --- Figures ---


def bounds(quantity: Quantity) -> str:
    """Return the bounds of a figure in words, or "" if they add nothing to its text.

    They add nothing to an exact figure, nor to "fewer than 300".
    """
    if quantity.lower == quantity.upper and not quantity.approximate:
        return ""
    text = describe_bounds(quantity)
    return "" if text.casefold() == quantity.raw.casefold() else text


def describe_bounds(quantity: Quantity) -> str:
    """Return the bounds of a figure in words: "100 or more", "exactly 20".

    With its unit. "" if both bounds are open.
    """
    percent = "%" if quantity.unit == "%" else ""
    unit = f" {quantity.unit}" if quantity.unit and not percent else ""
    low, high = _format_bound(quantity.lower) + percent, _format_bound(quantity.upper) + percent
    if quantity.lower is None and quantity.upper is None:
        return ""
    if quantity.lower == quantity.upper:
        return (_("about %(n)s") if quantity.approximate else _("exactly %(n)s")) % {"n": low + unit}
    if quantity.upper is None:
        text = _("%(low)s or more") if quantity.lower_inclusive else _("more than %(low)s")
        return text % {"low": low + unit}
    if quantity.lower is None or (quantity.lower == 0 and quantity.lower_inclusive):
        if quantity.unit:  # a measure: "less than 5 km"
            text = _("%(high)s or less") if quantity.upper_inclusive else _("less than %(high)s")
        else:
            text = _("%(high)s or fewer") if quantity.upper_inclusive else _("fewer than %(high)s")
        return text % {"high": high + unit}
    if quantity.lower_inclusive and quantity.upper_inclusive:
        text = _("%(low)s to %(high)s")
    elif quantity.lower_inclusive:
        text = _("from %(low)s to under %(high)s")
    elif quantity.upper_inclusive:
        text = _("over %(low)s, up to %(high)s")
    else:
        text = _("between %(low)s and %(high)s, neither included")
    return text % {"low": low, "high": high + unit}


def _format_bound(value: Decimal | None) -> str:
    return "" if value is None else _format_number(plain_decimal(value))


def _format_number(value: Decimal | int) -> str:
    return number_format(value, force_grouping=True)


# --- Dates ---


def published(article: Article) -> str:
    """Return the day of publication, and the time if it is known."""
    time = _local_published_at(article)
    if time is None or article.published_precision == Article.Precision.DAY:
        return published_day(article)
    return f"{published_day(article)}, {date_format(time, 'H:i')} {time.tzname()}"


def published_day(article: Article) -> str:
    """Return the day on which an article was published."""
    time = _local_published_at(article)
    return _format_day(time) if time else ""


def machine_time(article: Article) -> str:
    """Return the time of publication, or the date, for a time element."""
    time = _local_published_at(article)
    if time is None:
        return ""
    return time.date().isoformat() if article.published_precision == Article.Precision.DAY else time.isoformat()


def _local_published_at(article: Article) -> datetime | None:
    if article.published_at is None:
        return None
    if article.published_precision == Article.Precision.DAY:
        return article.published_at.astimezone(UTC)  # stored as midnight UTC
    return timezone.localtime(article.published_at, timezone.get_default_timezone())


def day(iso_time: str) -> str:
    """Return the day of a time from a JSON row (articles.db.functions)."""
    time = datetime.fromisoformat(iso_time)
    if time.tzinfo is None:
        time = time.replace(tzinfo=UTC)  # SQLite stores times in UTC without an offset
    return _format_day(timezone.localtime(time))


def year(iso_date: str | None) -> str:
    """Return the year of a date from a JSON row."""
    return str(date.fromisoformat(iso_date[:10]).year) if iso_date else ""


def date_said(claim: Claim) -> str:
    """Return the day or days on which a claim was said; "" if unknown."""
    if claim.stated_from is None or claim.stated_to is None:
        return ""
    if claim.stated_from == claim.stated_to:
        return date_format(claim.stated_from, _("l j F Y"))
    return f"{_format_day(claim.stated_from)} – {_format_day(claim.stated_to)}"


def _format_day(value: date) -> str:
    return date_format(value, _("j F Y"))


# --- Claims and their speakers ---


def form_label(claim: Claim) -> str:
    """Return who worded the claim: the speaker, the writer or both."""
    return str(FORM_LABELS[Claim.Form(claim.form)])


def hop_name(hop: Hop) -> str:
    """Return the name of a hop's source, or the text's words for an unnamed one."""
    return hop.source.name if hop.source else hop.mention


def chain_text(hops: Iterable[Hop]) -> str:
    """Return the names of a chain, origin first: "Lee → Agency"."""
    return " → ".join(hop_name(hop) for hop in hops)


def claim_count_label(number: int) -> str:
    """Return how many claims a source has, counted up to MAX_COUNTED_CLAIMS."""
    if number > MAX_COUNTED_CLAIMS:
        return _("more than %(number)s claims") % {"number": _format_number(MAX_COUNTED_CLAIMS)}
    return ngettext("%(number)s claim", "%(number)s claims", number) % {"number": _format_number(number)}


# --- Articles ---


def lede(article: Article) -> str:
    """Return the text below a headline in a list: the summary or first paragraph."""
    if article.live is None:
        return ""
    text: str = article.live.summary or article.opening.split("\n\n")[0]  # type: ignore[attr-defined]
    if len(text) <= MAX_LEDE_CHARS:
        return text
    start = text[:MAX_LEDE_CHARS]
    for sentence_end in (". ", "? ", "! ", "” ", '" '):
        at = start.rfind(sentence_end)
        if at > MAX_LEDE_CHARS // 2:
            return start[: at + 1]
    return start.rsplit(" ", 1)[0].rstrip(",;:—– ") + "…"


def in_order(rows: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Sort JSON rows by their `order`, then by name."""
    return sorted(rows or [], key=lambda row: (row.get("order") or 0, str(row.get("name") or "")))


def newest_first(rows: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Sort JSON rows by `created_at`, newest first."""
    return sorted(rows or [], key=lambda row: str(row["created_at"]), reverse=True)


def first_image(article: Article) -> dict[str, Any] | None:
    """Return the first image of an article that has a file."""
    return next((image for image in in_order(article.shown_images) if image["file"]), None)  # type: ignore[attr-defined]


def writers(article: Article) -> list[str]:
    """Return the names of the byline in order, each once."""
    return list(dict.fromkeys(byline["name"] for byline in in_order(article.shown_bylines)))  # type: ignore[attr-defined]


def credits(article: Article) -> list[str]:
    """Return the credits of images that were imported without a file, each once."""
    images = in_order(article.shown_images)  # type: ignore[attr-defined]
    return list(dict.fromkeys(image["credit"] for image in images if image["credit"] and not image["file"]))


def correction_label(kind: str) -> str:
    """Return the name of a kind of correction: "correction", "retraction" …"""
    return str(Correction.Kind(kind).label)


# --- Other ---


def host(url: str) -> str:
    """Return the host of a URL without "www.", or the URL if it has none."""
    return url_host(url) or url


def direction(language: str) -> str:
    """Return the value of the dir attribute for a language: "rtl" or "ltr"."""
    return "rtl" if language.lower().split("-")[0] in settings.LANGUAGES_BIDI else "ltr"
