"""Small phrases around a cue that are neither source nor content: when, where and to whom it was said."""

from __future__ import annotations

import re

WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
WHEN = (
    rf"(?:(?:on\s+)?(?:(?:late|early|earlier)\s+)?(?:on\s+)?{WEEKDAY}(?:\s+(?:morning|afternoon|evening|night))?"
    rf"|(?:on\s+)?{MONTH}\s+\d{{1,2}}(?:,?\s+\d{{4}})?|(?:on\s+)?\d{{1,2}}\s+{MONTH}(?:\s+\d{{4}})?"
    r"|(?:earlier\s+|late\s+)?(?:today|yesterday|tonight)|(?:earlier|later|last|this)\s+(?:this\s+|last\s+|in the\s+)?"
    r"(?:week|month|year|day|morning|afternoon|evening|night|weekend)|at the time|at the weekend|afterwards?|later)"
)
PLACE = (
    r"(?:(?:in|at|during|after|before|through|via|on|from|by)\s+(?:an?|the|his|her|its|their)?\s*(?:[\w\-’']+\s+){0,4}?"
    r"(?:statement|interview|briefing|conference|meeting|hearing|speech|letter|email|e-mail|post|tweet|message|report"
    r"|session|address|call|rally|debate|broadcast|telephone|phone|Twitter|Facebook|Telegram|television|radio|X|court"
    r"|article|memo|filing|note|video|testimony|visit|event|release|Parliament|parliament|blog|podcast|ruling|evidence)"
    r"(?:\s+(?:with|to|on|in|by|at|before|of)\s+(?:the\s+|a\s+)?[\w\-’']+(?:\s+[A-Z][\w\-’']+)*)?)"
)
TO_WHOM = (
    r"(?:to\s+)?(?:(?:the|a|an|local|foreign|assembled|waiting)\s+)*(?:reporters?|journalists?|lawmakers|residents"
    r"|councillors|members|delegates|supporters|staff|parents|fans|investors|MPs|them|him|her|it|us|me|you|the court"
    r"|the jury|(?:the\s+)?(?:[a-z]+\s+)?(?:committee|hearing|inquest|inquiry|council|parliament|agency|newspaper|meeting|crowd"
    r"|audience|conference|tribunal|channel|broadcaster|station|panel|house|assembly|board|judge|Senate|Parliament|House))"
)
#: Between a cue and what was said: any of these, one after another.
AFTER_CUE = re.compile(rf"(?:\s*,?\s*(?:{WHEN}|{PLACE})(?![\w-]))+")
ADDRESSEE = re.compile(rf"\s+{TO_WHOM}(?![\w'’-])")
#: "told AFP", "told the Kyiv Herald": a name.
NAMED_ADDRESSEE = re.compile(
    r"\s+(?P<who>(?:the\s+)?[A-Z][\w.’'\-]*(?:\s+(?:of\s+(?:the\s+)?)?[A-Z][\w.’'\-]*)*)(?:['’]s\s+[\w ]{3,30}?)?(?=\s|,|\.|$)"
)
THAT = re.compile(r"\s*,?\s+that(?=\s)|\s*:(?=\s)|\s+how(?=\s)|\s+why(?=\s)")
#: Words before a subject at a sentence's start that are no part of it.
OPENING_WORDS = frozenset(
    "but and yet so still however meanwhile separately earlier later then instead also nevertheless moreover "
    "furthermore additionally indeed afterwards overall on in at".split()
)
