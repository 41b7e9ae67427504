"""What becomes of kept claims when extraction runs again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from articles.claims.matching import FoundClaim, KeptClaim, match_claims


def kept(name: str, *spans: tuple[int, int], judged: bool = True) -> KeptClaim[str]:
    return KeptClaim(name, spans, judged)


def found(name: str, *spans: tuple[int, int]) -> FoundClaim[str]:
    return FoundClaim(name, spans)


def test_the_same_place_is_the_same_claim_and_is_not_proposed_again() -> None:
    plan = match_claims([kept("rejected", (10, 50))], [found("again", (10, 50))])
    assert (plan.new, plan.matched) == ((), (("rejected", "again"),))


def test_slightly_other_ends_are_the_same_claim() -> None:
    assert match_claims([kept("a", (10, 50))], [found("b", (12, 55))]).new == ()


def test_a_second_identical_no_of_the_same_speaker_is_a_claim_of_its_own() -> None:
    plan = match_claims([kept("first", (10, 13))], [found("x", (10, 13)), found("y", (60, 63))])
    assert (plan.matched, plan.new) == ((("first", "x"),), ("y",))


def test_a_judged_claim_whose_words_are_gone_is_lost_not_deleted() -> None:
    plan = match_claims([kept("a"), kept("b", judged=False)], [])
    assert (plan.lost, plan.withdrawn) == (("a",), ("b",))


def test_a_judged_claim_that_is_not_found_again_stays() -> None:
    assert match_claims([kept("a", (10, 50))], []).retained == ("a",)


def test_claims_that_pass_over_one_anothers_places_are_matched_by_the_best_overlap() -> None:
    plan = match_claims([kept("a", (0, 100)), kept("b", (90, 200))], [found("x", (85, 200)), found("y", (0, 95))])
    assert plan.matched == (("a", "y"), ("b", "x"))


def test_a_broken_quotation_is_compared_by_all_its_pieces() -> None:
    plan = match_claims([kept("a", (0, 20), (40, 60))], [found("x", (0, 20), (40, 60)), found("y", (20, 40))])
    assert (plan.matched, plan.new) == ((("a", "x"),), ("y",))


SPANS = st.lists(st.tuples(st.integers(0, 80), st.integers(1, 30)).map(lambda s: (s[0], s[0] + s[1])), max_size=2).map(
    tuple
)


@given(st.lists(st.tuples(SPANS, st.booleans()), max_size=6), st.lists(SPANS, max_size=6))
def test_every_claim_is_accounted_for_once(
    old: list[tuple[tuple[tuple[int, int], ...], bool]], new: list[tuple[tuple[int, int], ...]]
) -> None:
    plan = match_claims(
        [KeptClaim(i, spans, judged) for i, (spans, judged) in enumerate(old)],
        [FoundClaim(i, spans) for i, spans in enumerate(new)],
    )
    ours = [*(k for k, _ in plan.matched), *plan.retained, *plan.lost, *plan.withdrawn]
    assert sorted(ours) == list(range(len(old)))
    assert sorted([*plan.new, *(f for _, f in plan.matched)]) == list(range(len(new)))
    assert all(not old[i][1] for i in plan.withdrawn)
