"""Lines -> paragraphs: hard wraps undone, cut paragraphs made whole, hyphens at line ends decided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from spellchecker import SpellChecker

from articles.importing.draft import Warning

#: A paragraph that ends like this is whole.
CLOSED = re.compile(r"[.!?:…;][\"'”’»)\]*]*$|[”\"]$|^[*\-–—_ ]{3,}$")
#: Words that no paragraph ends with.
FUNCTION_WORDS = frozenset(
    "a an the of to in on at by for from with without and or but nor as than that which who whom whose "
    "is are was were be been has have had will would could should may might must can its his her their our "
    "my your this these those into onto over under between among about after before during since until".split()
)
#: Lines of hard-wrapped text are no longer than this; longer ones are paragraphs already.
WRAPPED = 100
#: A wrapped line shorter than this share of the longest, and ended, ends its paragraph.
SHORT = 0.7
#: A line with no closing punctuation and fewer code points than this is a crosshead, not a cut paragraph.
CROSSHEAD = 60
BROKEN_WORD = re.compile(r"([^\W\d_]+)-$")
NEXT_WORD = re.compile(r"[^\W\d_]+")


def join_lines(lines: list[str]) -> list[str]:
    """Blocks between blank lines, each as its paragraphs' lines, wrapping undone: one string a paragraph.

    A break inside a word is left as "compro-\\n" for `mend_hyphens`, which sees the whole text.
    """
    paragraphs: list[str] = []
    for block in _blocks(lines):
        width = max(len(line) for line in block)
        current = ""
        for index, line in enumerate(block):
            current = _joined(current, line)
            last = index + 1 == len(block)
            ended = CLOSED.search(line) is not None
            if last or (ended and (width > WRAPPED or len(line) < SHORT * width)):
                paragraphs.append(current)
                current = ""
    return paragraphs


def rejoin(paragraphs: list[str]) -> tuple[list[str], list[Warning]]:
    """Make paragraphs whole that a blank line cut in two; say where one may be cut and was left."""
    whole: list[str] = []
    warnings: list[Warning] = []
    for paragraph in paragraphs:
        before = whole[-1] if whole else ""
        if before and not CLOSED.search(before):
            if _continues(before, paragraph):
                whole[-1] = _joined(before, paragraph)
                detail = f"A paragraph was cut before “{_glimpse(paragraph)}”; it was made whole."
                warnings.append(Warning("paragraph-rejoined", detail))
                continue
            if len(before) >= CROSSHEAD:
                detail = f"The paragraph before “{_glimpse(paragraph)}” ends without punctuation; it may be cut."
                warnings.append(Warning("possible-break", detail))
        whole.append(paragraph)
    return whole, warnings


def mend_hyphens(paragraphs: list[str]) -> tuple[list[str], list[Warning]]:
    """Decide each word broken at a line's end: is the hyphen the word's or the line's?

    Kept where the hyphenated form stands elsewhere in the text; dropped where the joined form does or
    is an ordinary word; kept with a warning otherwise.
    """
    if not any("-\n" in paragraph for paragraph in paragraphs):
        return [paragraph.replace("\n", "") for paragraph in paragraphs], []
    words = set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", " ".join(paragraphs).casefold()))
    warnings: list[Warning] = []

    def decide(match: re.Match[str]) -> str:
        first, second = match[1], match[2]
        hyphenated, joined = f"{first}-{second}", f"{first}{second}"
        if hyphenated.casefold() in words or first.isdigit() or not second[0].islower():
            return hyphenated
        if joined.casefold() in words or (first[0].islower() and ordinary(joined)) or ordinary(joined):
            return joined
        detail = f"“{hyphenated}” was broken at a line's end; its hyphen was kept."
        warnings.append(Warning("hyphen-kept", detail))
        return hyphenated

    mended = [re.sub(r"(\w+)-\n(\w+)", decide, paragraph).replace("\n", "") for paragraph in paragraphs]
    return mended, warnings


def ordinary(word: str) -> bool:
    """Is this an English word that a dictionary has?"""
    return word.casefold() in _dictionary()


@cache
def _dictionary() -> SpellChecker:
    return SpellChecker(language="en", distance=1)


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in (*lines, ""):
        if line.strip():
            block.append(re.sub(r"\s+", " ", line.strip()))
        elif block:
            yield block
            block = []


def _joined(before: str, line: str) -> str:
    if not before:
        return line
    if BROKEN_WORD.search(before) and NEXT_WORD.match(line):
        return f"{before}\n{line}"
    if before.endswith(("—", "/")) or (before.endswith("-") and before[-2:-1].isdigit()):
        return before + line
    return f"{before} {line}"


def _continues(before: str, after: str) -> bool:
    """Rule 8: does the second part go on where the first broke off?"""
    first = after.lstrip("\"'“‘(")[:1]
    if after[0] in ",;.:)!?—–" or after[0] == "…" or (first and first.islower()):
        return True
    last = re.findall(r"[\w'’]+", before)[-1:]
    return before.endswith((",", "—", "–", "-")) or (bool(last) and last[0].casefold() in FUNCTION_WORDS)


def _glimpse(paragraph: str) -> str:
    return paragraph if len(paragraph) <= 40 else paragraph[:39].rsplit(" ", 1)[0] + "…"
