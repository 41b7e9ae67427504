"""Who a mention stands for: names, family names, titles, pronouns, "the lawmaker"; and who has no name.

Mentions are resolved in the order of the text. Whoever was spoken of or spoke before is remembered.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from articles.extraction.attribution.attributions import Attribution
from articles.extraction.attribution.finite_verbs import has_verb
from articles.extraction.attribution.noun_phrases import Phrase, described_before
from articles.extraction.attribution.subjects import first_subject, subject_before
from articles.extraction.document import Document, Token
from articles.extraction.lexicon.organisations import DOCUMENT_HEADS, ORGANISATION_HEADS, head_noun, is_organisation
from articles.extraction.lexicon.word_classes import PREPOSITIONS, TITLES, is_adverb
from articles.extraction.proposal import Kind, SameSpeaker, Span, Speaker
from articles.extraction.speakers.entities import OWNER, REMEMBERED, Entities, Entity, is_described, is_seat, sorts_of
from articles.extraction.speakers.names import Name, find_names
from articles.extraction.speakers.roles import FEMALE_WORDS, MALE_WORDS, PARTIES, ROLES, sex_of

HE, SHE = frozenset(("he", "him", "his")), frozenset(("she", "her", "hers"))
PLURAL = frozenset(("they", "them", "their", "both"))
NEUTER = frozenset(("it", "its"))
RELATIVE = frozenset(("who", "which", "that", "whom"))
RELATIVE_END = re.compile(r"\s+(?:who|whom|which|that)\s*\Z")
#: They speak for whoever writes or for everybody: nobody that could be named.
NOBODY = frozenset("i we you one someone somebody everyone everybody nobody anyone there what".split())
DEFINITE = re.compile(r"(?:the|that|this|those|these|his|her|its|their)\s+", re.IGNORECASE)
ANOTHER = re.compile(
    r"(?:another|a\s+second|a\s+third|other|a\s+further|an?|one|two|some|several|many)\s+", re.IGNORECASE
)
#: What is said of a mention without a comma: "a memo obtained by …", "a man who …".
BY_THE_WAY = re.compile(
    r"\s+(?:who|whose|which)\s|\s+(?:quoted|cited|obtained|seen|reviewed|published|released|carried|leaked|shared|contacted|interviewed"
    r"|reached|surveyed|polled|questioned)\s+(?:by|to)\s"
    r"|\s+(?:published|released|filed|issued|compiled|gathered|interviewed)(?=\s+(?:on|in|at|last|this)\b|$)"
)
#: "The trust's chief engineer", "its regional officer", "the head teacher".
OWNED_ROLE = re.compile(
    r"(?:(?P<its>[Ii]ts|[Tt]heir)|(?P<owner>[Tt]he\s+[a-z]+)['’]s?|(?:[Tt]he|[Aa]n?|.*['’]s?))\s+(?P<role>[a-z-]+(?:\s[a-z-]+){0,2})"
)
#: "The owner, Korrin Lines, denied": what a body is as well as a person.
OF_BODIES = ORGANISATION_HEADS | frozenset(
    "owner operator contractor carrier publisher parent builder supplier".split()
)
#: Somebody of somebody: "the company's director" is not whoever spoke so far.
OWNED = re.compile(r"['’]s?\s+[\w-]+(?:\s+[\w-]+){0,2}$")
PARTY_WORDS = frozenset(map(str.casefold, PARTIES))
#: "The Clinton campaign": somebody's name before what is theirs, and no "Clinton herself".
BEFORE_A_NOUN = re.compile(
    r"['’]?s?\s+(?!(?:himself|herself|themselves|who|and|or|also|too|then|later|now|alone)\b)[a-z]"
)
#: What stands for the head of those who answer in an interview that names nobody.
ANSWERING = "(answers)"
#: "Their solicitor" is somebody else than whoever spoke.
DEFINITE_ONE = re.compile(r"(?:the|that|this)\s", re.IGNORECASE)
#: Nouns for one person that are no role.
PEOPLE = frozenset(
    "man woman boy girl teenager youth veteran mogul tycoon star republican democrat socialist liberal conservative native "
    "hopeful newcomer grandmother grandfather survivor suspect defendant victim patient champion winner laureate novelist "
    "playwright comedian singer-songwriter septuagenarian".split()
)
#: An unnamed speaker who is named so many paragraphs later at most is that person.
NAMED_LATER = 2
#: Somebody whom a sentence before spoke of is looked for so far back, in code points.
INTRODUCED = 600
#: A pronoun looks back so many sentences.
LOOKING_BACK = 8
#: Roles that many have: they never stand for the one person who spoke so far.
GENERAL = frozenset(
    "official spokesman spokeswoman spokesperson source witness resident officer aide diplomat expert".split()
)
#: Nouns of more than one, or of a body of people, that speak without a name.
GROUPS = frozenset(
    "people police men women residents witnesses authorities others majority percent many most some few family couple crowd "
    "crew public".split()
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A mention and who it stands for.

    `sure` is False for a pronoun or title that had to be guessed; `nobody` is True for words that stand for nobody
    in particular ("I" of a column, "one").
    """

    entity: Entity
    mention: str
    span: Span | None
    sure: bool = True
    nobody: bool = False


