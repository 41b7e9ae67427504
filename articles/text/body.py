"""Restricted HTML and its plain text. Pure and deterministic.

A body is a sequence of blocks (paragraphs, headings, list items, quotations). Its plain text is the
blocks' text, NFC, white space collapsed, joined by a blank line; anchors count code points in it. A
line break within a block is a space in the text, so that a block of the text is always one line.
`blocks` and `mark` put marks around ranges of the text in the HTML, whatever elements they cross.
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

#: What a body may contain. Everything else is dropped and its text kept (scripts and styles wholly).
BLOCK_TAGS = frozenset(("p", "h2", "h3", "blockquote", "li"))
CONTAINER_TAGS = frozenset(("ul", "ol"))
INLINE_TAGS = frozenset(("a", "strong", "em", "br", "sub", "sup"))
#: Read as what they mean.
TAG_SYNONYMS = {"b": "strong", "i": "em", "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3"}
#: Elements that end a block where they begin and end, and leave no trace: words on both sides stay apart.
BOUNDARY_TAGS = frozenset(
    "address article aside center dd details dialog div dl dt fieldset figcaption figure footer form header hgroup hr "
    "main nav pre section summary table caption thead tbody tfoot tr td th".split()
)
ALLOWED_ATTRIBUTES = {"a": {"href"}}
ALLOWED_SCHEMES = {"http", "https", "mailto"}
#: Where a link may lead: elsewhere by one of the schemes, or to a path or a place of this site.
ALLOWED_LINK = re.compile(rf"(?:{'|'.join(sorted(ALLOWED_SCHEMES))}):|/(?!/)|#", re.IGNORECASE)
BLANK_LINE = "\n\n"
SPACES = re.compile(r"\s+")
#: What no text may hold: control characters but white space, halves of surrogate pairs, non-characters.
FORBIDDEN_CHARS = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A range of the plain text to be wrapped, code points, [start, end).

    `key` becomes the id of the first piece and the data-mark of every piece; several marks may share
    a key, and the first of them has the id. A mark with a `label` is followed by a link with that
    label to #note-<key>: a footnote's, which works without scripts.
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


def sanitise_html(html: str) -> str:
    """Reduce HTML to what a body may contain, block by block. Sanitising twice is sanitising once.

    Blocks do not nest: in a quotation all blocks are quotations, a list's items hold text only, and
    a list within a list follows it. A link that leads nowhere allowed is its text alone.
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
    """The plain text of a sanitised body: what anchors count in."""
    return BLANK_LINE.join(block.text for block in _parse_blocks(html))


def html_from_paragraphs(paragraphs: Iterable[str]) -> str:
    """A body of plain paragraphs. `plain` gives them back as they were if they were clean.

    Clean is: NFC, no control characters, no white space but single spaces between words, not empty.
    Others are made so first; empty ones are left out.
    """
    clean = (_normalize_nfc(SPACES.sub(" ", FORBIDDEN_CHARS.sub("", text)).strip()) for text in paragraphs)
    return "\n".join(f"<p>{entities.escape(text, quote=False)}</p>" for text in clean if text)


def mark_html(html: str, marks: Sequence[Mark]) -> str:
    """A sanitised body with the marks in place. Marks may overlap; the HTML stays well formed.

    A mark that crosses elements or blocks is written in pieces. Of two marks over the same words the
    one that begins first, or else is longer, is outside. White space between blocks is not marked.
    Raises ValueError for a mark that is empty or reaches beyond the text.
    """
    read = _parse_blocks(html)
    return _render_blocks(read, _sort_marks(read, marks))


def marked_blocks(html: str, marks: Sequence[Mark] = ()) -> list[Block]:
    """What `mark` gives, a block at a time: what stands beside a block's claims can stand after it.

    An item of a list comes in a list of its own; its number goes on. Raises what `mark` raises.
    """
    read = _parse_blocks(html)
    items: Counter[int] = Counter()
    made = []
    for block, (inner, keys) in zip(read, _render_marked_blocks(read, _sort_marks(read, marks)), strict=True):
        element = f"<{block.tag}>{inner}</{block.tag}>"
        if block.container:
            items[block.list_number] += 1
            opening = f'<ol start="{items[block.list_number]}">' if block.container == "ol" else "<ul>"
            element = f"{opening}{element}</{block.container}>"
        made.append(Block(element, block.start, block.end, keys))
    return made


def block_starts(text: str) -> list[int]:
    """Where each block of a plain text begins."""
    starts, at = [0], text.find(BLANK_LINE)
    while at != -1:
        starts.append(at + len(BLANK_LINE))
        at = text.find(BLANK_LINE, at + len(BLANK_LINE))
    return starts


