"""Restricted HTML and its plain text. Pure and deterministic.

A body is a sequence of blocks (paragraphs, headings, list items, quotations). Its plain text is the
blocks' text, NFC, white space collapsed, joined by a blank line; anchors count code points in it.
`blocks` puts marks around such ranges in the HTML, whatever elements they cross.
"""

from __future__ import annotations

import html as entities
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise

import nh3

#: What a body may contain. Everything else is dropped and its text kept (scripts and styles wholly).
BLOCKS = frozenset(("p", "h2", "h3", "blockquote", "li"))
CONTAINERS = frozenset(("ul", "ol"))
INLINE = frozenset(("a", "strong", "em", "br", "sub", "sup"))
ATTRIBUTES = {"a": {"href"}}
SCHEMES = {"http", "https", "mailto"}
BLANK_LINE = "\n\n"
SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Mark:
    """A range of the plain text to be wrapped, code points, [start, end).

    `key` becomes the id of the first piece and the data-mark of every piece. A mark with a `label`
    is followed by a link with that label to #note-<key>: a footnote's, which works without scripts.
    """

    key: str
    start: int
    end: int
    classes: str = ""
    label: str = ""
    title: str = ""  # what the link says to a screen reader


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a body, marked: its HTML, where it stands in the plain text, the keys that begin in it."""

    html: str
    start: int
    end: int
    keys: tuple[str, ...]


def sanitise(html: str) -> str:
    """Reduce HTML to what a body may contain, block by block. Sanitising twice is sanitising once."""
    clean = nh3.clean(
        html,
        tags=set(BLOCKS | CONTAINERS | INLINE),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
        clean_content_tags={"script", "style", "template", "textarea", "title"},
    )
    return "\n".join(_rendered(_read(clean)))


def plain(html: str) -> str:
    """The plain text of a sanitised body: what anchors count in."""
    return BLANK_LINE.join(block.text for block in _read(html))


def from_paragraphs(paragraphs: Iterable[str]) -> str:
    """A body of plain paragraphs; `plain` gives them back if they are NFC and without runs of white space."""
    clean = (SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip() for text in paragraphs)
    return "\n".join(f"<p>{entities.escape(text, quote=False)}</p>" for text in clean if text)


def blocks(html: str, marks: Sequence[Mark] = ()) -> list[Block]:
    """The blocks of a sanitised body with the marks in place. Marks may overlap; the HTML stays well formed.

    Raises ValueError for a mark that is empty or reaches beyond the text.
    """
    read = _read(html)
    length = read[-1].end if read else 0
    for mark in marks:
        if not 0 <= mark.start < mark.end <= length:
            raise ValueError(f"Mark {mark.key} covers {mark.start} to {mark.end} of a text of {length} characters.")
    # Longer marks outside, so that nested ones nest; ties by key, so that the same input gives the same page.
    ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end, mark.key))
    begun: set[str] = set()
    return list(_marked(read, ordered, begun))


def block_starts(text: str) -> list[int]:
    """Where each block of a plain text begins."""
    starts, at = [0], text.find(BLANK_LINE)
    while at != -1:
        starts.append(at + len(BLANK_LINE))
        at = text.find(BLANK_LINE, at + len(BLANK_LINE))
    return starts


# --- Reading a body ---------------------------------------------------------------------------


@dataclass(slots=True)
class _Run:
    """Text with the inline elements around it, outermost first; None is a line break."""

    text: str
    around: tuple[tuple[str, str], ...]  # (tag, opening tag as written)


@dataclass(slots=True)
class _Read:
    """One block as read: its tag, its list (if any), its runs, and its place in the plain text."""

    tag: str
    container: str
    runs: list[_Run]
    start: int = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[_Read] = []
        self._runs: list[_Run] = []
        self._around: list[tuple[str, str]] = []
        self._tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS or tag in CONTAINERS:
            self.flush()
            self._tags.append(tag)
        elif tag == "br":
            self._runs.append(_Run(" ", tuple(self._around)))
        elif tag in INLINE:
            href = next((value for name, value in attrs if name == "href" and value), "")
            opening = f"<{tag}>"
            if tag == "a":
                rel = ' rel="noopener noreferrer"'
                opening = f'<a href="{entities.escape(href)}"{rel}>' if href else "<a>"
            self._around.append((tag, opening))

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS or tag in CONTAINERS:
            self.flush()
            if tag in self._tags:
                while self._tags.pop() != tag:
                    pass
        elif tag in INLINE and any(name == tag for name, _ in self._around):
            while self._around.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._runs.append(_Run(data, tuple(self._around)))

    def flush(self) -> None:
        """Close the block that is being read, if it has any text."""
        runs, self._runs = _collapsed(self._runs), []
        if runs:
            inner = next((tag for tag in reversed(self._tags) if tag in BLOCKS), "p")
            container = next((tag for tag in reversed(self._tags) if tag in CONTAINERS), "") if inner == "li" else ""
            if "blockquote" in self._tags:
                inner = "blockquote"
            self.blocks.append(_Read(inner, container, runs))


def _read(html: str) -> list[_Read]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.flush()
    at = 0
    for block in reader.blocks:
        block.start = at
        at = block.end + len(BLANK_LINE)
    return reader.blocks


def _collapsed(runs: list[_Run]) -> list[_Run]:
    """White space as a browser shows it: runs of it are one space, none at either end; then NFC."""
    kept: list[_Run] = []
    space = True  # a block does not begin with a space
    for run in runs:
        text = SPACES.sub(" ", run.text)
        if space:
            text = text.removeprefix(" ")
        if text:
            kept.append(_Run(text, run.around))
            space = text.endswith(" ")
    while kept and kept[-1].text.endswith(" "):
        kept[-1].text = kept[-1].text.removesuffix(" ")
        if not kept[-1].text:
            kept.pop()
    for index, run in enumerate(kept):
        # A mark that begins a run belongs to the letter before it, in another element; leave those apart.
        kept[index].text = unicodedata.normalize("NFC", run.text)
    return kept


# --- Writing it again -------------------------------------------------------------------------


def _rendered(read: list[_Read]) -> Iterator[str]:
    """The blocks as canonical HTML, a line each, lists around their items."""
    container = ""
    for block in read:
        if block.container != container:
            if container:
                yield f"</{container}>"
            if block.container:
                yield f"<{block.container}>"
            container = block.container
        yield f"<{block.tag}>{''.join(_pieces(block, [], set()))}</{block.tag}>"
    if container:
        yield f"</{container}>"


def _marked(read: list[_Read], marks: list[Mark], begun: set[str]) -> Iterator[Block]:
    """Each block with the marks that touch it; every mark is looked at once for each block it touches."""
    open_marks: list[Mark] = []
    coming = item = 0
    for number, block in enumerate(read):
        while coming < len(marks) and marks[coming].start < block.end:
            open_marks.append(marks[coming])
            coming += 1
        here = [mark for mark in open_marks if mark.end > block.start]
        open_marks = [mark for mark in here if mark.end > block.end]
        before = set(begun)
        html = f"<{block.tag}>{''.join(_pieces(block, here, begun))}</{block.tag}>"
        if block.container:
            # Each item in a list of its own, so that notes can stand between them; numbering goes on.
            follows = number > 0 and read[number - 1].container == block.container
            item = item + 1 if follows else 1
            opening = f'<ol start="{item}">' if block.container == "ol" else "<ul>"
            html = f"{opening}{html}</{block.container}>"
        keys = tuple(dict.fromkeys(mark.key for mark in here if mark.key not in before))
        yield Block(html, block.start, block.end, keys)


def _pieces(block: _Read, marks: list[Mark], begun: set[str]) -> Iterator[str]:
    """A block's inner HTML: runs cut where marks begin and end, marks inside the inline elements."""
    cuts = sorted({edge for mark in marks for edge in (mark.start, mark.end)})
    at = block.start
    around: tuple[tuple[str, str], ...] = ()
    for run in block.runs:
        shared = 0
        while shared < min(len(around), len(run.around)) and around[shared] == run.around[shared]:
            shared += 1
        yield "".join(f"</{tag}>" for tag, _ in reversed(around[shared:]))
        yield "".join(opening for _, opening in run.around[shared:])
        around = run.around
        end = at + len(run.text)
        edges = [at, *(cut for cut in cuts if at < cut < end), end]
        for start, stop in pairwise(edges):
            text = entities.escape(run.text[start - at : stop - at], quote=False)
            covering = [mark for mark in marks if mark.start <= start and stop <= mark.end]
            yield "".join(_opening(mark, begun) for mark in covering) + text + "</mark>" * len(covering)
            yield "".join(_reference(mark) for mark in reversed(covering) if mark.end == stop and mark.label)
        at = end
    yield "".join(f"</{tag}>" for tag, _ in reversed(around))


def _reference(mark: Mark) -> str:
    key, label, title = entities.escape(mark.key), entities.escape(mark.label), entities.escape(mark.title)
    return f'<a class="ref" id="ref-{key}" href="#note-{key}" aria-label="{title}">{label}</a>'


def _opening(mark: Mark, begun: set[str]) -> str:
    key = entities.escape(mark.key)
    classes = f' class="{entities.escape(mark.classes)}"' if mark.classes else ""
    identity = "" if mark.key in begun else f' id="{key}"'
    begun.add(mark.key)
    return f'<mark{identity}{classes} data-mark="{key}">'
