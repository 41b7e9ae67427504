"""Names in a text, and what the words around them say: person or organisation, title, role, whom they work for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from articles.extraction.document import Document, Token
from articles.extraction.lexicon.given_names import FEMALE_NAMES, MALE_NAMES
from articles.extraction.lexicon.organisations import AGENCY_NAMES, NATIONALITY, is_organisation
from articles.extraction.lexicon.word_classes import NOT_NAMES, SPEAKER_NOUNS, TITLES, is_possessive
from articles.extraction.speakers.roles import (
    ROLES,
    Role,
    cut_at_sentence_end,
    detect_sex,
    read_titles,
    role_after,
    role_before,
)

NAME_PARTICLES = frozenset("van von der den de da di la le du bin al el y dos".split())
PLACE_WORDS = frozenset(
    "street road avenue lane river sea ocean bay island islands isle county region province valley hill hills bridge square "
    "park harbour harbor beach mount mountain mountains lake forest district quay north south east west northern southern "
    "eastern western great new upper lower old port saint fort act bill treaty agreement war cup league prize award day week "
    "states kingdom republic city town village san santa los las el cape gulf strait peninsula airport station coast reef "
    "head point square market hall highway route".split()
)
#: Two-word places that their words do not give away.
PLACES = frozenset(
    "Saudi Arabia|Hong Kong|Sri Lanka|Costa Rica|Puerto Rico|Sierra Leone|Burkina Faso|Middle East|European Union"
    "|Soviet Union|Cold War|Buenos Aires|Rio de Janeiro|Tel Aviv|Abu Dhabi|Kuala Lumpur|Phnom Penh|Addis Ababa".split(
        "|"
    )
)
EAST_ASIAN_FAMILY_NAMES = frozenset(
    "Kim Lee Park Choi Jung Jeong Kang Cho Yoon Jang Lim Han Shin Suh Seo Kwon Hwang Ahn Song Ryu Yoo Hong Bae Baek Moon Oh "
    "Xi Li Wang Zhang Chen Liu Zhao Huang Zhou Wu Xu Sun Ma Hu Nguyen Tran".split()
)
#: "above Sallow Weir", "at Gull Point": what stands after these is a place.
LOCATIVE_PREPOSITIONS = frozenset(
    "in at near above below outside inside around across into through along beyond".split()
)
NICKNAMES = frozenset("old young little big".split())
MAX_PERSON_NAME_WORDS = 4
AFFILIATION = re.compile(
    r"\s+(?:of|from|at|with)\s+(?:the\s+)?((?:\d+\w*\s+)?[A-Z][\w.&’'-]*(?:\s+(?:(?:of|and|for)\s+(?:the\s+)?)?[A-Z][\w.&’'-]*)*)"
)
SELF_NAMED_GROUP = re.compile(
    r"\b(?:group|organisation|organization|collective|company|firm|charity|channel|movement|network|party|website|unit)\s+"
    r"(?:(?:that|which)\s+calls\s+itself|calling\s+itself|called|named|known\s+as)\s+(?:the\s+)?$"
)
#: "Democrat Hillary Clinton", "Rival Hillary Clinton": what somebody is, with a capital.
LEADING_DESCRIPTIONS = frozenset(
    "democrat republican libertarian rival gop billionaire millionaire longtime retired former interim acting ex then".split()
)
#: What stands behind a name and is none of it.
NAME_SUFFIXES = frozenset("Jr Sr II III IV MD PhD QC KC".split())
#: "Ex-Doctor Says Clinton Hid It": a headline's capitals.
HEADLINE_VERBS = frozenset("says said tells told warns warned denies denied admits admitted insists vows".split())
#: Given names that are words or places as often.
AMBIGUOUS_GIVEN_NAMES = frozenset(
    "charlotte florence victoria virginia georgia sydney austin jordan paris chelsea adelaide madison lincoln jackson houston "
    "dallas denver carolina israel francisco will mark rob bill grant guy may june grace hope faith rose ivy iris holly "
    "amber dawn eve frank rich chuck jack drew pat sue penny daisy violet ruby olive warren wayne lance miles dean dale "
    "glen cliff norman roman christian max alba sofia valencia kent troy clay ray per jean don christ santiago diego".split()
)
#: What stands right before the name of a body and makes it one.
ORGANISATION_KIND_NOUNS = frozenset(
    "group charity firm company newspaper agency watchdog union broadcaster institute publisher magazine website outlet "
    "channel retailer manufacturer lender insurer operator regulator supermarket developer maker nonprofit".split()
)
#: An affiliation is looked for so far behind a name.
MAX_AFFILIATION_DISTANCE_CHARS = 110


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name where it stands: code points, [start, end)."""

    start: int
    end: int
    text: str
    is_person: bool
    roles: tuple[str, ...] = ()  # "lawmaker", "defence minister"
    organisation: str = ""  # whom that role is of
    sex: str = ""  # "f", "m", "" not known


