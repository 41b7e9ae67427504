"""Existing claims when the extractor runs again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from articles.claims.matching import FoundClaim, KeptClaim, match_claims


def kept(name: str, *spans: tuple[int, int], is_reviewed: bool = True) -> KeptClaim[str]:
    return KeptClaim(name, spans, is_reviewed)


def found(name: str, *spans: tuple[int, int]) -> FoundClaim[str]:
    return FoundClaim(name, spans)


def test_claim_in_the_same_place_is_not_proposed_again() -> None:
    plan = match_claims([kept("rejected", (10, 50))], [found("again", (10, 50))])
    assert (plan.new, plan.matched) == ((), (("rejected", "again"),))


def test_claim_with_slightly_different_ends_is_the_same() -> None:
    assert match_claims([kept("a", (10, 50))], [found("b", (12, 55))]).new == ()


def test_second_identical_statement_is_another_claim() -> None:
    plan = match_claims([kept("first", (10, 13))], [found("x", (10, 13)), found("y", (60, 63))])
    assert (plan.matched, plan.new) == ((("first", "x"),), ("y",))


def test_reviewed_claim_without_words_is_lost_not_deleted() -> None:
    plan = match_claims([kept("a"), kept("b", is_reviewed=False)], [])
    assert (plan.lost, plan.withdrawn) == (("a",), ("b",))


def test_reviewed_claim_not_found_again_stays() -> None:
    assert match_claims([kept("a", (10, 50))], []).retained == ("a",)


def test_crossing_claims_are_matched_by_best_overlap() -> None:
    plan = match_claims([kept("a", (0, 100)), kept("b", (90, 200))], [found("x", (85, 200)), found("y", (0, 95))])
    assert plan.matched == (("a", "y"), ("b", "x"))


def test_split_quotation_is_compared_by_all_its_pieces() -> None:
    plan = match_claims([kept("a", (0, 20), (40, 60))], [found("x", (0, 20), (40, 60)), found("y", (20, 40))])
    assert (plan.matched, plan.new) == ((("a", "x"),), ("y",))


SPANS = st.lists(st.tuples(st.integers(0, 80), st.integers(1, 30)).map(lambda s: (s[0], s[0] + s[1])), max_size=2).map(
    tuple
)


@given(st.lists(st.tuples(SPANS, st.booleans()), max_size=6), st.lists(SPANS, max_size=6))
def test_each_claim_is_in_the_plan_once(
    old: list[tuple[tuple[tuple[int, int], ...], bool]], new: list[tuple[tuple[int, int], ...]]
) -> None:
    plan = match_claims(
        [KeptClaim(i, spans, is_reviewed) for i, (spans, is_reviewed) in enumerate(old)],
        [FoundClaim(i, spans) for i, spans in enumerate(new)],
    )
    ids = [*(k for k, _ in plan.matched), *plan.retained, *plan.lost, *plan.withdrawn]

    assert sorted(ids) == list(range(len(old)))
    assert sorted([*plan.new, *(f for _, f in plan.matched)]) == list(range(len(new)))
    assert all(not old[i][1] for i in plan.withdrawn)
