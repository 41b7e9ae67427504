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
from articles.extraction.attribution.noun_phrases import Phrase, antecedent_before
from articles.extraction.attribution.subjects import first_subject, subject_before
from articles.extraction.document import Document, Token
from articles.extraction.lexicon.organisations import DOCUMENT_HEADS, ORGANISATION_HEADS, head_noun, is_organisation
from articles.extraction.lexicon.word_classes import PREPOSITIONS, TITLES, is_adverb
from articles.extraction.proposal import SameSpeaker, Span, Speaker, SpeakerKind
from articles.extraction.speakers.entities import (
    MAX_REMEMBERED_ENTITIES,
    OWNER,
    Entities,
    Entity,
    is_described,
    is_government_seat,
    organisation_sorts,
)
from articles.extraction.speakers.names import Name, find_names
from articles.extraction.speakers.roles import FEMALE_WORDS, MALE_WORDS, PARTIES, ROLES, detect_sex

MALE_PRONOUNS, FEMALE_PRONOUNS = frozenset(("he", "him", "his")), frozenset(("she", "her", "hers"))
PLURAL_PRONOUNS = frozenset(("they", "them", "their", "both"))
NEUTER_PRONOUNS = frozenset(("it", "its"))
RELATIVE_PRONOUNS = frozenset(("who", "which", "that", "whom"))
RELATIVE_END = re.compile(r"\s+(?:who|whom|which|that)\s*\Z")
#: They speak for whoever writes or for everybody: nobody that could be named.
INDEFINITE_PRONOUNS = frozenset("i we you one someone somebody everyone everybody nobody anyone there what".split())
DEFINITE_START = re.compile(r"(?:the|that|this|those|these|his|her|its|their)\s+", re.IGNORECASE)
INDEFINITE_START = re.compile(
    r"(?:another|a\s+second|a\s+third|other|a\s+further|an?|one|two|some|several|many)\s+", re.IGNORECASE
)
#: What is said of a mention without a comma: "a memo obtained by …", "a man who …".
MODIFIER_START = re.compile(
    r"\s+(?:who|whose|which)\s|\s+(?:quoted|cited|obtained|seen|reviewed|published|released|carried|leaked|shared|contacted|interviewed"
    r"|reached|surveyed|polled|questioned)\s+(?:by|to)\s"
    r"|\s+(?:published|released|filed|issued|compiled|gathered|interviewed)(?=\s+(?:on|in|at|last|this)\b|$)"
)
#: "The trust's chief engineer", "its regional officer", "the head teacher".
OWNED_ROLE = re.compile(
    r"(?:(?P<its>[Ii]ts|[Tt]heir)|(?P<owner>[Tt]he\s+[a-z]+)['’]s?|(?:[Tt]he|[Aa]n?|.*['’]s?))\s+(?P<role>[a-z-]+(?:\s[a-z-]+){0,2})"
)
#: "The owner, Korrin Lines, denied": what a body is as well as a person.
ORGANISATION_ROLES = ORGANISATION_HEADS | frozenset(
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
INTERVIEWEE_KEY = "(answers)"
#: "Their solicitor" is somebody else than whoever spoke.
DEFINITE_SINGULAR = re.compile(r"(?:the|that|this)\s", re.IGNORECASE)
#: Nouns for one person that are no role.
PERSON_NOUNS = frozenset(
    "man woman boy girl teenager youth veteran mogul tycoon star republican democrat socialist liberal conservative native "
    "hopeful newcomer grandmother grandfather survivor suspect defendant victim patient champion winner laureate novelist "
    "playwright comedian singer-songwriter septuagenarian".split()
)
#: An unnamed speaker who is named so many paragraphs later at most is that person.
MAX_NAMED_LATER_PARAGRAPHS = 2
#: Somebody whom a sentence before spoke of is looked for so far back, in code points.
MAX_INTRODUCTION_CHARS = 600
#: A pronoun looks back so many sentences.
MAX_LOOK_BACK_SENTENCES = 8
#: Roles that many have: they never stand for the one person who spoke so far.
COMMON_ROLES = frozenset(
    "official spokesman spokeswoman spokesperson source witness resident officer aide diplomat expert".split()
)
#: Nouns of more than one, or of a body of people, that speak without a name.
GROUP_NOUNS = frozenset(
    "people police men women residents witnesses authorities others majority percent many most some few family couple crowd "
    "crew public".split()
)


@dataclass(frozen=True, slots=True)
class ResolvedMention:
    """A mention and who it stands for.

    `sure` is False for a pronoun or title that had to be guessed; `nobody` is True for words that stand for nobody
    in particular ("I" of a column, "one").
    """

    entity: Entity
    mention: str
    span: Span | None
    is_certain: bool = True
    is_nobody: bool = False


class MentionResolver:
    """The speakers of one text: resolve mentions in order, then `freeze` entities into Speakers."""

    def __init__(self, document: Document, found: list[Attribution]) -> None:
        self._document = document
        self._names = find_names(document)
        self._starts = [name.start for name in self._names]
        self._entities = Entities(document, self._names)
        self._answering: Entity | None = None  # who answers in an interview
        self._read = 0
        self._resolved_at: dict[Span, ResolvedMention] = {}  # of two verbs with one subject
        self._spoke: list[tuple[int, Entity]] = []  # (where, who), as resolved
        self._people: set[int] = set()  # the named persons who spoke
        self._contents = sorted(span for one in found for span in one.content)

    def resolve(self, span: Span) -> ResolvedMention | None:
        """Who the words of a span stand for here; None where that is nobody in particular ("I", "one")."""
        core = self._mention_core(span)
        self._register_names(core.start)
        named = self._named_in_apposition(core, span)
        if named is not None:
            mention = re.sub(r"\s+", " ", self._document.text[core.start : core.end])
            return self._remember(named, mention, core)
        mention = re.sub(r"\s+", " ", self._document.text[core.start : core.end])
        if (known := self._resolved_at.get(core)) is not None:
            return self._remember(known.entity, mention, core, sure=known.is_certain)
        found = self._find_entity(mention, core)
        if found is None:
            return None
        entity, sure = found
        self._resolved_at[core] = self._remember(entity, mention, core, sure=sure)
        return self._resolved_at[core]

    def resolve_indefinite(self, span: Span) -> ResolvedMention:
        """An unnamed speaker for words that stand for nobody in particular: "I" of a column, "one", "you"."""
        mention = re.sub(r"\s+", " ", self._document.text[span.start : span.end])
        head = mention.casefold()
        entity = self._entities.last_unnamed(head) or self._entities.add_unnamed(mention, SpeakerKind.PERSON, head)
        return ResolvedMention(entity, mention, span, is_certain=False, is_nobody=True)

    def _remember(self, entity: Entity, mention: str, core: Span, *, sure: bool = True) -> ResolvedMention:
        self._entities.mark_mentioned(entity, core.start)
        self._spoke.append((core.start, entity))
        if entity.is_person and entity.anonymous_number is None:
            self._people.add(id(entity))
        return ResolvedMention(entity, mention, core, sure)

    def resolve_label(self, label: Span, *, answers: bool = False) -> ResolvedMention:
        """Who speaks in a transcript's line: "FRITH: …" is Ann Frith, "A: …" the one person named before.

        `answers` is True for a line that only says that it is an answer.
        """
        mention = self._document.text[label.start : label.end]
        self._register_names(label.start)
        if answers:
            return self._remember(self._interviewee(label.start), mention, label, sure=False)
        shown = mention if not mention.isupper() else mention.title()
        entity = self._entities.find_person(shown) or self._entities.find_person(shown.split()[-1])
        if entity is not None:
            return self._remember(entity, mention, label)
        head = head_noun(shown)
        if head in ROLES or shown.casefold().startswith("the "):
            return self._remember(
                self._entities.last_unnamed(head) or self._entities.add_unnamed(mention, SpeakerKind.PERSON, head),
                mention,
                label,
            )
        return self._remember(self._entities.get_person(shown), mention, label)

    def _interviewee(self, start: int) -> Entity:
        """Who answers in an interview, given where the first answer stands: the one person named before it."""
        if (known := self._entities.last_unnamed(INTERVIEWEE_KEY)) is not None:
            return known
        if self._answering is None:
            before = sorted({name.text for name in self._names[: bisect_left(self._starts, start)] if name.is_person})
            people = [entity for name in before if (entity := self._entities.find_person(name)) is not None]
            self._answering = people[0] if len({id(entity) for entity in people}) == 1 else None
        return self._answering or self._entities.add_unnamed(
            "the person interviewed", SpeakerKind.PERSON, INTERVIEWEE_KEY
        )

    def resolve_unstated(self) -> ResolvedMention:
        """Whoever it was of whom the text says nothing: "is expected"."""
        entity = self._entities.last_unnamed("") or self._entities.add_unnamed("not named", SpeakerKind.GROUP, "")
        return ResolvedMention(entity, "", None, is_certain=False, is_nobody=True)

    def last_speaker(self) -> ResolvedMention | None:
        """Whoever spoke last, going on."""
        return ResolvedMention(self._spoke[-1][1], "", None, is_certain=True) if self._spoke else None

    def to_speaker(self, entity: Entity) -> Speaker:
        """The Speaker of an entity. Call it once all is resolved."""
        return self._entities.to_speaker(entity)

    def find_same_speakers(self) -> tuple[SameSpeaker, ...]:
        """Pairs of those who spoke that are probably one, for an editor to decide."""
        return self._entities.find_same_speakers(entity for _, entity in self._spoke)

    # --- What a mention is ---

    def _mention_core(self, span: Span) -> Span:
        """The mention without what is said of it by the way: "Lee, who chairs the committee," is "Lee"."""
        text = self._document.text
        while span.start < span.end and text[span.start].isspace():
            span = Span(span.start + 1, span.end)
        match = re.compile(r"(?:[^,(—–\n]|\([^)\n]{0,40}\)|\n(?!\n)|(?<=\d),(?=\d)|,(?=\s+(?:Jr|Sr)\.))+").match(
            text, *span
        )
        end = match.end() if match else span.end
        if by_the_way := MODIFIER_START.search(text, span.start + 1, end):
            end = by_the_way.start()
        if relative := RELATIVE_END.search(text, span.start + 1, end):
            end = relative.start()  # "Two officials who | asked not to be named …"
        while end > span.start and (text[end - 1].isspace() or text[end - 1] in ",;:"):
            end -= 1
        return Span(span.start, max(end, span.start + 1))

    def _named_in_apposition(self, core: Span, span: Span) -> Entity | None:
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
        if not name.is_person and head in ORGANISATION_ROLES and is_organisation(name.text):
            return self._entities.get_by_name(name)
        if head in ORGANISATION_HEADS | DOCUMENT_HEADS | GROUP_NOUNS or head.endswith("s"):
            return None
        if name.is_person:
            entity = self._entities.get_by_name(name)
        elif head in ROLES and " " not in name.text and self._document.text[name.end : name.end + 1] == ",":
            entity = self._entities.get_person(name.text)  # "his wife, Sinead, calls it a disgrace"
        else:
            return None
        self._add_role(entity, self._document.text[core.start : core.end], head)
        return entity

    def _add_role(self, entity: Entity, described: str, head: str) -> None:
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
            owner = next((e for e in reversed(self._entities.recent) if e.kind == SpeakerKind.ORGANISATION), None)
        elif match["owner"]:
            owner = self._find_known(match["owner"], head_noun(match["owner"]))
        if owner is not None and owner.anonymous_number is None and owner.kind == SpeakerKind.ORGANISATION:
            entity.organisation = owner.name

    def _find_entity(self, mention: str, span: Span) -> tuple[Entity, bool] | None:
        word = mention.casefold()
        if word in INDEFINITE_PRONOUNS:
            return None
        if word.split()[0] in RELATIVE_PRONOUNS and is_adverb(word.split()[-1]):
            word = word.split()[0]  # "which together"
        if word in MALE_PRONOUNS | FEMALE_PRONOUNS | PLURAL_PRONOUNS | NEUTER_PRONOUNS | RELATIVE_PRONOUNS:
            return self._resolve_pronoun(word, span)
        inside = self._names_in(span)
        persons = [name for name in inside if name.is_person]
        if len(persons) > 1 and " and " in mention:
            return self._entities.add_unnamed(mention, SpeakerKind.GROUP, "people"), True
        described = re.sub(r"\s+", " ", mention).strip()
        meant = next((name for name in persons if not self._is_owner(name, span)), None)
        if meant is not None and (meant is persons[0] or meant.end >= span.end):
            return self._entity_for_name(meant, span), True
        if is_described(described) or self._is_owned_organisation(inside, described):
            return self._entities.get_organisation(re.sub(r"^[Tt]he\s+", "", described)), True
        if (body := self._named_organisation(inside, described, span)) is not None:
            return body, True
        return self._find_described(described, span, inside)

    @staticmethod
    def _is_owned_organisation(inside: list[Name], described: str) -> bool:
        """ "Ukraine's General Staff": is it whose body, and what the body is called?"""
        last = inside[-1] if inside else None
        if last is None or last.is_person or not is_organisation(last.text) or not described.endswith(last.text):
            return False
        return re.fullmatch(rf"(?:[Tt]he\s+)?{OWNER}\s+", described.removesuffix(last.text)) is not None

    def _is_owner(self, name: Name, span: Span) -> bool:
        """ "Lee's lawyer" is the lawyer, "a spokesman for Lee" the spokesman."""
        text = self._document.text
        if re.match(r"['’]s?\s+\w", text[name.end : min(name.end + 4, span.end)]):
            return True
        if BEFORE_A_NOUN.match(text, name.end, span.end) and not _starts_modifier(text, name.end, span.end):
            return True  # "Stein spokeswoman Melezia Figueroa", "the Clinton campaign"
        before = text[span.start : name.start].casefold()
        if any(before.rstrip().endswith(role) for role in name.roles if " of " in role):
            return False  # "Secretary of State John Kerry"
        return bool(re.search(r"\b(?:for|of|to|by|from|with|on|about)\s+(?:[\w.]+\s+){0,2}$", before))

    def _entity_for_name(self, name: Name, span: Span) -> Entity:
        entity = self._entities.get_by_name(name)
        before = self._document.text[span.start : name.start].strip().casefold()
        entity.sex = entity.sex or detect_sex(before)
        return entity

    def _named_organisation(self, inside: list[Name], described: str, span: Span) -> Entity | None:
        """The organisation that a mention names, if it is that and not somebody of it."""
        bare = re.sub(r"^[Tt]he\s+", "", described)
        if is_government_seat(bare):
            return self._entities.get_organisation(bare)
        for name in inside:
            if name.is_person:
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
                return self._entities.get_by_name(name)
        return None

    def _find_described(self, described: str, span: Span, inside: list[Name]) -> tuple[Entity, bool]:
        head = head_noun(described)
        definite = DEFINITE_START.match(described) is not None
        if definite or (head in ROLES and " " not in described):
            known = self._find_known(described, head)
            if known is not None:
                return known, True
        if (later := self._named_later(head, described, span)) is not None:
            return later, True
        if definite and (introduced := self._find_introduced(head, span)) is not None:
            return introduced, True
        if (
            DEFINITE_SINGULAR.match(described)
            and self._is_one_person(head)
            and all(not name.is_person and not is_organisation(name.text) for name in inside)  # "the Vermont senator"
            and not OWNED.search(described)
            and (only := self._only_person()) is not None
        ):
            return only, False
        if definite or not INDEFINITE_START.match(described):
            before = self._entities.last_unnamed(head)
            if before is not None and (definite or before.name == described):
                return before, True
        return self._add_unnamed(described, head, inside), True

    def _add_unnamed(self, described: str, head: str, inside: list[Name]) -> Entity:
        kind = SpeakerKind.PERSON
        if head in DOCUMENT_HEADS:
            kind = SpeakerKind.DOCUMENT
        elif head in ORGANISATION_HEADS and head != "police":
            kind = SpeakerKind.ORGANISATION
        elif head in GROUP_NOUNS or (head.endswith("s") and not head.endswith("ss") and head not in ROLES):
            kind = SpeakerKind.GROUP
        named = [name for name in inside if not name.is_person and is_organisation(name.text)]
        organisation = named[0].text if named else ""
        if not organisation and (owner := re.search(r"\b(?:for|of|from|at|in|by)\s+(the\s+\w+)$", described)):
            known = self._find_known(owner[1], head_noun(owner[1]))
            organisation = (
                known.name if known is not None and not known.is_person and known.anonymous_number is None else ""
            )
        sex = detect_sex(described.split(" of ", maxsplit=1)[0])
        return self._entities.add_unnamed(described[:200], kind, head, organisation, sex)

    # --- Who it was before ---

    def _find_known(self, described: str, head: str) -> Entity | None:
        """Who "the lawmaker", "the ministry", "the agency" was before: the last one with that role or noun."""
        known = self._entities.recent[::-1]
        words = re.findall(r"[\w'’-]+", described.casefold())
        if re.match(r"(?:his|her|its|their)\b", described, re.IGNORECASE):
            known = [entity for entity in known if entity.anonymous_number is None]
            if head not in ORGANISATION_HEADS:
                return None
        same = [e for e in known if e.head == head or any(head_noun(role) == head for role in e.roles)]
        same = [entity for entity in same if self._sex_fits(entity, words)]
        if same:
            return self._best_described(same, words, head)
        for entity in known:
            if (
                not entity.is_person
                and entity.anonymous_number is None
                and head in re.findall(r"\w+", entity.name.casefold())
            ):
                return entity
        if head in ("document", "report", "paper", "text") and len(words) == 2:
            return next((entity for entity in known if entity.kind == SpeakerKind.DOCUMENT), None)
        sorts = organisation_sorts(described)
        if sorts and head in ORGANISATION_HEADS:
            found = (
                e
                for e in known
                if not e.is_person and e.anonymous_number is None and sorts & organisation_sorts(e.name)
            )
            return next(found, None)
        if (
            head in ("agency", "organisation", "organization", "company", "firm", "charity", "body", "group")
            and len(words) == 2
        ):
            return next((e for e in known if e.kind == SpeakerKind.ORGANISATION and e.anonymous_number is None), None)
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
        here = self._document.paragraph_index(span.start)
        first = bisect_left(self._starts, span.end)
        for name in self._names[first : first + MAX_REMEMBERED_ENTITIES]:
            if self._document.paragraph_index(name.start) - here > MAX_NAMED_LATER_PARAGRAPHS:
                break
            if name.is_person and any(head_noun(role) == head for role in name.roles):
                entity = self._entities.get_by_name(name)
                return None if entity in self._entities.recent else entity
        return None

    def _find_introduced(self, head: str, span: Span) -> Entity | None:
        """ "A senior Western official was more careful. “…,” the official said": somebody who had not spoken yet."""
        start = max(0, span.start - MAX_INTRODUCTION_CHARS)
        pattern = re.compile(rf"\b(?:[Aa]n?|[Oo]ne|[Aa]nother)\s+(?:[\w.’'-]+\s+){{0,4}}?{re.escape(head)}\b")
        found = [m for m in pattern.finditer(self._document.text, start, span.start) if not self._is_quoted(m.start())]
        if not found:
            return None
        mention = found[-1][0]
        inside = self._names_in(Span(*found[-1].span()))
        return self._add_unnamed(re.sub(r"\s+", " ", mention), head, inside)

    def _is_one_person(self, head: str) -> bool:
        """May "the lawmaker", "the 54-year-old" or "the Republican" be the one person who spoke so far?"""
        return head not in COMMON_ROLES and (head in ROLES or head in PERSON_NOUNS or head.endswith("year-old"))

    def _only_person(self) -> Entity | None:
        if len(self._people) != 1:
            return None
        return next((e for e in reversed(self._entities.recent) if id(e) in self._people), None)

    # --- Pronouns ---

    def _resolve_pronoun(self, word: str, span: Span) -> tuple[Entity, bool]:
        if word in RELATIVE_PRONOUNS and (antecedent := self._antecedent(span)) is not None:
            return antecedent, True
        number, told = self._document.sentence_index(span.start), 0
        for back in range(MAX_LOOK_BACK_SENTENCES):
            if number - back < 0:
                break
            sentence = self._document.sentences[number - back]
            until = span.start if back == 0 else sentence.end
            if (entity := self._find_in_sentence(sentence.start, until, word)) is not None:
                if word in MALE_PRONOUNS | FEMALE_PRONOUNS and entity.is_person and not entity.sex and told <= 1:
                    entity.sex = "m" if word in MALE_PRONOUNS else "f"
                return entity, True
            # What is only quoted lies between nobody: “…,” says Mehta. “… …” He believes …
            told += not self._is_quoted(sentence.start)
        spoke = next((e for e in reversed(self._entities.recent) if _fits_pronoun(e, word)), None)
        if spoke is not None:
            return spoke, False
        text = self._document.text[span.start : span.end]
        kind = (
            SpeakerKind.GROUP
            if word in PLURAL_PRONOUNS
            else SpeakerKind.ORGANISATION
            if word in NEUTER_PRONOUNS
            else SpeakerKind.PERSON
        )
        return self._entities.add_unnamed(
            text, kind, word, sex="m" if word in MALE_PRONOUNS else "f" if word in FEMALE_PRONOUNS else ""
        ), False

    def _find_in_sentence(self, start: int, end: int, word: str) -> Entity | None:
        """Whom a pronoun takes up from a sentence: who speaks in it, else whom it first speaks of."""
        for where, entity in reversed(self._spoke):
            if start <= where < end and _fits_pronoun(entity, word):
                return entity
            if where < start:
                break
        if (subject := self._described_subject(start, end, word)) is not None:
            return subject
        if word in NEUTER_PRONOUNS and (subject := self._own_subject(start, end)) is not None:
            return subject
        for name in self._names_in(Span(start, end)):
            if self._is_quoted(name.start):
                continue
            if name.is_person or is_organisation(name.text):
                entity = self._entities.get_by_name(name)
                if _fits_pronoun(entity, word):
                    return entity
        return None

    def _own_subject(self, start: int, end: int) -> Entity | None:
        """The body that the pronoun's own sentence is about: "The company expects less, it said"."""
        sentence = self._document.sentences[self._document.sentence_index(start)]
        first = first_subject(sentence.tokens, 0, len(sentence.tokens)) if sentence.end > end else None
        if first is None or sentence.tokens[first[1]].start >= end:
            return None
        tokens = sentence.tokens[first[0].start : first[0].core_end]
        span = Span(tokens[0].start, tokens[-1].end)
        mention = re.sub(r"\s+", " ", self._document.text[span.start : span.end])
        inside = self._names_in(span)
        if (
            any(name.is_person for name in inside)
            or mention.casefold()
            in MALE_PRONOUNS | FEMALE_PRONOUNS | PLURAL_PRONOUNS | NEUTER_PRONOUNS | RELATIVE_PRONOUNS
        ):
            return None
        if (
            head_noun(mention) not in ORGANISATION_HEADS | DOCUMENT_HEADS
            and self._named_organisation(inside, mention, span) is None
        ):
            return None
        found = self._find_entity(mention, span)
        return found[0] if found is not None and _fits_pronoun(found[0], "it") else None

    def _described_subject(self, start: int, end: int, word: str) -> Entity | None:
        """Whom a sentence is about that names nobody: "The ministry official declined to. He said only …"."""
        sentence = self._document.sentences[self._document.sentence_index(start)]
        if (
            word not in MALE_PRONOUNS | FEMALE_PRONOUNS | NEUTER_PRONOUNS
            or sentence.end > end
            or self._is_quoted(sentence.start)
        ):
            return None
        first = first_subject(sentence.tokens, 0, len(sentence.tokens))
        if first is None or sentence.tokens[first[0].start].lower in MALE_PRONOUNS | FEMALE_PRONOUNS | NEUTER_PRONOUNS:
            return None
        phrase = first[0]
        span = Span(sentence.tokens[phrase.start].start, sentence.tokens[phrase.core_end - 1].end)
        described = self._document.text[span.start : span.end]
        head = head_noun(described)
        # "The four-page assessment is dated Saturday. It estimates …": a document is spoken of as one
        wanted = DOCUMENT_HEADS if word in NEUTER_PRONOUNS else ROLES
        if head not in wanted or any(not self._is_owner(name, span) for name in self._names_in(span)):
            return None
        known = self._find_known(described, head) if DEFINITE_START.match(described) else None
        entity = known or self._add_unnamed(re.sub(r"\s+", " ", described), head, [])
        return entity if _fits_pronoun(entity, word) else None

    def _antecedent(self, span: Span) -> Entity | None:
        """Whom "who" stands for: the name or the description right before it."""
        near = self._names_in(Span(max(0, span.start - 60), span.start))
        if near and len(self._document.text[near[-1].end : span.start].split()) <= 1:
            word = self._document.text[span.start : span.end].casefold()
            if near[-1].is_person or (word == "which" and is_organisation(near[-1].text)):
                return self._entities.get_by_name(near[-1])
        sentence = self._document.sentences[self._document.sentence_index(span.start)]
        index = next((i for i, token in enumerate(sentence.tokens) if token.start == span.start), 0)
        if index and sentence.tokens[index - 1].text == ",":
            index -= 1
        if not index:
            return None
        phrase = subject_before(sentence.tokens, index) or antecedent_before(sentence.tokens, index)
        if phrase is not None and self._document.text[span.start : span.end].casefold() == "which":
            phrase = _final_organisation(sentence.tokens, phrase)
        if phrase is None or has_verb(sentence.tokens, phrase.start, phrase.core_end):
            return None
        core = Span(sentence.tokens[phrase.start].start, sentence.tokens[phrase.core_end - 1].end)
        mention = re.sub(r"\s+", " ", self._document.text[core.start : core.end])
        if (
            mention.casefold()
            in MALE_PRONOUNS | FEMALE_PRONOUNS | PLURAL_PRONOUNS | NEUTER_PRONOUNS | RELATIVE_PRONOUNS
        ):
            return None
        found = self._find_entity(mention, core)
        return found[0] if found is not None else None

    # --- Names ---

    def _names_in(self, span: Span) -> list[Name]:
        """The names that stand within a span."""
        inside = self._names[bisect_left(self._starts, span.start) : bisect_left(self._starts, span.end)]
        return [name for name in inside if name.end <= span.end]

    def _register_names(self, until: int) -> None:
        """Note the names that stand before a mention, so that pronouns and titles know them."""
        while self._read < len(self._names) and self._names[self._read].start < until:
            name = self._names[self._read]
            self._read += 1
            if name.is_person or is_organisation(name.text):
                entity = self._entities.get_by_name(name)
                if not self._is_quoted(name.start):
                    self._entities.mark_mentioned(entity, name.start)

    def _is_quoted(self, offset: int) -> bool:
        """Does a place lie within what somebody said?"""
        at = bisect_left(self._contents, Span(offset + 1, 0)) - 1
        return at >= 0 and self._contents[at].start <= offset < self._contents[at].end


def _final_organisation(tokens: Sequence[Token], phrase: Phrase) -> Phrase:
    """ "a warning from | the regulator |, which had described it": whom "which" stands for, where that is a body."""
    shown = " ".join(token.text for token in tokens[phrase.start : phrase.core_end])
    if head_noun(shown) in DOCUMENT_HEADS | ORGANISATION_HEADS:
        return phrase
    for index in range(phrase.core_end - 1, phrase.start, -1):
        if tokens[index].lower in PREPOSITIONS:
            last = " ".join(token.text for token in tokens[index + 1 : phrase.core_end])
            is_body = last and (head_noun(last) in ORGANISATION_HEADS or is_organisation(last))
            return Phrase(index + 1, phrase.core_end, phrase.end) if is_body else phrase
    return phrase


def _starts_modifier(text: str, offset: int, end: int) -> bool:
    """Does a preposition or an adverb follow a name, which begins nothing that is theirs?"""
    words = re.findall(r"[\w-]+", text[offset : min(offset + 40, end)])
    return bool(words) and (words[0] in PREPOSITIONS or is_adverb(words[0]))


def _parties(entity: Entity) -> set[str]:
    """The parties that somebody's roles name."""
    return {word for role in entity.roles for word in role.casefold().split()} & PARTY_WORDS


def _fits_pronoun(entity: Entity, word: str) -> bool:
    """May a pronoun stand for an entity?"""
    if word in MALE_PRONOUNS | FEMALE_PRONOUNS:
        return entity.is_person and entity.sex in ("", "m" if word in MALE_PRONOUNS else "f")
    if word in PLURAL_PRONOUNS:
        return entity.kind in (SpeakerKind.GROUP, SpeakerKind.ORGANISATION)
    if word in NEUTER_PRONOUNS:
        return entity.kind in (SpeakerKind.ORGANISATION, SpeakerKind.AGENCY, SpeakerKind.DOCUMENT)
    return entity.is_person
