"""Check the names of query parameters."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from django.utils.translation import gettext as _

#: Parameters that newsletters and social networks append to links. They are ignored.
TRACKING_PREFIX = "utm_"
TRACKING = frozenset({"fbclid", "gclid", "mc_cid", "mc_eid"})


def unknown_parameters(given: Iterable[str], known: Collection[str]) -> list[str]:
    """Return a message for each unknown parameter.

    If it looks like a typo of a known parameter, the message names that one.
    """
    return [
        _describe(name, known)
        for name in given
        if name not in known and name not in TRACKING and not name.startswith(TRACKING_PREFIX)
    ]


def _describe(name: str, known: Collection[str]) -> str:
    if similar := get_close_matches(name, known, n=1):
        return _("unknown parameter “%(name)s”; did you mean “%(similar)s”?") % {"name": name, "similar": similar[0]}
    return _("unknown parameter “%(name)s”") % {"name": name}
