"""Recognise news agencies in bylines, datelines and image credits."""

from __future__ import annotations

import re

#: Agencies known by their initials. Case counts: "By Ani" is a person.
AGENCY_INITIALS = frozenset(
    "AAP AFP ANI ANP ANSA AP APA APP BNS BTA CTK CNS DPA EFE ELTA HINA IANS INA IRNA ISNA JTA KCNA KNA KUNA LETA "
    "MTI NTB PA PAP PTI QNA RIA SANA SDA SPA STA STT TASS TT UNI UNIAN UPI VNA WAFA WAM".split()
)
#: Agencies known by name. The key is casefolded and without "the"; the value is the stored name.
AGENCY_NAMES = {
    "agence france-presse": "AFP",
    "agence france presse": "AFP",
    "agencia efe": "EFE",
    "agerpres": "Agerpres",
    "anadolu": "Anadolu",
    "anadolu agency": "Anadolu",
    "antara": "Antara",
    "armenpress": "Armenpress",
    "associated press": "AP",
    "australian associated press": "AAP",
    "austria press agency": "APA",
    "azertac": "Azertac",
    "belga": "Belga",
    "belta": "BelTA",
    "bernama": "Bernama",
    "bloomberg": "Bloomberg News",
    "bloomberg news": "Bloomberg News",
    "canadian press": "The Canadian Press",
    "deutsche presse-agentur": "dpa",
    "dpa": "dpa",
    "europa press": "Europa Press",
    "interfax": "Interfax",
    "interfax-ukraine": "Interfax-Ukraine",
    "jiji": "Jiji Press",
    "jiji press": "Jiji Press",
    "korean central news agency": "KCNA",
    "kyodo": "Kyodo",
    "kyodo news": "Kyodo",
    "lusa": "Lusa",
    "northwire": "Northwire",
    "pa media": "PA",
    "press association": "PA",
    "press trust of india": "PTI",
    "reuters": "Reuters",
    "ria novosti": "RIA Novosti",
    "ritzau": "Ritzau",
    "swissinfo": "Swissinfo",
    "tanjug": "Tanjug",
    "tass": "TASS",
    "tasnim": "Tasnim",
    "thomson reuters": "Reuters",
    "ukrinform": "Ukrinform",
    "united press international": "UPI",
    "xinhua": "Xinhua",
    "yonhap": "Yonhap",
}
#: "AFP Staff", "Reuters Staff", "AP News", "Yonhap News Agency".
AGENCY_SUFFIX = re.compile(
    r"\s+(?:staff|news|news agency|newswire|wire|agency|correspondents?|reporters?|staff writers?)$", re.IGNORECASE
)
AGENCY_NAME_SUFFIXES = ("", " news", " news agency", " agency")
MAX_AGENCY_CHARS = 60  # code points


def find_agency(name: str) -> str | None:
    """Return the stored name of the agency that `name` names; None if it names none."""
    if len(name) > MAX_AGENCY_CHARS:
        return None
    bare = name.strip().strip(".").strip()
    return _look_up_agency(bare) or _look_up_agency(AGENCY_SUFFIX.sub("", bare))


def _look_up_agency(name: str) -> str | None:
    if name in AGENCY_INITIALS and name != "DPA":
        return name
    return AGENCY_NAMES.get(name.casefold().removeprefix("the "))


def list_agency_names(stored_name: str) -> tuple[str, ...]:
    """Return the names that articles use for an agency, the stored one first.

    Case does not count.
    """
    names = (stored_name, *(name for name, agency_name in AGENCY_NAMES.items() if agency_name == stored_name))
    return tuple(dict.fromkeys(f"{name}{suffix}" for suffix in AGENCY_NAME_SUFFIXES for name in names))
