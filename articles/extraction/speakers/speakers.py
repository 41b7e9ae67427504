"""Resolve mentions to speakers: names, titles, pronouns and descriptions.

Mentions are resolved in the order of the text. Earlier mentions and speakers are remembered.
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
#: Pronouns for the writer or for people in general, which name no speaker.
INDEFINITE_PRONOUNS = frozenset("i we you one someone somebody everyone everybody nobody anyone there what".split())
DEFINITE_START = re.compile(r"(?:the|that|this|those|these|his|her|its|their)\s+", re.IGNORECASE)
INDEFINITE_START = re.compile(
    r"(?:another|a\s+second|a\s+third|other|a\s+further|an?|one|two|some|several|many)\s+", re.IGNORECASE
)
#: Modifiers without a comma: "a memo obtained by …", "a man who …".
MODIFIER_START = re.compile(
    r"\s+(?:who|whose|which)\s|\s+(?:quoted|cited|obtained|seen|reviewed|published|released|carried|leaked|shared|contacted|interviewed"
    r"|reached|surveyed|polled|questioned)\s+(?:by|to)\s"
    r"|\s+(?:published|released|filed|issued|compiled|gathered|interviewed)(?=\s+(?:on|in|at|last|this)\b|$)"
)
#: "The trust's chief engineer", "its regional officer", "the head teacher".
OWNED_ROLE = re.compile(
    r"(?:(?P<its>[Ii]ts|[Tt]heir)|(?P<owner>[Tt]he\s+[a-z]+)['’]s?|(?:[Tt]he|[Aa]n?|.*['’]s?))\s+(?P<role>[a-z-]+(?:\s[a-z-]+){0,2})"
)
#: "The owner, Korrin Lines, denied": roles that an organisation can have too.
ORGANISATION_ROLES = ORGANISATION_HEADS | frozenset(
    "owner operator contractor carrier publisher parent builder supplier".split()
)
#: "the company's director" is not the person who spoke before.
POSSESSIVE_END = re.compile(r"['’]s?\s+[\w-]+(?:\s+[\w-]+){0,2}$")
PARTY_WORDS = frozenset(map(str.casefold, PARTIES))
#: A name before the noun that it modifies: "The Clinton campaign", not "Clinton herself".
NOUN_AFTER_NAME = re.compile(
    r"['’]?s?\s+(?!(?:himself|herself|themselves|who|and|or|also|too|then|later|now|alone)\b)[a-z]"
)
#: Head noun under which the unnamed person interviewed is stored.
INTERVIEWEE_KEY = "(answers)"
#: "Their solicitor" does not match: it is not the person who spoke before.
DEFINITE_SINGULAR = re.compile(r"(?:the|that|this)\s", re.IGNORECASE)
#: Nouns for one person that are not roles.
PERSON_NOUNS = frozenset(
    "man woman boy girl teenager youth veteran mogul tycoon star republican democrat socialist liberal conservative native "
    "hopeful newcomer grandmother grandfather survivor suspect defendant victim patient champion winner laureate novelist "
    "playwright comedian singer-songwriter septuagenarian".split()
)
#: An unnamed speaker may be named at most this many paragraphs later.
MAX_NAMED_LATER_PARAGRAPHS = 2
#: How far back to look for the introduction of a speaker, in code points.
MAX_INTRODUCTION_CHARS = 600
#: How far back to look for the antecedent of a pronoun.
MAX_LOOK_BACK_SENTENCES = 8
#: Roles that many people have. They never refer to the only person who spoke so far.
COMMON_ROLES = frozenset(
    "official spokesman spokeswoman spokesperson source witness resident officer aide diplomat expert".split()
)
#: Nouns for groups of people that speak without a name.
GROUP_NOUNS = frozenset(
    "people police men women residents witnesses authorities others majority percent many most some few family couple crowd "
    "crew public".split()
)


@dataclass(frozen=True, slots=True)
class ResolvedMention:
    """A mention and the entity it refers to.

    `is_certain` is False for a pronoun or title that was guessed. `is_nobody` is True for words that refer to
    nobody in particular ("I" in a column, "one").
    """

    entity: Entity
    mention: str
    span: Span | None
    is_certain: bool = True
    is_nobody: bool = False


class MentionResolver:
    """Resolve the mentions of one text in order, then convert entities to Speakers."""

    def __init__(self, document: Document, attributions: list[Attribution]) -> None:
        self._document = document
        self._names = find_names(document)
        self._name_starts = [name.start for name in self._names]
        self._entities = Entities(document, self._names)
        self._known_interviewee: Entity | None = None  # the person interviewed
        self._registered_count = 0
        self._resolved_by_span: dict[Span, ResolvedMention] = {}  # for two verbs with one subject
        self._resolved: list[tuple[int, Entity]] = []  # (offset, speaker), in the order resolved
        self._named_speaker_ids: set[int] = set()  # `id()` of each named person who spoke
        self._contents = sorted(span for attribution in attributions for span in attribution.content)

    def resolve(self, span: Span) -> ResolvedMention | None:
        """Return the speaker of a mention; None for nobody in particular ("I", "one").

        Records the mention.
        """
        core = self._mention_core(span)
        self._register_names(core.start)
        in_apposition = self._named_in_apposition(core, span)
        if in_apposition is not None:
            mention = re.sub(r"\s+", " ", self._document.text[core.start : core.end])
            return self._record_mention(in_apposition, mention, core)
        mention = re.sub(r"\s+", " ", self._document.text[core.start : core.end])
        if (earlier := self._resolved_by_span.get(core)) is not None:
            return self._record_mention(earlier.entity, mention, core, is_certain=earlier.is_certain)
        found = self._find_entity(mention, core)
        if found is None:
            return None
        entity, is_certain = found
        self._resolved_by_span[core] = self._record_mention(entity, mention, core, is_certain=is_certain)
        return self._resolved_by_span[core]

    def resolve_indefinite(self, span: Span) -> ResolvedMention:
        """Return an unnamed speaker for nobody in particular: "I" in a column, "one"."""
        mention = re.sub(r"\s+", " ", self._document.text[span.start : span.end])
        head = mention.casefold()
        entity = self._entities.last_unnamed(head) or self._entities.add_unnamed(mention, SpeakerKind.PERSON, head)
        return ResolvedMention(entity, mention, span, is_certain=False, is_nobody=True)

    def _record_mention(self, entity: Entity, mention: str, core: Span, *, is_certain: bool = True) -> ResolvedMention:
        """Record a mention of a speaker and return it."""
        self._entities.mark_mentioned(entity, core.start)
        self._resolved.append((core.start, entity))
        if entity.is_person and entity.anonymous_number is None:
            self._named_speaker_ids.add(id(entity))
        return ResolvedMention(entity, mention, core, is_certain)

    def resolve_label(self, label: Span, *, is_answer: bool = False) -> ResolvedMention:
        """Return the speaker of a transcript line: "FRITH: …" is Ann Frith.

        `is_answer` is True for a label such as "A", which means the one person named before the
        transcript.
        """
        mention = self._document.text[label.start : label.end]
        self._register_names(label.start)
        if is_answer:
            return self._record_mention(self._interviewee(label.start), mention, label, is_certain=False)
        name = mention if not mention.isupper() else mention.title()
        entity = self._entities.find_person(name) or self._entities.find_person(name.split()[-1])
        if entity is not None:
            return self._record_mention(entity, mention, label)
        head = head_noun(name)
        if head in ROLES or name.casefold().startswith("the "):
            return self._record_mention(
                self._entities.last_unnamed(head) or self._entities.add_unnamed(mention, SpeakerKind.PERSON, head),
                mention,
                label,
            )
        return self._record_mention(self._entities.get_person(name), mention, label)

    def _interviewee(self, start: int) -> Entity:
        """Return the person interviewed: the only one named before the first answer.

        An unnamed speaker if several people or nobody are named there.
        """
        if (interviewee := self._entities.last_unnamed(INTERVIEWEE_KEY)) is not None:
            return interviewee
        if self._known_interviewee is None:
            names = sorted(
                {name.text for name in self._names[: bisect_left(self._name_starts, start)] if name.is_person}
            )
            candidates = [entity for name in names if (entity := self._entities.find_person(name)) is not None]
            self._known_interviewee = candidates[0] if len({id(entity) for entity in candidates}) == 1 else None
        return self._known_interviewee or self._entities.add_unnamed(
            "the person interviewed", SpeakerKind.PERSON, INTERVIEWEE_KEY
        )

    def resolve_unstated(self) -> ResolvedMention:
        """Return a speaker that the text does not state: "is expected"."""
        entity = self._entities.last_unnamed("") or self._entities.add_unnamed("not named", SpeakerKind.GROUP, "")
        return ResolvedMention(entity, "", None, is_certain=False, is_nobody=True)

    def last_speaker(self) -> ResolvedMention | None:
        """Return the last speaker, for content that is carried over; None if nobody spoke."""
        return ResolvedMention(self._resolved[-1][1], "", None, is_certain=True) if self._resolved else None

    def to_speaker(self, entity: Entity) -> Speaker:
        """Return the Speaker of an entity. Call it only after all mentions are resolved."""
        return self._entities.to_speaker(entity)

    def find_same_speakers(self) -> tuple[SameSpeaker, ...]:
        """Return pairs of speakers that are probably the same, for an editor to decide."""
        return self._entities.find_same_speakers(entity for _, entity in self._resolved)

    # --- Kinds of mention ---

    def _mention_core(self, span: Span) -> Span:
        """Return a mention without modifiers: "Lee, who chairs the committee," is "Lee"."""
        text = self._document.text
        while span.start < span.end and text[span.start].isspace():
            span = Span(span.start + 1, span.end)
        match = re.compile(r"(?:[^,(—–\n]|\([^)\n]{0,40}\)|\n(?!\n)|(?<=\d),(?=\d)|,(?=\s+(?:Jr|Sr)\.))+").match(
            text, *span
        )
        end = match.end() if match else span.end
        if modifier := MODIFIER_START.search(text, span.start + 1, end):
            end = modifier.start()
        if relative_clause := RELATIVE_END.search(text, span.start + 1, end):
            end = relative_clause.start()  # "Two officials who | asked not to be named …"
        while end > span.start and (text[end - 1].isspace() or text[end - 1] in ",;:"):
            end -= 1
        return Span(span.start, max(end, span.start + 1))

    def _named_in_apposition(self, core: Span, span: Span) -> Entity | None:
        """Return the entity with its name in apposition: "The mayor, Ann Frith, said"."""
        if core.end >= span.end or any(not self._is_owner(name, core) for name in self._names_in(core)):
            return None
        name = next(iter(self._names_in(Span(core.end, span.end))), None)
        between = self._document.text[core.end : name.start] if name is not None else ""
        head = head_noun(self._document.text[core.start : core.end])
        title = between.strip().removeprefix(",").strip().casefold().strip(".")
        is_apposition = between.lstrip().startswith(",") and (not title or title in TITLES)
        if name is None or not is_apposition:
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

    def _add_role(self, entity: Entity, description: str, head: str) -> None:
        """Add the role and organisation of a description in apposition to a name.

        "Its regional officer, Colum Dyer,"
        """
        match = OWNED_ROLE.fullmatch(re.sub(r"\s+", " ", description))
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
            owner = self._find_earlier(match["owner"], head_noun(match["owner"]))
        if owner is not None and owner.anonymous_number is None and owner.kind == SpeakerKind.ORGANISATION:
            entity.organisation = owner.name

    def _find_entity(self, mention: str, span: Span) -> tuple[Entity, bool] | None:
        """Return the entity of a mention and whether it is certain.

        None for nobody in particular.
        """
        word = mention.casefold()
        if word in INDEFINITE_PRONOUNS:
            return None
        if word.split()[0] in RELATIVE_PRONOUNS and is_adverb(word.split()[-1]):
            word = word.split()[0]  # "which together"
        if word in MALE_PRONOUNS | FEMALE_PRONOUNS | PLURAL_PRONOUNS | NEUTER_PRONOUNS | RELATIVE_PRONOUNS:
            return self._resolve_pronoun(word, span)
        names = self._names_in(span)
        people = [name for name in names if name.is_person]
        if len(people) > 1 and " and " in mention:
            return self._entities.add_unnamed(mention, SpeakerKind.GROUP, "people"), True
        description = re.sub(r"\s+", " ", mention).strip()
        person = next((name for name in people if not self._is_owner(name, span)), None)
        if person is not None and (person is people[0] or person.end >= span.end):
            return self._get_named_entity(person, span), True
        if is_described(description) or self._is_owned_organisation(names, description):
            return self._entities.get_organisation(re.sub(r"^[Tt]he\s+", "", description)), True
        if (organisation := self._named_organisation(names, description, span)) is not None:
            return organisation, True
        return self._find_described(description, span, names)

    @staticmethod
    def _is_owned_organisation(names: list[Name], description: str) -> bool:
        """Return whether a mention is an owner and a name: "Ukraine's General Staff"."""
        last = names[-1] if names else None
        if last is None or last.is_person or not is_organisation(last.text) or not description.endswith(last.text):
            return False
        return re.fullmatch(rf"(?:[Tt]he\s+)?{OWNER}\s+", description.removesuffix(last.text)) is not None

    def _is_owner(self, name: Name, span: Span) -> bool:
        """Return whether a name only modifies the mention.

        "Lee's lawyer", "a spokesman for Lee"
        """
        text = self._document.text
        if re.match(r"['’]s?\s+\w", text[name.end : min(name.end + 4, span.end)]):
            return True
        if NOUN_AFTER_NAME.match(text, name.end, span.end) and not _starts_modifier(text, name.end, span.end):
            return True  # "Stein spokeswoman Melezia Figueroa", "the Clinton campaign"
        before = text[span.start : name.start].casefold()
        if any(before.rstrip().endswith(role) for role in name.roles if " of " in role):
            return False  # "Secretary of State John Kerry"
        return bool(re.search(r"\b(?:for|of|to|by|from|with|on|about)\s+(?:[\w.]+\s+){0,2}$", before))

    def _get_named_entity(self, name: Name, span: Span) -> Entity:
        entity = self._entities.get_by_name(name)
        before = self._document.text[span.start : name.start].strip().casefold()
        entity.sex = entity.sex or detect_sex(before)
        return entity

    def _named_organisation(self, names: list[Name], description: str, span: Span) -> Entity | None:
        """Return the organisation that a mention names, or None.

        None also for a person or document of the organisation.
        """
        place = re.sub(r"^[Tt]he\s+", "", description)
        if is_government_seat(place):
            return self._entities.get_organisation(place)
        for name in names:
            if name.is_person:
                continue
            text_after = self._document.text[name.end : span.end]
            text_before = self._document.text[span.start : name.start]
            if re.fullmatch(r"\s*(?:\([^)]*\))?\s*[.,;:]?", text_after) and re.fullmatch(
                r"(?:[Tt]he\s+|[Bb]oth\s+|[Ee]ven\s+)?(?:[a-z-]+\s+){0,2}", text_before
            ):
                lead_noun = head_noun(text_before) if text_before.strip() else ""
                has_preposition = any(word in PREPOSITIONS for word in text_before.split())  # "scientists in Leeds"
                if has_preposition or lead_noun in DOCUMENT_HEADS or lead_noun in ROLES:
                    return None
                return self._entities.get_by_name(name)
        return None

    def _find_described(self, description: str, span: Span, names: list[Name]) -> tuple[Entity, bool]:
        """Return the entity of a description and whether it is certain.

        Adds an unnamed speaker if it is new.
        """
        head = head_noun(description)
        is_definite = DEFINITE_START.match(description) is not None
        if is_definite or (head in ROLES and " " not in description):
            earlier = self._find_earlier(description, head)
            if earlier is not None:
                return earlier, True
        if (named_later := self._find_named_later(head, description, span)) is not None:
            return named_later, True
        if is_definite and (introduced := self._find_introduced(head, span)) is not None:
            return introduced, True
        if (
            DEFINITE_SINGULAR.match(description)
            and self._is_one_person(head)
            and all(not name.is_person and not is_organisation(name.text) for name in names)  # "the Vermont senator"
            and not POSSESSIVE_END.search(description)
            and (only_person := self._only_person()) is not None
        ):
            return only_person, False
        if is_definite or not INDEFINITE_START.match(description):
            last_unnamed = self._entities.last_unnamed(head)
            if last_unnamed is not None and (is_definite or last_unnamed.name == description):
                return last_unnamed, True
        return self._add_unnamed(description, head, names), True

    def _add_unnamed(self, description: str, head: str, names: list[Name]) -> Entity:
        kind = SpeakerKind.PERSON
        if head in DOCUMENT_HEADS:
            kind = SpeakerKind.DOCUMENT
        elif head in ORGANISATION_HEADS and head != "police":
            kind = SpeakerKind.ORGANISATION
        elif head in GROUP_NOUNS or (head.endswith("s") and not head.endswith("ss") and head not in ROLES):
            kind = SpeakerKind.GROUP
        organisations = [name for name in names if not name.is_person and is_organisation(name.text)]
        organisation = organisations[0].text if organisations else ""
        if not organisation and (owner := re.search(r"\b(?:for|of|from|at|in|by)\s+(the\s+\w+)$", description)):
            earlier = self._find_earlier(owner[1], head_noun(owner[1]))
            organisation = (
                earlier.name
                if earlier is not None and not earlier.is_person and earlier.anonymous_number is None
                else ""
            )
        sex = detect_sex(description.split(" of ", maxsplit=1)[0])
        return self._entities.add_unnamed(description[:200], kind, head, organisation, sex)

    # --- Earlier mentions ---

    def _find_earlier(self, description: str, head: str) -> Entity | None:
        """Return the entity that was mentioned before with this role or noun, or None.

        The last one of several: "the lawmaker", "the ministry", "the agency".
        """
        entities = self._entities.recent[::-1]
        words = re.findall(r"[\w'’-]+", description.casefold())
        if re.match(r"(?:his|her|its|their)\b", description, re.IGNORECASE):
            entities = [entity for entity in entities if entity.anonymous_number is None]
            if head not in ORGANISATION_HEADS:
                return None
        same_head = [e for e in entities if e.head == head or any(head_noun(role) == head for role in e.roles)]
        same_head = [entity for entity in same_head if self._sex_fits(entity, words)]
        if same_head:
            return self._best_described(same_head, words, head)
        for entity in entities:
            if (
                not entity.is_person
                and entity.anonymous_number is None
                and head in re.findall(r"\w+", entity.name.casefold())
            ):
                return entity
        if head in ("document", "report", "paper", "text") and len(words) == 2:
            return next((entity for entity in entities if entity.kind == SpeakerKind.DOCUMENT), None)
        sorts = organisation_sorts(description)
        if sorts and head in ORGANISATION_HEADS:
            matches = (
                e
                for e in entities
                if not e.is_person and e.anonymous_number is None and sorts & organisation_sorts(e.name)
            )
            return next(matches, None)
        if (
            head in ("agency", "organisation", "organization", "company", "firm", "charity", "body", "group")
            and len(words) == 2
        ):
            return next(
                (e for e in entities if e.kind == SpeakerKind.ORGANISATION and e.anonymous_number is None), None
            )
        return None

    @staticmethod
    def _best_described(candidates: list[Entity], words: list[str], head: str) -> Entity | None:
        """Return the candidate with the words of the mention in its description.

        Else the only candidate, or None: "the U.S. official".
        """
        description_words = set(words) - {"the", "this", "that", "same", "senior", "former", head}
        parties = description_words & PARTY_WORDS
        if parties:  # "the Republican nominee" is not the Democratic one
            candidates = [e for e in candidates if not (_parties(e) and not parties & _parties(e))]
        matches = [
            e
            for e in candidates
            if description_words <= set(re.findall(r"[\w'’-]+", f"{e.name} {' '.join(e.roles)}".casefold()))
        ]
        if matches:
            return matches[0]
        return candidates[0] if len(candidates) == 1 else None

    @staticmethod
    def _sex_fits(entity: Entity, words: list[str]) -> bool:
        sex = "f" if FEMALE_WORDS & set(words) else "m" if MALE_WORDS & set(words) else ""
        return not sex or not entity.sex or sex == entity.sex

    def _find_named_later(self, head: str, description: str, span: Span) -> Entity | None:
        """Return the person whom a later name identifies, or None.

        "a South Korean lawmaker" whom the next paragraphs call "lawmaker Lee Seong-kweun".
        """
        if (
            head not in ROLES
            or head.endswith("s")
            or re.match(r"(?:another|one|two|several|some)\b", description, re.IGNORECASE)
        ):
            return None
        paragraph = self._document.paragraph_index(span.start)
        first_index = bisect_left(self._name_starts, span.end)
        for name in self._names[first_index : first_index + MAX_REMEMBERED_ENTITIES]:
            if self._document.paragraph_index(name.start) - paragraph > MAX_NAMED_LATER_PARAGRAPHS:
                break
            if name.is_person and any(head_noun(role) == head for role in name.roles):
                entity = self._entities.get_by_name(name)
                return None if entity in self._entities.recent else entity
        return None

    def _find_introduced(self, head: str, span: Span) -> Entity | None:
        """Return a speaker introduced in an earlier sentence, or None.

        "A senior Western official was more careful. “…,” the official said"
        """
        start = max(0, span.start - MAX_INTRODUCTION_CHARS)
        pattern = re.compile(rf"\b(?:[Aa]n?|[Oo]ne|[Aa]nother)\s+(?:[\w.’'-]+\s+){{0,4}}?{re.escape(head)}\b")
        matches = [
            m for m in pattern.finditer(self._document.text, start, span.start) if not self._is_quoted(m.start())
        ]
        if not matches:
            return None
        mention = matches[-1][0]
        names = self._names_in(Span(*matches[-1].span()))
        return self._add_unnamed(re.sub(r"\s+", " ", mention), head, names)

    def _is_one_person(self, head: str) -> bool:
        """Return whether a head noun can refer to the only person who spoke so far.

        "the lawmaker", "the 54-year-old", "the Republican"
        """
        return head not in COMMON_ROLES and (head in ROLES or head in PERSON_NOUNS or head.endswith("year-old"))

    def _only_person(self) -> Entity | None:
        if len(self._named_speaker_ids) != 1:
            return None
        return next((e for e in reversed(self._entities.recent) if id(e) in self._named_speaker_ids), None)

    # --- Pronouns ---

    def _resolve_pronoun(self, word: str, span: Span) -> tuple[Entity, bool]:
        """Return the entity of a pronoun and whether it is certain."""
        if word in RELATIVE_PRONOUNS and (antecedent := self._antecedent(span)) is not None:
            return antecedent, True
        sentence_number, unquoted_sentences = self._document.sentence_index(span.start), 0
        for distance in range(MAX_LOOK_BACK_SENTENCES):
            if sentence_number - distance < 0:
                break
            sentence = self._document.sentences[sentence_number - distance]
            end = span.start if distance == 0 else sentence.end
            if (entity := self._find_in_sentence(sentence.start, end, word)) is not None:
                if (
                    word in MALE_PRONOUNS | FEMALE_PRONOUNS
                    and entity.is_person
                    and not entity.sex
                    and unquoted_sentences <= 1
                ):
                    entity.sex = "m" if word in MALE_PRONOUNS else "f"
                return entity, True
            # Quoted sentences do not count as distance: “…,” says Mehta. “… …” He believes …
            unquoted_sentences += not self._is_quoted(sentence.start)
        earlier = next((e for e in reversed(self._entities.recent) if _fits_pronoun(e, word)), None)
        if earlier is not None:
            return earlier, False
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
        """Return a pronoun's antecedent in a sentence: its speaker, else its first entity."""
        for offset, entity in reversed(self._resolved):
            if start <= offset < end and _fits_pronoun(entity, word):
                return entity
            if offset < start:
                break
        if (subject := self._described_subject(start, end, word)) is not None:
            return subject
        if word in NEUTER_PRONOUNS and (subject := self._subject_of_own_sentence(start, end)) is not None:
            return subject
        for name in self._names_in(Span(start, end)):
            if self._is_quoted(name.start):
                continue
            if name.is_person or is_organisation(name.text):
                entity = self._entities.get_by_name(name)
                if _fits_pronoun(entity, word):
                    return entity
        return None

    def _subject_of_own_sentence(self, start: int, end: int) -> Entity | None:
        """Return the organisation that is the subject of the pronoun's own sentence.

        "The company expects less, it said"
        """
        sentence = self._document.sentences[self._document.sentence_index(start)]
        first_subject_and_verb = (
            first_subject(sentence.tokens, 0, len(sentence.tokens)) if sentence.end > end else None
        )
        if first_subject_and_verb is None or sentence.tokens[first_subject_and_verb[1]].start >= end:
            return None
        tokens = sentence.tokens[first_subject_and_verb[0].start : first_subject_and_verb[0].core_end]
        span = Span(tokens[0].start, tokens[-1].end)
        mention = re.sub(r"\s+", " ", self._document.text[span.start : span.end])
        names = self._names_in(span)
        if (
            any(name.is_person for name in names)
            or mention.casefold()
            in MALE_PRONOUNS | FEMALE_PRONOUNS | PLURAL_PRONOUNS | NEUTER_PRONOUNS | RELATIVE_PRONOUNS
        ):
            return None
        if (
            head_noun(mention) not in ORGANISATION_HEADS | DOCUMENT_HEADS
            and self._named_organisation(names, mention, span) is None
        ):
            return None
        resolved = self._find_entity(mention, span)
        return resolved[0] if resolved is not None and _fits_pronoun(resolved[0], "it") else None

    def _described_subject(self, start: int, end: int, word: str) -> Entity | None:
        """Return the unnamed subject of an earlier sentence, or None.

        "The ministry official declined to. He said only …"
        """
        sentence = self._document.sentences[self._document.sentence_index(start)]
        if (
            word not in MALE_PRONOUNS | FEMALE_PRONOUNS | NEUTER_PRONOUNS
            or sentence.end > end
            or self._is_quoted(sentence.start)
        ):
            return None
        first_subject_and_verb = first_subject(sentence.tokens, 0, len(sentence.tokens))
        if (
            first_subject_and_verb is None
            or sentence.tokens[first_subject_and_verb[0].start].lower
            in MALE_PRONOUNS | FEMALE_PRONOUNS | NEUTER_PRONOUNS
        ):
            return None
        phrase = first_subject_and_verb[0]
        span = Span(sentence.tokens[phrase.start].start, sentence.tokens[phrase.core_end - 1].end)
        description = self._document.text[span.start : span.end]
        head = head_noun(description)
        # "The four-page assessment is dated Saturday. It estimates …": "it" may be a document
        head_nouns = DOCUMENT_HEADS if word in NEUTER_PRONOUNS else ROLES
        if head not in head_nouns or any(not self._is_owner(name, span) for name in self._names_in(span)):
            return None
        earlier = self._find_earlier(description, head) if DEFINITE_START.match(description) else None
        entity = earlier or self._add_unnamed(re.sub(r"\s+", " ", description), head, [])
        return entity if _fits_pronoun(entity, word) else None

    def _antecedent(self, span: Span) -> Entity | None:
        """Return the antecedent of a relative pronoun: the name or phrase before it."""
        names = self._names_in(Span(max(0, span.start - 60), span.start))
        if names and len(self._document.text[names[-1].end : span.start].split()) <= 1:
            word = self._document.text[span.start : span.end].casefold()
            if names[-1].is_person or (word == "which" and is_organisation(names[-1].text)):
                return self._entities.get_by_name(names[-1])
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
        span_of_phrase = Span(sentence.tokens[phrase.start].start, sentence.tokens[phrase.core_end - 1].end)
        mention = re.sub(r"\s+", " ", self._document.text[span_of_phrase.start : span_of_phrase.end])
        if (
            mention.casefold()
            in MALE_PRONOUNS | FEMALE_PRONOUNS | PLURAL_PRONOUNS | NEUTER_PRONOUNS | RELATIVE_PRONOUNS
        ):
            return None
        resolved = self._find_entity(mention, span_of_phrase)
        return resolved[0] if resolved is not None else None

    # --- Names ---

    def _names_in(self, span: Span) -> list[Name]:
        names = self._names[bisect_left(self._name_starts, span.start) : bisect_left(self._name_starts, span.end)]
        return [name for name in names if name.end <= span.end]

    def _register_names(self, end: int) -> None:
        """Record the names before a mention: pronouns and titles can refer to them."""
        while self._registered_count < len(self._names) and self._names[self._registered_count].start < end:
            name = self._names[self._registered_count]
            self._registered_count += 1
            if name.is_person or is_organisation(name.text):
                entity = self._entities.get_by_name(name)
                if not self._is_quoted(name.start):
                    self._entities.mark_mentioned(entity, name.start)

    def _is_quoted(self, offset: int) -> bool:
        """Return whether an offset is inside content."""
        index = bisect_left(self._contents, Span(offset + 1, 0)) - 1
        return index >= 0 and self._contents[index].start <= offset < self._contents[index].end


