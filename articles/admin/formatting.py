"""How rows are shown across the admin: links, states, chains, figures, at a glance."""

from __future__ import annotations

from django.db import models
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from articles.display.formatting import describe_bounds
from articles.models import Claim, Hop

ARROW = mark_safe(' <span class="arrow">→</span> ')


def admin_link(row: models.Model | None, text: str = "") -> SafeString | None:
    """A link to a row's page in the admin; None for no row, which the admin shows as its empty value."""
    if row is None:
        return None
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html('<a href="{}">{}</a>', reverse(name, args=[row.pk]), text or str(row))


def badge(state: str, label: str) -> SafeString:
    """A state in its colour; the word says it too."""
    return format_html('<span class="badge badge-{}">{}</span>', state, label)


def format_chain(claim: Claim) -> SafeString | None:
    """Who said it, origin first: "spy agency → Lee". Reads the claim's hops and their sources."""
    hops = list(claim.hops.all())
    if not hops:
        return None
    return format_html_join(ARROW, "{}", ((format_speaker(hop),) for hop in hops))


def format_speaker(hop: Hop) -> SafeString | str:
    """A source's name, or an unnamed speaker's mention with whom they speak for."""
    if hop.source is not None:
        return admin_link(hop.source) or ""
    whose = format_html(" ({})", hop.organisation.name) if hop.organisation else ""
    return format_html('<span class="unnamed">{}</span>{}', hop.mention, whose)


def format_quantities(claim: Claim) -> SafeString | None:
    """Return each figure with its bounds: "at least 100 (100 or more)". Reads the claim's quantities."""
    rows = [(quantity, describe_bounds(quantity)) for quantity in claim.quantities.all()]
    return format_html_join(" · ", '{} <span class="bounds">({})</span>', rows) if rows else None


def review_badge(claim: Claim) -> SafeString:
    """The state of review."""
    return badge(claim.review, claim.get_review_display())


def count_subquery(rows: QuerySet[models.Model], field: str) -> Coalesce:
    """How many `rows` point at each row of a list by `field`: counted for the rows of one page, not for all."""
    counted = rows.order_by().filter(**{field: OuterRef("pk")}).values(field).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
