"""Who is spoken of in a text: one Entity for each, with all that the text says of them by the way."""

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

#: "South Korea's spy agency": a name, a possessive and an organisation's noun.
OWNER = r"(?:[A-Z][\w.-]*\s+){0,3}[A-Z][\w.-]*['’]s?"
DESCRIBED = rf"{OWNER}\s+(?:[a-z-]+\s+){{0,3}}[a-z-]+"
_DESCRIBED_BEFORE = re.compile(rf"(?<![\w’'-])({DESCRIBED}),\s+(?:the\s+)?$")
_DESCRIBED_BEHIND = re.compile(rf"(?:\s+\([A-Z][A-Z.&]+\))?,\s+({DESCRIBED})(?=[,.;\s])")
_SHORT_BEHIND = re.compile(
    r"\s*,?\s*\((?:or\s+|the\s+)?([A-Z][A-Za-z.&]{1,9})\)|,\s+or\s+(?:the\s+)?([A-Z][A-Z.&]{1,9})\b"
)
_LONG_BEHIND = re.compile(r"\s*\((?:the\s+)?((?:[A-Z][\w-]+\s+(?:(?:of|for|and|the)\s+)*){1,6}[A-Z][\w-]+)\)")
LONG_ACRONYM = re.compile(r"[A-Z]{3,8}")
#: So many of those spoken of last are remembered, so that a text of a megabyte costs no more by the word.
MAX_REMEMBERED_ENTITIES = 40
#: Of two of one family the one named in full so many times as often is meant by the family name alone.
PROMINENCE_FACTOR = 3
#: How far around a name its other names are looked for.
MAX_ALIAS_DISTANCE_CHARS = 110
#: What names and descriptions of the same sort of body have in common.
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
    """Somebody in the text, as known so far."""

    name: str
    kind: SpeakerKind
    anonymous_number: int | None = None
    aliases: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    organisation: str = ""
    sex: str = ""
    head: str = ""  # of somebody unnamed: "official"
    last_offset: int = -1  # where last mentioned
    speaker: Speaker | None = None

    @property
    def is_person(self) -> bool:
        """A single person, named or not."""
        return self.kind == SpeakerKind.PERSON


