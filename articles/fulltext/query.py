"""What a reader asks, read: words, "phrases", -exclusions, beginnings*, OR. Pure: a string in, a Query out.

Every string is a query. What means nothing is left out; nothing is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from articles.fulltext.inflection import inflected_forms
from articles.fulltext.normalize import split_words

#: Of a longer query only the beginning is read.
MAX_QUERY_CHARS, MAX_QUERY_TERMS = 400, 16
#: A longer word is taken for the beginning of one; PostgreSQL has no words of more than 2,046 bytes.
MAX_WORD_CHARS = 100
#: Words that stand in every story: asked for along with others, they tell nothing.
STOP_WORDS = frozenset(
    "a an and are as at be but by for from has have he her his in is it its of on or s she that the their they "
    "this to was were which who will with".split()
)
TOKEN_PATTERN = re.compile(
    r"""(?P<minus>[-−]?)(?:["“”„«»](?P<phrase>[^"“”„«»]*)["“”„«»]?|(?P<word>[^\s"“”„«»]+))""",
)
OR_OPERATORS, AND_OPERATORS, NOT_OPERATOR = ("OR", "|", "||"), ("AND", "&", "&&", "+"), "NOT"
POSSESSIVE_PATTERN = re.compile(r"['’ʼ‘`´][sS]$")


@dataclass(frozen=True, slots=True)
class Term:
    """Folded words that must follow one another: one word, or a phrase."""

    words: tuple[str, ...]
    is_prefix: bool = False  # the last word is the beginning of one
    is_exact: bool = False  # in quotation marks: no other forms of it

    @property
    def alternatives(self) -> tuple[str, ...]:
        """For a single word, itself and its other forms; empty for a phrase or a beginning."""
        if len(self.words) > 1 or self.is_prefix:
            return ()
        return self.words if self.is_exact else inflected_forms(self.words[0])

    def __str__(self) -> str:
        if self.is_exact:
            return f'"{" ".join(self.words)}"'
        return "-".join(self.words) + ("*" if self.is_prefix else "")


@dataclass(frozen=True, slots=True)
class Query:
    """All of `groups` must be found, of each group one term at least, and none of `without`."""

    groups: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = ()
    is_truncated: bool = False  # there was more than is read

    def __bool__(self) -> bool:
        """Does it say anything to look for, or to leave out?"""
        return bool(self.groups or self.excluded)

    @property
    def terms(self) -> tuple[Term, ...]:
        """Everything looked for."""
        return tuple(term for group in self.groups for term in group)

    def replace_words(self, nearer: dict[str, str]) -> Query:
        """The same with some of its words replaced by others."""
        groups = tuple(
            tuple(replace(term, words=tuple(nearer.get(word, word) for word in term.words)) for term in group)
            for group in self.groups
        )
        return replace(self, groups=groups)

    def with_last_word_as_prefix(self) -> Query:
        """The same with its last word taken for the beginning of one, as while somebody types."""
        if not self.groups or self.groups[-1][-1].is_exact:
            return self
        *before, last = self.groups
        return replace(self, groups=(*before, (*last[:-1], replace(last[-1], is_prefix=True))))

    def __str__(self) -> str:
        """As it could be typed."""
        said = [" OR ".join(map(str, group)) for group in self.groups]
        return " ".join([*said, *(f"-{term}" for term in self.excluded)])


def parse_query(typed: str) -> Query:
    """Read what was typed. Operators are OR (or |), - (or NOT), quotation marks of any kind and a final *."""
    groups: list[tuple[Term, ...]] = []
    without: list[Term] = []
    joins = excludes = False
    pieces = list(TOKEN_PATTERN.finditer(typed[:MAX_QUERY_CHARS]))
    for piece in pieces[:MAX_QUERY_TERMS]:
        word = piece["word"]
        if word is not None and not piece["minus"] and word in (*OR_OPERATORS, *AND_OPERATORS, NOT_OPERATOR):
            joins, excludes = word in OR_OPERATORS, word == NOT_OPERATOR
            continue
        term = _parse_phrase(piece["phrase"]) if word is None else _parse_word(word)
        if term is None:
            continue
        if piece["minus"] or excludes:
            without.append(term)
        elif joins and groups:
            groups[-1] = (*groups[-1], term)
        else:
            groups.append((term,))
        joins = excludes = False
    telling = [group for group in groups if not _is_stop_word(group)]
    cut = len(typed) > MAX_QUERY_CHARS or len(pieces) > MAX_QUERY_TERMS
    return Query(tuple(dict.fromkeys(telling or groups)), tuple(dict.fromkeys(without)), cut)


def _parse_phrase(words: str) -> Term | None:
    found = split_words(words)
    return Term(_limit_words(found), is_exact=True) if found else None


def _parse_word(typed: str) -> Term | None:
    prefix = typed.endswith("*")
    found = split_words(POSSESSIVE_PATTERN.sub("", typed.strip("*.,;:!?()[]{}")))
    if not found:
        return None
    bounded = _limit_words(found)
    return Term(bounded, is_prefix=prefix or bounded[-1] != found[: len(bounded)][-1])


def _limit_words(words: list[str]) -> tuple[str, ...]:
    return tuple(word[:MAX_WORD_CHARS] for word in words[:MAX_QUERY_TERMS])


def _is_stop_word(group: tuple[Term, ...]) -> bool:
    return all(
        len(term.words) == 1 and term.words[0] in STOP_WORDS and not (term.is_exact or term.is_prefix)
        for term in group
    )
