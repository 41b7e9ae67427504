"""Names of the outlets that an article comes from."""

from __future__ import annotations

from collections.abc import Iterable

from articles.parsing.agencies import list_agency_names


def outlet_names(outlets: Iterable[str | None]) -> tuple[str, ...]:
    """Return all names of those who publish a text: they are not steps of its chains. None is skipped."""
    return tuple(name for outlet in outlets if outlet for name in list_agency_names(outlet))