class Speakers:
    """The speakers of one text: resolve mentions in order, then `freeze` entities into Speakers."""

    def __init__(self, document: Document, found: list[Attribution]) -> None:
        self._document = document
        self._names = find_names(document)
        self._starts = [name.start for name in self._names]
        self._entities = Entities(document, self._names)
        self._answering: Entity | None = None  # who answers in an interview
        self._read = 0
        self._resolved_at: dict[Span, Resolved] = {}  # of two verbs with one subject
        self._spoke: list[tuple[int, Entity]] = []  # (where, who), as resolved
        self._people: set[int] = set()  # the named persons who spoke
        self._contents = sorted(span for one in found for span in one.content)

    def resolve(self, span: Span) -> Resolved | None:
        """Who the words of a span stand for here; None where that is nobody in particular ("I", "one")."""
        core = self._core(span)
        self._note_names(core.start)
        named = self._named_beside(core, span)
        if named is not None:
            mention = re.sub(r"\s+", " ", self._document.text[core.start : core.end])
            return self._resolved(named, mention, core)
        mention = re.sub(r"\s+", " ", self._document.text[core.start : core.end])
        if (known := self._resolved_at.get(core)) is not None:
            return self._resolved(known.entity, mention, core, sure=known.sure)
        found = self._find(mention, core)
        if found is None:
            return None
        entity, sure = found
        self._resolved_at[core] = self._resolved(entity, mention, core, sure=sure)
        return self._resolved_at[core]

    def anyone(self, span: Span) -> Resolved:
        """An unnamed speaker for words that stand for nobody in particular: "I" of a column, "one", "you"."""
        mention = re.sub(r"\s+", " ", self._document.text[span.start : span.end])
        head = mention.casefold()
        entity = self._entities.last_unnamed(head) or self._entities.unnamed(mention, Kind.PERSON, head)
        return Resolved(entity, mention, span, sure=False, nobody=True)

    def _resolved(self, entity: Entity, mention: str, core: Span, *, sure: bool = True) -> Resolved:
        self._entities.touch(entity, core.start)
        self._spoke.append((core.start, entity))
        if entity.is_person and entity.anonymous is None:
            self._people.add(id(entity))
        return Resolved(entity, mention, core, sure)

    def labelled(self, label: Span, *, answers: bool = False) -> Resolved:
        """Who speaks in a transcript's line: "FRITH: …" is Ann Frith, "A: …" the one person named before.

        `answers` is True for a line that only says that it is an answer.
        """
        mention = self._document.text[label.start : label.end]
        self._note_names(label.start)
        if answers:
            return self._resolved(self._interviewed(label.start), mention, label, sure=False)
        shown = mention if not mention.isupper() else mention.title()
        entity = self._entities.called(shown) or self._entities.called(shown.split()[-1])
        if entity is not None:
            return self._resolved(entity, mention, label)
        head = head_noun(shown)
        if head in ROLES or shown.casefold().startswith("the "):
            return self._resolved(
                self._entities.last_unnamed(head) or self._entities.unnamed(mention, Kind.PERSON, head), mention, label
            )
        return self._resolved(self._entities.person(shown), mention, label)

    def _interviewed(self, start: int) -> Entity:
        """Who answers in an interview, given where the first answer stands: the one person named before it."""
        if (known := self._entities.last_unnamed(ANSWERING)) is not None:
            return known
        if self._answering is None:
            before = sorted({name.text for name in self._names[: bisect_left(self._starts, start)] if name.person})
            people = [entity for name in before if (entity := self._entities.called(name)) is not None]
            self._answering = people[0] if len({id(entity) for entity in people}) == 1 else None
        return self._answering or self._entities.unnamed("the person interviewed", Kind.PERSON, ANSWERING)

    def nobody_named(self) -> Resolved:
        """Whoever it was of whom the text says nothing: "is expected"."""
        entity = self._entities.last_unnamed("") or self._entities.unnamed("not named", Kind.GROUP, "")
        return Resolved(entity, "", None, sure=False, nobody=True)

    def carried(self) -> Resolved | None:
        """Whoever spoke last, going on."""
        return Resolved(self._spoke[-1][1], "", None, sure=True) if self._spoke else None

    def freeze(self, entity: Entity) -> Speaker:
        """The Speaker of an entity. Call it once all is resolved."""
        return self._entities.freeze(entity)

    def probably_same(self) -> tuple[SameSpeaker, ...]:
        """Pairs of those who spoke that are probably one, for an editor to decide."""
        return self._entities.probably_same(entity for _, entity in self._spoke)

    # --- What a mention is ---

    def _core(self, span: Span) -> Span:
        """The mention without what is said of it by the way: "Lee, who chairs the committee," is "Lee"."""
        text = self._document.text
        while span.start < span.end and text[span.start].isspace():
            span = Span(span.start + 1, span.end)
        match = re.compile(r"(?:[^,(—–\n]|\([^)\n]{0,40}\)|\n(?!\n)|(?<=\d),(?=\d)|,(?=\s+(?:Jr|Sr)\.))+").match(
            text, *span
        )
        end = match.end() if match else span.end
        if by_the_way := BY_THE_WAY.search(text, span.start + 1, end):
            end = by_the_way.start()
        if relative := RELATIVE_END.search(text, span.start + 1, end):
            end = relative.start()  # "Two officials who | asked not to be named …"
        while end > span.start and (text[end - 1].isspace() or text[end - 1] in ",;:"):
            end -= 1
        return Span(span.start, max(end, span.start + 1))

    def _named_beside(self, core: Span, span: Span) -> Entity | None:
        """ "The mayor, Ann Frith, said": the person whose name stands by a description."""
        if core.end >= span.end or any(not self._is_owner(name, core) for name in self._names_in(core)):
            return None
        name = next(iter(self._names_in(Span(core.end, span.end))), None)
        between = self._document.text[core.end : name.start] if name is not None else ""
        head = head_noun(self._document.text[core.start : core.end])
        title = between.strip().removeprefix(",").strip().casefold().strip(".")
        beside = between.lstrip().startswith(",") and (not title or title in TITLES)
        if name is None or not beside:
            return None
        if not name.person and head in OF_BODIES and is_organisation(name.text):
            return self._entities.of_name(name)
        if head in ORGANISATION_HEADS | DOCUMENT_HEADS | GROUPS or head.endswith("s"):
            return None
        if name.person:
            entity = self._entities.of_name(name)
        elif head in ROLES and " " not in name.text and self._document.text[name.end : name.end + 1] == ",":
            entity = self._entities.person(name.text)  # "his wife, Sinead, calls it a disgrace"
        else:
            return None
        self._learn_role(entity, self._document.text[core.start : core.end], head)
        return entity

    def _learn_role(self, entity: Entity, described: str, head: str) -> None:
        """What a description says of the person named beside it: "Its regional officer, Colum Dyer,"."""
        match = OWNED_ROLE.fullmatch(re.sub(r"\s+", " ", described))
        role = match["role"] if match else head
        if role.endswith("s") and role[:-1] in ROLES:
            role = role[:-1]  # "one of the family's attorneys, Justin Bamberg,"
        if head_noun(role) in ROLES and head_noun(role) not in map(head_noun, entity.roles):
            entity.roles.append(role)
        if match is None or entity.organisation:
            return
        owner = None
        if match["its"]:
            owner = next((e for e in reversed(self._entities.recent) if e.kind == Kind.ORGANISATION), None)
        elif match["owner"]:
            owner = self._known(match["owner"], head_noun(match["owner"]))
        if owner is not None and owner.anonymous is None and owner.kind == Kind.ORGANISATION:
            entity.organisation = owner.name

    def _find(self, mention: str, span: Span) -> tuple[Entity, bool] | None:
        word = mention.casefold()
        if word in NOBODY:
            return None
        if word.split()[0] in RELATIVE and is_adverb(word.split()[-1]):
            word = word.split()[0]  # "which together"
        if word in HE | SHE | PLURAL | NEUTER | RELATIVE:
            return self._pronoun(word, span)
        inside = self._names_in(span)
        persons = [name for name in inside if name.person]
        if len(persons) > 1 and " and " in mention:
            return self._entities.unnamed(mention, Kind.GROUP, "people"), True
        described = re.sub(r"\s+", " ", mention).strip()
        meant = next((name for name in persons if not self._is_owner(name, span)), None)
        if meant is not None and (meant is persons[0] or meant.end >= span.end):
            return self._named(meant, span), True
        if is_described(described) or self._owns_a_body(inside, described):
            return self._entities.organisation(re.sub(r"^[Tt]he\s+", "", described)), True
        if (body := self._body(inside, described, span)) is not None:
            return body, True
        return self._described(described, span, inside)

    @staticmethod
    def _owns_a_body(inside: list[Name], described: str) -> bool:
        """ "Ukraine's General Staff": is it whose body, and what the body is called?"""
        last = inside[-1] if inside else None
        if last is None or last.person or not is_organisation(last.text) or not described.endswith(last.text):
            return False
        return re.fullmatch(rf"(?:[Tt]he\s+)?{OWNER}\s+", described.removesuffix(last.text)) is not None

    def _is_owner(self, name: Name, span: Span) -> bool:
        """ "Lee's lawyer" is the lawyer, "a spokesman for Lee" the spokesman."""
        text = self._document.text
        if re.match(r"['’]s?\s+\w", text[name.end : min(name.end + 4, span.end)]):
            return True
        if BEFORE_A_NOUN.match(text, name.end, span.end) and not _is_behind(text, name.end, span.end):
            return True  # "Stein spokeswoman Melezia Figueroa", "the Clinton campaign"
        before = text[span.start : name.start].casefold()
        if any(before.rstrip().endswith(role) for role in name.roles if " of " in role):
            return False  # "Secretary of State John Kerry"
        return bool(re.search(r"\b(?:for|of|to|by|from|with|on|about)\s+(?:[\w.]+\s+){0,2}$", before))

    def _named(self, name: Name, span: Span) -> Entity:
        entity = self._entities.of_name(name)
        before = self._document.text[span.start : name.start].strip().casefold()
        entity.sex = entity.sex or sex_of(before)
        return entity

    def _body(self, inside: list[Name], described: str, span: Span) -> Entity | None:
        """The organisation that a mention names, if it is that and not somebody of it."""
        bare = re.sub(r"^[Tt]he\s+", "", described)
        if is_seat(bare):
            return self._entities.organisation(bare)
        for name in inside:
            if name.person:
                continue
            rest = self._document.text[name.end : span.end]
            before = self._document.text[span.start : name.start]
            if re.fullmatch(r"\s*(?:\([^)]*\))?\s*[.,;:]?", rest) and re.fullmatch(
                r"(?:[Tt]he\s+|[Bb]oth\s+|[Ee]ven\s+)?(?:[a-z-]+\s+){0,2}", before
            ):
                lead = head_noun(before) if before.strip() else ""
                of_it = any(word in PREPOSITIONS for word in before.split())  # "scientists in Leeds"
                if of_it or lead in DOCUMENT_HEADS or lead in ROLES:
                    return None
                return self._entities.of_name(name)
        return None

    def _described(self, described: str, span: Span, inside: list[Name]) -> tuple[Entity, bool]:
        head = head_noun(described)
        definite = DEFINITE.match(described) is not None
        if definite or (head in ROLES and " " not in described):
            known = self._known(described, head)
            if known is not None:
                return known, True
        if (later := self._named_later(head, described, span)) is not None:
            return later, True
        if definite and (introduced := self._introduced(head, span)) is not None:
            return introduced, True
        if (
            DEFINITE_ONE.match(described)
            and self._is_one_person(head)
            and all(not name.person and not is_organisation(name.text) for name in inside)  # "the Vermont senator"
            and not OWNED.search(described)
            and (only := self._only_person()) is not None
        ):
            return only, False
        if definite or not ANOTHER.match(described):
            before = self._entities.last_unnamed(head)
            if before is not None and (definite or before.name == described):
                return before, True
        return self._unnamed(described, head, inside), True

    def _unnamed(self, described: str, head: str, inside: list[Name]) -> Entity:
        kind = Kind.PERSON
        if head in DOCUMENT_HEADS:
            kind = Kind.DOCUMENT
        elif head in ORGANISATION_HEADS and head != "police":
            kind = Kind.ORGANISATION
        elif head in GROUPS or (head.endswith("s") and not head.endswith("ss") and head not in ROLES):
            kind = Kind.GROUP
        named = [name for name in inside if not name.person and is_organisation(name.text)]
        organisation = named[0].text if named else ""
        if not organisation and (owner := re.search(r"\b(?:for|of|from|at|in|by)\s+(the\s+\w+)$", described)):
            known = self._known(owner[1], head_noun(owner[1]))
            organisation = known.name if known is not None and not known.is_person and known.anonymous is None else ""
        sex = sex_of(described.split(" of ", maxsplit=1)[0])
        return self._entities.unnamed(described[:200], kind, head, organisation, sex)

    # --- Who it was before ---

    def _known(self, described: str, head: str) -> Entity | None:
        """Who "the lawmaker", "the ministry", "the agency" was before: the last one with that role or noun."""
        known = self._entities.recent[::-1]
        words = re.findall(r"[\w'’-]+", described.casefold())
        if re.match(r"(?:his|her|its|their)\b", described, re.IGNORECASE):
            known = [entity for entity in known if entity.anonymous is None]
            if head not in ORGANISATION_HEADS:
                return None
        same = [e for e in known if e.head == head or any(head_noun(role) == head for role in e.roles)]
        same = [entity for entity in same if self._sex_fits(entity, words)]
        if same:
            return self._best_described(same, words, head)
        for entity in known:
            if (
                not entity.is_person
                and entity.anonymous is None
                and head in re.findall(r"\w+", entity.name.casefold())
            ):
                return entity
        if head in ("document", "report", "paper", "text") and len(words) == 2:
            return next((entity for entity in known if entity.kind == Kind.DOCUMENT), None)
        sorts = sorts_of(described)
        if sorts and head in ORGANISATION_HEADS:
            found = (e for e in known if not e.is_person and e.anonymous is None and sorts & sorts_of(e.name))
            return next(found, None)
        if (
            head in ("agency", "organisation", "organization", "company", "firm", "charity", "body", "group")
            and len(words) == 2
        ):
            return next((e for e in known if e.kind == Kind.ORGANISATION and e.anonymous is None), None)
        return None

    @staticmethod
    def _best_described(candidates: list[Entity], words: list[str], head: str) -> Entity | None:
        """Which of several is "the U.S. official": whose description has those words; else the last one."""
        said = set(words) - {"the", "this", "that", "same", "senior", "former", head}
        party = said & PARTY_WORDS
        if party:  # "the Republican nominee" is not the Democratic one
            candidates = [e for e in candidates if not (_parties(e) and not party & _parties(e))]
        fitting = [
            e for e in candidates if said <= set(re.findall(r"[\w'’-]+", f"{e.name} {' '.join(e.roles)}".casefold()))
        ]
        if fitting:
            return fitting[0]
        return candidates[0] if len(candidates) == 1 else None

    @staticmethod
    def _sex_fits(entity: Entity, words: list[str]) -> bool:
        said = "f" if FEMALE_WORDS & set(words) else "m" if MALE_WORDS & set(words) else ""
        return not said or not entity.sex or said == entity.sex

    def _named_later(self, head: str, described: str, span: Span) -> Entity | None:
        """ "a South Korean lawmaker" whom the next paragraphs call "lawmaker Lee Seong-kweun"."""
        if (
            head not in ROLES
            or head.endswith("s")
            or re.match(r"(?:another|one|two|several|some)\b", described, re.IGNORECASE)
        ):
            return None
        here = self._document.paragraph_of(span.start)
        first = bisect_left(self._starts, span.end)
        for name in self._names[first : first + REMEMBERED]:
            if self._document.paragraph_of(name.start) - here > NAMED_LATER:
                break
            if name.person and any(head_noun(role) == head for role in name.roles):
                entity = self._entities.of_name(name)
                return None if entity in self._entities.recent else entity
        return None

    def _introduced(self, head: str, span: Span) -> Entity | None:
        """ "A senior Western official was more careful. “…,” the official said": somebody who had not spoken yet."""
        start = max(0, span.start - INTRODUCED)
        pattern = re.compile(rf"\b(?:[Aa]n?|[Oo]ne|[Aa]nother)\s+(?:[\w.’'-]+\s+){{0,4}}?{re.escape(head)}\b")
        found = [m for m in pattern.finditer(self._document.text, start, span.start) if not self._quoted(m.start())]
        if not found:
            return None
        mention = found[-1][0]
        inside = self._names_in(Span(*found[-1].span()))
        return self._unnamed(re.sub(r"\s+", " ", mention), head, inside)

    def _is_one_person(self, head: str) -> bool:
        """May "the lawmaker", "the 54-year-old" or "the Republican" be the one person who spoke so far?"""
        return head not in GENERAL and (head in ROLES or head in PEOPLE or head.endswith("year-old"))

    def _only_person(self) -> Entity | None:
        if len(self._people) != 1:
            return None
        return next((e for e in reversed(self._entities.recent) if id(e) in self._people), None)

    # --- Pronouns ---

    def _pronoun(self, word: str, span: Span) -> tuple[Entity, bool]:
        if word in RELATIVE and (antecedent := self._antecedent(span)) is not None:
            return antecedent, True
        number, told = self._document.sentence_of(span.start), 0
        for back in range(LOOKING_BACK):
            if number - back < 0:
                break
            sentence = self._document.sentences[number - back]
            until = span.start if back == 0 else sentence.end
            if (entity := self._in_sentence(sentence.start, until, word)) is not None:
                if word in HE | SHE and entity.is_person and not entity.sex and told <= 1:
                    entity.sex = "m" if word in HE else "f"
                return entity, True
            # What is only quoted lies between nobody: “…,” says Mehta. “… …” He believes …
            told += not self._quoted(sentence.start)
        spoke = next((e for e in reversed(self._entities.recent) if _fits(e, word)), None)
        if spoke is not None:
            return spoke, False
        text = self._document.text[span.start : span.end]
        kind = Kind.GROUP if word in PLURAL else Kind.ORGANISATION if word in NEUTER else Kind.PERSON
        return self._entities.unnamed(text, kind, word, sex="m" if word in HE else "f" if word in SHE else ""), False

    def _in_sentence(self, start: int, end: int, word: str) -> Entity | None:
        """Whom a pronoun takes up from a sentence: who speaks in it, else whom it first speaks of."""
        for where, entity in reversed(self._spoke):
            if start <= where < end and _fits(entity, word):
                return entity
            if where < start:
                break
        if (subject := self._described_subject(start, end, word)) is not None:
            return subject
        if word in NEUTER and (subject := self._own_subject(start, end)) is not None:
            return subject
        for name in self._names_in(Span(start, end)):
            if self._quoted(name.start):
                continue
            if name.person or is_organisation(name.text):
                entity = self._entities.of_name(name)
                if _fits(entity, word):
                    return entity
        return None

    def _own_subject(self, start: int, end: int) -> Entity | None:
        """The body that the pronoun's own sentence is about: "The company expects less, it said"."""
        sentence = self._document.sentences[self._document.sentence_of(start)]
        first = first_subject(sentence.tokens, 0, len(sentence.tokens)) if sentence.end > end else None
        if first is None or sentence.tokens[first[1]].start >= end:
            return None
        tokens = sentence.tokens[first[0].start : first[0].core]
        span = Span(tokens[0].start, tokens[-1].end)
        mention = re.sub(r"\s+", " ", self._document.text[span.start : span.end])
        inside = self._names_in(span)
        if any(name.person for name in inside) or mention.casefold() in HE | SHE | PLURAL | NEUTER | RELATIVE:
            return None
        if head_noun(mention) not in ORGANISATION_HEADS | DOCUMENT_HEADS and self._body(inside, mention, span) is None:
            return None
        found = self._find(mention, span)
        return found[0] if found is not None and _fits(found[0], "it") else None

    def _described_subject(self, start: int, end: int, word: str) -> Entity | None:
        """Whom a sentence is about that names nobody: "The ministry official declined to. He said only …"."""
        sentence = self._document.sentences[self._document.sentence_of(start)]
        if word not in HE | SHE | NEUTER or sentence.end > end or self._quoted(sentence.start):
            return None
        first = first_subject(sentence.tokens, 0, len(sentence.tokens))
        if first is None or sentence.tokens[first[0].start].lower in HE | SHE | NEUTER:
            return None
        phrase = first[0]
        span = Span(sentence.tokens[phrase.start].start, sentence.tokens[phrase.core - 1].end)
        described = self._document.text[span.start : span.end]
        head = head_noun(described)
        # "The four-page assessment is dated Saturday. It estimates …": a document is spoken of as one
        wanted = DOCUMENT_HEADS if word in NEUTER else ROLES
        if head not in wanted or any(not self._is_owner(name, span) for name in self._names_in(span)):
            return None
        known = self._known(described, head) if DEFINITE.match(described) else None
        entity = known or self._unnamed(re.sub(r"\s+", " ", described), head, [])
        return entity if _fits(entity, word) else None

    def _antecedent(self, span: Span) -> Entity | None:
        """Whom "who" stands for: the name or the description right before it."""
        near = self._names_in(Span(max(0, span.start - 60), span.start))
        if near and len(self._document.text[near[-1].end : span.start].split()) <= 1:
            word = self._document.text[span.start : span.end].casefold()
            if near[-1].person or (word == "which" and is_organisation(near[-1].text)):
                return self._entities.of_name(near[-1])
        sentence = self._document.sentences[self._document.sentence_of(span.start)]
        index = next((i for i, token in enumerate(sentence.tokens) if token.start == span.start), 0)
        if index and sentence.tokens[index - 1].text == ",":
            index -= 1
        if not index:
            return None
        phrase = subject_before(sentence.tokens, index) or described_before(sentence.tokens, index)
        if phrase is not None and self._document.text[span.start : span.end].casefold() == "which":
            phrase = _body_at_its_end(sentence.tokens, phrase)
        if phrase is None or has_verb(sentence.tokens, phrase.start, phrase.core):
            return None
        core = Span(sentence.tokens[phrase.start].start, sentence.tokens[phrase.core - 1].end)
        mention = re.sub(r"\s+", " ", self._document.text[core.start : core.end])
        if mention.casefold() in HE | SHE | PLURAL | NEUTER | RELATIVE:
            return None
        found = self._find(mention, core)
        return found[0] if found is not None else None

    # --- Names ---

    def _names_in(self, span: Span) -> list[Name]:
        """The names that stand within a span."""
        inside = self._names[bisect_left(self._starts, span.start) : bisect_left(self._starts, span.end)]
        return [name for name in inside if name.end <= span.end]

    def _note_names(self, until: int) -> None:
        """Note the names that stand before a mention, so that pronouns and titles know them."""
        while self._read < len(self._names) and self._names[self._read].start < until:
            name = self._names[self._read]
            self._read += 1
            if name.person or is_organisation(name.text):
                entity = self._entities.of_name(name)
                if not self._quoted(name.start):
                    self._entities.touch(entity, name.start)

    def _quoted(self, offset: int) -> bool:
        """Does a place lie within what somebody said?"""
        at = bisect_left(self._contents, Span(offset + 1, 0)) - 1
        return at >= 0 and self._contents[at].start <= offset < self._contents[at].end


