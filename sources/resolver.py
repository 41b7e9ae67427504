"""Find the source that a name in a text means, or create it.

The resolver never merges sources. If a text equates two of them, it adds a PossibleDuplicate for an editor.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sources.models import Affiliation, PossibleDuplicate, Source, SourceName
from sources.names import normalize_name, slugify_name

#: Resolved names in memory. A name that was dropped costs one query again.
MAX_CACHED_NAMES = 20_000
MAX_NAME_CHARS = 200
MAX_SLUG_CHARS = 100  # the column holds 120: the rest is for the number that makes a slug unique


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A named speaker, as a text gives it."""

    name: str
    kind: str
    aliases: tuple[str, ...] = ()


class Resolver:
    """Turn names into sources, for one import.

    `load_names` reads the names of a batch in one query. `find_or_create` then needs no query for an existing name,
    and three for a new one. Call `clear_cache` after a rollback, because sources in the cache may be gone. Names and
    roles that it adds count as learned from a story, unless `learned` is False.
    """

    def __init__(self, *, learned: bool = True) -> None:
        self._learned = learned
        self._sources_by_name: OrderedDict[str, list[Source]] = OrderedDict()  # normalized name -> sources; [] if none
        self._added_affiliations: set[tuple[int, str, int | None]] = set()

    def clear_cache(self) -> None:
        self._sources_by_name.clear()
        self._added_affiliations.clear()

    def load_names(self, names: Iterable[str]) -> None:
        """Load the sources with these names in one query.

        Each merge that is followed costs another.
        """
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
        """Return the source with this name, or None.

        Of several, prefer this kind, then the oldest.
        """
        folded = normalize_name(name)[:MAX_NAME_CHARS]
        if not folded:
            return None
        if folded not in self._sources_by_name:
            self.load_names([name])
        candidates = self._sources_by_name[folded]
        return min(candidates, key=lambda source: (source.kind != kind, source.pk), default=None)

    def find_or_create(self, named: NamedSource) -> Source:
        """Return the source with this name.

        Create it, and add its aliases, if they do not exist.
        """
        found = self.find(named.name, named.kind)
        if found is None:
            # "South Korea's spy agency, the National Intelligence Service": found by the alias.
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
                names = {"name": named.name, "other": alias}
                evidence = _("A story equates “%(name)s” with “%(other)s”.") % names
                add_possible_duplicate(found, other, evidence)
        return found

    def matching_names(self, source: Source, named: NamedSource) -> set[str]:
        """Return the normalized names among these that are found as this source."""
        names = (name for name in (named.name, *named.aliases) if self.find(name, named.kind) == source)
        return {normalize_name(name)[:MAX_NAME_CHARS] for name in names}

    def add_affiliation(self, person: Source, *, role: str, organisation: Source | None) -> bool:
        """Add an affiliation, without dates, unless it exists.

        Return False if there is nothing to add.
        """
        role = role[:MAX_NAME_CHARS]
        key = (person.pk, role, organisation.pk if organisation else None)
        if person == organisation or not (role or organisation):
            return False
        if key in self._added_affiliations:
            return True
        if not Affiliation.objects.filter(person=person, organisation=organisation, role=role).exists():
            Affiliation.objects.create(person=person, organisation=organisation, role=role, learned=self._learned)
        if len(self._added_affiliations) >= MAX_CACHED_NAMES:
            self._added_affiliations.clear()
        self._added_affiliations.add(key)
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
        defaults = {"name": alias.strip()[:MAX_NAME_CHARS], "learned": self._learned}
        SourceName.objects.get_or_create(source=source, folded=folded, defaults=defaults)
        self._sources_by_name[folded] = [source]


def find_free_slug(name: str) -> str:
    """Return an unused slug: of the name, with a number if that is taken. One query."""
    base = slugify_name(name)[:MAX_SLUG_CHARS].strip("-") or "source"
    taken = set(Source.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def add_possible_duplicate(source: Source, other: Source, evidence: str) -> None:
    """Add a possible duplicate, once for each pair.

    A pair that an editor has decided keeps its state.
    """
    if source == other:
        return
    first, second = sorted((source, other), key=lambda row: row.pk)
    PossibleDuplicate.objects.get_or_create(first=first, second=second, defaults={"evidence": evidence})


def _name_rows(folded: set[str]) -> QuerySet[SourceName]:
    if not folded:
        return SourceName.objects.none()
    return SourceName.objects.filter(folded__in=folded).select_related("source__merged_into").order_by("source_id")


def _follow_merges(source: Source) -> Source:
    """Return the source that this one was merged into, over several merges.

    One query for each after the first.
    """
    seen = {source.pk}
    while source.merged_into is not None and source.merged_into.pk not in seen:
        source = source.merged_into
        seen.add(source.pk)
    return source
