"""What somebody is, as the words around a name say it: title, role, and whom they are it for."""

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
#: Roles that a woman or a man has by the word itself.
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
#: Titles that are no role.
NON_ROLE_TITLES = frozenset("mr mrs ms miss mx dr sir dame lord lady st".split())
#: "Chief Executive", "Deputy Mayor": what says which of them, and is a title by itself at times.
RANK_WORDS = frozenset("chief deputy assistant associate acting managing shadow".split())
#: Offices of a government, and what they are for.
STATE_OFFICES = frozenset("secretary minister undersecretary".split())
DEPARTMENTS = frozenset(
    "energy treasury transport transportation health education defence defense foreign interior home finance justice "
    "environment agriculture labor labour commerce trade housing culture state security science veterans prime first".split()
)
#: "Charlotte Mayor Jennifer Roberts": what stands before these is where.
LOCAL_OFFICES = frozenset("mayor governor councillor councilman councilwoman bishop senator representative".split())
#: The parties that a role is named with.
PARTIES = frozenset("Democratic Republican Libertarian Labour Conservative Green GOP".split())
#: Words before a role that are no part of it.
NON_ROLE_WORDS = frozenset("said says added told asked former then senior veteran local".split())
#: No part of a role: it says of whom.
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
#: Bodies of which there are many: by themselves they name none.
COMMON_BODIES = (ORGANISATION_HEADS | frozenset("library museum exchange church academy college".split())) - frozenset(
    "kremlin parliament treasury presidency intelligence government cabinet".split()
)
#: What stands before the first word of a sentence, within so many code points.
SENTENCE_OPENING = re.compile(r"(?:^|\n|[.!?][\"”’']?\s|[\"“‘])\s*$")
MAX_OPENING_CHARS = 8
NAME_END = re.compile(r"\n\s*\n|(?<=[a-z]{3})\.(?:\s|$)")
#: So far behind a name it is looked for.
MAX_ROLE_DISTANCE_CHARS = 160
#: The most words of a role.
MAX_ROLE_WORDS = 4


class Role(NamedTuple):
    """What somebody is, and of what organisation; empty where the text does not say."""

    role: str = ""
    organisation: str = ""


class TitledRun(NamedTuple):
    """A run of capitals with its titles read: the name begins at the token `name`."""

    name_index: int
    title: str = ""
    role: str = ""
    organisation: str = ""


def detect_sex(words: str) -> str:
    """ "f" or "m" where a title, a role or a given name says so; else nothing."""
    found = re.findall(r"[^\W\d_]+", words.casefold())
    if FEMALE_WORDS & set(found):
        return "f"
    return "m" if MALE_WORDS & set(found) else ""


def read_titles(text: str, tokens: Sequence[Token], start: int, end: int) -> TitledRun:
    """The titles that open a run of capitals [start, end): "Harbour Trust Director | Ann Frith"."""
    title, role, first, joined = "", "", start, False
    if (office := _office_of(tokens, start)) and end - start > 1:
        return TitledRun(start + 1, office, f"{office} of {tokens[start].lower}")  # "Secretary of | State Jon Husted"
    for index in range(start, end - 1):
        bare = tokens[index].lower.strip(".")
        if tokens[index + 1].lower in ORGANISATION_WORDS:
            continue  # the General Staff is no general called Staff
        if bare in TITLES or bare in ROLES:
            title, first = bare, index + 1
            if bare not in NON_ROLE_TITLES:
                joined = index > start and _is_one_title(tokens[index - 1].lower, bare)
                role = f"{tokens[index - 1].lower} {bare}" if joined else SHORT_TITLES.get(bare, bare)
    before = [
        token
        for token in tokens[start : max(first - 1 - joined, start)]
        # "Chairman Rep. Chaffetz" has two titles
        if token.lower.strip(".") not in TITLES and (token.lower not in ROLES or token.lower in RANK_WORDS)
    ]
    if role and start == first - 1 and start > 0 and tokens[start - 1].lower in COMMON_BODIES:
        role = f"{tokens[start - 1].lower} {role}"  # "Police | Chief"
    if not role or not before:
        return TitledRun(first, title, role)
    shown = text[before[0].start : before[-1].end]
    if role in STATE_OFFICES and not is_possessive(before[-1].lower) and before[-1].lower in DEPARTMENTS:
        # "Deputy Energy Secretary": what the office is for, and no name of a body.
        own = [token.lower for token in before if not NATIONALITY.match(token.text)]
        return TitledRun(first, title, " ".join((*own[-MAX_ROLE_WORDS:], role)))
    if len(before) == 1 and shown.casefold() in COMMON_BODIES:
        return TitledRun(first, title, f"{shown.casefold()} {role}")  # "Police Chief"
    if is_organisation(shown):
        return TitledRun(first, title, role, shown)
    if (
        len(before) == 1
        and role not in LOCAL_OFFICES
        and not NATIONALITY.match(shown)
        and not is_possessive(before[0].lower)
    ):
        role = f"{shown.casefold()} {role}"  # "Defence Minister"
    return TitledRun(first, title, role)


