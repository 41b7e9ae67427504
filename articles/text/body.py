"""Sanitise article HTML, extract its plain text, and mark ranges. Pure.

A body is a sequence of blocks (paragraphs, headings, list items, quotations). Its plain text is the text of the
blocks: NFC, white space collapsed, joined by a blank line. Anchors are code points in this text. A line break inside
a block is a space in the text, so a block is always one line.

`mark_html` and `marked_blocks` put marks around ranges of the text in the HTML, across elements if necessary.
"""

from __future__ import annotations

import html as entities
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

import nh3

#: Tags that a body may contain. Other tags are removed and their text is kept (except of scripts and styles).
BLOCK_TAGS = frozenset(("p", "h2", "h3", "blockquote", "li"))
CONTAINER_TAGS = frozenset(("ul", "ol"))
INLINE_TAGS = frozenset(("a", "strong", "em", "br", "sub", "sup"))
#: Tags that are replaced by an allowed one.
TAG_SYNONYMS = {"b": "strong", "i": "em", "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3"}
#: Removed elements that end a block at their start and end, so that words on both sides stay separate.
BOUNDARY_TAGS = frozenset(
    "address article aside center dd details dialog div dl dt fieldset figcaption figure footer form header hgroup hr "
    "main nav pre section summary table caption thead tbody tfoot tr td th".split()
)
ALLOWED_ATTRIBUTES = {"a": {"href"}}
ALLOWED_SCHEMES = {"http", "https", "mailto"}
#: Allowed link targets: a URL with one of the schemes, or a path or fragment of this site.
ALLOWED_LINK = re.compile(rf"(?:{'|'.join(sorted(ALLOWED_SCHEMES))}):|/(?!/)|#", re.IGNORECASE)
BLANK_LINE = "\n\n"
SPACES = re.compile(r"\s+")
#: Characters that are removed: control characters except white space, lone surrogates, noncharacters.
FORBIDDEN_CHARS = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A range of the plain text to wrap: code points, [start, end).

    `key` becomes the id of the first part and the data-mark of every part. Marks may share a key; then the first has
    the id. A mark with a `label` is followed by a link with that label to #note-<key>: a footnote link that needs no
    scripts.
    """

    key: str
    start: int
    end: int
    classes: str = ""
    label: str = ""
    title: str = ""  # the link's text for screen readers


@dataclass(frozen=True, slots=True)
class Block:
    """One marked block: HTML, range in the plain text, keys that begin in it."""

    html: str
    start: int
    end: int
    keys: tuple[str, ...]


def sanitise_html(html: str) -> str:
    """Return the HTML reduced to what a body may contain, block by block. Idempotent.

    Blocks are not nested: in a quotation, all blocks are quotations; list items contain only text; a list inside a
    list follows it. Links with other targets than allowed become plain text.
    """
    clean = nh3.clean(
        FORBIDDEN_CHARS.sub("", html),
        tags=set(BLOCK_TAGS | CONTAINER_TAGS | INLINE_TAGS | BOUNDARY_TAGS | TAG_SYNONYMS.keys()),
        attributes={tag: set(names) for tag, names in ALLOWED_ATTRIBUTES.items()},
        url_schemes=set(ALLOWED_SCHEMES),
        link_rel="noopener noreferrer",
        clean_content_tags={"script", "style", "template", "textarea", "title"},
    )
    return _render_blocks(_parse_blocks(clean), [])


def plain_text(html: str) -> str:
    """Return the plain text of a sanitised body, the text in which anchors count."""
    return BLANK_LINE.join(block.text for block in _parse_blocks(html))


def html_from_paragraphs(paragraphs: Iterable[str]) -> str:
    """Return a body of plain paragraphs.

    `plain_text` returns them unchanged if they are clean: NFC, no control characters, single spaces only, not empty.
    Others are cleaned first; empty ones are left out.
    """
    clean = (_normalize_nfc(SPACES.sub(" ", FORBIDDEN_CHARS.sub("", text)).strip()) for text in paragraphs)
    return "\n".join(f"<p>{entities.escape(text, quote=False)}</p>" for text in clean if text)


def mark_html(html: str, marks: Sequence[Mark]) -> str:
    """Return a sanitised body with marks. They may overlap; the HTML is well formed.

    A mark that crosses elements or blocks is written in parts. If two marks cover the same text, the one that begins
    first (then the longer one) is the outer one. White space between blocks is not marked. Raise ValueError for a
    mark that is empty or outside of the text.
    """
    blocks = _parse_blocks(html)
    return _render_blocks(blocks, _sort_marks(blocks, marks))


def marked_blocks(html: str, marks: Sequence[Mark] = ()) -> list[Block]:
    """Return the result of `mark_html` block by block.

    A list item comes in a list of its own; its number continues. Raise ValueError as `mark_html` does.
    """
    blocks = _parse_blocks(html)
    items: Counter[int] = Counter()
    marked = []
    for block, (inner, keys) in zip(blocks, _render_marked_blocks(blocks, _sort_marks(blocks, marks)), strict=True):
        element = f"<{block.tag}>{inner}</{block.tag}>"
        if block.container:
            items[block.list_number] += 1
            opening = f'<ol start="{items[block.list_number]}">' if block.container == "ol" else "<ul>"
            element = f"{opening}{element}</{block.container}>"
        marked.append(Block(element, block.start, block.end, keys))
    return marked


def block_starts(text: str) -> list[int]:
    """Return the start of each block of a plain text."""
    starts, index = [0], text.find(BLANK_LINE)
    while index != -1:
        starts.append(index + len(BLANK_LINE))
        index = text.find(BLANK_LINE, index + len(BLANK_LINE))
    return starts


# --- Parsing ----------------------------------------------------------------------------------

_InlineElements = tuple[tuple[str, str], ...]  # inline elements, outermost first: (tag, opening tag)


@dataclass(slots=True)
class _Run:
    """Text with the inline elements around it."""

    text: str
    elements: _InlineElements
    is_break: bool = False  # a line break: one space in the text, <br> in the HTML


@dataclass(slots=True)
class _ParsedBlock:
    """A parsed block: its tag, its list, its runs, and its place in the plain text."""

    tag: str
    container: str
    list_number: int  # number of its list in the body, from 1; 0: not a list item
    runs: list[_Run]
    start: int = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def end(self) -> int:
        return self.start + sum(len(run.text) for run in self.runs)


class _BlockParser(HTMLParser):
    """Parse HTML into blocks and runs.

    Accepts any HTML; the result is meaningful for a sanitised body.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[_ParsedBlock] = []
        self._runs: list[_Run] = []
        self._tags: list[str] = []  # open blocks and containers
        self._open: Counter[str] = Counter()  # number of open elements by tag
        self._around: list[tuple[str, str]] = []  # open inline elements, each tag once
        self._within: _InlineElements = ()
        self._lists: list[tuple[str, int]] = []
        self._list_count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = TAG_SYNONYMS.get(tag, tag)
        if tag in BOUNDARY_TAGS:
            self.flush()
        elif tag in BLOCK_TAGS or tag in CONTAINER_TAGS:
            self.flush()
            self._tags.append(tag)
            self._open[tag] += 1
            if tag in CONTAINER_TAGS:
                self._list_count += 1
                self._lists.append((tag, self._list_count))
        elif tag == "br":
            self._runs.append(_Run(" ", self._within, is_break=True))
        elif tag in INLINE_TAGS:
            self._open[tag] += 1
            if self._open[tag] == 1 and (opening := _opening_tag(tag, dict(attrs))):
                self._around.append((tag, opening))
                self._within = tuple(self._around)

    def handle_endtag(self, tag: str) -> None:
        tag = TAG_SYNONYMS.get(tag, tag)
        if tag in BOUNDARY_TAGS:
            self.flush()
        elif tag in BLOCK_TAGS or tag in CONTAINER_TAGS:
            self.flush()
            while self._open[tag]:
                closed = self._tags.pop()
                self._open[closed] -= 1
                if closed in CONTAINER_TAGS:
                    self._lists.pop()
                if closed == tag:
                    break
        elif tag in INLINE_TAGS and self._open[tag]:
            self._open[tag] -= 1
            if not self._open[tag]:
                self._around = [element for element in self._around if element[0] != tag]
                self._within = tuple(self._around)

    def handle_data(self, data: str) -> None:
        self._runs.append(_Run(data, self._within))

    def flush(self) -> None:
        """Finish the current block, if it has any text."""
        runs, self._runs = _collapse_spaces(self._runs), []
        if not runs:
            return
        container, number = self._lists[-1] if self._lists else ("", 0)
        if self._open["blockquote"]:
            self.blocks.append(_ParsedBlock("blockquote", "", 0, runs))
        elif self._open["li"] and container:
            self.blocks.append(_ParsedBlock("li", container, number, runs))
        else:
            heading = next((tag for tag in ("h2", "h3") if self._open[tag]), "p")
            self.blocks.append(_ParsedBlock(heading, "", 0, runs))


