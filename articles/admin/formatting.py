"""Format rows for the admin's lists: links, states, chains, figures."""

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
    """Return a link to a row's page; None without a row."""
    if row is None:
        return None
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html('<a href="{}">{}</a>', reverse(name, args=[row.pk]), text or str(row))


def badge(state: str, label: str) -> SafeString:
    """Return a label in the colour of its state."""
    return format_html('<span class="badge badge-{}">{}</span>', state, label)


def format_chain(claim: Claim) -> SafeString | None:
    """Return the chain, origin first: "spy agency → Lee"."""
    hops = list(claim.hops.all())
    if not hops:
        return None
    return format_html_join(ARROW, "{}", ((format_speaker(hop),) for hop in hops))


def format_speaker(hop: Hop) -> SafeString | str:
    """Return a link to the source, or an unnamed speaker's mention."""
    if hop.source is not None:
        return admin_link(hop.source) or ""
    organisation = format_html(" ({})", hop.organisation.name) if hop.organisation else ""
    return format_html('<span class="unnamed">{}</span>{}', hop.mention, organisation)


def format_quantities(claim: Claim) -> SafeString | None:
    """Return each figure with its bounds: "at least 100 (100 or more)"."""
    rows = [(quantity, describe_bounds(quantity)) for quantity in claim.quantities.all()]
    return format_html_join(" · ", '{} <span class="bounds">({})</span>', rows) if rows else None


def review_badge(claim: Claim) -> SafeString:
    return badge(claim.review, claim.get_review_display())


def count_subquery(rows: QuerySet[models.Model], field: str) -> Coalesce:
    """Count the `rows` that point at a row of a list with `field`.

    A subquery: only the rows of one page are counted.
    """
    counted = rows.order_by().filter(**{field: OuterRef("pk")}).values(field).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
