"""Tell reporting cues from cues of thoughts, feelings and intentions."""

from __future__ import annotations

import re

_VERBS = """
accuse acknowledge add admit advise affirm allege announce answer argue ask assert assure blast boast brag brief
caution charge cite claim clarify comment complain concede conclude condemn confirm contend counter criticise
criticize declare demand denounce deny describe disclose echo elaborate emphasise emphasize estimate explain forecast
hint inform insist joke lament maintain mention note opine pledge post praise predict proclaim profess promise
pronounce publish quip quote reaffirm recall recommend recount reiterate relay remark remind repeat reply report
respond retort reveal say shout slam speculate state stress tell testify tweet retweet urge vow warn write read
""".split()
_IRREGULAR = {
    "say": ("says", "said", "saying"),
    "tell": ("tells", "told", "telling"),
    "write": ("writes", "wrote", "written", "writing"),
    "read": ("reads", "reading"),
}
_DOUBLING = frozenset({"admit", "quip", "brag", "slam"})
_WORD = re.compile(r"\w+")


def _forms(verb: str) -> tuple[str, ...]:
    if verb in _IRREGULAR:
        return (verb, *_IRREGULAR[verb])
    if verb.endswith("e"):
        return (verb, verb + "s", verb + "d", verb[:-1] + "ing")
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return (verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing")
    if verb in _DOUBLING:
        return (verb, verb + "s", verb + verb[-1] + "ed", verb + verb[-1] + "ing")
    ending = "es" if verb.endswith(("s", "sh", "ch")) else "s"
    return (verb, verb + ending, verb + "ed", verb + "ing")


REPORTING_WORDS = frozenset(form for verb in _VERBS for form in _forms(verb)) | {"according"}


def is_reporting(cue: str) -> bool:
    """Return whether a cue contains a form of a reporting verb, or "according to".

    Nouns with the same form ("claims") count too.
    """
    return any(word in REPORTING_WORDS for word in _WORD.findall(cue.lower()))