def _opening_tag(tag: str, attributes: dict[str, str | None]) -> str:
    """Return the opening tag; empty for a link without an allowed target."""
    if tag != "a":
        return f"<{tag}>"
    href = (attributes.get("href") or "").strip()
    return f'<a href="{entities.escape(href)}" rel="noopener noreferrer">' if ALLOWED_LINK.match(href) else ""


def _parse_blocks(html: str) -> list[_ParsedBlock]:
    parser = _BlockParser()
    parser.feed(html)
    parser.close()
    parser.flush()
    position = 0
    for block in parser.blocks:
        block.start = position
        position = block.end + len(BLANK_LINE)
    return parser.blocks


def _collapse_spaces(runs: list[_Run]) -> list[_Run]:
    """Return the runs with white space as a browser shows it, in NFC.

    A run of white space is one space or break; there is none at either end.
    """
    collapsed: list[_Run] = []
    for run in runs:
        if run.is_break:
            _strip_end(collapsed)
            if collapsed and not collapsed[-1].is_break:
                collapsed.append(run)
            continue
        text = SPACES.sub(" ", FORBIDDEN_CHARS.sub("", run.text))
        if not collapsed or collapsed[-1].text.endswith(" "):
            text = text.removeprefix(" ")
        if text and collapsed and not collapsed[-1].is_break and collapsed[-1].elements == run.elements:
            collapsed[-1].text += text
        elif text:
            collapsed.append(_Run(text, run.elements))
    _strip_end(collapsed)
    if collapsed and collapsed[-1].is_break:
        collapsed.pop()
    if not unicodedata.is_normalized("NFC", "".join(run.text for run in collapsed)):
        collapsed = _join_combining_marks(collapsed)
        for run in collapsed:
            run.text = _normalize_nfc(run.text)
    return collapsed