def find_names(document: Document) -> list[Name]:
    """Every proper name of a text, in order."""
    tokens, found, at = document.tokens, [], 0
    openers = {sentence.start for sentence in document.sentences} | {q.inner.start for q in document.quotes}
    inside = {t.lower for t in tokens if t.kind == "word" and not t.is_capital}
    certain = {t.text for t in tokens if t.is_capital and t.start not in openers}
    alone = {(a.text, b.text) for before, a, b in _token_triples(tokens) if a.is_capital and not before.is_capital}
    while at < len(tokens):
        end = _run_end(document, tokens, at)
        if end == at:
            at += 1
            continue
        lower = tokens[at].lower
        opening = end == at + 1 and tokens[at].start in openers and tokens[at].text not in certain
        common = lower in inside or lower in SPEAKER_NOUNS or (lower.endswith("s") and not tokens[at].text.isupper())
        if opening and common and tokens[at].text not in AGENCY_NAMES:
            at = end  # "Officials", capitalised only because a sentence begins with it
            continue
        name = _build_name(document, tokens, _skip_lead(tokens, at, end, alone), end, inside)
        if name is not None:
            found.append(name)
        at = end
    return _apply_family_names(found)


def _token_triples(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token, Token]]:
    return zip(tokens, tokens[1:], tokens[2:], strict=False)


def _skip_lead(tokens: Sequence[Token], start: int, end: int, alone: Set[tuple[str, str]]) -> int:
    """Past the capitals that stand before a name and are none of it: "Rival", "Democrat", "Crooked".

    `alone` are the first two words of what stands by itself elsewhere.
    """
    while end - start > 1 and tokens[start].lower in LEADING_DESCRIPTIONS and tokens[start + 1].lower not in ROLES:
        start += 1
    given = MALE_NAMES | FEMALE_NAMES
    if (
        end - start > 2
        and tokens[start].lower not in given | TITLES | ROLES
        and tokens[start + 1].lower in given
        and (tokens[start + 1].text, tokens[start + 2].text) in alone
    ):
        return start + 1
    return start


def _run_end(document: Document, tokens: Sequence[Token], start: int) -> int:
    """Where a run of name words that begins here ends (an index); `start` itself if none begins."""
    if (
        not tokens[start].is_capital
        or tokens[start].lower in NOT_NAMES | HEADLINE_VERBS
        or tokens[start].kind != "word"
    ):
        return start
    end = start
    while end < len(tokens):
        token = tokens[end]
        gap = document.text[tokens[end - 1].end : token.start] if end > start else ""
        if gap not in ("", " ", "\n") or (end > start and not gap and token.kind == "mark"):
            break
        lower = token.lower
        if (
            token.kind == "word"
            and token.is_capital
            and lower not in HEADLINE_VERBS
            and (lower not in NOT_NAMES or (end > start and _completes_name(tokens[end - 1].lower, lower)))
        ):
            end += 1
            if is_possessive(lower) and not _is_possessive_in_name(tokens, end):
                break
            continue
        following = tokens[end + 1] if end + 1 < len(tokens) else None
        if (
            following is not None
            and following.kind == "word"
            and following.is_capital
            and following.lower not in NOT_NAMES
        ):
            organised = is_organisation(tokens[end - 1].text)
            within = ("of", "for", "and", "&", "on")
            if lower in NAME_PARTICLES or (lower in within and organised and _continues_organisation(tokens, end)):
                end += 1
                continue
        of_the = lower == "of" and following is not None and following.lower == "the" and end + 2 < len(tokens)
        if of_the and tokens[end + 2].is_capital and is_organisation(tokens[end - 1].text):
            end += 2
            continue
        break
    return end


