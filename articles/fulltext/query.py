"""Parse search queries: words, "phrases", -exclusions, prefixes*, OR. Pure.

Every string is a valid query. Parts without meaning are ignored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from articles.fulltext.inflection import inflected_forms
from articles.fulltext.normalize import split_words

#: The rest of a longer query is ignored.
MAX_QUERY_CHARS, MAX_QUERY_TERMS = 400, 16
#: A longer word is treated as a prefix. PostgreSQL has no words of more than 2,046 bytes.
MAX_WORD_CHARS = 100
#: Words of nearly every article. They are ignored in a query with other words.
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
    """Normalized words in a row: one word, or a phrase."""

    words: tuple[str, ...]
    is_prefix: bool = False  # the last word is incomplete
    is_exact: bool = False  # in quotation marks: without other forms

    @property
    def alternatives(self) -> tuple[str, ...]:
        """Return a single word and its other forms; nothing for a phrase or a prefix."""
        if len(self.words) > 1 or self.is_prefix:
            return ()
        return self.words if self.is_exact else inflected_forms(self.words[0])

    def __str__(self) -> str:
        if self.is_exact:
            return f'"{" ".join(self.words)}"'
        return "-".join(self.words) + ("*" if self.is_prefix else "")


@dataclass(frozen=True, slots=True)
class Query:
    """One term of each of `groups` must match, and none of `excluded`."""

    groups: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = ()
    is_truncated: bool = False  # the end was ignored

    def __bool__(self) -> bool:
        """Return whether anything is searched for or excluded."""
        return bool(self.groups or self.excluded)

    @property
    def terms(self) -> tuple[Term, ...]:
        """Return all terms searched for."""
        return tuple(term for group in self.groups for term in group)

    def replace_words(self, replacements: dict[str, str]) -> Query:
        """Return the query with some words replaced."""
        groups = tuple(
            tuple(replace(term, words=tuple(replacements.get(word, word) for word in term.words)) for term in group)
            for group in self.groups
        )
        return replace(self, groups=groups)

    def with_last_word_as_prefix(self) -> Query:
        """Return the query with its last word as a prefix, for a query still being typed."""
        if not self.groups or self.groups[-1][-1].is_exact:
            return self
        *before, last = self.groups
        return replace(self, groups=(*before, (*last[:-1], replace(last[-1], is_prefix=True))))

    def __str__(self) -> str:
        """Return the query as it could be typed."""
        groups = [" OR ".join(map(str, group)) for group in self.groups]
        return " ".join([*groups, *(f"-{term}" for term in self.excluded)])


def parse_query(typed: str) -> Query:
    """Parse a query. Operators: OR (or |), - (or NOT), any quotation marks, a final *."""
    groups: list[tuple[Term, ...]] = []
    excluded: list[Term] = []
    is_alternative = is_excluded = False
    pieces = list(TOKEN_PATTERN.finditer(typed[:MAX_QUERY_CHARS]))
    for piece in pieces[:MAX_QUERY_TERMS]:
        word = piece["word"]
        if word is not None and not piece["minus"] and word in (*OR_OPERATORS, *AND_OPERATORS, NOT_OPERATOR):
            is_alternative, is_excluded = word in OR_OPERATORS, word == NOT_OPERATOR
            continue
        term = _parse_phrase(piece["phrase"]) if word is None else _parse_word(word)
        if term is None:
            continue
        if piece["minus"] or is_excluded:
            excluded.append(term)
        elif is_alternative and groups:
            groups[-1] = (*groups[-1], term)
        else:
            groups.append((term,))
        is_alternative = is_excluded = False
    content_groups = [group for group in groups if not _is_stop_word(group)]
    is_truncated = len(typed) > MAX_QUERY_CHARS or len(pieces) > MAX_QUERY_TERMS
    return Query(tuple(dict.fromkeys(content_groups or groups)), tuple(dict.fromkeys(excluded)), is_truncated)


def _parse_phrase(typed: str) -> Term | None:
    words = split_words(typed)
    return Term(_limit_words(words), is_exact=True) if words else None


def _parse_word(typed: str) -> Term | None:
    is_prefix = typed.endswith("*")
    words = split_words(POSSESSIVE_PATTERN.sub("", typed.strip("*.,;:!?()[]{}")))
    if not words:
        return None
    limited = _limit_words(words)
    return Term(limited, is_prefix=is_prefix or limited[-1] != words[len(limited) - 1])


def _limit_words(words: list[str]) -> tuple[str, ...]:
    return tuple(word[:MAX_WORD_CHARS] for word in words[:MAX_QUERY_TERMS])


def _is_stop_word(group: tuple[Term, ...]) -> bool:
    return all(
        len(term.words) == 1 and term.words[0] in STOP_WORDS and not (term.is_exact or term.is_prefix)
        for term in group
    )