def _strip_end(runs: list[_Run]) -> None:
    """Remove a space at the end, and the last run if nothing else is in it."""
    if runs and not runs[-1].is_break and runs[-1].text.endswith(" "):
        runs[-1].text = runs[-1].text.removesuffix(" ")
        if not runs[-1].text:
            runs.pop()


def _join_combining_marks(runs: list[_Run]) -> list[_Run]:
    """Move combining marks at the start of a run to the letter before them."""
    joined: list[_Run] = []
    for run in runs:
        text = run.text
        if joined and not joined[-1].is_break and not run.is_break:
            count = next((i for i, char in enumerate(text) if not _is_combining(char)), len(text))
            joined[-1].text += text[:count]
            text = text[count:]
        if text:
            joined.append(_Run(text, run.elements, run.is_break))
    return joined


def _is_combining(char: str) -> bool:
    """Return whether NFC may join a character to the one before it.

    This is a mark, or a vowel or final consonant of a Korean syllable.
    """
    return unicodedata.category(char).startswith("M") or "\u1160" <= char <= "\u11ff"


def _normalize_nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


# --- Rendering --------------------------------------------------------------------------------


def _sort_marks(blocks: list[_ParsedBlock], marks: Sequence[Mark]) -> list[Mark]:
    """Return the marks by start, longer ones first, so that shorter ones nest inside.

    Marks with equal ranges keep their order.
    """
    length = blocks[-1].end if blocks else 0
    for mark in marks:
        if not 0 <= mark.start < mark.end <= length:
            raise ValueError(
                f"Mark {mark.key} covers {mark.start} to {mark.end}, but the text has {length} characters."
            )
    return sorted(marks, key=lambda mark: (mark.start, -mark.end))


def _render_blocks(blocks: list[_ParsedBlock], marks: list[Mark]) -> str:
    """Return the blocks as canonical HTML, one per line, lists around their items."""
    lines: list[str] = []
    container, number = "", 0
    for block, (inner, _) in zip(blocks, _render_marked_blocks(blocks, marks), strict=True):
        if block.list_number != number:
            lines.extend([f"</{container}>"] * bool(container) + [f"<{block.container}>"] * bool(block.container))
            container, number = block.container, block.list_number
        lines.append(f"<{block.tag}>{inner}</{block.tag}>")
    if container:
        lines.append(f"</{container}>")
    return "\n".join(lines)


