"""Find who said what with a small neural network.

The network was trained on annotated English news. It needs onnxruntime and numpy; `AVAILABLE` says whether they are
installed. It is loaded at the first call and kept: one session with one thread per process.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from articles.extraction.tagger.windows import TaggedAttribution

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
    """The packages that the tagger needs are not installed."""


@cache
def load_tagger() -> Tagger:
    """Return the shipped tagger, loaded once per process.

    Raise TaggerUnavailableError if its packages are missing.
    """
    if not AVAILABLE:
        raise TaggerUnavailableError(f"the statistical tagger needs {', '.join(REQUIRED_PACKAGES)}")
    from articles.extraction.tagger.inference import Tagger  # imports packages that may be missing

    return Tagger()


def tag(text: str, least: float | None = None) -> list[TaggedAttribution]:
    """Return the attributions of a text in the order of their content.

    Accept any text. The same text always gives the same result. `least` is the lowest confidence to return; None uses
    the threshold that balances precision and recall. Raise TaggerUnavailableError if packages are missing.
    """
    return load_tagger()(text, least)


def version() -> str:
    """Return the version of the shipped weights, to store with its proposals."""
    return load_tagger().version
