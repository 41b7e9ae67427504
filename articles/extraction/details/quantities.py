"""Find quantities in a claim: what is counted, and the bounds that the words mean."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from articles.extraction.document import Document
from articles.extraction.lexicon.cues import VERB_OR_NOUN_FORMS, VERBS
from articles.extraction.lexicon.word_classes import FINITE_VERBS
from articles.extraction.proposal import ProposedQuantity, Span

ONES = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
TENS = {
    word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
SCALES = {
    "dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "m": 10**6, "bn": 10**9, "k": 1000, "tn": 10**12,
}  # fmt: skip
CURRENCIES = {"$": "USD", "£": "GBP", "€": "EUR"}
UNITS = {
    "%": "%", "percent": "%", "per cent": "%", "percentage points": "pp", "percentage point": "pp",
    "dollars": "USD", "pounds": "GBP", "euros": "EUR",
    "km": "km", "kilometres": "km", "kilometers": "km", "kilometre": "km", "kilometer": "km", "miles": "mi", "mile": "mi",
    "metres": "m", "meters": "m", "metre": "m", "meter": "m", "feet": "ft", "centimetres": "cm", "centimeters": "cm",
    "millimetres": "mm", "kg": "kg", "kilograms": "kg", "tonnes": "t", "tons": "t", "tonne": "t", "ton": "t",
    "hectares": "ha", "acres": "acre", "litres": "l", "liters": "l", "degrees": "°",
}  # fmt: skip
_WORD = "|".join((*ONES, *TENS))
_SCALE = r"dozen|hundred|thousand|million|billion|trillion|bn|tn|m|k"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
NUMBER = (
    rf"(?:[$£€]\s?)?(?:(?:{_DIGITS})(?:\s?(?:{_SCALE})\b)?"
    rf"|(?:{_WORD})(?:[\s-]+(?:and\s+)?(?:{_WORD}|hundred|thousand|million|billion|dozen))*"
    rf"|(?:an?|half\s+a)\s+(?:dozen|hundred|thousand|million|billion)\b)"
)
#: Words before a number, and the kind of bounds that they mean.
QUALIFIERS = {
    "at least": "floor", "no fewer than": "floor", "no less than": "floor", "not less than": "floor",
    "a minimum of": "floor", "upwards of": "floor", "as few as": "floor",
    "more than": "above", "over": "above", "exceeding": "above", "in excess of": "above", "well over": "above",
    "greater than": "above", "above": "above",
    "fewer than": "below", "less than": "below", "under": "below", "below": "below",
    "up to": "ceiling", "as many as": "ceiling", "as much as": "ceiling", "no more than": "ceiling",
    "at most": "ceiling", "a maximum of": "ceiling", "not more than": "ceiling",
    "nearly": "nearly", "almost": "nearly", "close to": "nearly", "just under": "nearly", "approaching": "nearly",
    "about": "about", "around": "about", "roughly": "about", "approximately": "about", "some": "about",
    "an estimated": "about", "in the region of": "about", "circa": "about",
    "just over": "just over", "slightly more than": "just over", "a little over": "just over",
}  # fmt: skip
_QUALIFIER = "|".join(sorted(map(re.escape, QUALIFIERS), key=len, reverse=True)).replace(r"\ ", r"\s+")
QUANTITY_PATTERN = re.compile(
    rf"(?<![\w.,:$£€/-])(?P<raw>"
    rf"(?:between|from)\s+(?P<low>{NUMBER})\s+(?:and|to)\s+(?P<high>{NUMBER})"
    rf"|(?P<low2>{NUMBER})\s?(?:–|—|-|\s+to\s+)\s?(?P<high2>{NUMBER})"
    r"|(?P<vague>several|dozens|scores|hundreds|thousands|tens|millions|many|a\s+few)"
    r"(?:\s+(?:of\s+)?(?P<vague_scale>dozen|hundred|thousand|million|dozens|hundreds|thousands|millions)\b)?"
    rf"|(?:(?P<qualifier>{_QUALIFIER})\s+)?(?P<number>{NUMBER})"
    r")(?P<unit>\s?(?:%|per\s?cent\b|percentage\s+points?\b|(?:dollars|pounds|euros|km|kilomet(?:re|er)s?|miles?|met(?:re|er)s?"
    r"|feet|centimet(?:re|er)s|millimetres|kg|kilograms|tonnes?|tons?|hectares|acres|lit(?:re|er)s|degrees)\b))?",
    re.IGNORECASE,
)
NON_QUANTITY_BEFORE = re.compile(
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+$|(?:since|in|by|of|from|until|year|No\.|number|page|"
    r"article|section|chapter|route|highway|flight|room|gate|phase|version|aged|age|Covid-|G)\s*$",
    re.IGNORECASE,
)
#: A word and a comma before a bare number and another comma: an age.
AGE_BEFORE = re.compile(r"[^\W\d_],\s+$")
NON_QUANTITY_AFTER = re.compile(
    r"(?:st|nd|rd|th)\b|-(?:year|month|week|day|hour|minute)s?-old\b|\s+(?:years?|months?|weeks?|days?)(?:-|\s+)old\b|\s+to\s+one\b|[\s-](?:thirds?|quarters?|fifths?|halves|half)\b|[:/]\d|\s?[ap]\.?m\b"
    r"|\s+(?:January|February|March|April|May|June|July|August|September|October|November|December)\b|-[A-Za-z]",
    re.IGNORECASE,
)
COUNTED_NOUN_STOP_WORDS = frozenset(
    "of in on at by for from with to and or but who which that than as is are was were be been has have had will would "
    "could may might can should did do does during since after before into over under per a an the this these those it "
    "killed wounded injured died dead said each when while because if not so more fewer less about including against "
    "out off up down between among through across along around around inside outside within without toward towards upon behind beyond near "
    "above below whose whom where what how why whether must shall don't didn't isn't wasn't aren't again altogether "
    "through across then last next ago between because only also already came went later earlier ago old".split()
)
#: What is counted may come before the number: "the number of injured is expected to reach nearly 1,000".
NUMBER_OF = re.compile(
    r"\b(?:number|total|toll|share|proportion|percentage|amount|cost|count)\s+of\s+(?P<what>[\w\-’' ]{2,40}?)"
    r"\s+(?:is|are|was|were|has|had|have|will|would|could|may|rose|fell|reached|to|stood|at|by|could)\b",
    re.IGNORECASE,
)
PLURALS = frozenset("people men women children police cattle sheep fish mice feet teeth".split())
MAX_COUNTED_WORDS = 4
#: What is counted is at most this far from the number.
MAX_COUNTED_DISTANCE_CHARS = 120
COUNTED_LEAD_IN = re.compile(
    r"\s+(?:of\s+)?(?:the\s+|its\s+|their\s+|his\s+|her\s+|all\s+|those\s+)?(?:(?:more|other|further|additional)\s+(?=[a-z]))?"
)
NEXT_WORD = re.compile(r"[\s-]*([^\W_][\w'’\-]*)")
VERBAL_ENDING = re.compile(r"[a-z](?:ed|ing|ly)$")


def find_quantities(document: Document, spans: tuple[Span, ...]) -> tuple[ProposedQuantity, ...]:
    """Return the quantities within the spans, in order.

    Years, dates, times, ages and ordinals are not quantities.
    """
    found = []
    for start, end in spans:
        for match in QUANTITY_PATTERN.finditer(document.text, start, end):
            quantity = _build_quantity(document.text, match, start, end)
            if quantity is not None:
                found.append(quantity)
    return tuple(found)


def parse_number(number: str) -> Decimal | None:
    """Return the value of a number in digits or English words; None if it is not one.

    A scale word ("million") is part of the number.
    """
    text = number.casefold().strip().lstrip("$£€ ").replace(",", "")
    match = re.fullmatch(rf"(\d+(?:\.\d+)?)(?:\s?({_SCALE}))?", text)
    if match:
        try:
            return Decimal(match[1]) * SCALES.get(match[2] or "", 1)
        except InvalidOperation:
            return None
    total = current = 0
    for word in re.split(r"[\s-]+", text):
        if word == "half":
            return _half_of_scale(text)
        if word in ("a", "an"):
            current = 1
        elif word in ONES or word in TENS:
            current += ONES.get(word, 0) + TENS.get(word, 0)
        elif word == "hundred" or word == "dozen":
            current = max(current, 1) * SCALES[word]
        elif word in SCALES:
            total += max(current, 1) * SCALES[word]
            current = 0
        elif word != "and":
            return None
    return Decimal(total + current)


def _half_of_scale(text: str) -> Decimal | None:
    return next((Decimal(SCALES[word]) / 2 for word in text.split() if word in SCALES), None)


def _build_quantity(text: str, match: re.Match[str], start: int, end: int) -> ProposedQuantity | None:
    if match["vague"]:
        bounds = _vague_bounds(match["vague"].casefold(), (match["vague_scale"] or "").casefold())
    elif match["low"] or match["low2"]:
        bounds = _range_bounds(match["low"] or match["low2"], match["high"] or match["high2"])
        if bounds and match["low2"] and _is_year(match["low2"]):
            return None
        if bounds is None and match["low2"]:
            bounds = _qualified_bounds("", match["raw"])  # "twenty-two" is one number
    else:
        if _is_not_quantity(text, match):
            return None
        bounds = _qualified_bounds((match["qualifier"] or "").casefold(), match["number"])
    if bounds is None:
        return None
    lower, upper, lower_in, upper_in, approximate = bounds
    raw = match[0].strip()
    unit = _unit(match)
    return ProposedQuantity(
        raw=raw,
        span=Span(match.start(), match.start() + len(raw)),
        counts=_counted_noun(text, match, start, end),
        unit=unit,
        lower=lower,
        upper=upper,
        lower_inclusive=lower_in,
        upper_inclusive=upper_in,
        approximate=approximate,
    )


Bounds = tuple[Decimal | None, Decimal | None, bool, bool, bool]


def _qualified_bounds(qualifier: str, number: str) -> Bounds | None:
    value = parse_number(number)
    if value is None:
        return None
    kind = QUALIFIERS.get(re.sub(r"\s+", " ", qualifier), "")
    return {
        "": (value, value, True, True, False),
        "floor": (value, None, True, True, False),
        "above": (value, None, False, True, False),
        "below": (Decimal(0), value, True, False, False),
        "ceiling": (Decimal(0), value, True, True, False),
        "nearly": (value * 9 / 10, value, True, False, True),
        "about": (value * 9 / 10, value * 11 / 10, True, True, True),
        "just over": (value, value * 11 / 10, False, True, True),
    }[kind]


def _range_bounds(low: str, high: str) -> Bounds | None:
    first, second = parse_number(low), parse_number(high)
    if first is None or second is None:
        return None
    scale = re.search(rf"({_SCALE})\b", high.casefold())
    if scale and not re.search(rf"({_SCALE})\b", low.casefold()) and first < SCALES[scale[1]]:
        first *= SCALES[scale[1]]  # "two to three million"
    return (first, second, True, True, False) if first <= second else None


def _vague_bounds(word: str, scale: str) -> Bounds | None:
    """Return the bounds of a vague number.

    "several hundred" = [200, 1000): at least two of the unit, and less than one of the next unit.
    """
    steps = {"dozen": (12, 100), "hundred": (100, 1000), "thousand": (1000, 10_000), "million": (10**6, 10**9)}
    step = steps.get(scale.removesuffix("s"))
    if word in ("several", "many") or word.startswith("a"):
        if step is None:
            return None
        return Decimal(2 * step[0]), Decimal(step[1]), True, False, True
    if word == "scores":
        return Decimal(40), Decimal(100), True, False, True
    if word == "tens":
        if step is None:
            return None
        return Decimal(20 * step[0]), Decimal(100 * step[0]), True, False, True
    own = steps[word.removesuffix("s")]
    if step is not None:  # "hundreds of thousands"
        return Decimal(2 * own[0] * step[0]), Decimal(own[1] * step[0]), True, False, True
    return Decimal(2 * own[0]), Decimal(own[1]), True, False, True


def _is_year(number: str) -> bool:
    return re.fullmatch(r"(?:1[5-9]|20)\d\d", number.strip()) is not None


def _is_not_quantity(text: str, match: re.Match[str]) -> bool:
    number, before = match["number"], text[max(0, match.start() - 24) : match.start()]
    after = text[match.end() : match.end() + 16]
    if match["qualifier"] and match["qualifier"].casefold() not in (
        "some",
        "over",
        "under",
        "above",
        "below",
        "about",
        "around",
    ):
        return bool(re.match(r"(?:st|nd|rd|th)\b", after))
    if match["unit"] or number[0] in "$£€":
        return False
    if AGE_BEFORE.search(before) and re.match(r",|\s*$", after):
        return True  # "Ellen Pryce, 52, had forged …"
    if _is_year(number) or NON_QUANTITY_BEFORE.search(before) or NON_QUANTITY_AFTER.match(after):
        return True
    if number.casefold() in ("one", "zero"):
        return True
    # "two" alone, or after "the", refers to people or things already mentioned.
    if re.search(r"\bthe\s+$", before) and not re.match(r"\s+[a-z]", after):
        return True  # "the one on the 14"
    return number.isalpha() and not re.match(r"[\s-]+[a-z]", after)


def _unit(match: re.Match[str]) -> str:
    if match["unit"]:
        return UNITS.get(re.sub(r"\s+", " ", match["unit"].strip().casefold()), match["unit"].strip())
    for symbol, code in CURRENCIES.items():
        if symbol in match["raw"]:
            return code
    return ""


def _is_verb(word: str) -> bool:
    return word in VERBS and word not in VERB_OR_NOUN_FORMS


def _counted_noun(text: str, match: re.Match[str], start: int, end: int) -> str:
    """Return what is counted: words after the number, or of "number of …" before it."""
    limit = min(end, match.end() + MAX_COUNTED_DISTANCE_CHARS)
    lead = COUNTED_LEAD_IN.match(text, match.end(), limit)
    words: list[str] = []
    position = lead.end() if lead else match.end()
    while len(words) < MAX_COUNTED_WORDS and (word := NEXT_WORD.match(text, position, limit)):
        lower = word[1].casefold()
        if lower in COUNTED_NOUN_STOP_WORDS or (
            words and (VERBAL_ENDING.search(lower) or lower in FINITE_VERBS or _is_verb(lower))
        ):
            break  # "fatalities | occurred", "soldiers | fighting"
        if not words and lower.endswith("ed") and lower not in ("injured", "wounded", "disabled", "unemployed"):
            break  # "58 | backed the strike"
        words.append(word[1])
        position = word.end()
        if (lower.endswith("s") and not lower.endswith("ss")) or lower in PLURALS:
            break  # a plural ends the noun: "two governments | prefer"
    if words and not words[0][0].isdigit():
        return " ".join(words)
    before = list(NUMBER_OF.finditer(text, max(start, match.start() - MAX_COUNTED_DISTANCE_CHARS), match.start()))
    return before[-1]["what"].strip() if before else ""
