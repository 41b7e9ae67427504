"""Recognise organisations, documents and agencies by their names and nouns."""

from __future__ import annotations

import re
from functools import lru_cache

ORGANISATION_WORDS = frozenset(
    "service services board league agency ministry department council university college committee commission party police court bank "
    "union association institute company inc ltd llc plc corp corporation group office bureau force forces army navy club "
    "hospital trust school authority foundation house parliament congress senate assembly board federation society "
    "organisation organization network alliance coalition centre center academy church fund observatory airline airlines "
    "airport railway railways ferries media news times post journal herald gazette tribune guardian telegraph ledger "
    "chronicle observer television tv radio treasury pentagon kremlin exchange laboratory museum library cooperative "
    "co-operative partnership partners holdings industries power command staff administration directorate embassy brigade "
    "regiment division battalion corps constabulary inspectorate registry tribunal cabinet government nations "
    "systems technologies software labs seaways shipping energy utilities works watch campaign conference lines logistics institution "
    "freight motors foods stores pharma pharmaceuticals capital securities ventures insurance properties construction "
    "aerospace robotics semiconductor brewery hotels".split()
)
#: Common nouns for organisations, for mentions without a name.
ORGANISATION_HEADS = frozenset(
    "agency ministry government parliament military army navy police embassy office council court bank party union "
    "department service company authority committee commission university hospital association club regulator watchdog "
    "operator charity institute firm newspaper broadcaster trust board force federation administration directorate "
    "inspectorate ombudsman county town city state nation country league intelligence constabulary station staff command service headquarters team campaign coalition cabinet presidency treasury observatory school airline group network "
    "manufacturer utility supermarket retailer developer laboratory foundation body society panel inquiry kremlin jury maker "
    "carmaker lender insurer startup television radio channel daily magazine website outlet bureau media inquest tribunal".split()
)
DOCUMENT_HEADS = frozenset(
    "report reports statement survey study poll polls memo memorandum document documents letter assessment filing review "
    "paper audit figures data estimate estimates analysis census indictment ruling judgment judgement email emails "
    "transcript minutes papers records inquiry dossier bulletin release notice forecast article editorial lawsuit "
    "complaint affidavit count tally accounts logbook catalogue autopsy tweet post statistics results briefing note log register studies surveys findings research filings assessments "
    "book account ad advert advertisement video videos clip story piece column blog slide headline memoir novel diary "
    "testimony timeline database".split()
)
AGENCY_NAMES = frozenset(
    "AFP Reuters AP dpa TASS Yonhap KCNA Xinhua Kyodo Interfax Ukrinform ANSA EFE PA UPI RIA IRNA".split()
)
#: Outlets that no word in their name gives away.
OUTLETS = frozenset(
    ("USA Today", "Politico", "POLITICO", "Bloomberg", "Breitbart", "Axios", "Bild", "Der Spiegel", "Le Monde")
)
#: Legal forms after a company's name: "Ostermark AG".
COMPANY_FORM = re.compile(r"\s(?:AG|SE|SA|NV|AB|ASA|BV|KG|SpA|GmbH|Oyj|A/S|Co\.?)$")
#: Capitals and seats of government that stand for the government in copy.
GOVERNMENT_SEATS = frozenset(
    "Moscow Kyiv Seoul Pyongyang Washington Beijing London Paris Berlin Brussels Tokyo Kremlin Pentagon Tehran Ankara "
    "Jerusalem Delhi Westminster Stormont Holyrood Warsaw Rome Madrid Canberra Ottawa Dublin Vienna Taipei".split()
)
TWO_WORD_SEATS = frozenset(("White House", "Downing Street", "Capitol Hill", "Blue House", "New Delhi"))
#: Adjectives of countries and directions: capitalised, but not names of speakers.
NATIONALITY = re.compile(
    r"(?:[A-Z][a-z]+(?:ish|ese|ian|ean|ans|ians)|Korean|German|American|African|Mexican|Dutch|Greek|Thai|Czech|French|Iraqi"
    r"|Israeli|Pakistani|Afghan|Swiss|Turkish|Welsh|Scots|Slovak|Uzbek|Kazakh|U\.S\.|US|UK|EU|U\.K\.|U\.N\.|UN|NATO|Nato"
    r"|Western|Eastern|Northern|Southern|North|South|East|West|Central|Democratic|Republican|Labour|Conservative|Green)$"
)


@lru_cache(maxsize=8192)
def is_organisation(name: str) -> bool:
    """Return whether the words of a name show that it is an organisation's."""
    words = re.findall(r"[\w&.'’-]+", name)
    if any(word.strip(".").casefold() in ORGANISATION_WORDS for word in words):
        return True
    if COMPANY_FORM.search(name):
        return True
    acronym = words[0].replace(".", "") if len(words) == 1 else ""
    if len(acronym) >= 2 and acronym.isupper() and not NATIONALITY.fullmatch(words[0]):
        return True
    return (
        name in AGENCY_NAMES
        or name in TWO_WORD_SEATS
        or name in OUTLETS
        or name in ("Kremlin", "Pentagon", "Taliban", "Hamas", "Hezbollah")
    )


#: "troops | holding a ridge": a participle phrase is not part of the head noun.
ACTIVE_PARTICIPLE = re.compile(
    r"(?<=[a-z])\s+[a-z]+ing\s+(?=(?:an?|the|his|her|its|their|in|on|at|for|to|with|from)\b|[A-Z])"
)


#: "a report | read out in court", "a letter | sent last week".
PASSIVE_PARTICIPLE = re.compile(
    r"(?<=[a-z])\s+(?:filed|issued|prepared|compiled|written|signed|submitted|read|sent|drawn|handed|put|written|posted|shown|given|circulated)\b(?:\s+(?:out|up|down|over|round))?(?:\s|$)"
)


def head_noun(description: str) -> str:
    """Return the head noun of a description in lower case.

    "official" of "a senior U.S. military official in Kyiv"
    """
    phrase = re.split(
        r",|\s[—–]|\(|\b(?:of|for|from|in|at|who|with|that|which|on|by|close|familiar|briefed|to|near|outside|obtained|seen"
        r"|quoted|based|released|published|conducted|commissioned|whose)\b",
        description,
        maxsplit=1,
    )[0]
    phrase = PASSIVE_PARTICIPLE.split(ACTIVE_PARTICIPLE.split(phrase, maxsplit=1)[0], maxsplit=1)[0]
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", phrase)
    return words[-1].casefold() if words else description.casefold()


def is_acronym_of(short: str, name: str) -> bool:
    """Return whether `short` can be the initials of `name`."""
    letters = "".join(word[0] for word in re.findall(r"[^\W_]+", name) if word[0].isupper())
    return short.replace(".", "") in (letters, letters.removeprefix("T"))