class Entities:
    """The entities of one text."""

    def __init__(self, document: Document, names: list[Name]) -> None:
        self._unnamed = 0
        self._by_key: dict[str, Entity] = {}
        self._by_head: dict[str, Entity] = {}  # of those without a name: the last one
        self.recent: list[Entity] = []  # the last ones spoken of, latest last
        self.shown: dict[str, str] = {}  # the key of an alias -> as it is written
        self._full = _find_aliases(document.text, names, self.shown)  # the key of an alias -> the name it stands for
        self._aliases: dict[str, list[str]] = {}
        for key, full in self._full.items():
            self._aliases.setdefault(name_key(full), []).append(self.shown[key])
        self._people: dict[str, list[str]] = {}  # family name -> full names, as the text brings them
        self._roles: dict[str, set[str]] = {}  # family name -> what those who are named in full are said to be
        for name in names:
            if name.is_person and " " in name.text:
                for family in family_names(name.text):
                    self._roles.setdefault(family, set()).update(name.roles)
        self._named = Counter(name.text for name in names if name.is_person)  # how often by the full name
        for name in names:
            if name.is_person and " " in name.text:
                for family in family_names(name.text):
                    known = self._people.setdefault(straighten_apostrophes(family), [])
                    if name.text not in known and len(known) < MAX_REMEMBERED_ENTITIES:
                        known.append(name.text)

    def full_name(self, text: str) -> str:
        """The name that an alias of this text stands for; itself if it is none."""
        return self._full.get(name_key(text), text)

    def get_by_name(self, name: Name) -> Entity:
        """The entity a name stands for; made if it is new."""
        wanted = self._person_name(name) if name.is_person else self.full_name(name.text)
        entity = self._by_key.get(name_key(wanted))
        if entity is None:
            kind = (
                SpeakerKind.PERSON
                if name.is_person
                else SpeakerKind.AGENCY
                if wanted in AGENCY_NAMES
                else SpeakerKind.ORGANISATION
            )
            entity = self._add(wanted, kind)
        self._add_details(entity, name)
        return entity

    def get_person(self, name: str) -> Entity:
        """The person of that very name; made if new."""
        return self._by_key.get(name_key(name)) or self._add(name, SpeakerKind.PERSON)

    def find_person(self, name: str) -> Entity | None:
        """The person of this text who is called that, in full or by the family name; None if nobody is, or several."""
        known = self._by_key.get(name_key(name))
        if known is not None and known.is_person:
            return known
        full = self._people.get(straighten_apostrophes(name), [])
        return self.get_person(full[0]) if len(full) == 1 else None

    def get_organisation(self, described: str) -> Entity:
        """The organisation that a description or an alias names."""
        wanted = self.full_name(described)
        return self._by_key.get(name_key(wanted)) or self._add(wanted, SpeakerKind.ORGANISATION)

    def add_unnamed(self, mention: str, kind: SpeakerKind, head: str, organisation: str = "", sex: str = "") -> Entity:
        """A new speaker without a name."""
        self._unnamed += 1
        entity = Entity(mention, kind, self._unnamed, head=head, organisation=organisation, sex=sex)
        self._by_head[head] = entity
        return entity

    def last_unnamed(self, head: str) -> Entity | None:
        """The last speaker without a name whom this noun was said of."""
        return self._by_head.get(head)

    def mark_mentioned(self, entity: Entity, offset: int) -> None:
        """Note that somebody is spoken of here."""
        entity.last_offset = max(entity.last_offset, offset)
        if not self.recent or self.recent[-1] is not entity:
            if entity in self.recent:
                self.recent.remove(entity)
            self.recent.append(entity)
            del self.recent[:-MAX_REMEMBERED_ENTITIES]

    def to_speaker(self, entity: Entity) -> Speaker:
        """The Speaker of an entity, one and the same value each time. Call it once all is resolved."""
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

    def find_same_speakers(self, spoke: Iterable[Entity]) -> tuple[SameSpeaker, ...]:
        """Pairs that are probably one: a description or capitals, and a name that fits."""
        bodies = (SpeakerKind.ORGANISATION, SpeakerKind.AGENCY)
        named = [e for e in dict.fromkeys(spoke) if e.kind in bodies][:MAX_REMEMBERED_ENTITIES]
        pairs = []
        for index, one in enumerate(named):
            for other in named[index + 1 :]:
                later = other.anonymous_number is not None or is_described(other.name) or other.name.isupper()
                first, second = (other, one) if later else (one, other)
                if second.anonymous_number is not None:
                    continue
                evidence = _evidence(first, second)
                if evidence:
                    pairs.append(SameSpeaker(self.to_speaker(first), self.to_speaker(second), evidence))
        return tuple(pairs)

    def _person_name(self, name: Name) -> str:
        """The fullest name of the same person in this text: before it for choice, else after it."""
        if " " in name.text:
            # "Jong Un" after "Kim Jong Un"; "Joe Biden" is no longer "Biden".
            known = self._people.get(straighten_apostrophes(name.text.split()[-1]), ())
            longer = (full for full in known if full.casefold().endswith(f" {name.text.casefold()}"))
            return next(longer, name.text)
        candidates = [
            full for full in self._people.get(straighten_apostrophes(name.text), []) if _may_be_named(full, name)
        ]
        seen = [full for full in (*candidates, name.text) if name_key(full) in self._by_key]
        if not seen and name.roles and name.roles[-1] not in self._roles.get(name.text, ()):
            return name.text  # "President Obama", of a text that names only Michelle Obama in full
        if len(seen) > 1:
            # Two of one family: a title tells them apart, or who was spoken of last.
            fitting = [f for f in seen if not name.sex or self._by_key[name_key(f)].sex in ("", name.sex)] or seen
            often = sorted(fitting, key=lambda full: self._named[full], reverse=True)
            if len(often) > 1 and self._named[often[0]] >= PROMINENCE_FACTOR * self._named[often[1]]:
                return often[0]  # whom the story is about
            return max(fitting, key=lambda full: self._by_key[name_key(full)].last_offset)
        return (seen or candidates or [name.text])[0]

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
    """May somebody be called that? No Michelle is "Mr. Obama"."""
    given = full.split(maxsplit=1)[0].casefold()
    return not name.sex or given not in (MALE_NAMES if name.sex == "f" else FEMALE_NAMES)


