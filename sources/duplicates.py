"""Find pairs of sources that may be the same, with the evidence.

An editor decides.

This module compares names, kinds, Wikidata IDs and affiliations. Packages above add more evidence, for example from
claims, with `add_evidence_provider`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from django.db import transaction
from django.utils.translation import gettext as _

from sources.models import Affiliation, PossibleDuplicate, Source, SourceName
from sources.names import MIN_LIKELY_SCORE, acronym, compare_names, normalize_name, surname

Pair = tuple[int, int]  # keys of two sources, the smaller first
#: Return a sentence of evidence for each pair that has some.
EvidenceProvider = Callable[[Sequence[Pair]], Mapping[Pair, str]]

#: A key that more sources share says nothing about any two of them.
MAX_SOURCES_PER_KEY = 100
#: Letters compared at the beginning and at the end of a name, to find spellings that differ a little.
EDGE_LETTERS = 5
BATCH_SIZE = 500
#: Kinds that stories mix up. Sources of these kinds may be duplicates of one another.
ORGANISATION_KINDS = frozenset({Source.Kind.ORGANISATION, Source.Kind.AGENCY, Source.Kind.GROUP})

_evidence_providers: list[EvidenceProvider] = []


@dataclass(slots=True)
class _ComparedSource:
    kind: str
    wikidata_id: str | None
    names: list[str] = field(default_factory=list)
    organisations: dict[int, str] = field(default_factory=dict)  # key -> name


def add_evidence_provider(provider: EvidenceProvider) -> None:
    """Let this function add evidence from now on."""
    if provider not in _evidence_providers:
        _evidence_providers.append(provider)


def list_evidence(source: Source, other: Source) -> list[str]:
    """Return the evidence that two sources are the same, in sentences.

    Evidence against it comes last.
    """
    pair = _ordered_pair(source.pk, other.pk)
    compared = _load_sources(Source.objects.filter(pk__in=pair))
    a, b = compared[pair[0]], compared[pair[1]]
    by_name = _name_evidence(a, b)
    sentences = [by_name[1]] if by_name else []
    sentences += _affiliation_evidence(a, b)
    sentences += [found[pair] for provider in _evidence_providers if pair in (found := provider([pair]))]
    return sentences + _counter_evidence(a, b)


def find_duplicates() -> tuple[int, int]:
    """Search all sources for possible duplicates.

    Return how many pairs are open and how many of them are new.

    Pairs that an editor has decided keep their state. Time grows with the number of names, not with its square: only
    names that share a key are compared (`_comparison_keys`).
    """
    compared = _load_sources(Source.objects.current())
    found: dict[Pair, str] = {}
    for pair in _candidate_pairs(compared):
        a, b = compared[pair[0]], compared[pair[1]]
        if pair in found or not _may_be_same(a, b):
            continue
        by_name, by_affiliation = _name_evidence(a, b), _affiliation_evidence(a, b)
        if by_name and (by_name[0] >= MIN_LIKELY_SCORE or by_affiliation):
            found[pair] = " ".join([by_name[1], *by_affiliation])
    pairs = sorted(found)
    for start in range(0, len(pairs), BATCH_SIZE):
        batch = pairs[start : start + BATCH_SIZE]
        for provider in _evidence_providers:
            for pair, sentence in provider(batch).items():
                found[pair] = f"{found[pair]} {sentence}"
    return _save_pairs(found)


@transaction.atomic
def _save_pairs(found: Mapping[Pair, str]) -> tuple[int, int]:
    existing = {(row.first_id, row.second_id): row for row in PossibleDuplicate.objects.all()}
    new = [
        PossibleDuplicate(first_id=first, second_id=second, evidence=evidence)
        for (first, second), evidence in found.items()
        if (first, second) not in existing
    ]
    PossibleDuplicate.objects.bulk_create(new, batch_size=BATCH_SIZE, ignore_conflicts=True)
    for pair, row in existing.items():
        # Evidence from a story stays, because no search finds it again.
        if row.state == PossibleDuplicate.State.OPEN and pair in found and found[pair] not in row.evidence:
            first_line = row.evidence.split("\n", 1)[0]
            keep_first_line = not first_line.startswith(_name_evidence_prefix())
            row.evidence = f"{first_line}\n{found[pair]}" if keep_first_line else found[pair]
            row.save(update_fields=["evidence"])
    return PossibleDuplicate.objects.filter(state=PossibleDuplicate.State.OPEN).count(), len(new)


def _name_evidence_prefix() -> str:
    """Return how evidence by name begins. Evidence from stories begins otherwise."""
    return _("By name:")


def _load_sources(sources: Iterable[Source]) -> dict[int, _ComparedSource]:
    """Return what is compared of each source, by key.

    Two queries besides that of `sources`.
    """
    compared = {source.pk: _ComparedSource(source.kind, source.wikidata_id) for source in sources}
    names = SourceName.objects.order_by("-preferred", "id")
    affiliations = Affiliation.objects.exclude(organisation=None)
    if len(compared) <= BATCH_SIZE:
        names = names.filter(source_id__in=list(compared))
        affiliations = affiliations.filter(person_id__in=list(compared))
    for source, name in names.values_list("source_id", "name"):
        if source in compared:
            compared[source].names.append(name)
    for person, organisation, name in affiliations.values_list("person_id", "organisation_id", "organisation__name"):
        if person in compared:
            compared[person].organisations[organisation] = name
    return compared


def _candidate_pairs(compared: Mapping[int, _ComparedSource]) -> Iterator[Pair]:
    """Yield the pairs that share a key; some more than once."""
    by_key: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for pk, source in compared.items():
        for name in source.names:
            for key in _comparison_keys(name, source):
                by_key[key].add(pk)
    for pks in by_key.values():
        if 1 < len(pks) <= MAX_SOURCES_PER_KEY:
            yield from combinations(sorted(pks), 2)


def _comparison_keys(name: str, source: _ComparedSource) -> Iterator[tuple[str, str]]:
    """Yield the keys of a name. Two names without a common key are not similar."""
    normalized = normalize_name(name)
    words, letters = normalized.split(), normalized.replace(" ", "")
    if not letters:
        return
    yield "words", " ".join(sorted(words))
    yield "letters", letters
    if len(words) > 1:
        yield "acronym", acronym(name)
        yield "name", f"{words[0][0]} {surname(name)}"
        for organisation in source.organisations:
            yield "organisation", f"{organisation} {surname(name)}"
    elif name.replace(".", "").isupper():
        yield "acronym", letters
    if len(letters) > 2 * EDGE_LETTERS:
        yield "beginning", letters[:EDGE_LETTERS]
        yield "end", letters[-EDGE_LETTERS:]


def _may_be_same(a: _ComparedSource, b: _ComparedSource) -> bool:
    return (a.kind == b.kind or {a.kind, b.kind} <= ORGANISATION_KINDS) and not _counter_evidence(a, b)


def _name_evidence(a: _ComparedSource, b: _ComparedSource) -> tuple[float, str] | None:
    """Return the best score and a sentence, or None if no names are similar."""
    best = max(
        ((compare_names(name, other), name, other) for name in a.names for other in b.names),
        key=lambda row: row[0].score,
        default=None,
    )
    if best is None:
        return None
    similarity, name, other = best
    if similarity.score >= MIN_LIKELY_SCORE:
        reason = _(similarity.reason)
    elif (
        a.kind == b.kind == Source.Kind.PERSON
        and surname(name) == surname(other)
        and normalize_name(name)[:1] == normalize_name(other)[:1]
    ):
        reason = _("the same surname, and given names that begin with the same letter")
    else:
        return None
    names = _("“%(name)s” and “%(other)s”: %(reason)s.") % {"name": name, "other": other, "reason": reason}
    return similarity.score, f"{_name_evidence_prefix()} {names}"


def _affiliation_evidence(a: _ComparedSource, b: _ComparedSource) -> list[str]:
    shared = sorted(set(a.organisations.values()) & set(b.organisations.values()))
    return [_("Both belong to %(organisations)s.") % {"organisations": ", ".join(shared[:3])}] if shared else []


def _counter_evidence(a: _ComparedSource, b: _ComparedSource) -> list[str]:
    if a.wikidata_id and b.wikidata_id and a.wikidata_id != b.wikidata_id:
        ids = {"first": a.wikidata_id, "second": b.wikidata_id}
        return [_("But their Wikidata IDs differ: %(first)s and %(second)s.") % ids]
    return []


def _ordered_pair(pk: int, other: int) -> Pair:
    return (pk, other) if pk < other else (other, pk)
