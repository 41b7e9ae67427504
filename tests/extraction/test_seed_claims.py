"""Test precision and recall on the seeds' claims, listed in seed_claims.tsv."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from articles.extraction import propose, tagger
from articles.parsing import Draft, read_articles

LIST_FILE = Path(__file__).parent / "seed_claims.tsv"
SEEDS = Path(__file__).parents[2] / "seeds"
#: Two statements with this share of words in common are the same claim.
MIN_SIMILARITY = 0.6
#: The minimum of precision and of recall, for the tagger and with the right speakers.
MIN_SCORE = 0.9


class SeedClaim(NamedTuple):
    article: str
    chain: tuple[str, ...]
    statement: str


def read_list() -> list[SeedClaim]:
    """Return the claims of the list. Raise ValueError for a malformed line."""
    claims, article = [], ""
    for line in LIST_FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("# 2"):
            article = line.removeprefix("# ")
        elif line and not line.startswith("#"):
            chain, statement = line.split("\t")
            claims.append(SeedClaim(article, tuple(chain.split(" > ")), statement))
    return claims


def find_claims() -> Iterator[SeedClaim]:
    for path in sorted(SEEDS.glob("*.txt")):
        drafts = [draft for draft in read_articles(path.read_bytes()) if isinstance(draft, Draft)]
        for number, draft in enumerate(drafts, 1):
            day = draft.published.date() if isinstance(draft.published, datetime) else draft.published
            for proposal in propose(draft.text, published=day, language="en"):
                if proposal.reporting:
                    chain = tuple(hop.speaker.name for hop in proposal.hops)
                    yield SeedClaim(f"{path.name} {number}", chain, proposal.statement)


def similarity(first: str, second: str) -> float:
    a, b = (set(re.findall(r"\w+", text.lower())) for text in (first, second))
    return len(a & b) / len(a | b)


def normalize_name(text: str) -> str:
    return re.sub(r"^(?:the|an?)\s+", "", text.casefold())


def match_claims(claims: list[SeedClaim], expected: list[SeedClaim]) -> list[tuple[SeedClaim, SeedClaim]]:
    """Pair each found claim with the expected one: same article, words and chain."""
    unmatched, pairs = list(expected), []
    for claim in claims:
        candidates = [
            other
            for other in unmatched
            if other.article == claim.article
            and list(map(normalize_name, other.chain)) == list(map(normalize_name, claim.chain))
            and similarity(claim.statement, other.statement) >= MIN_SIMILARITY
        ]
        if candidates:
            best = max(candidates, key=lambda other: similarity(claim.statement, other.statement))
            unmatched.remove(best)
            pairs.append((claim, best))
    return pairs


def test_every_seed_is_listed() -> None:
    files = {claim.article.split()[0] for claim in read_list()}

    assert files == {path.name for path in SEEDS.glob("*.txt")}


@pytest.mark.skipif(not tagger.AVAILABLE, reason="the statistical tagger's packages are not installed")
def test_seed_claims_are_found_with_their_speakers() -> None:
    expected, claims = read_list(), list(find_claims())
    pairs = match_claims(claims, expected)

    precision, recall = len(pairs) / len(claims), len(pairs) / len(expected)
    found_claims = [claim for claim, _ in pairs]
    found_expected = [other for _, other in pairs]
    differences = [f"+ {claim}" for claim in claims if claim not in found_claims] + [
        f"- {claim}" for claim in expected if claim not in found_expected
    ]

    assert precision >= MIN_SCORE, "\n".join((f"precision {precision:.3f}", *differences))
    assert recall >= MIN_SCORE, "\n".join((f"recall {recall:.3f}", *differences))
