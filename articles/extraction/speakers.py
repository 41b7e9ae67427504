"""Who a mention stands for: names, surnames, titles, pronouns, "the lawmaker"; and who is unnamed.

One pass over the mentions in the order of the text. What a text says of somebody (the full name, the
role, the sex, other names) is kept on a Person-in-the-making and frozen into Speakers at the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from articles.extraction.document import Document
from articles.extraction.names import (
    AGENCY_NAMES,
    DOCUMENT_HEADS,
    GROUP_HEADS,
    ORGANISATION_HEADS,
    PEOPLE_HEADS,
    PLACES_THAT_SPEAK,
    ROLES,
    Name,
    acronym_of,
    find_names,
    head_noun,
    is_organisation,
    split_role,
)
from articles.extraction.proposal import Kind, SameSpeaker, Span, Speaker

HE, SHE = frozenset(("he", "him", "his")), frozenset(("she", "her", "hers"))
THEY = frozenset(("they", "them", "their"))
IT = frozenset(("it", "its"))
FEMALE = frozenset(
    "mrs ms miss spokeswoman chairwoman councilwoman congresswoman policewoman businesswoman dame lady queen princess "
    "mother daughter sister wife widow actress woman".split()
)
MALE = frozenset(
    "mr sir spokesman chairman councilman congressman policeman businessman lord king prince father son brother "
    "husband widower actor man".split()
)
LINKED = re.compile(r"\s(?:in|of|for|at|with|from|by|on|near|to|against|between|around|holding|behind)\s")
#: An unnamed speaker who is named this many paragraphs later at most is that person.
NAMED_LATER = 2


@dataclass(slots=True)
class _Entity:
    """Somebody in the text, as known so far."""

    name: str
    kind: Kind
    anonymous: int | None = None
    aliases: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    organisation: str = ""
    sex: str = ""
    plural: bool = False
    head: str = ""
    last: int = -1  # where last mentioned
    speaker: Speaker | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """A mention and who it stands for. `sure` is False for a pronoun or title that had to be guessed."""

    entity: _Entity
    mention: str
    span: Span | None
    sure: bool


class Speakers:
    """The speakers of one text. Resolve mentions in their order; then `freeze` them into Speakers."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._entities: list[_Entity] = []
        self._unnamed = 0
        self._names = find_names(document)
        self._seen = 0
        self._aliases = self._find_aliases()
        self._spoke: list[_Entity] = []

    def resolve(self, span: Span) -> Resolved:
        """Who the words of a span stand for here."""
        self._read_names(span.start)
        mention = re.sub(r"\s+", " ", self._document.text[span.start : span.end])
        entity, sure = self._find(mention, span)
        entity.last = span.start
        self._spoke.append(entity)
        return Resolved(entity, mention, span, sure)

    def carried(self) -> Resolved | None:
        """Whoever spoke last, going on."""
        if not self._spoke:
            return None
        return Resolved(self._spoke[-1], "", None, sure=False)

    def freeze(self, entity: _Entity) -> Speaker:
        """The Speaker of an entity: one and the same value each time. Call it once all is resolved."""
        if entity.speaker is None:
            entity.speaker = Speaker(
                name=entity.name,
                kind=entity.kind,
                anonymous=entity.anonymous,
                aliases=tuple(dict.fromkeys(a for a in entity.aliases if a != entity.name)),
                role=entity.roles[0] if entity.roles else "",
                organisation=entity.organisation,
            )
        return entity.speaker

    def same(self, entities: list[_Entity]) -> tuple[SameSpeaker, ...]:
        """Pairs that are probably one: a description and a name of the same sort ("South Korea's spy agency")."""
        named = [e for e in _once(entities) if e.anonymous is None and e.kind != Kind.PERSON]
        pairs = []
        for index, one in enumerate(named):
            for other in named[index + 1 :]:
                described, proper = (one, other) if "'s " in one.name.replace("’", "'") else (other, one)
                if "'s " not in described.name.replace("’", "'") or "'s " in proper.name.replace("’", "'"):
                    continue
                shared = _sort(described.name) & _sort(proper.name)
                if shared:
                    evidence = (
                        f"One story speaks of “{described.name}” and of “{proper.name}”; "
                        f"both are a kind of {min(shared)}."
                    )
                    pairs.append(SameSpeaker(self.freeze(described), self.freeze(proper), evidence))
        return tuple(pairs)

    # --- Finding ---

    def _find(self, mention: str, span: Span) -> tuple[_Entity, bool]:
        word = mention.casefold()
        if " " not in word and (word in HE | SHE | THEY | IT or word in ("i", "we", "who", "you")):
            return self._pronoun(word, span)
        name = self._name_in(span)
        if name is not None and not self._speaks_for(mention, name):
            return self._named(name, mention, span), True
        described = re.sub(r",.*", "", mention)
        if _possessive_organisation(described):
            return self._organisation(described), True
        bare = re.sub(r"^(?:the|The)\s+", "", described)
        if bare in PLACES_THAT_SPEAK or (name is None and described in PLACES_THAT_SPEAK):
            return self._organisation(described), True
        if (
            described.casefold().startswith(("the ", "that ", "this ", "his ", "her ", "its ", "their "))
            or word in ROLES
        ):
            found = self._by_description(described)
            if found is not None:
                return found, True
            if later := self._named_later(described, span):
                return later, True
        elif later := self._named_later(described, span):
            return later, True
        return self._anonymous(mention, span), True

    def _pronoun(self, word: str, span: Span) -> tuple[_Entity, bool]:
        candidates = [e for e in reversed(_by_recency(self._spoke)) if _fits(e, word)]
        named = [e for e in self._entities if e.last != -1 and _fits(e, word)]
        if not candidates:
            candidates = sorted(named, key=lambda e: -e.last)
        else:
            # Somebody mentioned since, in the sentence before or this one, is nearer than who spoke earlier.
            recent = [
                e for e in named if e.last > candidates[0].last and e.kind == Kind.PERSON and e.sex and _fits(e, word)
            ]
            candidates = sorted(recent, key=lambda e: -e.last)[:1] + candidates
        if candidates:
            entity = candidates[0]
            if word in HE | SHE and not entity.sex:
                entity.sex = "m" if word in HE else "f"
            return entity, True
        return self._anonymous(self._document.text[span.start : span.end], span), False

    def _named(self, name: Name, mention: str, span: Span) -> _Entity:
        entity = self._entity_of(name)
        role, organisation = split_role(mention, name.text)
        if role and role not in entity.roles:
            entity.roles.append(role)
        if organisation and not entity.organisation:
            entity.organisation = organisation
        entity.sex = entity.sex or _sex(mention)
        return entity

    def _name_in(self, span: Span) -> Name | None:
        """The name a mention is about: the one its role noun leads to, else the last one before a comma."""
        inside = [name for name in self._names if span.start <= name.start and name.end <= span.end]
        if not inside:
            return None
        text = self._document.text
        head = next((n for n in inside if n.person), None)
        first_comma = text.find(",", span.start, span.end)
        if head is not None:
            return head
        before = [n for n in inside if first_comma == -1 or n.end <= first_comma]
        possessed = [n for n in before if re.match(r"['’]s?\b\s", text[n.end : n.end + 3])]
        # "troops in Russia's Kursk region", "deputies of the National Party": the head noun comes first.
        free = [n for n in before if n not in possessed and not LINKED.search(text, span.start, n.start)]
        if free:
            return free[-1]
        if inside and inside[-1].start > first_comma != -1:
            return inside[-1]  # "South Korea's spy agency, the National Intelligence Service"
        return None

    def _speaks_for(self, mention: str, name: Name) -> bool:
        """Is it somebody unnamed of the organisation, or from the place, that is named?"""
        if name.person:
            return False
        words = re.findall(r"[\w'’-]+", re.sub(r",.*", "", mention).casefold())
        return any(word in PEOPLE_HEADS | GROUP_HEADS | DOCUMENT_HEADS | ROLES for word in words) and not (
            name.text.casefold().endswith(tuple(words[-1:])) and is_organisation(name.text)
        )

    def _by_description(self, described: str) -> _Entity | None:
        """Who "the lawmaker", "the ministry", "the agency" was before: the last with that role or head."""
        head = head_noun(described)
        known = sorted((e for e in self._entities if e.last != -1), key=lambda e: -e.last)
        for entity in known:
            if any(head_noun(role) == head for role in entity.roles) or entity.head == head:
                return entity
        for entity in known:
            if entity.kind != Kind.PERSON and head in re.findall(r"\w+", entity.name.casefold()):
                return entity
        sorts = _sort(described)
        if sorts:
            return next(
                (e for e in known if e.kind != Kind.PERSON and e.anonymous is None and sorts & _sort(e.name)), None
            )
        return None

    def _named_later(self, described: str, span: Span) -> _Entity | None:
        """ "a South Korean lawmaker" whom the next paragraphs call "lawmaker Lee Seong-kweun"."""
        head = head_noun(described)
        if head not in ROLES or described.casefold().startswith(("several", "some", "two", "three", "many")):
            return None
        here = self._document.paragraph_of(span.start)
        text = self._document.text
        for name in self._names:
            if name.start < span.end or not name.person:
                continue
            if self._document.paragraph_of(name.start) - here > NAMED_LATER:
                break
            before = text[max(0, name.start - 40) : name.start]
            after = text[name.end : name.end + 60]
            if re.search(rf"\b{re.escape(head)},?\s+$", before, re.IGNORECASE) or re.match(
                rf",\s+(?:an?|the)\s+(?:[\w’'-]+\s+){{0,3}}{re.escape(head)}\b", after, re.IGNORECASE
            ):
                entity = self._entity_of(name)
                if head not in entity.roles:
                    entity.roles.append(head)
                entity.sex = entity.sex or _sex(described)
                return entity
        return None

    def _organisation(self, described: str) -> _Entity:
        name = described.strip()
        alias = self._aliases.get(_key(name))
        for entity in self._entities:
            if _key(entity.name) in (_key(name), alias and _key(alias)) or _key(name) in map(_key, entity.aliases):
                return entity
        entity = _Entity(alias or name, Kind.ORGANISATION)
        self._entities.append(entity)
        self._attach_aliases(entity)
        if alias:
            entity.aliases.append(name)
        return entity

    def _anonymous(self, mention: str, span: Span) -> _Entity:
        described = re.sub(r",.*", "", mention)
        head = head_noun(described)
        definite = described.casefold().startswith(("the ", "that ", "those ", "these "))
        for entity in reversed(self._entities):
            if entity.anonymous is not None and (entity.name == described or (definite and entity.head == head)):
                return entity
        self._unnamed += 1
        kind = Kind.DOCUMENT if head in DOCUMENT_HEADS else Kind.PERSON
        plural = (head.endswith("s") and head not in ("was", "is")) or head in ("people", "police")
        if plural and kind == Kind.PERSON:
            kind = Kind.GROUP
        if head in ORGANISATION_HEADS:
            kind = Kind.ORGANISATION
        entity = _Entity(
            mention[:200], kind, anonymous=self._unnamed, plural=plural, head=head, sex=_sex(described),
            organisation=self._organisation_in(span),
        )  # fmt: skip
        self._entities.append(entity)
        return entity

    def _organisation_in(self, span: Span) -> str:
        """Whom somebody unnamed speaks for, where the mention says so."""
        inside = [n for n in self._names if span.start <= n.start and n.end <= span.end and not n.person]
        return next((self._aliases.get(_key(n.text), n.text) for n in inside if is_organisation(n.text)), "")

    # --- Names ---

    def _read_names(self, until: int) -> None:
        """Note the names that stand before a mention, so that pronouns and titles know them."""
        while self._seen < len(self._names) and self._names[self._seen].start <= until:
            name = self._names[self._seen]
            self._seen += 1
            if name.person or is_organisation(name.text):
                entity = self._entity_of(name)
                entity.last = max(entity.last, name.start)

    def _entity_of(self, name: Name) -> _Entity:
        wanted = self._aliases.get(_key(name.text), name.text)
        for entity in reversed(self._entities):
            if entity.anonymous is None and _same_name(entity, wanted, name):
                if len(wanted.split()) > len(entity.name.split()) and name.person:
                    entity.name = wanted
                if name.role and name.role not in entity.roles:
                    entity.roles.append(name.role)
                entity.sex = entity.sex or _sex(name.title)
                return entity
        full = self._full_name_later(name) if name.person else wanted
        kind = Kind.PERSON if name.person else Kind.AGENCY if wanted in AGENCY_NAMES else Kind.ORGANISATION
        entity = _Entity(full, kind, sex=_sex(f"{name.title} {name.role}"), roles=[name.role] if name.role else [])
        self._entities.append(entity)
        self._attach_aliases(entity)
        return entity

    def _full_name_later(self, name: Name) -> str:
        """The full name of a surname that stands alone before it, in a headline's manner."""
        if " " in name.text:
            return name.text
        return next(
            (n.text for n in self._names if n.person and " " in n.text and _surname_of(n.text, name.text)), name.text
        )

    def _attach_aliases(self, entity: _Entity) -> None:
        entity.aliases += [shown for key, shown in self._alias_words.items() if self._aliases[key] == entity.name]

    def _find_aliases(self) -> dict[str, str]:
        """Other names a text itself gives: in parentheses, or side by side between commas. Key -> full name."""
        aliases: dict[str, str] = {}
        self._alias_words: dict[str, str] = {}
        text = self._document.text

        def equate(alias: str, name: str) -> None:
            if _key(alias) != _key(name) and _key(alias) not in aliases:
                aliases[_key(alias)] = name
                self._alias_words[_key(alias)] = alias

        for name in self._names:
            if name.person:
                continue
            after = re.match(r"\s*,?\s*\(?(?:or\s+)?\(?([A-Z][A-Z.&]{1,9})\)", text[name.end : name.end + 20])
            if after and acronym_of(after[1], name.text):
                equate(after[1], name.text)
            before = re.search(
                r"((?:[A-Z][\w.-]*\s+){0,3}[A-Z][\w.-]*['’]s?\s+(?:[a-z-]+\s+){0,3}[a-z]+),\s+(?:the\s+)?$",
                text[max(0, name.start - 90) : name.start],
            )
            if before and _possessive_organisation(before[1]) and is_organisation(name.text):
                equate(before[1], name.text)
            behind = re.match(
                r"(?:\s+\([A-Z.&]+\))?,\s+((?:[A-Z][\w.-]*\s+){0,3}[A-Z][\w.-]*['’]s?\s+(?:[a-z-]+\s+){0,3}[a-z]+)[,.]",
                text[name.end : name.end + 100],
            )
            if behind and _possessive_organisation(behind[1]) and is_organisation(name.text):
                equate(behind[1], name.text)
        return aliases


