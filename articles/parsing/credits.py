"""Recognise image credits: "KCNA", "REUTERS / Name", "Photo: …"."""

from __future__ import annotations

import re

from articles.parsing.agencies import find_agency

MAX_CREDIT_CHARS = 120  # code points
MAX_LABELLED_CREDIT_CHARS = 300  # "Photo: …" may also describe the image
CREDIT_LABEL = re.compile(
    r"(?:(?:file|handout|cover|main|lead)\s+)?(?:photo|image|picture|photograph|credit|graphic|illustration)s?"
    r"(?:\s+(?:by|credit|courtesy(?:\s+of)?))?\s*[:/]\s*(?P<credit>\S.*)"
    r"|(?:photo|image|picture|photograph|illustration)s?\s+(?:by|courtesy\s+of)\s+(?P<by>\S.*)"
    r"|©\s*(?P<owner>\S.*)",
    re.IGNORECASE,
)
PART_SEPARATOR = re.compile(r"\s*[/|]\s*|\s+via\s+", re.IGNORECASE)
#: Suppliers of images other than news agencies.
IMAGE_SUPPLIERS = re.compile(
    r"(?:getty images|shutterstock|alamy|handout|file photo|archive|press service|istock|unsplash|pixabay|wikimedia|zuma|"
    r"imago|epa|picture alliance|global look press|depositphotos)\b",
    re.IGNORECASE,
)
MAX_SUPPLIER_WORDS = 3  # "Getty Images Europe"; "Archive of the Lost" is not a supplier
#: A line with a slash and at most this many capitalised words is a name and a supplier.
MAX_NAME_WORDS = 6
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")


def parse_credit(line: str) -> str | None:
    """Return the image credit in a line, without its label; None for any other line."""
    line = line.strip()
    if len(line) <= MAX_LABELLED_CREDIT_CHARS and (match := CREDIT_LABEL.fullmatch(line)):
        return (match["credit"] or match["by"] or match["owner"]).strip()
    if not line or len(line) > MAX_CREDIT_CHARS or SENTENCE_END.search(line):
        return None
    parts = [part for part in PART_SEPARATOR.split(line) if part]
    if any(_is_image_supplier(part) for part in parts) and (len(parts) > 1 or _is_image_supplier(line)):
        return line if all(len(part.split()) <= MAX_NAME_WORDS for part in parts) else None
    words = line.split()
    are_names = len(words) <= MAX_NAME_WORDS and all(word[0].isupper() or word[0] in "/|" for word in words)
    return line if len(parts) > 1 and are_names else None


def is_labelled_credit(line: str) -> bool:
    """Return whether the line has a credit label ("Photo: …")."""
    return len(line) <= MAX_LABELLED_CREDIT_CHARS and CREDIT_LABEL.fullmatch(line.strip()) is not None


def _is_image_supplier(part: str) -> bool:
    return find_agency(part) is not None or (
        IMAGE_SUPPLIERS.match(part) is not None and len(part.split()) <= MAX_SUPPLIER_WORDS
    )
