"""Names of the outlets that an article comes from."""

from __future__ import annotations

from collections.abc import Iterable

from articles.parsing.agencies import list_agency_names


def outlet_names(outlets: Iterable[str | None]) -> tuple[str, ...]:
    """Return all names of the outlets that publish a text. None is skipped.

    An outlet is not a hop of the chains in its own text.
    """
    return tuple(name for outlet in outlets if outlet for name in list_agency_names(outlet))
