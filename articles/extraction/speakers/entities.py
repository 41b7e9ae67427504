"""Keep the entities of one text: each speaker, with what the text says of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from articles.extraction.document import Document
from articles.extraction.lexicon.given_names import FEMALE_NAMES, MALE_NAMES
from articles.extraction.lexicon.organisations import (
    AGENCY_NAMES,
    COMPANY_FORM,
    GOVERNMENT_SEATS,
    ORGANISATION_HEADS,
    TWO_WORD_SEATS,
    is_acronym_of,
    is_organisation,
)
from articles.extraction.proposal import SameSpeaker, Speaker, SpeakerKind
from articles.extraction.speakers.names import Name, family_names, straighten_apostrophes

#: "South Korea's spy agency": a name, a possessive and a noun for an organisation.
OWNER = r"(?:[A-Z][\w.-]*\s+){0,3}[A-Z][\w.-]*['’]s?"
OWNED_DESCRIPTION = rf"{OWNER}\s+(?:[a-z-]+\s+){{0,3}}[a-z-]+"
_DESCRIPTION_BEFORE = re.compile(rf"(?<![\w’'-])({OWNED_DESCRIPTION}),\s+(?:the\s+)?$")
_DESCRIPTION_AFTER = re.compile(rf"(?:\s+\([A-Z][A-Z.&]+\))?,\s+({OWNED_DESCRIPTION})(?=[,.;\s])")
_SHORT_FORM_AFTER = re.compile(
    r"\s*,?\s*\((?:or\s+|the\s+)?([A-Z][A-Za-z.&]{1,9})\)|,\s+or\s+(?:the\s+)?([A-Z][A-Z.&]{1,9})\b"
)
_FULL_NAME_AFTER = re.compile(r"\s*\((?:the\s+)?((?:[A-Z][\w-]+\s+(?:(?:of|for|and|the)\s+)*){1,6}[A-Z][\w-]+)\)")
LONG_ACRONYM = re.compile(r"[A-Z]{3,8}")
#: Number of recent entities remembered. It keeps the time per word constant, even for a text of a megabyte.
MAX_REMEMBERED_ENTITIES = 40
#: A family name alone means the relative with the full name that occurs this many times as often.
PROMINENCE_FACTOR = 3
#: How far before and after a name to look for its aliases.
MAX_ALIAS_DISTANCE_CHARS = 110
#: Words that names and descriptions of the same sort of organisation share.
ORGANISATION_SORTS = {
    "intelligence service": {"spy", "intelligence", "espionage"},
    "defence ministry": {"defence", "defense", "military", "armed"},
    "foreign ministry": {"foreign", "diplomatic"},
    "health service": {"health", "hospital", "medical"},
    "bank": {"bank"},
    "police force": {"police", "constabulary"},
    "statistics office": {"statistics", "statistical"},
    "weather service": {"weather", "meteorological"},
    "nuclear agency": {"nuclear", "atomic"},
    "council": {"council"},
    "university": {"university"},
    "prosecution service": {"prosecutor", "prosecutors", "prosecution"},
    "space agency": {"space"},
    "environment agency": {"environment", "environmental"},
    "water company": {"water", "sewerage"},
    "harbour authority": {"harbour", "harbor", "port"},
}


@dataclass(slots=True, eq=False)
class Entity:
    """A speaker of the text, as far as it has been read."""

    name: str
    kind: SpeakerKind
    anonymous_number: int | None = None
    aliases: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    organisation: str = ""
    sex: str = ""
    head: str = ""  # head noun of an unnamed speaker: "official"
    last_offset: int = -1  # offset of the last mention
    speaker: Speaker | None = None

    @property
    def is_person(self) -> bool:
        return self.kind == SpeakerKind.PERSON


class Entities:
    def __init__(self, document: Document, names: list[Name]) -> None:
        self._unnamed_count = 0
        self._by_key: dict[str, Entity] = {}
        self._unnamed_by_head: dict[str, Entity] = {}  # head noun -> the last unnamed speaker
        self.recent: list[Entity] = []  # recently mentioned entities, latest last
        self.spellings: dict[str, str] = {}  # key of an alias -> its spelling
        self._full_names_by_alias = _find_aliases(document.text, names, self.spellings)  # key of an alias -> full name
        self._aliases: dict[str, list[str]] = {}
        for key, full_name in self._full_names_by_alias.items():
            self._aliases.setdefault(name_key(full_name), []).append(self.spellings[key])
        self._full_names_by_family: dict[str, list[str]] = {}  # family name -> full names, in the order of the text
        self._roles_by_family: dict[str, set[str]] = {}  # family name -> roles of the people with that family name
        for name in names:
            if name.is_person and " " in name.text:
                for family in family_names(name.text):
                    self._roles_by_family.setdefault(family, set()).update(name.roles)
        self._full_name_counts = Counter(name.text for name in names if name.is_person)
        for name in names:
            if name.is_person and " " in name.text:
                for family in family_names(name.text):
                    full_names = self._full_names_by_family.setdefault(straighten_apostrophes(family), [])
                    if name.text not in full_names and len(full_names) < MAX_REMEMBERED_ENTITIES:
                        full_names.append(name.text)

    def full_name(self, text: str) -> str:
        """Return the full name of an alias, else `text`."""
        return self._full_names_by_alias.get(name_key(text), text)

    def get_by_name(self, name: Name) -> Entity:
        """Return the entity of a name. Add it if it is new."""
        full_name = self._person_name(name) if name.is_person else self.full_name(name.text)
        entity = self._by_key.get(name_key(full_name))
        if entity is None:
            kind = (
                SpeakerKind.PERSON
                if name.is_person
                else SpeakerKind.AGENCY
                if full_name in AGENCY_NAMES
                else SpeakerKind.ORGANISATION
            )
            entity = self._add(full_name, kind)
        self._add_details(entity, name)
        return entity

    def get_person(self, name: str) -> Entity:
        """Return the person of exactly this name. Add them if they are new."""
        return self._by_key.get(name_key(name)) or self._add(name, SpeakerKind.PERSON)

    def find_person(self, name: str) -> Entity | None:
        """Return the only person with this full or family name, or None."""
        entity = self._by_key.get(name_key(name))
        if entity is not None and entity.is_person:
            return entity
        full_names = self._full_names_by_family.get(straighten_apostrophes(name), [])
        return self.get_person(full_names[0]) if len(full_names) == 1 else None

    def get_organisation(self, description: str) -> Entity:
        """Return the organisation of a description or alias. Add it if it is new."""
        name = self.full_name(description)
        return self._by_key.get(name_key(name)) or self._add(name, SpeakerKind.ORGANISATION)

    def add_unnamed(self, mention: str, kind: SpeakerKind, head: str, organisation: str = "", sex: str = "") -> Entity:
        """Add a speaker without a name."""
        self._unnamed_count += 1
        entity = Entity(mention, kind, self._unnamed_count, head=head, organisation=organisation, sex=sex)
        self._unnamed_by_head[head] = entity
        return entity

    def last_unnamed(self, head: str) -> Entity | None:
        """Return the last unnamed speaker with this head noun, or None."""
        return self._unnamed_by_head.get(head)

    def mark_mentioned(self, entity: Entity, offset: int) -> None:
        """Record a mention of an entity at an offset."""
        entity.last_offset = max(entity.last_offset, offset)
        if not self.recent or self.recent[-1] is not entity:
            if entity in self.recent:
                self.recent.remove(entity)
            self.recent.append(entity)
            del self.recent[:-MAX_REMEMBERED_ENTITIES]

    def to_speaker(self, entity: Entity) -> Speaker:
        """Return the Speaker of an entity, always the same object.

        Call it only after all mentions are resolved.
        """
        if entity.speaker is None:
            entity.speaker = Speaker(
                name=entity.name,
                kind=entity.kind,
                anonymous_number=entity.anonymous_number,
                aliases=tuple(dict.fromkeys(alias for alias in entity.aliases if alias != entity.name)),
                role=entity.roles[0] if entity.roles else "",
                organisation=self.full_name(entity.organisation) if entity.organisation else "",
            )
        return entity.speaker

    def find_same_speakers(self, speakers: Iterable[Entity]) -> tuple[SameSpeaker, ...]:
        """Return pairs of speakers that are probably the same.

        One is a description or an acronym, the other a name that fits it.
        """
        organisation_kinds = (SpeakerKind.ORGANISATION, SpeakerKind.AGENCY)
        organisations = [e for e in dict.fromkeys(speakers) if e.kind in organisation_kinds][:MAX_REMEMBERED_ENTITIES]
        pairs = []
        for index, entity in enumerate(organisations):
            for other in organisations[index + 1 :]:
                is_alias = other.anonymous_number is not None or is_described(other.name) or other.name.isupper()
                first, second = (other, entity) if is_alias else (entity, other)
                if second.anonymous_number is not None:
                    continue
                evidence = _evidence(first, second)
                if evidence:
                    pairs.append(SameSpeaker(self.to_speaker(first), self.to_speaker(second), evidence))
        return tuple(pairs)

    def _person_name(self, name: Name) -> str:
        """Return the fullest name of the same person in this text.

        A name before this one has precedence over a later one.
        """
        if " " in name.text:
            # "Jong Un" after "Kim Jong Un"; "Joe Biden" replaces "Biden".
            full_names = self._full_names_by_family.get(straighten_apostrophes(name.text.split()[-1]), ())
            longer_names = (full for full in full_names if full.casefold().endswith(f" {name.text.casefold()}"))
            return next(longer_names, name.text)
        candidates = [
            full
            for full in self._full_names_by_family.get(straighten_apostrophes(name.text), [])
            if _may_be_named(full, name)
        ]
        seen_names = [full for full in (*candidates, name.text) if name_key(full) in self._by_key]
        if not seen_names and name.roles and name.roles[-1] not in self._roles_by_family.get(name.text, ()):
            return name.text  # "President Obama" in a text that gives only Michelle Obama's full name
        if len(seen_names) > 1:
            # Two relatives: a title distinguishes them, else take the one mentioned last.
            fitting = [
                f for f in seen_names if not name.sex or self._by_key[name_key(f)].sex in ("", name.sex)
            ] or seen_names
            by_count = sorted(fitting, key=lambda full: self._full_name_counts[full], reverse=True)
            if (
                len(by_count) > 1
                and self._full_name_counts[by_count[0]] >= PROMINENCE_FACTOR * self._full_name_counts[by_count[1]]
            ):
                return by_count[0]  # the main person of the article
            return max(fitting, key=lambda full: self._by_key[name_key(full)].last_offset)
        return (seen_names or candidates or [name.text])[0]

    def _add(self, name: str, kind: SpeakerKind) -> Entity:
        entity = Entity(name, kind, aliases=list(self._aliases.get(name_key(name), ())))
        self._by_key[name_key(name)] = entity
        return entity

    @staticmethod
    def _add_details(entity: Entity, name: Name) -> None:
        entity.roles += [role for role in name.roles if role not in entity.roles]
        entity.organisation = entity.organisation or name.organisation
        entity.sex = entity.sex or name.sex


def _may_be_named(full: str, name: Name) -> bool:
    """Return whether a title fits a full name: Michelle Obama is not "Mr. Obama"."""
    given = full.split(maxsplit=1)[0].casefold()
    return not name.sex or given not in (MALE_NAMES if name.sex == "f" else FEMALE_NAMES)


def name_key(name: str) -> str:
    """Return a name without its article, full stops and capitals."""
    return re.sub(r"^the\s+", "", name.casefold().replace("’", "'")).replace(".", "")


def is_described(text: str) -> bool:
    """Return whether a possessive and a noun describe an organisation.

    "South Korea's spy agency"
    """
    match = re.fullmatch(rf"(?:[Tt]he\s+)?(?!An?\s){OWNER}\s+(?P<rest>[a-z][a-z\- ]+)", text)
    return match is not None and match["rest"].split()[-1] in ORGANISATION_HEADS


def is_government_seat(text: str) -> bool:
    """Return whether a place means its government: "Seoul", "the Kremlin"."""
    place = re.sub(r"^[Tt]he\s+", "", text)
    return place in GOVERNMENT_SEATS or place in TWO_WORD_SEATS


def organisation_sorts(name: str) -> set[str]:
    """Return the sorts of organisation that a name or description may be."""
    words = set(re.findall(r"[a-z]+", name.casefold()))
    return {sort for sort, sort_words in ORGANISATION_SORTS.items() if words & sort_words}


def _evidence(first: Entity, second: Entity) -> str:
    """Return why two entities may be the same speaker; "" if nothing suggests it."""
    is_description = first.anonymous_number is not None or is_described(first.name)
    if is_description and not is_described(second.name):
        shared_sorts = sorted(organisation_sorts(first.name) & organisation_sorts(second.name))
        if shared_sorts:
            return (
                f"One story speaks of “{first.name}” and of “{second.name}”; each is some sort of {shared_sorts[0]}."
            )
    if first.name.replace(".", "").isupper() and is_acronym_of(first.name, second.name):
        return f"“{first.name}” could be short for “{second.name}”."
    return ""


def _find_aliases(text: str, names: list[Name], spellings: dict[str, str]) -> dict[str, str]:
    """Return the aliases that the text gives: in parentheses or in apposition.

    Keys are alias keys, values full names. Adds the spelling of each alias to `spellings`.
    """
    full_names: dict[str, str] = {}

    def equate(alias: str, name: str) -> None:
        key = name_key(alias)
        if key != name_key(name) and key not in full_names and name_key(name) not in full_names:
            full_names[key] = name
            spellings[key] = alias

    organisation_names = {name.text: None for name in names if not name.is_person and " " in name.text}
    for name in names:
        if name.is_person:
            continue
        for short, long in _short_forms(text, name, organisation_names):
            equate(short, long)
        text_after = text[name.end : name.end + MAX_ALIAS_DISTANCE_CHARS]
        if not is_organisation(name.text):
            continue
        match_before = _DESCRIPTION_BEFORE.search(text[max(0, name.start - MAX_ALIAS_DISTANCE_CHARS) : name.start])
        if match_before and is_described(match_before[1]):
            equate(match_before[1], name.text)
        match_after = _DESCRIPTION_AFTER.match(text_after)
        if match_after and is_described(match_after[1]):
            equate(match_after[1], name.text)
    return full_names


def _short_forms(text: str, name: Name, organisation_names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (short form, full name) pairs that the text or the initials show."""
    if LONG_ACRONYM.fullmatch(name.text):
        # "The National Intelligence Service … the NIS": only one name in the text has these initials.
        candidates = [body for body in organisation_names if is_acronym_of(name.text, body)]
        if len(candidates) == 1:
            yield name.text, candidates[0]
    if legal_form := COMPANY_FORM.search(name.text):
        yield name.text[: legal_form.start()].rstrip(","), name.text  # "Ostermark AG … Ostermark said"
    text_after = text[name.end : name.end + MAX_ALIAS_DISTANCE_CHARS]
    if (short_match := _SHORT_FORM_AFTER.match(text_after)) and is_acronym_of(
        short_match[1] or short_match[2], name.text
    ):
        yield short_match[1] or short_match[2], name.text
    if (long_match := _FULL_NAME_AFTER.match(text_after)) and is_acronym_of(name.text, long_match[1]):
        yield name.text, long_match[1]
