"""The claims of the project's own seeds, listed by hand (seed_claims.tsv), and how many of them are found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from articles.extraction import propose, tagger
from articles.parsing import Draft, read_articles

LISTED = Path(__file__).parent / "seed_claims.tsv"
SEEDS = Path(__file__).parents[2] / "seeds"
#: Statements with so many of their words in common are the same claim.
ALIKE = 0.6
#: Precision and recall, the speaker right, as the tagger must reach them.
WANTED = 0.9


class Listed(NamedTuple):
    story: str
    chain: tuple[str, ...]
    statement: str


def listed() -> list[Listed]:
    """The claims of the list; a line that is not in form fails here."""
    claims, story = [], ""
    for line in LISTED.read_text(encoding="utf-8").splitlines():
        if line.startswith("# 2"):
            story = line.removeprefix("# ")
        elif line and not line.startswith("#"):
            chain, statement = line.split("\t")
            claims.append(Listed(story, tuple(chain.split(" > ")), statement))
    return claims


def found() -> Iterator[Listed]:
    for path in sorted(SEEDS.glob("*.txt")):
        drafts = [draft for draft in read_articles(path.read_bytes()) if isinstance(draft, Draft)]
        for number, draft in enumerate(drafts, 1):
            day = draft.published.date() if isinstance(draft.published, datetime) else draft.published
            for proposal in propose(draft.text, published=day, language="en"):
                if proposal.reporting:
                    chain = tuple(hop.speaker.name for hop in proposal.hops)
                    yield Listed(f"{path.name} {number}", chain, proposal.statement)


def likeness(first: str, second: str) -> float:
    a, b = (set(re.findall(r"\w+", text.lower())) for text in (first, second))
    return len(a & b) / len(a | b)


def name(text: str) -> str:
    return re.sub(r"^(?:the|an?)\s+", "", text.casefold())


def matched(found: list[Listed], wanted: list[Listed]) -> list[tuple[Listed, Listed]]:
    """Pairs of a found claim and the listed one that it is: same story, same words, same chain."""
    left, pairs = list(wanted), []
    for one in found:
        fitting = [
            other
            for other in left
            if other.story == one.story
            and list(map(name, other.chain)) == list(map(name, one.chain))
            and likeness(one.statement, other.statement) >= ALIKE
        ]
        if fitting:
            best = max(fitting, key=lambda other: likeness(one.statement, other.statement))
            left.remove(best)
            pairs.append((one, best))
    return pairs


def test_every_seed_is_listed() -> None:
    stories = {claim.story.split()[0] for claim in listed()}
    assert stories == {path.name for path in SEEDS.glob("*.txt")}


@pytest.mark.skipif(not tagger.AVAILABLE, reason="the statistical tagger's packages are not installed")
def test_the_seeds_claims_are_found_with_their_speakers() -> None:
    wanted, got = listed(), list(found())
    pairs = matched(got, wanted)
    precision, recall = len(pairs) / len(got), len(pairs) / len(wanted)
    right = [one for one, _ in pairs]
    there = [other for _, other in pairs]
    odd = [f"+ {one}" for one in got if one not in right] + [f"- {one}" for one in wanted if one not in there]
    assert precision >= WANTED, "\n".join((f"precision {precision:.3f}", *odd))
    assert recall >= WANTED, "\n".join((f"recall {recall:.3f}", *odd))
