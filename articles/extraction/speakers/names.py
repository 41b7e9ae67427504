"""Find names in a text, with the title, role and organisation given around them."""

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
#: Two-word places that PLACE_WORDS does not show.
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
#: A name after these is a place: "above Sallow Weir", "at Gull Point".
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
#: Capitalised descriptions before a name: "Democrat Hillary Clinton", "Rival Hillary Clinton".
LEADING_DESCRIPTIONS = frozenset(
    "democrat republican libertarian rival gop billionaire millionaire longtime retired former interim acting ex then".split()
)
#: Suffixes after a name that are not a family name.
NAME_SUFFIXES = frozenset("Jr Sr II III IV MD PhD QC KC".split())
#: Capitalised verbs in headlines: "Ex-Doctor Says Clinton Hid It".
HEADLINE_VERBS = frozenset("says said tells told warns warned denies denied admits admitted insists vows".split())
#: Given names that are as often ordinary words or places.
AMBIGUOUS_GIVEN_NAMES = frozenset(
    "charlotte florence victoria virginia georgia sydney austin jordan paris chelsea adelaide madison lincoln jackson houston "
    "dallas denver carolina israel francisco will mark rob bill grant guy may june grace hope faith rose ivy iris holly "
    "amber dawn eve frank rich chuck jack drew pat sue penny daisy violet ruby olive warren wayne lance miles dean dale "
    "glen cliff norman roman christian max alba sofia valencia kent troy clay ray per jean don christ santiago diego".split()
)
#: Nouns directly before the name of an organisation.
ORGANISATION_KIND_NOUNS = frozenset(
    "group charity firm company newspaper agency watchdog union broadcaster institute publisher magazine website outlet "
    "channel retailer manufacturer lender insurer operator regulator supermarket developer maker nonprofit".split()
)
#: How far from a name to look for an affiliation or a self-given group name.
MAX_AFFILIATION_DISTANCE_CHARS = 110


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name in the text. Offsets are code points, [start, end)."""

    start: int
    end: int
    text: str
    is_person: bool
    roles: tuple[str, ...] = ()  # "lawmaker", "defence minister"
    organisation: str = ""  # the organisation of that role
    sex: str = ""  # "f", "m", or "" if not known


def find_names(document: Document) -> list[Name]:
    """Return every proper name of a text, in order."""
    tokens, names, index = document.tokens, [], 0
    openers = {sentence.start for sentence in document.sentences} | {q.inner.start for q in document.quotes}
    lower_case_words = {t.lower for t in tokens if t.kind == "word" and not t.is_capital}
    certain_names = {t.text for t in tokens if t.is_capital and t.start not in openers}
    word_pairs = {
        (a.text, b.text) for before, a, b in _token_triples(tokens) if a.is_capital and not before.is_capital
    }
    while index < len(tokens):
        end = _run_end(document, tokens, index)
        if end == index:
            index += 1
            continue
        word = tokens[index].lower
        is_sentence_opener = (
            end == index + 1 and tokens[index].start in openers and tokens[index].text not in certain_names
        )
        is_common_noun = (
            word in lower_case_words
            or word in SPEAKER_NOUNS
            or (word.endswith("s") and not tokens[index].text.isupper())
        )
        if is_sentence_opener and is_common_noun and tokens[index].text not in AGENCY_NAMES:
            index = end  # "Officials", capitalised only at the start of a sentence
            continue
        name = _build_name(
            document, tokens, _skip_leading_words(tokens, index, end, word_pairs), end, lower_case_words
        )
        if name is not None:
            names.append(name)
        index = end
    return _apply_family_names(names)


def _token_triples(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token, Token]]:
    return zip(tokens, tokens[1:], tokens[2:], strict=False)


def _skip_leading_words(tokens: Sequence[Token], start: int, end: int, word_pairs: Set[tuple[str, str]]) -> int:
    """Return where a name starts after words such as "Rival", "Democrat", "Crooked".

    `word_pairs` are the first two words of capitalised runs in the text.
    """
    while end - start > 1 and tokens[start].lower in LEADING_DESCRIPTIONS and tokens[start + 1].lower not in ROLES:
        start += 1
    given_names = MALE_NAMES | FEMALE_NAMES
    if (
        end - start > 2
        and tokens[start].lower not in given_names | TITLES | ROLES
        and tokens[start + 1].lower in given_names
        and (tokens[start + 1].text, tokens[start + 2].text) in word_pairs
    ):
        return start + 1
    return start


def _run_end(document: Document, tokens: Sequence[Token], start: int) -> int:
    """Return the token after the run of name words from `start`; `start` if none."""
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
        word = token.lower
        if (
            token.kind == "word"
            and token.is_capital
            and word not in HEADLINE_VERBS
            and (word not in NOT_NAMES or (end > start and _completes_name(tokens[end - 1].lower, word)))
        ):
            end += 1
            if is_possessive(word) and not _is_possessive_in_name(tokens, end):
                break
            continue
        following = tokens[end + 1] if end + 1 < len(tokens) else None
        if (
            following is not None
            and following.kind == "word"
            and following.is_capital
            and following.lower not in NOT_NAMES
        ):
            is_after_organisation = is_organisation(tokens[end - 1].text)
            connectors = ("of", "for", "and", "&", "on")
            if word in NAME_PARTICLES or (
                word in connectors and is_after_organisation and _continues_organisation(tokens, end)
            ):
                end += 1
                continue
        is_of_the = word == "of" and following is not None and following.lower == "the" and end + 2 < len(tokens)
        if is_of_the and tokens[end + 2].is_capital and is_organisation(tokens[end - 1].text):
            end += 2
            continue
        break
    return end


def _completes_name(previous: str, word: str) -> bool:
    """Return whether a word that is not a name alone ends one: "Theresa | May"."""
    return word in ("may", "june") or (previous, word) == ("usa", "today")


def _is_possessive_in_name(tokens: Sequence[Token], index: int) -> bool:
    """Return whether a possessive is inside a name: "St Brendan's Hospital"."""
    if index >= len(tokens) or not tokens[index].is_capital or not is_organisation(tokens[index].text):
        return False
    follows_saint = index > 1 and tokens[index - 2].lower in ("st", "st.", "saint")
    return follows_saint or tokens[index - 1].lower.endswith(("s'", "s’"))


def _continues_organisation(tokens: Sequence[Token], index: int) -> bool:
    """Return whether "of", "and", "&" or "on" is part of an organisation's name.

    "Ministry of Defence", not "the Herald and Lee".
    """
    if tokens[index].lower == "on":
        # "Commission on Presidential Debates", not "Senate on Tuesday"
        return tokens[index - 1].lower in ("commission", "committee", "council", "institute", "centre", "center")
    if tokens[index].lower not in ("and", "&"):
        return True
    return index + 2 < len(tokens) and is_organisation(tokens[index + 1].text) and tokens[index].lower == "&"


def _build_name(
    document: Document, tokens: Sequence[Token], start: int, end: int, lower_case_words: Set[str]
) -> Name | None:
    """Return the name in a run of capitalised words, without titles.

    None if the run is only an adjective.
    """
    if end - start > 2 and tokens[start].lower in NICKNAMES and tokens[start + 1].lower in MALE_NAMES | FEMALE_NAMES:
        start += 1  # "Old Tom Garrick"
    titled = read_titles(document.text, tokens, start, end)
    first = titled.name_index
    if first == start:
        while first < end - 1 and NATIONALITY.match(tokens[first].text) and tokens[first + 1].lower in ROLES:
            first += 1
    last = tokens[end - 1]
    possessive_ending = re.search(r"['’]s?$", last.text)
    name_end = last.end - (len(possessive_ending[0]) if possessive_ending else 0)
    if name_end <= tokens[first].start:
        return None
    text = re.sub(r"\s+", " ", document.text[tokens[first].start : name_end])
    following = tokens[end] if end < len(tokens) else None
    before_noun = following is not None and following.kind == "word" and not following.is_capital
    if before_noun and NATIONALITY.fullmatch(text.split()[-1]):
        return None  # "Russian forces", "South Korean intelligence officials"
    if is_organisation(text) and not titled.title:
        return Name(tokens[first].start, name_end, text, is_person=False)
    role_before_name = (
        Role(titled.role, titled.organisation) if titled.role else role_before(document.text, tokens, start)
    )
    role_after_name, has_age = role_after(document.text, name_end)
    words = text.split()
    has_description = bool(titled.title or role_before_name.role or role_after_name.role or has_age)
    if start > 0 and tokens[start - 1].lower == "the" and not (titled.title or role_before_name.role or has_age):
        return Name(tokens[first].start, name_end, text, is_person=False)  # "the Quayside Bakery, owner Ruth Amadi"
    previous = tokens[start - 1] if start > 0 else None
    if (
        previous
        and previous.lower in ORGANISATION_KIND_NOUNS
        and not previous.is_capital
        and document.text[previous.end : tokens[start].start] == " "
    ):
        return Name(tokens[first].start, name_end, text, is_person=False)  # "the industry group Plastics Norden"
    if SELF_NAMED_GROUP.search(
        document.text, max(0, tokens[first].start - MAX_AFFILIATION_DISTANCE_CHARS), tokens[first].start
    ):
        return Name(tokens[first].start, name_end, text, is_person=False)  # "a group that calls itself Blue Heron"
    if (
        len(words) == 1
        and words[0].casefold() in (MALE_NAMES | FEMALE_NAMES) - AMBIGUOUS_GIVEN_NAMES
        and not _follows_locative(tokens, start)
    ):
        given_name = words[0].casefold()
        return Name(
            tokens[first].start, name_end, text, is_person=True, sex="m" if given_name in MALE_NAMES else "f"
        )  # "Melanie said"
    if not has_description and (
        len(words) == 1
        or (tokens[end - 1].lower in lower_case_words and words[0].casefold() not in MALE_NAMES | FEMALE_NAMES)
    ):
        return Name(tokens[first].start, name_end, text, is_person=False)  # "Seoul", "Carrow Buses"
    roles = tuple(dict.fromkeys(role for role in (role_after_name.role, role_before_name.role) if role))
    organisation = (
        role_before_name.organisation or role_after_name.organisation or _affiliation(document.text, name_end)
    )
    given_name = words[0].casefold()
    is_after_locative = _follows_locative(tokens, start) and given_name not in MALE_NAMES | FEMALE_NAMES
    is_person_name = has_description or (_is_person(text) and not is_after_locative)
    sex = detect_sex(" ".join((titled.title, *roles))) or (
        "m" if given_name in MALE_NAMES else "f" if given_name in FEMALE_NAMES else ""
    )
    return (
        Name(tokens[first].start, name_end, text, is_person_name, roles, organisation, sex)
        if is_person_name
        else Name(tokens[first].start, name_end, text, is_person=False)
    )


def _follows_locative(tokens: Sequence[Token], start: int) -> bool:
    return start > 0 and tokens[start - 1].lower in LOCATIVE_PREPOSITIONS


def _affiliation(text: str, end: int) -> str:
    """Return the organisation in "Mara Lindqvist of the Nordic Centre", or ""."""
    match = AFFILIATION.match(text, end, end + MAX_AFFILIATION_DISTANCE_CHARS)
    organisation = cut_at_sentence_end(match[1]) if match is not None else ""
    return organisation if organisation and is_organisation(organisation) else ""


def _is_person(text: str) -> bool:
    """Return whether the words of a name, without title or role, are a person's."""
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
    """Mark each name that equals a person's family name or whole name as a person."""
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
    """Return a name with straight apostrophes, because copy mixes O'Neill and O’Neill."""
    return name.replace("’", "'")


def family_names(full: str) -> tuple[str, ...]:
    """Return the short names that copy uses after the full name.

    The last word, or the first word of an East Asian name.
    """
    words = full.split()
    while len(words) > 1 and words[-1].strip(".,") in NAME_SUFFIXES:
        words.pop()  # "Joseph R. Biden Jr."
    has_hyphenated_given_name = len(words) == 2 and re.fullmatch(r"[A-Z]\w+-[a-z]\w+", words[1])
    is_eastern = has_hyphenated_given_name or (
        words[0] in EAST_ASIAN_FAMILY_NAMES and words[0].casefold() not in MALE_NAMES | FEMALE_NAMES
    )
    if is_eastern and ("-" in words[-1] or len(words) == 3):
        return (words[0],)
    if is_eastern and len(words) == 2 and len(words[-1]) > 2:
        return words[0], words[-1]
    last_word = words[-1]
    with_particle = " ".join(words[-2:]) if len(words) > 2 and words[-2] in NAME_PARTICLES else last_word
    return (last_word, with_particle) if with_particle != last_word else (last_word,)