def _final_organisation(tokens: Sequence[Token], phrase: Phrase) -> Phrase:
    """Return the last organisation in a phrase, as the antecedent of "which".

    "a warning from | the regulator |, which had described it"
    """
    text = " ".join(token.text for token in tokens[phrase.start : phrase.core_end])
    if head_noun(text) in DOCUMENT_HEADS | ORGANISATION_HEADS:
        return phrase
    for index in range(phrase.core_end - 1, phrase.start, -1):
        if tokens[index].lower in PREPOSITIONS:
            rest = " ".join(token.text for token in tokens[index + 1 : phrase.core_end])
            is_organisation_phrase = rest and (head_noun(rest) in ORGANISATION_HEADS or is_organisation(rest))
            return Phrase(index + 1, phrase.core_end, phrase.end) if is_organisation_phrase else phrase
    return phrase


def _starts_modifier(text: str, offset: int, end: int) -> bool:
    """Return whether a preposition or adverb follows a name, not a noun it modifies."""
    words = re.findall(r"[\w-]+", text[offset : min(offset + 40, end)])
    return bool(words) and (words[0] in PREPOSITIONS or is_adverb(words[0]))


def _parties(entity: Entity) -> set[str]:
    """Return the parties in an entity's roles."""
    return {word for role in entity.roles for word in role.casefold().split()} & PARTY_WORDS


def _fits_pronoun(entity: Entity, word: str) -> bool:
    """Return whether a pronoun can refer to an entity."""
    if word in MALE_PRONOUNS | FEMALE_PRONOUNS:
        return entity.is_person and entity.sex in ("", "m" if word in MALE_PRONOUNS else "f")
    if word in PLURAL_PRONOUNS:
        return entity.kind in (SpeakerKind.GROUP, SpeakerKind.ORGANISATION)
    if word in NEUTER_PRONOUNS:
        return entity.kind in (SpeakerKind.ORGANISATION, SpeakerKind.AGENCY, SpeakerKind.DOCUMENT)
    return entity.is_person
