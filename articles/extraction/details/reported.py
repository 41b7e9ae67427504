"""Decide whether an attribution reports a statement and is proposed by default.

Others (thoughts, intentions, refusals, mere names) are also found, and shown on demand. Corpora mark them, and
annotators disagree about them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from articles.extraction.attribution.attributions import Attribution
from articles.extraction.attribution.finite_verbs import has_verb
from articles.extraction.document import Document, Token
from articles.extraction.lexicon.word_classes import DETERMINERS, POSSESSIVES, SUBJECT_PRONOUNS
from articles.extraction.proposal import Form, Span, SpeakerKind

#: "did not say whether", "declined to say": nothing was stated.
NOT_SAID = re.compile(r"\b(?:not|never|nor|without|declin\w+|refus\w+|avoid\w*)\b|n['’]t\b", re.IGNORECASE)
#: "Neither Moscow nor Pyongyang has acknowledged it": nobody states it.
NEGATIVE_SOURCE = re.compile(r"(?:neither|no|nobody|none)\b", re.IGNORECASE)
#: "Asked about it, Lee said …": the question is not a statement.
ASKED = re.compile(r"\basked\b", re.IGNORECASE)
#: "who asked not to be named": this is about the reporting, and not a statement.
ANONYMITY_REQUEST = re.compile(r"(?:not\s+)?to\s+be\s+(?:named|called|identified|quoted)\b")
#: "citing the strategic importance of the port": this is a reason, and not a statement.
CITING_CUE = re.compile(r"citing", re.IGNORECASE)
#: Verbs by which a report, a survey or an organisation states something.
SHOWING_VERBS = re.compile(
    r"\b(?:find|finds|found|show|shows|showed|shown|indicate[sd]?|suggest(?:s|ed)?|estimate[sd]?)\b"
)
#: Verbs by which people state what they found.
SUGGESTING_VERBS = re.compile(r"\b(?:suggest(?:s|ed)?|estimate[sd]?)\b")
#: "called the sample “small and charming”": the quoted words are the speaker's.
NAMING_VERBS = re.compile(
    r"\b(?:call(?:s|ed|ing)?|describ(?:es?|ed|ing)|dub(?:s|bed)|brand(?:s|ed)|label(?:s|led|ed))\b"
)
#: "puts losses at between 1,500 and 2,000": giving a number is a statement.
PUT_VERB = re.compile(r"puts?\b")
#: Content with this many words is a statement, even without a known verb.
MIN_CLEAR_STATEMENT_WORDS = 6
#: Content that ends in "-ed" and has at most this many words is only a name: "the injured".
MAX_NAMING_WORDS = 2


def is_reported(
    document: Document, attribution: Attribution, content: Sequence[Span], form: Form, speaker: SpeakerKind
) -> bool:
    """Return whether editors see an attribution by default.

    `speaker` is the kind of the speaker that the outlet heard.
    """
    cues = [document.text[start:end] for start, end in attribution.cue]
    if any(NOT_SAID.search(cue) for cue in cues) or any(
        NEGATIVE_SOURCE.match(document.text, *span) for span in attribution.source
    ):
        return False
    if ANONYMITY_REQUEST.match(document.text, *content[0]):
        return False
    if all(CITING_CUE.fullmatch(cue) for cue in cues) and cues and form == Form.INDIRECT:
        return False
    if any(cue.startswith("Asked") or (not attribution.source and ASKED.search(cue)) for cue in cues):
        return False
    if form == Form.DIRECT:
        return True
    has_number = any(character.isdigit() for start, end in content for character in document.text[start:end])
    is_reporting = (
        attribution.reporting
        or (has_number and any(PUT_VERB.match(cue) for cue in cues))
        or (form == Form.MIXED and any(NAMING_VERBS.search(cue) for cue in cues))
        or any(SUGGESTING_VERBS.search(cue) for cue in cues)
        or (
            speaker in (SpeakerKind.DOCUMENT, SpeakerKind.ORGANISATION)
            and any(SHOWING_VERBS.search(cue) for cue in cues)
        )
    )
    return is_reporting and (
        form == Form.MIXED or any(_is_statement(list(document.tokens_in(*span))) for span in content)
    )


def _is_statement(tokens: Sequence[Token]) -> bool:
    """Return whether words state something and do not only name it.

    "The damage at £6,200" and "talent was no defence" are statements.
    """
    words = [token.lower for token in tokens if token.kind == "word"]
    if len(words) >= MIN_CLEAR_STATEMENT_WORDS or has_verb(tokens, 0, len(tokens)):
        return True
    if len(words) > MAX_NAMING_WORDS and words[-1].endswith("ed"):
        return True  # "the engine failed"
    if any(character.isdigit() for token in tokens for character in token.text):
        return True
    if words and (words[0] in SUBJECT_PRONOUNS or words[0].endswith("ing")):
        return True  # "he bore no grudge"; "warned against reading too much into it"
    return "what" in words or any(
        word == "to" and after not in DETERMINERS and after not in POSSESSIVES and after.islower()
        for word, after in pairwise(words)
    )
