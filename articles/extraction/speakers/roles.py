"""Read a person's title, role and organisation from the words around the name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from articles.extraction.document import Token
from articles.extraction.lexicon.cues import VERBS
from articles.extraction.lexicon.organisations import (
    NATIONALITY,
    ORGANISATION_HEADS,
    ORGANISATION_WORDS,
    is_organisation,
)
from articles.extraction.lexicon.word_classes import FINITE_VERBS, NOT_NAMES, RELATIVES, TITLES, is_possessive

ROLES = frozenset(
    "lawmaker minister president premier chancellor senator congressman congresswoman representative governor mayor "
    "councillor councilman councilwoman commissioner secretary ambassador envoy spokesman spokeswoman spokesperson chief "
    "director head chairman chairwoman chair chairperson commander general colonel captain admiral officer official "
    "inspector superintendent constable detective sergeant judge magistrate prosecutor lawyer attorney solicitor "
    "barrister professor lecturer researcher scientist analyst economist historian doctor surgeon nurse consultant midwife "
    "teacher headteacher principal engineer architect manager coach player founder owner farmer beekeeper fisherman "
    "skipper resident campaigner activist author writer poet journalist editor reporter correspondent expert adviser "
    "advisor aide diplomat leader treasurer coordinator curator librarian priest bishop vicar imam rabbi coroner "
    "ecologist biologist chemist physicist geologist oceanographer hydrologist surveyor auditor accountant trader shopkeeper "
    "baker driver mother father widow parent student pupil neighbour neighbor organiser organizer secretary-general "
    "ombudsman witness executive vice-president president-elect deputy parliamentarian legislator mp mep statistician "
    "epidemiologist psychologist veterinarian ornithologist conservationist volunteer steward supervisor contractor "
    "plumber electrician candidate pollster strategist donor investigator critic fellow dean chaplain negotiator commissar "
    "lieutenant major marshal pilot crew passenger singer musician actor actress director-general undersecretary "
    "ceo speaker nominee contender frontrunner front-runner incumbent businessman businesswoman billionaire narrator announcer questioner "
    "coxswain detective ranger warden keeper foreman boatman solicitor "
    "predecessor successor boss colleague co-founder daughter son wife husband brother sister uncle aunt cousin grandson "
    "granddaughter".split()
)
#: Words that imply a sex.
FEMALE_WORDS = frozenset(
    "mrs ms miss spokeswoman chairwoman councilwoman congresswoman policewoman businesswoman dame lady queen princess "
    "mother daughter sister wife widow actress woman grandmother headmistress".split()
)
MALE_WORDS = frozenset(
    "mr sir spokesman chairman councilman congressman policeman businessman lord king prince father son brother husband "
    "widower actor man grandfather headmaster fisherman".split()
)
SHORT_TITLES = {
    "sen": "senator", "rep": "representative", "gov": "governor", "gen": "general", "lt": "lieutenant", "col": "colonel",
    "maj": "major", "capt": "captain", "sgt": "sergeant", "prof": "professor", "cllr": "councillor", "adm": "admiral",
    "insp": "inspector", "rev": "reverend", "sens": "senator", "reps": "representative", "ceo": "chief executive",
}  # fmt: skip
#: Titles that are not roles.
NON_ROLE_TITLES = frozenset("mr mrs ms miss mx dr sir dame lord lady st".split())
#: Rank words in titles: "Chief Executive", "Deputy Mayor". Some are titles alone.
RANK_WORDS = frozenset("chief deputy assistant associate acting managing shadow".split())
#: Government offices, and the departments in their titles.
STATE_OFFICES = frozenset("secretary minister undersecretary".split())
DEPARTMENTS = frozenset(
    "energy treasury transport transportation health education defence defense foreign interior home finance justice "
    "environment agriculture labor labour commerce trade housing culture state security science veterans prime first".split()
)
#: The word before these offices is a place: "Charlotte Mayor Jennifer Roberts".
LOCAL_OFFICES = frozenset("mayor governor councillor councilman councilwoman bishop senator representative".split())
#: Parties that a role is named with.
PARTIES = frozenset("Democratic Republican Libertarian Labour Conservative Green GOP".split())
#: Words before a role that are not part of it.
NON_ROLE_WORDS = frozenset("said says added told asked former then senior veteran local".split())
#: A complement that names the organisation and is not part of the role.
NAME_COMPLEMENT = r"(?:of|for|at|with)\s+(?:the\s+|an?\s+)?(?:\d|[A-Z])"
#: ", 54, the Harbour Trust's chief engineer," and ", a lecturer at the Polytechnic".
ROLE_AFTER_NAME = re.compile(
    r"(?:\s+\([^()\n]{1,20}\))?,\s+(?P<aged>\d\d\b,?\s*)?"
    r"(?:who\s+(?:has\s+|had\s+)?(?:serve[sd]?|work(?:s|ed)?)\s+as\s+)?"
    r"(?P<rest>(?:(?:an?|the|its|their|his|her|now|then|former|acting)\s+)*"
    r"(?P<owner>(?:[A-Z][\w.&-]*\s+){0,4}[A-Z][\w.&-]*?(?:['’]s?)?\s+|(?:[a-z]+['’]s\s+))?"
    rf"(?P<role>(?:(?!{NAME_COMPLEMENT})[a-z-]+\s+){{0,3}}(?!{NAME_COMPLEMENT})[a-z-]+)\b"
    r"(?:\s+(?:of|for|at|with)\s+(?:the\s+|an?\s+)?(?P<of>(?:\d+\w*\s+)?[A-Z][\w.&’'-]*(?:\s+(?:(?:of|and|for)\s+(?:the\s+)?)?[A-Z][\w.&’'-]*)*))?)?"
)
#: Nouns for organisations of which there are many. Alone they do not name one.
COMMON_BODIES = (ORGANISATION_HEADS | frozenset("library museum exchange church academy college".split())) - frozenset(
    "kremlin parliament treasury presidency intelligence government cabinet".split()
)
#: The end of the text before a sentence's first word, at most MAX_OPENING_CHARS long.
SENTENCE_OPENING = re.compile(r"(?:^|\n|[.!?][\"”’']?\s|[\"“‘])\s*$")
MAX_OPENING_CHARS = 8
NAME_END = re.compile(r"\n\s*\n|(?<=[a-z]{3})\.(?:\s|$)")
#: How far after a name to look for its role.
MAX_ROLE_DISTANCE_CHARS = 160
MAX_ROLE_WORDS = 4


class Role(NamedTuple):
    """A role and its organisation; "" where the text does not say."""

    role: str = ""
    organisation: str = ""


class TitledRun(NamedTuple):
    """A run of capitalised words with its titles. The name starts at `name_index`."""

    name_index: int
    title: str = ""
    role: str = ""
    organisation: str = ""


def detect_sex(text: str) -> str:
    """Return "f" or "m" if a title or role implies it, else ""."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    if FEMALE_WORDS & set(words):
        return "f"
    return "m" if MALE_WORDS & set(words) else ""


