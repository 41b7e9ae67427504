"""News agencies as bylines, datelines and credits name them."""

from __future__ import annotations

import re

#: What copy writes -> the agency's name as it is kept.
AGENCIES = {
    "aap": "AAP",
    "afp": "AFP",
    "agence france-presse": "AFP",
    "agencia efe": "EFE",
    "anadolu": "Anadolu",
    "anadolu agency": "Anadolu",
    "ani": "ANI",
    "ansa": "ANSA",
    "ap": "AP",
    "apa": "APA",
    "associated press": "AP",
    "the associated press": "AP",
    "belga": "Belga",
    "bernama": "Bernama",
    "bloomberg news": "Bloomberg News",
    "canadian press": "The Canadian Press",
    "the canadian press": "The Canadian Press",
    "dpa": "dpa",
    "efe": "EFE",
    "interfax": "Interfax",
    "interfax-ukraine": "Interfax-Ukraine",
    "kcna": "KCNA",
    "korean central news agency": "KCNA",
    "kyodo": "Kyodo",
    "kyodo news": "Kyodo",
    "lusa": "Lusa",
    "northwire": "Northwire",
    "ntb": "NTB",
    "pa": "PA",
    "pa media": "PA",
    "press association": "PA",
    "pti": "PTI",
    "press trust of india": "PTI",
    "reuters": "Reuters",
    "ria novosti": "RIA Novosti",
    "ritzau": "Ritzau",
    "tass": "TASS",
    "tt": "TT",
    "ukrinform": "Ukrinform",
    "united press international": "UPI",
    "upi": "UPI",
    "xinhua": "Xinhua",
    "yonhap": "Yonhap",
    "yonhap news agency": "Yonhap",
}
#: "AFP Staff", "Reuters Staff", "AP News".
SUFFIX = re.compile(r"\s+(?:staff|news agency|newswire|wire|correspondents?|reporters?)$", re.IGNORECASE)


def agency(name: str) -> str | None:
    """The agency's name if that is what `name` is, else None."""
    bare = SUFFIX.sub("", name.strip().strip(".").strip())
    return AGENCIES.get(bare.casefold())
