"""Names in a text, and what the nouns around them say: person or organisation, role, title."""

from __future__ import annotations

import re
from dataclasses import dataclass

from articles.extraction.cues import REPORTING
from articles.extraction.document import Document, Token

ROLES = frozenset(
    "lawmaker minister president premier chancellor senator congressman congresswoman representative governor mayor "
    "councillor councilman councilwoman commissioner secretary ambassador envoy spokesman spokeswoman spokesperson chief "
    "director head chairman chairwoman chair chairperson commander general colonel captain admiral officer official "
    "inspector superintendent constable detective sergeant judge magistrate prosecutor lawyer attorney solicitor "
    "barrister professor researcher scientist analyst economist historian doctor surgeon nurse consultant midwife teacher "
    "headteacher principal engineer architect manager coach captain player founder owner farmer beekeeper fisherman "
    "skipper resident campaigner activist author writer poet journalist editor reporter correspondent expert adviser "
    "advisor aide diplomat leader treasurer coordinator curator librarian priest bishop vicar imam rabbi coroner "
    "ecologist biologist physicist geologist oceanographer hydrologist surveyor auditor accountant trader shopkeeper "
    "baker driver mother father parent student pupil neighbour organiser organizer secretary-general ombudsman witness "
    "executive vice-president deputy parliamentarian legislator mp statistician epidemiologist psychologist "
    "veterinarian ornithologist conservationist volunteer steward supervisor contractor plumber electrician".split()
)
TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady sen rep gov president chancellor senator governor general gen "
    "lt maj col capt sgt cpl adm captain colonel major lieutenant sergeant admiral commander rev reverend father bishop "
    "judge justice king queen prince princess councillor cllr mayor minister premier inspector superintendent constable "
    "detective pc sister brother pope sheikh ayatollah secretary ambassador commissioner chief".split()
)
ORGANISATION_WORDS = frozenset(
    "service agency ministry department council university college committee commission party police court bank union "
    "association institute company inc ltd llc plc corp corporation group office bureau force forces army navy club "
    "hospital trust school authority foundation house parliament congress senate assembly board federation society "
    "organisation organization network alliance coalition centre center academy church fund observatory airline airlines "
    "airport railway railways ferries media news times post journal herald gazette tribune guardian telegraph ledger "
    "chronicle observer television tv radio nations treasury pentagon kremlin exchange laboratory museum library "
    "cooperative co-operative partnership partners holdings industries water energy power command staff administration "
    "directorate embassy brigade regiment division battalion corps constabulary inspectorate registry tribunal cabinet "
    "government united city town rovers athletic water systems technologies software labs survey line lines seaways".split()
)
ORGANISATION_HEADS = frozenset(
    "agency ministry government parliament military army navy police embassy office council court bank party union "
    "department service company authority committee commission university hospital association club regulator watchdog "
    "operator charity institute firm newspaper broadcaster trust board force federation administration directorate "
    "inspectorate ombudsman team campaign coalition cabinet presidency treasury observatory school airline".split()
)
PEOPLE_HEADS = frozenset(
    "official officials spokesman spokeswoman spokesperson source sources officer officers aide aides diplomat diplomats "
    "lawmaker lawmakers minister adviser advisers witness witnesses resident residents expert experts analyst analysts "
    "commander soldier soldiers prisoner prisoners employee employees worker workers insider executive representative "
    "investigator investigators prosecutor prosecutors lawyer lawyers doctor doctors scientist scientists researcher "
    "researchers person people man woman member members manager staff nurse teacher parent parents neighbour neighbours "
    "passenger passengers farmer farmers critics authorities leader leaders campaigner campaigners trader mother father "
    "intelligence".split()
)
GROUP_HEADS = frozenset(
    "officials sources witnesses residents experts analysts critics authorities people leaders".split()
)
DOCUMENT_HEADS = frozenset(
    "report reports statement survey study poll memo document documents letter assessment filing review paper audit "
    "figures data estimate analysis census indictment ruling judgment judgement email transcript minutes papers records "
    "inquiry dossier bulletin release notice plan budget forecast".split()
)
AGENCY_NAMES = frozenset(
    "AFP Reuters AP dpa TASS Yonhap KCNA Xinhua Kyodo Interfax Ukrinform Northwire ANSA EFE PA UPI".split()
)
PLACES_THAT_SPEAK = frozenset(
    "Moscow Kyiv Seoul Pyongyang Washington Beijing London Paris Berlin Brussels Tokyo Kremlin Pentagon Downing Street "
    "Tehran Ankara Jerusalem Delhi Westminster Stormont Holyrood".split()
)
PARTICLES = frozenset("van von der den de da di la le du bin al el y of".split())
#: Capitalised only because they begin a sentence, or names of days and the like: never part of a name.
NOT_NAMES = frozenset(
    "the a an this that these those he she it they we i you his her its their our my but and or nor yet so if when while "
    "as after before since because although though until unless at in on by for from with without of to into over under "
    "about against between during despite following among amid according however meanwhile moreover also then there here "
    "what who whom whose which why how where not no yes one two three four five six seven eight nine ten some many several "
    "most all each every both few other another such more less last next first second third monday tuesday wednesday "
    "thursday friday saturday sunday january february march april may june july august september october november december "
    "still even just only now later earlier asked speaking told said mr mrs ms dr correction clarification editor's yesterday "
    "today tomorrow tonight nobody everybody everyone somebody nothing something let please thank thanks well oh".split()
)
NATIONALITY = re.compile(
    r"(?:[A-Z][a-z]+(?:ish|ese|ian|ean)|German|American|Mexican|African|Cuban|Afghan|French|U\.S\.|US|UK|EU|Dutch|Greek|Thai|Czech|Iraqi|Israeli|Pakistani|Western"
    r"|Eastern|Northern|Southern|North|South|European|Ukrainian|Russian|Korean|American|British|Nato|NATO)$"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name where it stands: code points, [start, end)."""

    start: int
    end: int
    text: str
    person: bool
    title: str  # "Mr", "Gen."; empty
    role: str  # "lawmaker", the noun before it; empty


def find_names(document: Document) -> list[Name]:
    """Every proper name of a text, in order."""
    tokens, names, at = document.tokens, [], 0
    while at < len(tokens):
        end = _run(document, tokens, at)
        if end == at:
            at += 1
            continue
        name = _name(document, tokens, at, end)
        if name is not None:
            names.append(name)
        at = end
    return _settle(names)


def is_organisation(name: str) -> bool:
    """Does a name's own wording make it an organisation's?"""
    words = re.findall(r"[\w&.'’-]+", name)
    bare = [word.strip(".").casefold() for word in words]
    if any(word in ORGANISATION_WORDS for word in bare):
        return True
    if (
        len(words) == 1
        and len(words[0]) >= 2
        and words[0].replace(".", "").isupper()
        and not NATIONALITY.match(words[0])
    ):
        return True
    return name in AGENCY_NAMES or name in ("Kremlin", "Pentagon", "White House", "Downing Street")


def head_noun(described: str) -> str:
    """The noun a description is about: "official" of "a senior U.S. military official"."""
    phrase = re.split(
        r",|\b(?:of|for|from|in|at|who|with|that|on|by|close|familiar|briefed|to)\b", described, maxsplit=1
    )[0]
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", phrase)
    return words[-1].casefold() if words else described.casefold()


def split_role(mention: str, name: str) -> tuple[str, str]:
    """Role and organisation that a mention gives a name: ("spokesman", "Water Board")."""
    before, _, after = mention.partition(name)
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", before)
    role = next((word.casefold() for word in reversed(words) if word.casefold() in ROLES), "")
    aside = re.match(r",\s+(?:an?|the|its|their|his|her)?\s*([^,]{3,80})", after)
    if not role and aside:
        role = next((w.casefold() for w in re.findall(r"[\w-]+", aside[1]) if w.casefold() in ROLES), "")
    organisation = ""
    for text in (before, aside[1] if aside else ""):
        found = re.search(r"((?:[A-Z][\w.&’'-]*\s+)*(?:of\s+)?[A-Z][\w.&’'-]*(?:\s+[A-Z][\w.&-]*)*)", text)
        if found:
            candidate = re.sub(r"['’]s$", "", found[1].strip())
            if is_organisation(candidate):
                organisation = candidate
                break
    return role, organisation


def acronym_of(short: str, name: str) -> bool:
    """Could these capitals stand for that name?"""
    letters = "".join(word[0] for word in re.findall(r"[^\W_]+", name) if word[0].isupper())
    return short.replace(".", "") in (letters, letters.removeprefix("T"))


def _run(document: Document, tokens: list[Token], start: int) -> int:
    """Where a run of name words that begins here ends (an index); `start` itself if none begins."""
    token = tokens[start]
    if not token.is_capital or token.lower in NOT_NAMES:
        return start
    end = start
    while end < len(tokens):
        token = tokens[end]
        if end > start and document.text[tokens[end - 1].end : token.start] not in (" ", "\n"):
            break
        if token.is_capital and (
            token.lower not in NOT_NAMES or (end > start and token.lower in ("may", "march", "june"))
        ):
            end += 1
            if re.search(r"['’]s?$", token.text) and token.text[-1] in "s'’" and re.search(r"['’]", token.text[-2:]):
                break
            continue
        linking = token.lower in PARTICLES and end > start
        if linking and end + 1 < len(tokens) and tokens[end + 1].is_capital and tokens[end + 1].lower not in NOT_NAMES:
            if token.lower == "of" and not is_organisation(tokens[end - 1].text):
                break
            end += 1
            continue
        of_the = token.lower == "of" and end > start and [t.lower for t in tokens[end + 1 : end + 2]] == ["the"]
        if of_the and end + 2 < len(tokens) and tokens[end + 2].is_capital and is_organisation(tokens[end - 1].text):
            end += 2
            continue
        break
    return end


def _name(document: Document, tokens: list[Token], start: int, end: int) -> Name | None:
    title = ""
    while start < end and tokens[start].lower.strip(".") in TITLES:
        if end - start == 1 or tokens[start + 1].lower in ORGANISATION_WORDS:
            break  # "General Staff" is no general called Staff
        title = f"{title} {tokens[start].text}".strip()
        start += 1
    while end - start > 1 and NATIONALITY.match(tokens[start].text) and _begins_role(tokens, start, end):
        start += 1
    while end - start > 1 and tokens[start].lower in ROLES:
        start += 1  # "Lawmaker Lee Seong-kweun": the role is read off what stands before the name
    last = tokens[end - 1]
    stop = last.end - (len(last.text) - len(re.sub(r"['’]s?$", "", last.text)))
    if stop <= tokens[start].start:
        return None
    text = re.sub(r"\s+", " ", document.text[tokens[start].start : stop])
    if NATIONALITY.fullmatch(text) and not title and end < len(tokens) and not tokens[end].is_capital:
        following = tokens[end].lower if end < len(tokens) else ""
        if following.isalpha() and following not in REPORTING:
            return None  # "Russian forces", "South Korean intelligence officials"
    role = _role_before(tokens, start)
    after = document.text[stop : stop + 50]
    aside = re.match(r",\s+(?:\d\d\b|(?:an?|the|its|their)\s+(?:[\w’'-]+\s+){0,4}?(?P<role>[a-z-]+)\b)", after)
    if not role and aside and aside["role"] in ROLES:
        role = aside["role"]
    words = text.split()
    person = not is_organisation(text) and (
        bool(title)
        or bool(role)
        or (2 <= len(words) <= 4 and all(_person_word(word) for word in words) and text not in PLACES)
        or bool(aside and re.match(r",\s+\d\d\b", after))
    )
    return Name(tokens[start].start, stop, text, person, title, role)


PLACES = frozenset(
    "North Korea|South Korea|United States|United Kingdom|New York|Port Ellery|Saudi Arabia|Hong Kong|Kursk Region|"
    "New Zealand|South Africa|Los Angeles|San Francisco|Middle East|West Bank|European Union|Storm Corps|"
    "Black Sea|North Sea|Soviet Union|Cold War|World War|North Koreans|South Koreans".split("|")
)
PLACE_WORDS = frozenset(
    "street road avenue lane river sea ocean bay island islands county region province valley hill bridge square park "
    "harbour harbor beach mountain mountains lake forest district quay north south east west northern southern eastern "
    "western great new upper lower old port saint fort act bill treaty agreement war cup league prize award day week "
    "korea koreans koreas states kingdom".split()
)


def _person_word(word: str) -> bool:
    return (
        (word[0].isupper() or word in PARTICLES)
        and word.casefold() not in PLACE_WORDS
        and not any(char.isdigit() for char in word)
    )


def _begins_role(tokens: list[Token], start: int, end: int) -> bool:
    return start + 1 < end and tokens[start + 1].lower in ROLES | TITLES


def _role_before(tokens: list[Token], start: int) -> str:
    """The role noun just before a name: "lawmaker Lee", "council leader Ann Frith"."""
    if start == 0:
        return ""
    before = tokens[start - 1]
    return before.lower if before.lower in ROLES else ""


def _settle(names: list[Name]) -> list[Name]:
    """A single word that is some person's surname in this text is that person's name too."""
    surnames = set()
    for name in names:
        if name.person and " " in name.text:
            words = name.text.split()
            surnames.add(words[-1])
            if "-" in words[-1] or (len(words) == 3 and len(words[0]) <= 4):
                surnames.add(words[0])
    return [
        Name(n.start, n.end, n.text, True, n.title, n.role) if not n.person and n.text in surnames else n
        for n in names
    ]