# --- Reading a body ---------------------------------------------------------------------------

_InlineElements = tuple[tuple[str, str], ...]  # inline elements, outermost first: (tag, its opening tag as written)


@dataclass(slots=True)
class _Run:
    """Text and the inline elements around it."""

    text: str
    elements: _InlineElements
    is_break: bool = False  # a line break: one space in the text, <br> in the HTML


@dataclass(slots=True)
class _ParsedBlock:
    """One block as read: its tag, its list (if any), its runs, and its place in the plain text."""

    tag: str
    container: str
    list_number: int  # which list of the body, from 1; 0: none
    runs: list[_Run]
    start: int = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def end(self) -> int:
        return self.start + sum(len(run.text) for run in self.runs)


class _BlockParser(HTMLParser):
    """Cuts HTML into blocks, and each into runs. Reads anything; means something for a sanitised body."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[_ParsedBlock] = []
        self._runs: list[_Run] = []
        self._tags: list[str] = []  # blocks and containers that are open
        self._open: Counter[str] = Counter()  # how many of each tag are open
        self._around: list[tuple[str, str]] = []  # each inline element once, however often it is nested
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
        """Close the block that is being read, if it has any text."""
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
    """As it is written; empty for a link that leads nowhere."""
    if tag != "a":
        return f"<{tag}>"
    href = (attributes.get("href") or "").strip()
    return f'<a href="{entities.escape(href)}" rel="noopener noreferrer">' if ALLOWED_LINK.match(href) else ""


def _parse_blocks(html: str) -> list[_ParsedBlock]:
    reader = _BlockParser()
    reader.feed(html)
    reader.close()
    reader.flush()
    at = 0
    for block in reader.blocks:
        block.start = at
        at = block.end + len(BLANK_LINE)
    return reader.blocks


def _collapse_spaces(runs: list[_Run]) -> list[_Run]:
    """White space as a browser shows it: runs of it are one space or break, none at either end; then NFC."""
    kept: list[_Run] = []
    for run in runs:
        if run.is_break:
            _strip_end(kept)
            if kept and not kept[-1].is_break:
                kept.append(run)
            continue
        text = SPACES.sub(" ", FORBIDDEN_CHARS.sub("", run.text))
        if not kept or kept[-1].text.endswith(" "):
            text = text.removeprefix(" ")
        if text and kept and not kept[-1].is_break and kept[-1].elements == run.elements:
            kept[-1].text += text
        elif text:
            kept.append(_Run(text, run.elements))
    _strip_end(kept)
    if kept and kept[-1].is_break:
        kept.pop()
    if not unicodedata.is_normalized("NFC", "".join(run.text for run in kept)):
        kept = _join_combining_marks(kept)
        for run in kept:
            run.text = _normalize_nfc(run.text)
    return kept


def _strip_end(runs: list[_Run]) -> None:
    """Take a space from the end, and the run that was nothing else."""
    if runs and not runs[-1].is_break and runs[-1].text.endswith(" "):
        runs[-1].text = runs[-1].text.removesuffix(" ")
        if not runs[-1].text:
            runs.pop()


def _join_combining_marks(runs: list[_Run]) -> list[_Run]:
    """Combining marks that begin a run belong to the letter before them: moved there, whatever element it is in."""
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
    """A mark, or a vowel or final of a Korean syllable: what NFC may join to what stands before it."""
    return unicodedata.category(char).startswith("M") or "\u1160" <= char <= "\u11ff"


def _normalize_nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


# --- Writing it again -------------------------------------------------------------------------


def _sort_marks(read: list[_ParsedBlock], marks: Sequence[Mark]) -> list[Mark]:
    """In the order in which they begin, longer ones first, so that shorter ones nest; ties as they were given."""
    length = read[-1].end if read else 0
    for one in marks:
        if not 0 <= one.start < one.end <= length:
            raise ValueError(f"Mark {one.key} covers {one.start} to {one.end} of a text of {length} characters.")
    return sorted(marks, key=lambda one: (one.start, -one.end))


def _render_blocks(read: list[_ParsedBlock], marks: list[Mark]) -> str:
    """The blocks as canonical HTML, a line each, lists around their items."""
    lines: list[str] = []
    container, number = "", 0
    for block, (inner, _) in zip(read, _render_marked_blocks(read, marks), strict=True):
        if block.list_number != number:
            lines.extend([f"</{container}>"] * bool(container) + [f"<{block.container}>"] * bool(block.container))
            container, number = block.container, block.list_number
        lines.append(f"<{block.tag}>{inner}</{block.tag}>")
    if container:
        lines.append(f"</{container}>")
    return "\n".join(lines)


def _render_marked_blocks(read: list[_ParsedBlock], marks: list[Mark]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each block's inner HTML and the keys that begin in it. A mark is looked at once for each block it touches."""
    begun: set[str] = set()
    touching: list[Mark] = []
    coming = 0
    for block in read:
        while coming < len(marks) and marks[coming].start < block.end:
            touching.append(marks[coming])
            coming += 1
        here = [one for one in touching if one.end > block.start]
        touching = [one for one in here if one.end > block.end]
        writer = _BlockWriter(begun)
        yield writer.write(block, here), tuple(writer.keys)