def _render_marked_blocks(blocks: list[_ParsedBlock], marks: list[Mark]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each block's inner HTML and the keys that begin in it.

    Each mark is visited once per block that it touches.
    """
    started_keys: set[str] = set()
    touching: list[Mark] = []
    next_mark = 0
    for block in blocks:
        while next_mark < len(marks) and marks[next_mark].start < block.end:
            touching.append(marks[next_mark])
            next_mark += 1
        block_marks = [mark for mark in touching if mark.end > block.start]
        touching = [mark for mark in block_marks if mark.end > block.end]
        writer = _BlockWriter(started_keys)
        yield writer.write(block, block_marks), tuple(writer.keys)


class _BlockWriter:
    """Writes a block: text, inline elements, marks inside them, footnote links.

    Which marks should be open and which are open in the output is stored separately. Both are aligned before each
    piece of text, so no empty mark is written.
    """

    def __init__(self, begun: set[str]) -> None:
        self.keys: list[str] = []
        self._begun = begun
        self._out: list[str] = []
        self._around: _InlineElements = ()
        self._wanted: list[Mark] = []
        self._written: list[Mark] = []
        self._references: list[str] = []  # footnote links of ended marks, not written yet

    def write(self, block: _ParsedBlock, marks: list[Mark]) -> str:
        starting, ending = defaultdict(list), defaultdict(list)
        for mark in marks:
            starting[max(mark.start, block.start)].append(mark)
            ending[min(mark.end, block.end)].append(mark)
        edges = sorted(starting.keys() | ending.keys())
        edge, position = 0, block.start
        for run in block.runs:
            begin, end = position, position + len(run.text)
            while position < end:
                if edge < len(edges) and edges[edge] == position:
                    self._apply_edge(block, starting[position], ending[position])
                    edge += 1
                stop = min(end, edges[edge]) if edge < len(edges) else end
                self._update_open_tags(run.elements)
                self._out.append("<br>" if run.is_break else _escape(run.text[position - begin : stop - begin]))
                position = stop
        self._apply_edge(block, [], ending[position])
        self._update_open_tags(())
        return "".join(self._out)

    def _apply_edge(self, block: _ParsedBlock, starting: list[Mark], ending: list[Mark]) -> None:
        """End and begin marks at an edge."""
        if ending:
            ended = {id(mark) for mark in ending}
            self._wanted = [mark for mark in self._wanted if id(mark) not in ended]
            next_block_start = block.end + len(BLANK_LINE)
            # If several marks end at once, their links keep the order of the starts, so that numbers increase.
            self._references.extend(_note_link(mark) for mark in ending if mark.label and mark.end <= next_block_start)
        self._wanted.extend(starting)

    def _update_open_tags(self, around: _InlineElements) -> None:
        """Close and open tags as the next piece of text needs; write footnote links."""
        kept_marks = _common_prefix_length(self._written, self._wanted)
        kept_elements = _common_prefix_length(self._around, around)
        # A link cannot be inside a link. A footnote link is not part of the marked text, so it is outside of marks.
        in_link = any(tag == "a" for tag, _ in around[:kept_elements])
        references = [] if in_link else self._references
        if references or kept_elements < len(self._around) or kept_elements < len(around):
            kept_marks = 0
        self._out.append("</mark>" * (len(self._written) - kept_marks))
        self._out.extend(f"</{tag}>" for tag, _ in reversed(self._around[kept_elements:]))
        self._out.extend(references)
        if references:
            self._references = []
        self._out.extend(opening for _, opening in around[kept_elements:])
        self._out.extend(self._opening_mark_tag(mark) for mark in self._wanted[kept_marks:])
        self._around, self._written = around, list(self._wanted)

    def _opening_mark_tag(self, mark: Mark) -> str:
        key = entities.escape(mark.key)
        classes = f' class="{entities.escape(mark.classes)}"' if mark.classes else ""
        id_attribute = ""
        if mark.key not in self._begun:
            self._begun.add(mark.key)
            self.keys.append(mark.key)
            id_attribute = f' id="{key}"'
        return f'<mark{id_attribute}{classes} data-mark="{key}">'


def _common_prefix_length(first: Sequence[object], second: Sequence[object]) -> int:
    """Return the number of equal elements at the start of two sequences."""
    count = 0
    for a, b in zip(first, second, strict=False):
        if a is not b and a != b:
            break
        count += 1
    return count


def _escape(text: str) -> str:
    return entities.escape(text, quote=False)


def _note_link(mark: Mark) -> str:
    key, label, title = entities.escape(mark.key), entities.escape(mark.label), entities.escape(mark.title)
    return f'<a class="ref" id="ref-{key}" href="#note-{key}" aria-label="{title}">{label}</a>'