def _body_at_its_end(tokens: Sequence[Token], phrase: Phrase) -> Phrase:
    """ "a warning from | the regulator |, which had described it": whom "which" stands for, where that is a body."""
    shown = " ".join(token.text for token in tokens[phrase.start : phrase.core])
    if head_noun(shown) in DOCUMENT_HEADS | ORGANISATION_HEADS:
        return phrase
    for index in range(phrase.core - 1, phrase.start, -1):
        if tokens[index].lower in PREPOSITIONS:
            last = " ".join(token.text for token in tokens[index + 1 : phrase.core])
            is_body = last and (head_noun(last) in ORGANISATION_HEADS or is_organisation(last))
            return Phrase(index + 1, phrase.core, phrase.end) if is_body else phrase
    return phrase


def _is_behind(text: str, offset: int, end: int) -> bool:
    """Does a preposition or an adverb follow a name, which begins nothing that is theirs?"""
    words = re.findall(r"[\w-]+", text[offset : min(offset + 40, end)])
    return bool(words) and (words[0] in PREPOSITIONS or is_adverb(words[0]))


def _parties(entity: Entity) -> set[str]:
    """The parties that somebody's roles name."""
    return {word for role in entity.roles for word in role.casefold().split()} & PARTY_WORDS


def _fits(entity: Entity, word: str) -> bool:
    """May a pronoun stand for an entity?"""
    if word in HE | SHE:
        return entity.is_person and entity.sex in ("", "m" if word in HE else "f")
    if word in PLURAL:
        return entity.kind in (Kind.GROUP, Kind.ORGANISATION)
    if word in NEUTER:
        return entity.kind in (Kind.ORGANISATION, Kind.AGENCY, Kind.DOCUMENT)
    return entity.is_person