def name_key(name: str) -> str:
    """A name without its article, its full stops and its capitals."""
    return re.sub(r"^the\s+", "", name.casefold().replace("’", "'")).replace(".", "")


def is_described(text: str) -> bool:
    """ "South Korea's spy agency": does a possessive and a noun describe an organisation?"""
    match = re.fullmatch(rf"(?:[Tt]he\s+)?(?!An?\s){OWNER}\s+(?P<rest>[a-z][a-z\- ]+)", text)
    return match is not None and match["rest"].split()[-1] in ORGANISATION_HEADS


def is_government_seat(text: str) -> bool:
    """ "Seoul", "the Kremlin": a place that stands for those who govern there."""
    bare = re.sub(r"^[Tt]he\s+", "", text)
    return bare in GOVERNMENT_SEATS or bare in TWO_WORD_SEATS


def organisation_sorts(name: str) -> set[str]:
    """What sorts of body a name or a description may be of."""
    words = set(re.findall(r"[a-z]+", name.casefold()))
    return {sort for sort, signs in ORGANISATION_SORTS.items() if words & signs}


def _evidence(first: Entity, second: Entity) -> str:
    described = first.anonymous_number is not None or is_described(first.name)
    if described and not is_described(second.name):
        shared = sorted(organisation_sorts(first.name) & organisation_sorts(second.name))
        if shared:
            return f"One story speaks of “{first.name}” and of “{second.name}”; each is some sort of {shared[0]}."
    if first.name.replace(".", "").isupper() and is_acronym_of(first.name, second.name):
        return f"“{first.name}” could be short for “{second.name}”."
    return ""


def _find_aliases(text: str, names: list[Name], shown: dict[str, str]) -> dict[str, str]:
    """Other names that a text itself gives: in parentheses, or side by side between commas."""
    full: dict[str, str] = {}

    def equate(alias: str, name: str) -> None:
        key = name_key(alias)
        if key != name_key(name) and key not in full and name_key(name) not in full:
            full[key] = name
            shown[key] = alias

    bodies = {name.text: None for name in names if not name.is_person and " " in name.text}
    for name in names:
        if name.is_person:
            continue
        for short, long in _short_forms(text, name, bodies):
            equate(short, long)
        behind = text[name.end : name.end + MAX_ALIAS_DISTANCE_CHARS]
        if not is_organisation(name.text):
            continue
        before = _DESCRIBED_BEFORE.search(text[max(0, name.start - MAX_ALIAS_DISTANCE_CHARS) : name.start])
        if before and is_described(before[1]):
            equate(before[1], name.text)
        after = _DESCRIBED_BEHIND.match(behind)
        if after and is_described(after[1]):
            equate(after[1], name.text)
    return full


def _short_forms(text: str, name: Name, bodies: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What a name is short for, or what is short for it, where the text or the name's own letters say so."""
    if LONG_ACRONYM.fullmatch(name.text):
        # "The National Intelligence Service … the NIS": nothing else of the text has those first letters.
        meant = [body for body in bodies if is_acronym_of(name.text, body)]
        if len(meant) == 1:
            yield name.text, meant[0]
    if form := COMPANY_FORM.search(name.text):
        yield name.text[: form.start()].rstrip(","), name.text  # "Ostermark AG … Ostermark said"
    behind = text[name.end : name.end + MAX_ALIAS_DISTANCE_CHARS]
    if (short := _SHORT_BEHIND.match(behind)) and is_acronym_of(short[1] or short[2], name.text):
        yield short[1] or short[2], name.text
    if (long := _LONG_BEHIND.match(behind)) and is_acronym_of(name.text, long[1]):
        yield name.text, long[1]