def _once(entities: list[_Entity]) -> list[_Entity]:
    """Each entity once, in order."""
    return list({id(entity): entity for entity in entities}.values())


def _by_recency(spoke: list[_Entity]) -> list[_Entity]:
    return spoke[-8:]


def _fits(entity: _Entity, word: str) -> bool:
    if word in HE | SHE | {"i", "who"}:
        if entity.kind != Kind.PERSON or entity.plural:
            return False
        return not entity.sex or word not in HE | SHE or entity.sex == ("m" if word in HE else "f")
    if word in THEY | {"we"}:
        return entity.plural or entity.kind in (Kind.GROUP, Kind.ORGANISATION) or entity.kind == Kind.PERSON
    return entity.kind in (Kind.ORGANISATION, Kind.AGENCY, Kind.DOCUMENT)


def _same_name(entity: _Entity, wanted: str, name: Name) -> bool:
    key = _key(wanted)
    if _key(entity.name) == key or key in map(_key, entity.aliases):
        return True
    if not name.person or entity.kind != Kind.PERSON:
        return False
    return (
        _surname_of(entity.name, wanted) or _surname_of(wanted, entity.name) or _key(entity.name).endswith(" " + key)
    )


def _surname_of(full: str, short: str) -> bool:
    """Is `short` how copy calls `full` the second time: the family name, first or last?"""
    words, wanted = _key(full).split(), _key(short)
    if len(words) < 2 or not wanted:
        return False
    family_first = "-" in full.rsplit(maxsplit=1)[-1] or (
        len(words) == 3 and len(words[0]) <= 4 and full.split(maxsplit=1)[0] in KOREAN
    )
    if words[-1] == wanted or (family_first and words[0] == wanted):
        return True
    return " " in wanted and words[-len(wanted.split()) :] == wanted.split()