class _BlockWriter:
    """Writes one block: text, inline elements around it, marks inside those, references between them.

    The marks that are to be open and those that are written open are kept apart, and brought together
    before each piece of text: so no mark is ever written around nothing.
    """

    def __init__(self, begun: set[str]) -> None:
        self.keys: list[str] = []
        self._begun = begun
        self._out: list[str] = []
        self._around: _InlineElements = ()
        self._wanted: list[Mark] = []
        self._written: list[Mark] = []
        self._references: list[str] = []  # of marks that have ended, not written yet

    def write(self, block: _ParsedBlock, marks: list[Mark]) -> str:
        starting, ending = defaultdict(list), defaultdict(list)
        for one in marks:
            starting[max(one.start, block.start)].append(one)
            ending[min(one.end, block.end)].append(one)
        edges = sorted(starting.keys() | ending.keys())
        edge, at = 0, block.start
        for run in block.runs:
            begin, end = at, at + len(run.text)
            while at < end:
                if edge < len(edges) and edges[edge] == at:
                    self._apply_edge(block, starting[at], ending[at])
                    edge += 1
                stop = min(end, edges[edge]) if edge < len(edges) else end
                self._update_open_tags(run.elements)
                self._out.append("<br>" if run.is_break else _escape(run.text[at - begin : stop - begin]))
                at = stop
        self._apply_edge(block, [], ending[at])
        self._update_open_tags(())
        return "".join(self._out)

    def _apply_edge(self, block: _ParsedBlock, starting: list[Mark], ending: list[Mark]) -> None:
        """At an edge: some marks end, at least in this block, and others begin."""
        if ending:
            over = {id(one) for one in ending}
            self._wanted = [one for one in self._wanted if id(one) not in over]
            following = block.end + len(BLANK_LINE)
            # Where several end at once their references stand as they began: numbers go up.
            self._references.extend(_note_link(one) for one in ending if one.label and one.end <= following)
        self._wanted.extend(starting)

    def _update_open_tags(self, around: _InlineElements) -> None:
        """Close what ends before the next piece of text, write references, open what begins with it."""
        same = _common_prefix_length(self._written, self._wanted)
        elements = _common_prefix_length(self._around, around)
        # No link stands within a link, and no reference within a mark: it is not a part of the words.
        in_link = any(tag == "a" for tag, _ in around[:elements])
        references = [] if in_link else self._references
        if references or elements < len(self._around) or elements < len(around):
            same = 0
        self._out.append("</mark>" * (len(self._written) - same))
        self._out.extend(f"</{tag}>" for tag, _ in reversed(self._around[elements:]))
        self._out.extend(references)
        if references:
            self._references = []
        self._out.extend(opening for _, opening in around[elements:])
        self._out.extend(self._opening_mark_tag(one) for one in self._wanted[same:])
        self._around, self._written = around, list(self._wanted)

    def _opening_mark_tag(self, one: Mark) -> str:
        key = entities.escape(one.key)
        classes = f' class="{entities.escape(one.classes)}"' if one.classes else ""
        identity = ""
        if one.key not in self._begun:
            self._begun.add(one.key)
            self.keys.append(one.key)
            identity = f' id="{key}"'
        return f'<mark{identity}{classes} data-mark="{key}">'


def _common_prefix_length(one: Sequence[object], other: Sequence[object]) -> int:
    """How many elements two sequences begin with in common."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a is not b and a != b:
            break
        count += 1
    return count


def _escape(text: str) -> str:
    return entities.escape(text, quote=False)


def _note_link(one: Mark) -> str:
    key, label, title = entities.escape(one.key), entities.escape(one.label), entities.escape(one.title)
    return f'<a class="ref" id="ref-{key}" href="#note-{key}" aria-label="{title}">{label}</a>'
