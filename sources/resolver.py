"""A name in a text -> a Source: the one that is known by it, or a new one.

Nothing here decides that two known sources are one; where a text says so, that is noted as a
Likeness for an editor.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from sources.models import Affiliation, PossibleDuplicate, Source, SourceName
from sources.names import normalize_name, slugify_name

#: How many resolved names are remembered from article to article. A name that fell out costs a query.
MAX_CACHED_NAMES = 20_000
MAX_NAME_CHARS = 200
MAX_SLUG_CHARS = 100  # of the 120 a slug may have: the rest is for the number that makes it unique


@dataclass(frozen=True, slots=True)
class NamedSource:
    """What a text says of somebody with a name."""

    name: str
    kind: str
    aliases: tuple[str, ...] = ()


class Resolver:
    """Turns names into sources, for as long as one import runs.

    `prepare` reads all names of a batch in one query; `source` then costs nothing for a known name
    and three writes for a new one. Call `forget` when a transaction was rolled back: what was made
    in it is gone. Names and roles that it adds are `learned` from copy, unless an editor gives them.
    """

    def __init__(self, *, learned: bool = True) -> None:
        self._learned = learned
        self._sources_by_name: OrderedDict[str, list[Source]] = OrderedDict()  # by folded name; [] is: nobody
        self._added_affiliations: set[tuple[int, str, int | None]] = set()

    def clear_cache(self) -> None:
        self._sources_by_name.clear()
        self._added_affiliations.clear()

    def load_names(self, names: Iterable[str]) -> None:
        """Read who is known by these names: one query, one more where a merge must be followed."""
        wanted = {folded for name in names if (folded := normalize_name(name)[:MAX_NAME_CHARS])}
        unread = wanted - self._sources_by_name.keys()
        found: defaultdict[str, list[Source]] = defaultdict(list)
        for row in _name_rows(unread):
            found[row.folded].append(_follow_merges(row.source))
        for folded in unread:
            self._sources_by_name[folded] = list(dict.fromkeys(found[folded]))
        for folded in wanted:
            self._sources_by_name.move_to_end(folded)
        while len(self._sources_by_name) > max(MAX_CACHED_NAMES, len(wanted)):
            self._sources_by_name.popitem(last=False)

    def find(self, name: str, kind: str = "") -> Source | None:
        """Who is known by this name, preferring one of that kind and then the oldest; None: nobody."""
        folded = normalize_name(name)[:MAX_NAME_CHARS]
        if not folded:
            return None
        if folded not in self._sources_by_name:
            self.load_names([name])
        candidates = self._sources_by_name[folded]
        return min(candidates, key=lambda source: (source.kind != kind, source.pk), default=None)

    def find_or_create(self, named: NamedSource) -> Source:
        """The source that goes by this name, made if there is none; learns the aliases nobody has."""
        found = self.find(named.name, named.kind)
        if found is None:
            # "South Korea's spy agency, the National Intelligence Service": known by the other name.
            found = next((s for alias in named.aliases if (s := self.find(alias, named.kind))), None)
            if found is None:
                found = self._create_source(named)
            else:
                self._add_alias(found, named.name)
        for alias in named.aliases:
            other = self.find(alias, named.kind)
            if other is None:
                self._add_alias(found, alias)
            elif other != found:
                add_possible_duplicate(found, other, f"Copy equates “{named.name}” with “{alias}”.")
        return found

    def matching_names(self, source: Source, named: NamedSource) -> set[str]:
        """Return the folded names among these that stand for this source."""
        names = (name for name in (named.name, *named.aliases) if self.find(name, named.kind) == source)
        return {normalize_name(name)[:MAX_NAME_CHARS] for name in names}

    def add_affiliation(self, person: Source, *, role: str, organisation: Source | None) -> bool:
        """Note a role that copy gives somebody, once; return whether it gives one.

        Undated: copy rarely says since when.
        """
        role = role[:MAX_NAME_CHARS]
        said = (person.pk, role, organisation.pk if organisation else None)
        if person == organisation or not (role or organisation):
            return False
        if said in self._added_affiliations:
            return True
        if not Affiliation.objects.filter(person=person, organisation=organisation, role=role).exists():
            Affiliation.objects.create(person=person, organisation=organisation, role=role, learned=self._learned)
        if len(self._added_affiliations) >= MAX_CACHED_NAMES:
            self._added_affiliations.clear()
        self._added_affiliations.add(said)
        return True

    def _create_source(self, named: NamedSource) -> Source:
        name = named.name.strip()[:MAX_NAME_CHARS]
        source = Source.objects.create(name=name, kind=named.kind, slug=find_free_slug(name))
        SourceName.objects.create(
            source=source,
            name=name,
            folded=normalize_name(name)[:MAX_NAME_CHARS],
            preferred=True,
            learned=self._learned,
        )
        self._sources_by_name[normalize_name(name)[:MAX_NAME_CHARS]] = [source]
        return source

    def _add_alias(self, source: Source, alias: str) -> None:
        folded = normalize_name(alias)[:MAX_NAME_CHARS]
        if not folded:
            return
        given = {"name": alias.strip()[:MAX_NAME_CHARS], "learned": self._learned}
        SourceName.objects.get_or_create(source=source, folded=folded, defaults=given)
        self._sources_by_name[folded] = [source]


def find_free_slug(name: str) -> str:
    """A slug for a new source that no source has: the name's, with a number where it is taken. One query."""
    base = slugify_name(name)[:MAX_SLUG_CHARS].strip("-") or "source"
    taken = set(Source.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def add_possible_duplicate(one: Source, other: Source, evidence: str) -> None:
    """Note, once a pair, that two sources are probably one. A pair that was judged stays judged."""
    if one == other:
        return
    first, second = sorted((one, other), key=lambda source: source.pk)
    PossibleDuplicate.objects.get_or_create(first=first, second=second, defaults={"evidence": evidence})


def _name_rows(folded: set[str]) -> QuerySet[SourceName]:
    if not folded:
        return SourceName.objects.none()
    return SourceName.objects.filter(folded__in=folded).select_related("source__merged_into").order_by("source_id")


def _follow_merges(source: Source) -> Source:
    """Whom a merge left standing; a query a step after the first."""
    seen = {source.pk}
    while source.merged_into is not None and source.merged_into.pk not in seen:
        source = source.merged_into
        seen.add(source.pk)
    return source