def read_titles(text: str, tokens: Sequence[Token], start: int, end: int) -> TitledRun:
    """Read the titles at the start of a run of capitals [start, end).

    "Harbour Trust Director | Ann Frith"
    """
    title, role, name_index, is_joined = "", "", start, False
    if (office := _split_office(tokens, start)) and end - start > 1:
        return TitledRun(start + 1, office, f"{office} of {tokens[start].lower}")  # "Secretary of | State Jon Husted"
    for index in range(start, end - 1):
        word = tokens[index].lower.strip(".")
        if tokens[index + 1].lower in ORGANISATION_WORDS:
            continue  # "the General Staff" is not a general named Staff
        if word in TITLES or word in ROLES:
            title, name_index = word, index + 1
            if word not in NON_ROLE_TITLES:
                is_joined = index > start and _is_two_word_title(tokens[index - 1].lower, word)
                role = f"{tokens[index - 1].lower} {word}" if is_joined else SHORT_TITLES.get(word, word)
    words_before = [
        token
        for token in tokens[start : max(name_index - 1 - is_joined, start)]
        # "Chairman Rep. Chaffetz" has two titles
        if token.lower.strip(".") not in TITLES and (token.lower not in ROLES or token.lower in RANK_WORDS)
    ]
    if role and start == name_index - 1 and start > 0 and tokens[start - 1].lower in COMMON_BODIES:
        role = f"{tokens[start - 1].lower} {role}"  # "Police | Chief"
    if not role or not words_before:
        return TitledRun(name_index, title, role)
    description = text[words_before[0].start : words_before[-1].end]
    if role in STATE_OFFICES and not is_possessive(words_before[-1].lower) and words_before[-1].lower in DEPARTMENTS:
        # "Deputy Energy Secretary": a department, not the name of an organisation.
        department = [token.lower for token in words_before if not NATIONALITY.match(token.text)]
        return TitledRun(name_index, title, " ".join((*department[-MAX_ROLE_WORDS:], role)))
    if len(words_before) == 1 and description.casefold() in COMMON_BODIES:
        return TitledRun(name_index, title, f"{description.casefold()} {role}")  # "Police Chief"
    if is_organisation(description):
        return TitledRun(name_index, title, role, description)
    if (
        len(words_before) == 1
        and role not in LOCAL_OFFICES
        and not NATIONALITY.match(description)
        and not is_possessive(words_before[0].lower)
    ):
        role = f"{description.casefold()} {role}"  # "Defence Minister"
    return TitledRun(name_index, title, role)


def _is_two_word_title(first: str, second: str) -> bool:
    """Return whether two words are one title: "Chief Executive", "Attorney General"."""
    return first in RANK_WORDS or (second in ("general", "governor") and first in ROLES | TITLES)


