"""Names of query parameters: the known, the unknown, and those that trackers append."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from django.utils.translation import gettext as _

#: What newsletters and social networks append to a link. It asks for nothing.
TRACKING_PREFIX = "utm_"
TRACKING = frozenset({"fbclid", "gclid", "mc_cid", "mc_eid"})


def unknown_parameters(given: Iterable[str], known: Collection[str]) -> list[str]:
    """Return a sentence for each parameter that is not known, with the known one that it may be a typo of."""
    return [
        _describe(name, known)
        for name in given
        if name not in known and name not in TRACKING and not name.startswith(TRACKING_PREFIX)
    ]


def _describe(name: str, known: Collection[str]) -> str:
    if similar := get_close_matches(name, known, n=1):
        return _("unknown parameter “%(name)s”; did you mean “%(similar)s”?") % {"name": name, "similar": similar[0]}
    return _("unknown parameter “%(name)s”") % {"name": name}