KOREAN = frozenset("Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Shin Suh Kwon Hwang Ahn Song Ryu Hong".split())


def _sex(words: str) -> str:
    found = set(re.findall(r"[a-z]+", words.casefold()))
    return "f" if found & FEMALE else "m" if found & MALE else ""


def _key(name: str) -> str:
    return re.sub(r"^the\s+", "", re.sub(r"[’]", "'", name.casefold())).replace(".", "")


def _possessive_organisation(described: str) -> bool:
    """ "South Korea's spy agency": a name, a possessive, and an organisation's noun."""
    match = re.fullmatch(r"(?:[Tt]he\s+)?[A-Z][\w.\- ]*?['’]s?\s+(?P<rest>[a-z][a-z\- ]+)", described)
    return match is not None and match["rest"].split()[-1] in ORGANISATION_HEADS


SORTS = {
    "intelligence service": {"spy", "intelligence", "security"},
    "defence ministry": {"defence", "defense", "military"},
    "foreign ministry": {"foreign", "diplomatic"},
    "health service": {"health", "hospital", "medical"},
    "central bank": {"bank"},
    "police force": {"police", "constabulary"},
    "statistics office": {"statistics", "statistical"},
    "weather service": {"weather", "meteorological"},
    "nuclear agency": {"nuclear", "atomic"},
    "council": {"council"},
    "university": {"university"},
    "prosecution service": {"prosecutor", "prosecutors", "prosecution"},
    "space agency": {"space"},
}


def _sort(name: str) -> set[str]:
    words = set(re.findall(r"[a-z]+", name.casefold()))
    return {sort for sort, signs in SORTS.items() if words & signs}