def _completes_name(before: str, word: str) -> bool:
    """Words that are no names by themselves: "Theresa | May", "USA | Today"."""
    return word in ("may", "june") or (before, word) == ("usa", "today")


def _is_possessive_in_name(tokens: Sequence[Token], following: int) -> bool:
    """ "Seafarers' Association", "St Brendan's Hospital": a possessive within a name."""
    if following >= len(tokens) or not tokens[following].is_capital or not is_organisation(tokens[following].text):
        return False
    saint = following > 1 and tokens[following - 2].lower in ("st", "st.", "saint")
    return saint or tokens[following - 1].lower.endswith(("s'", "s’"))


def _continues_organisation(tokens: Sequence[Token], index: int) -> bool:
    """ "Ministry of Defence" goes on; "the Herald and Lee" does not."""
    if tokens[index].lower == "on":
        # "Commission on Presidential Debates", and no "Senate on Tuesday"
        return tokens[index - 1].lower in ("commission", "committee", "council", "institute", "centre", "center")
    if tokens[index].lower not in ("and", "&"):
        return True
    return index + 2 < len(tokens) and is_organisation(tokens[index + 1].text) and tokens[index].lower == "&"


def _build_name(document: Document, tokens: Sequence[Token], start: int, end: int, common: Set[str]) -> Name | None:
    """The name in a run of capitals, without its title; None if it is a mere adjective."""
    if end - start > 2 and tokens[start].lower in NICKNAMES and tokens[start + 1].lower in MALE_NAMES | FEMALE_NAMES:
        start += 1  # "Old Tom Garrick"
    titled = read_titles(document.text, tokens, start, end)
    first = titled.name_index
    if first == start:
        while first < end - 1 and NATIONALITY.match(tokens[first].text) and tokens[first + 1].lower in ROLES:
            first += 1
    last = tokens[end - 1]
    possessive = re.search(r"['’]s?$", last.text)
    stop = last.end - (len(possessive[0]) if possessive else 0)
    if stop <= tokens[first].start:
        return None
    text = re.sub(r"\s+", " ", document.text[tokens[first].start : stop])
    following = tokens[end] if end < len(tokens) else None
    before_noun = following is not None and following.kind == "word" and not following.is_capital
    if before_noun and NATIONALITY.fullmatch(text.split()[-1]):
        return None  # "Russian forces", "South Korean intelligence officials"
    if is_organisation(text) and not titled.title:
        return Name(tokens[first].start, stop, text, is_person=False)
    before = Role(titled.role, titled.organisation) if titled.role else role_before(document.text, tokens, start)
    behind, aged = role_after(document.text, stop)
    words = text.split()
    told = bool(titled.title or before.role or behind.role or aged)
    if start > 0 and tokens[start - 1].lower == "the" and not (titled.title or before.role or aged):
        return Name(tokens[first].start, stop, text, is_person=False)  # "the Quayside Bakery, owner Ruth Amadi"
    noun = tokens[start - 1] if start > 0 else None
    if (
        noun
        and noun.lower in ORGANISATION_KIND_NOUNS
        and not noun.is_capital
        and document.text[noun.end : tokens[start].start] == " "
    ):
        return Name(tokens[first].start, stop, text, is_person=False)  # "the industry group Plastics Norden"
    if SELF_NAMED_GROUP.search(
        document.text, max(0, tokens[first].start - MAX_AFFILIATION_DISTANCE_CHARS), tokens[first].start
    ):
        return Name(tokens[first].start, stop, text, is_person=False)  # "a group that calls itself Blue Heron"
    if (
        len(words) == 1
        and words[0].casefold() in (MALE_NAMES | FEMALE_NAMES) - AMBIGUOUS_GIVEN_NAMES
        and not _follows_locative(tokens, start)
    ):
        given = words[0].casefold()
        return Name(
            tokens[first].start, stop, text, is_person=True, sex="m" if given in MALE_NAMES else "f"
        )  # "Melanie said"
    if not told and (
        len(words) == 1 or (tokens[end - 1].lower in common and words[0].casefold() not in MALE_NAMES | FEMALE_NAMES)
    ):
        return Name(tokens[first].start, stop, text, is_person=False)  # "Seoul", "Carrow Buses"
    roles = tuple(dict.fromkeys(role for role in (behind.role, before.role) if role))
    organisation = before.organisation or behind.organisation or _affiliation(document.text, stop)
    given = words[0].casefold()
    placed = _follows_locative(tokens, start) and given not in MALE_NAMES | FEMALE_NAMES
    person = told or (_is_person(text) and not placed)
    sex = detect_sex(" ".join((titled.title, *roles))) or (
        "m" if given in MALE_NAMES else "f" if given in FEMALE_NAMES else ""
    )
    return (
        Name(tokens[first].start, stop, text, person, roles, organisation, sex)
        if person
        else Name(tokens[first].start, stop, text, is_person=False)
    )


