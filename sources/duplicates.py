"""Likely duplicates: pairs of sources that are probably one, each with the evidence, for an editor to decide.

`look` searches all sources; `evidence` says all there is about one pair. Names, kinds, Wikidata ids and affiliations
are known here; what else speaks for or against a pair (that both speak in the same stories) is known above, and joins
in by `observe`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from django.db import transaction

from sources.models import Affiliation, PossibleDuplicate, Source, SourceName
from sources.names import MIN_LIKELY_SCORE, acronym, compare_names, normalize_name, surname

Pair = tuple[int, int]  # keys of two sources, the smaller first
#: Pairs -> what is known of them, a sentence a pair; pairs nothing is known of are left out.
EvidenceProvider = Callable[[Sequence[Pair]], Mapping[Pair, str]]

#: A key that so many sources share tells none of them from another.
MAX_SOURCES_PER_KEY = 100
#: Letters at the beginning or the end that names spelt nearly alike have in common.
EDGE_LETTERS = 5
BATCH_SIZE = 500
#: Bodies are told apart by their names, not by which of these kinds copy gave them.
ORGANISATION_KINDS = frozenset({Source.Kind.ORGANISATION, Source.Kind.AGENCY, Source.Kind.GROUP})

_evidence_providers: list[EvidenceProvider] = []


@dataclass(slots=True)
class _ComparedSource:
    """What is compared of one source."""

    kind: str
    wikidata_id: str | None
    names: list[str] = field(default_factory=list)
    organisations: dict[int, str] = field(default_factory=dict)


def add_evidence_provider(observer: EvidenceProvider) -> None:
    """Let a layer above add what it knows of pairs."""
    if observer not in _evidence_providers:
        _evidence_providers.append(observer)


def list_evidence(one: Source, other: Source) -> list[str]:
    """All that speaks for two sources being one, in sentences; whatever speaks against it comes last."""
    pair = _ordered_pair(one.pk, other.pk)
    known = _load_sources(Source.objects.filter(pk__in=pair))
    said = _name_evidence(known[pair[0]], known[pair[1]])
    lines = [said[1]] if said else []
    lines += _affiliation_evidence(known[pair[0]], known[pair[1]])
    lines += [seen[pair] for observer in _evidence_providers if pair in (seen := observer([pair]))]
    return lines + _counter_evidence(known[pair[0]], known[pair[1]])


def find_duplicates() -> tuple[int, int]:
    """Search every source for likely duplicates; returns how many pairs are open now and how many are new.

    Pairs an editor judged stay judged. Time grows with the number of names, not with its square: only names that
    share a key (their words, their letters, an acronym, a surname and an initial, a beginning or an end) are compared.
    """
    known = _load_sources(Source.objects.current())
    found: dict[Pair, str] = {}
    for one, other in _candidate_pairs(known):
        a, b = known[one], known[other]
        if (one, other) in found or not _may_be_same(a, b):
            continue
        alike, shared = _name_evidence(a, b), _affiliation_evidence(a, b)
        if alike and (alike[0] >= MIN_LIKELY_SCORE or shared):
            found[one, other] = " ".join([alike[1], *shared])
    pairs = sorted(found)
    for start in range(0, len(pairs), BATCH_SIZE):
        part = pairs[start : start + BATCH_SIZE]
        for observer in _evidence_providers:
            for pair, seen in observer(part).items():
                found[pair] = f"{found[pair]} {seen}"
    return _save_pairs(found)


@transaction.atomic
def _save_pairs(found: Mapping[Pair, str]) -> tuple[int, int]:
    standing = {(row.first_id, row.second_id): row for row in PossibleDuplicate.objects.all()}
    new = [
        PossibleDuplicate(first_id=one, second_id=other, evidence=said)
        for (one, other), said in found.items()
        if (one, other) not in standing
    ]
    PossibleDuplicate.objects.bulk_create(new, batch_size=BATCH_SIZE, ignore_conflicts=True)
    for pair, row in standing.items():
        # What copy equated stays said: that is evidence no search finds again.
        if row.state == PossibleDuplicate.State.OPEN and pair in found and found[pair] not in row.evidence:
            first = row.evidence.split("\n", 1)[0]
            row.evidence = found[pair] if first.startswith(_NAME_EVIDENCE_PREFIX) else f"{first}\n{found[pair]}"
            row.save(update_fields=["evidence"])
    return PossibleDuplicate.objects.filter(state=PossibleDuplicate.State.OPEN).count(), len(new)


#: How evidence of names begins, as against what copy equated or an editor noted.
_NAME_EVIDENCE_PREFIX = "By name: "


def _load_sources(sources: Iterable[Source]) -> dict[int, _ComparedSource]:
    known = {source.pk: _ComparedSource(source.kind, source.wikidata_id) for source in sources}
    some = {"source_id__in": list(known)} if len(known) <= BATCH_SIZE else {}
    for source, name in (
        SourceName.objects.filter(**some).order_by("-preferred", "id").values_list("source_id", "name")
    ):
        if source in known:
            known[source].names.append(name)
    roles = Affiliation.objects.filter(**{key.replace("source", "person"): ids for key, ids in some.items()})
    for person, organisation, name in roles.exclude(organisation=None).values_list(
        "person_id", "organisation_id", "organisation__name"
    ):
        if person in known:
            known[person].organisations[organisation] = name
    return known


def _candidate_pairs(known: Mapping[int, _ComparedSource]) -> Iterator[Pair]:
    """Pairs that have a key in common; some of them more than once."""
    holders: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for source, one in known.items():
        for name in one.names:
            for key in _comparison_keys(name, one):
                holders[key].add(source)
    for some in holders.values():
        if 1 < len(some) <= MAX_SOURCES_PER_KEY:
            yield from combinations(sorted(some), 2)


def _comparison_keys(name: str, one: _ComparedSource) -> Iterator[tuple[str, str]]:
    folded = normalize_name(name)
    words, letters = folded.split(), folded.replace(" ", "")
    if not letters:
        return
    yield "words", " ".join(sorted(words))
    yield "letters", letters
    if len(words) > 1:
        yield "acronym", acronym(name)
        yield "name", f"{words[0][0]} {surname(name)}"
        for organisation in one.organisations:
            yield "house", f"{organisation} {surname(name)}"
    elif name.replace(".", "").isupper():
        yield "acronym", letters
    if len(letters) > 2 * EDGE_LETTERS:
        yield "beginning", letters[:EDGE_LETTERS]
        yield "end", letters[-EDGE_LETTERS:]


def _may_be_same(a: _ComparedSource, b: _ComparedSource) -> bool:
    return (a.kind == b.kind or {a.kind, b.kind} <= ORGANISATION_KINDS) and not _counter_evidence(a, b)


def _name_evidence(a: _ComparedSource, b: _ComparedSource) -> tuple[float, str] | None:
    """How alike the two most alike names are, and a sentence about it; None where they are not at all."""
    best = max(
        ((compare_names(one, other), one, other) for one in a.names for other in b.names),
        key=lambda row: row[0].score,
        default=None,
    )
    if best is None:
        return None
    likeness, one, other = best
    if likeness.score >= MIN_LIKELY_SCORE:
        return likeness.score, f"{_NAME_EVIDENCE_PREFIX}“{one}” and “{other}”: {likeness.reason}."
    if (
        a.kind == b.kind == Source.Kind.PERSON
        and surname(one) == surname(other)
        and normalize_name(one)[:1] == normalize_name(other)[:1]
    ):
        return (
            likeness.score,
            f"{_NAME_EVIDENCE_PREFIX}“{one}” and “{other}”: the same surname, and given names that begin alike.",
        )
    return None


def _affiliation_evidence(a: _ComparedSource, b: _ComparedSource) -> list[str]:
    shared = sorted(set(a.organisations.values()) & set(b.organisations.values()))
    return [f"Both belong to {', '.join(shared[:3])}."] if shared else []


def _counter_evidence(a: _ComparedSource, b: _ComparedSource) -> list[str]:
    if a.wikidata_id and b.wikidata_id and a.wikidata_id != b.wikidata_id:
        return [f"But Wikidata knows them as two: {a.wikidata_id} and {b.wikidata_id}."]
    return []


def _ordered_pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)