def _is_one_title(first: str, second: str) -> bool:
    """ "Chief Executive", "Attorney General", "Lieutenant Governor": two words that are one title."""
    return first in RANK_WORDS or (second in ("general", "governor") and first in ROLES | TITLES)


def _office_of(tokens: Sequence[Token], start: int) -> str:
    """The office that a run of capitals only says the end of: "Secretary of | State"; else nothing."""
    if start < 2 or tokens[start - 1].lower != "of" or tokens[start].lower not in DEPARTMENTS | {"staff"}:
        return ""
    office = tokens[start - 2].lower
    return office if office in STATE_OFFICES | {"chief", "director", "head"} else ""


def role_before(text: str, tokens: Sequence[Token], start: int) -> Role:
    """The role that stands right before a name in lower case: "Water Board chief engineer | Rana Okafor"."""
    if start == 0 or tokens[start - 1].lower not in ROLES:
        return Role()
    at = start
    while at > 0 and start - at < MAX_ROLE_WORDS and tokens[at - 1].kind == "word":
        word = tokens[at - 1]
        if word.is_capital or word.lower in NOT_NAMES or is_possessive(word.lower) or text[word.end] != " ":
            break
        at -= 1
    words = [token.lower for token in tokens[at:start]]
    body = next((i for i, word in enumerate(words[:-1]) if word in ORGANISATION_HEADS), None)
    if body is not None:
        # "Defence ministry spokeswoman | Lesia Horbach": the ministry is whom she is it for.
        begin = at
        while begin > 0 and tokens[begin - 1].is_capital and tokens[begin - 1].lower not in NOT_NAMES:
            begin -= 1
        if begin < at:
            return Role(" ".join(words[body + 1 :]), text[tokens[begin].start : tokens[at + body].end])
    while len(words) > 1 and words[0] in NON_ROLE_WORDS:
        words.pop(0)
    if at > 0 and tokens[at - 1].lower in RANK_WORDS and _opens_sentence(text, tokens[at - 1].start):
        words.insert(0, tokens[at - 1].lower)  # "Chief nurse Bernadette Shaw"
    if at > 0 and tokens[at - 1].text in PARTIES and text[tokens[at - 1].end] == " ":
        words.insert(0, tokens[at - 1].text)  # "Democratic presidential nominee"
    if at > 0 and tokens[at - 1].lower in COMMON_BODIES and _opens_sentence(text, tokens[at - 1].start):
        return Role(" ".join((tokens[at - 1].lower, *words)))  # "Union leader Karl Reiss": whichever union it is
    return Role(" ".join(words), _organisation_before(text, tokens, at))


def _organisation_before(text: str, tokens: Sequence[Token], end: int) -> str:
    """The organisation whose name ends before a role, if one does: "the Water Board's | engineer"."""
    start = end
    while start > 0 and tokens[start - 1].is_capital and tokens[start - 1].lower not in NOT_NAMES:
        start -= 1
    if start == end:
        return ""
    shown = re.sub(r"['’]s?$", "", text[tokens[start].start : tokens[end - 1].end])
    return shown if is_organisation(shown) else ""


def cut_at_sentence_end(name: str) -> str:
    """A name without what stands in the next sentence or paragraph: "Harvard Law School. | Mr. Obama"."""
    return re.sub(r"(?<=[A-Z]{3})\.$", "", NAME_END.split(name, maxsplit=1)[0])


def _opens_sentence(text: str, offset: int) -> bool:
    """Has a word its capital only because a sentence begins with it?"""
    return SENTENCE_OPENING.search(text[max(0, offset - MAX_OPENING_CHARS) : offset]) is not None


def role_after(text: str, end: int) -> tuple[Role, bool]:
    """The role that is said of a name by the way, and whether an age is."""
    match = (
        ROLE_AFTER_NAME.match(text, end, end + MAX_ROLE_DISTANCE_CHARS)
        if text[end : end + 2] in (", ", " (")
        else None
    )
    if match is None:
        return Role(), False
    aged = bool(match["aged"])
    words = (match["role"] or "").split()
    at = next((i for i in range(len(words)) if words[i] in ROLES), None)
    if at is None:
        return Role(), aged
    while at + 1 < len(words) and words[at + 1] in ROLES:
        at += 1
    if at + 1 < len(words) and (words[at + 1] in VERBS or words[at + 1] in FINITE_VERBS):
        return Role(), aged  # "In Chelsea, the mayor said …"
    if any(word in RELATIVES for word in words[:at]):
        return Role(), aged
    candidates = (
        re.sub(r"['’]s?$", "", cut_at_sentence_end((match[group] or "").strip())) for group in ("of", "owner")
    )
    organisation = next((shown for shown in candidates if shown and is_organisation(shown)), "")
    return Role(" ".join(words[: at + 1]), organisation), aged
