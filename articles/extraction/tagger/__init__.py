"""The statistical tagger: who said what, found by a small network trained on marked news.

`tag(text)` reads English prose. It needs onnxruntime and numpy; `AVAILABLE` says whether they are installed. The network is loaded at the first call and kept, one session with one thread a process.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from articles.extraction.tagger.tagged import TaggedAttribution

if TYPE_CHECKING:
    from articles.extraction.tagger.inference import Tagger

REQUIRED_PACKAGES = ("numpy", "onnxruntime")
AVAILABLE = all(find_spec(name) is not None for name in REQUIRED_PACKAGES)

__all__ = [
    "AVAILABLE",
    "REQUIRED_PACKAGES",
    "TaggedAttribution",
    "TaggerUnavailableError",
    "load_tagger",
    "tag",
    "version",
]


class TaggerUnavailableError(RuntimeError):
    """The packages the tagger runs on are not installed."""


@cache
def load_tagger() -> Tagger:
    """The shipped tagger, loaded once a process. Raises Unavailable without its packages."""
    if not AVAILABLE:
        raise TaggerUnavailableError(f"the statistical tagger needs {', '.join(REQUIRED_PACKAGES)}")
    from articles.extraction.tagger.inference import Tagger  # only now: the packages may be missing

    return Tagger()


def tag(text: str, least: float | None = None) -> list[TaggedAttribution]:
    """The attributions of a text, in the order of their contents; offsets are code points of `text`, half-open.

    Any text will do, and the same text always gives the same answer. `least` is the least confidence to return;
    None takes the threshold that balances precision and recall. Raises Unavailable without the packages.
    """
    return load_tagger()(text, least)


def version() -> str:
    """The version of the shipped weights, to be kept with what they propose."""
    return load_tagger().version