def _split_office(tokens: Sequence[Token], start: int) -> str:
    """Return the office before a run that starts with its department, or "".

    "Secretary of | State"
    """
    if start < 2 or tokens[start - 1].lower != "of" or tokens[start].lower not in DEPARTMENTS | {"staff"}:
        return ""
    office = tokens[start - 2].lower
    return office if office in STATE_OFFICES | {"chief", "director", "head"} else ""


def role_before(text: str, tokens: Sequence[Token], start: int) -> Role:
    """Return the lower-case role directly before a name.

    "Water Board chief engineer | Rana Okafor"
    """
    if start == 0 or tokens[start - 1].lower not in ROLES:
        return Role()
    role_start = start
    while role_start > 0 and start - role_start < MAX_ROLE_WORDS and tokens[role_start - 1].kind == "word":
        word = tokens[role_start - 1]
        if word.is_capital or word.lower in NOT_NAMES or is_possessive(word.lower) or text[word.end] != " ":
            break
        role_start -= 1
    role_words = [token.lower for token in tokens[role_start:start]]
    organisation_index = next((i for i, word in enumerate(role_words[:-1]) if word in ORGANISATION_HEADS), None)
    if organisation_index is not None:
        # "Defence ministry spokeswoman | Lesia Horbach": the ministry is the organisation.
        name_start = role_start
        while name_start > 0 and tokens[name_start - 1].is_capital and tokens[name_start - 1].lower not in NOT_NAMES:
            name_start -= 1
        if name_start < role_start:
            return Role(
                " ".join(role_words[organisation_index + 1 :]),
                text[tokens[name_start].start : tokens[role_start + organisation_index].end],
            )
    while len(role_words) > 1 and role_words[0] in NON_ROLE_WORDS:
        role_words.pop(0)
    if (
        role_start > 0
        and tokens[role_start - 1].lower in RANK_WORDS
        and _opens_sentence(text, tokens[role_start - 1].start)
    ):
        role_words.insert(0, tokens[role_start - 1].lower)  # "Chief nurse Bernadette Shaw"
    if role_start > 0 and tokens[role_start - 1].text in PARTIES and text[tokens[role_start - 1].end] == " ":
        role_words.insert(0, tokens[role_start - 1].text)  # "Democratic presidential nominee"
    if (
        role_start > 0
        and tokens[role_start - 1].lower in COMMON_BODIES
        and _opens_sentence(text, tokens[role_start - 1].start)
    ):
        # "Union leader Karl Reiss" does not say which union.
        return Role(" ".join((tokens[role_start - 1].lower, *role_words)))
    return Role(" ".join(role_words), _organisation_before(text, tokens, role_start))


def _organisation_before(text: str, tokens: Sequence[Token], end: int) -> str:
    """Return the organisation with a name that ends before a role, or "".

    "the Water Board's | engineer"
    """
    start = end
    while start > 0 and tokens[start - 1].is_capital and tokens[start - 1].lower not in NOT_NAMES:
        start -= 1
    if start == end:
        return ""
    organisation = re.sub(r"['’]s?$", "", text[tokens[start].start : tokens[end - 1].end])
    return organisation if is_organisation(organisation) else ""


def cut_at_sentence_end(name: str) -> str:
    """Return a name without the next sentence: "Harvard Law School. | Mr. Obama"."""
    return re.sub(r"(?<=[A-Z]{3})\.$", "", NAME_END.split(name, maxsplit=1)[0])


def _opens_sentence(text: str, offset: int) -> bool:
    """Return whether a word is the first of a sentence."""
    return SENTENCE_OPENING.search(text[max(0, offset - MAX_OPENING_CHARS) : offset]) is not None


def role_after(text: str, end: int) -> tuple[Role, bool]:
    """Return the role in apposition to a name, and whether an age is given."""
    match = (
        ROLE_AFTER_NAME.match(text, end, end + MAX_ROLE_DISTANCE_CHARS)
        if text[end : end + 2] in (", ", " (")
        else None
    )
    if match is None:
        return Role(), False
    has_age = bool(match["aged"])
    role_words = (match["role"] or "").split()
    role_index = next((i for i in range(len(role_words)) if role_words[i] in ROLES), None)
    if role_index is None:
        return Role(), has_age
    while role_index + 1 < len(role_words) and role_words[role_index + 1] in ROLES:
        role_index += 1
    if role_index + 1 < len(role_words) and (
        role_words[role_index + 1] in VERBS or role_words[role_index + 1] in FINITE_VERBS
    ):
        return Role(), has_age  # "In Chelsea, the mayor said …"
    if any(word in RELATIVES for word in role_words[:role_index]):
        return Role(), has_age
    candidates = (
        re.sub(r"['’]s?$", "", cut_at_sentence_end((match[group] or "").strip())) for group in ("of", "owner")
    )
    organisation = next((shown for shown in candidates if shown and is_organisation(shown)), "")
    return Role(" ".join(role_words[: role_index + 1]), organisation), has_age