def _follows_locative(tokens: Sequence[Token], start: int) -> bool:
    return start > 0 and tokens[start - 1].lower in LOCATIVE_PREPOSITIONS


def _affiliation(text: str, end: int) -> str:
    """ "Mara Lindqvist of the Nordic Centre for Security Studies": whom somebody is of."""
    match = AFFILIATION.match(text, end, end + MAX_AFFILIATION_DISTANCE_CHARS)
    shown = cut_at_sentence_end(match[1]) if match is not None else ""
    return shown if shown and is_organisation(shown) else ""


def _is_person(text: str) -> bool:
    """Is a name without a title or a role a person's, by its words?"""
    words = text.split()
    if len(words) > 1 and (words[0].casefold() in MALE_NAMES or words[0].casefold() in FEMALE_NAMES):
        return True
    return (
        2 <= len(words) <= MAX_PERSON_NAME_WORDS
        and all(_is_person_word(word) for word in words)
        and text not in PLACES
    )


def _is_person_word(word: str) -> bool:
    return (
        (word[0].isupper() or word in NAME_PARTICLES)
        and word.casefold() not in PLACE_WORDS
        and not any(char.isdigit() for char in word)
        and not NATIONALITY.fullmatch(word)
        and (len(word) < 4 or not word.isupper())
    )


def _apply_family_names(names: list[Name]) -> list[Name]:
    """A single word that is some person's family name in this text, or whole name, is that person's name too."""
    families = {
        straighten_apostrophes(word)
        for name in names
        if name.is_person
        for word in (family_names(name.text) if " " in name.text else (name.text,))
    }
    return [
        Name(n.start, n.end, n.text, is_person=True, roles=n.roles, organisation=n.organisation, sex=n.sex)
        if not n.is_person and straighten_apostrophes(n.text) in families
        else n
        for n in names
    ]


def straighten_apostrophes(name: str) -> str:
    """A name with straight apostrophes: copy writes O'Neill one way and the other."""
    return name.replace("’", "'")


def family_names(full: str) -> tuple[str, ...]:
    """How copy calls somebody the second time: the last word, or the first of an East Asian name."""
    words = full.split()
    while len(words) > 1 and words[-1].strip(".,") in NAME_SUFFIXES:
        words.pop()  # "Joseph R. Biden Jr."
    hyphenated = len(words) == 2 and re.fullmatch(r"[A-Z]\w+-[a-z]\w+", words[1])
    eastern = hyphenated or (
        words[0] in EAST_ASIAN_FAMILY_NAMES and words[0].casefold() not in MALE_NAMES | FEMALE_NAMES
    )
    if eastern and ("-" in words[-1] or len(words) == 3):
        return (words[0],)
    if eastern and len(words) == 2 and len(words[-1]) > 2:
        return words[0], words[-1]
    last = words[-1]
    particled = " ".join(words[-2:]) if len(words) > 2 and words[-2] in NAME_PARTICLES else last
    return (last, particled) if particled != last else (last,)
