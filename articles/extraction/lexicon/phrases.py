"""Match adjuncts of a cue: when, where and to whom something was said."""

from __future__ import annotations

import re

WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
WHEN = (
    rf"(?:(?:on\s+)?(?:(?:late|early|earlier|last|next|this)\s+)?(?:on\s+)?{WEEKDAY}(?:\s+(?:morning|afternoon|evening|night))?"
    rf"|(?:on\s+|in\s+)?{MONTH}\s+\d{{1,2}}(?:,?\s+\d{{4}})?|(?:on\s+)?\d{{1,2}}\s+{MONTH}(?:\s+\d{{4}})?"
    rf"|in\s+{MONTH}(?:\s+\d{{4}})?|in\s+\d{{4}}|(?:earlier\s+|late\s+)?(?:today|yesterday|tonight)"
    r"|(?:earlier|later|last|this|that|the\s+previous|the\s+next)\s+(?:this\s+|last\s+|that\s+|in the\s+)?"
    r"(?:week|month|year|day|morning|afternoon|evening|night|weekend|spring|summer|autumn|fall|winter)"
    r"|at\s+the\s+time|at\s+the\s+weekend|at\s+one\s+point|afterwards?|later|recently|repeatedly|again"
    r"|(?:[a-z]+\s+){1,2}(?:days|weeks|months|years|hours)\s+(?:ago|later|earlier))"
)
PLACE = (
    r"(?:(?:in|at|during|after|before|through|via|on|from|by)\s+(?:an?|the|his|her|its|their)?\s*(?:[\w\-’']+\s+){0,4}?"
    r"(?:statement|interview|briefing|conference|meeting|hearing|speech|letter|email|e-mail|post|tweet|message|report"
    r"|session|address|call|rally|debate|broadcast|telephone|phone|Twitter|Facebook|Telegram|television|radio|X|court"
    r"|article|memo|filing|note|video|testimony|visit|event|release|[Pp]arliament|blog|podcast|ruling|evidence|forum"
    r"|town\s+hall|ceremony|appearance|remarks|column|op-ed|lawsuit|complaint|documents|papers|reply|response)"
    r"(?:\s+(?:with|to|on|in|by|at|before|of|for)\s+(?:the\s+|a\s+|an\s+)?[\w\-’'.]+(?:\s+[A-Z][\w\-’'.]+)*)?)"
)
_PEOPLE = (
    r"reporters?|journalists?|lawmakers|residents|councillors|members|delegates|supporters|staff|parents|fans|investors|MPs"
    r"|people|voters|students|viewers|listeners|senators|officials|colleagues|friends|attendees|workers|employees|donors"
    r"|analysts|diplomats|committee|hearing|inquest|inquiry|council|parliament|agency|newspaper|meeting|crowd|audience"
    r"|conference|tribunal|channel|broadcaster|station|panel|house|assembly|board|judge|jury|court|network|paper|magazine"
    r"|website|programme|program|service|group|host|rally|Senate|Parliament|House|Congress"
)
TO_WHOM = (
    r"(?:to\s+)?(?:(?:them|him|her|it|us|me|you|everyone|those)(?![\w'’-])"
    rf"|(?:(?:the|a|an|his|her|its|their)\s+)?(?:(?!(?:that|how|why|what|if|whether|he|she|it|they|the)\b)[\w-]+\s+){{0,3}}?(?:{_PEOPLE})(?![\w'’-])"
    r"(?:\s+(?:in|at|of|on)\s+(?:the\s+)?[A-Z][\w-]*(?:\s+[A-Z][\w-]*)*)?)"
)
#: Any sequence of times and places between a cue and its content.
AFTER_CUE = re.compile(rf"(?:\s*,?\s*(?:{WHEN}|{PLACE})(?![\w-]))+")
ADDRESSEE = re.compile(rf"\s+{TO_WHOM}")
#: A name as addressee: "told AFP", "told the Kyiv Herald", "told The Associated Press", "told the BBC: …".
NAMED_ADDRESSEE = re.compile(
    r"\s+(?:(?:broadcaster|newspaper|magazine|daily|agency|channel|station|website|network|host|anchor|reporter)\s+)?(?P<who>(?:the\s+)?(?:[A-Z][\w&-]*(?:\.[A-Z]\.?)*)"
    r"(?:\s+(?:(?:of|for|and)\s+(?:the\s+)?)?[A-Z][\w.&-]*)*)(?:['’]s?\s+(?:[\w’'-]+\s+){0,3}?[A-Za-z][\w’'-]*)?"
    r"(?=[\s,.:;]|$)"
)
