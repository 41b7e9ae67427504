"""Is something told, and so proposed by default? Or thought, meant, left unsaid, or no statement by itself?

Such attributions are found as well and shown on demand: corpora mark them, and people disagree about them.
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

#: "did not say whether", "declined to say": nothing is told.
NOT_SAID = re.compile(r"\b(?:not|never|nor|without|declin\w+|refus\w+|avoid\w*)\b|n['’]t\b", re.IGNORECASE)
#: "Neither Moscow nor Pyongyang has acknowledged it": nobody tells it.
NEGATIVE_SOURCE = re.compile(r"(?:neither|no|nobody|none)\b", re.IGNORECASE)
#: "Asked about it, Lee said …": the question is nobody's statement.
ASKED = re.compile(r"\basked\b", re.IGNORECASE)
#: "who asked not to be named": about the copy, and no statement in it.
ANONYMITY_REQUEST = re.compile(r"(?:not\s+)?to\s+be\s+(?:named|called|identified|quoted)\b")
#: "citing the strategic importance of the port": a reason is given, and no statement.
CITING_CUE = re.compile(r"citing", re.IGNORECASE)
#: What a report, a survey, a log or an auditing body tells by.
SHOWING_VERBS = re.compile(
    r"\b(?:find|finds|found|show|shows|showed|shown|indicate[sd]?|suggest(?:s|ed)?|estimate[sd]?)\b"
)
#: What people tell by who say what they found.
SUGGESTING_VERBS = re.compile(r"\b(?:suggest(?:s|ed)?|estimate[sd]?)\b")
#: "called the sample “small and charming”": the words are theirs.
NAMING_VERBS = re.compile(
    r"\b(?:call(?:s|ed|ing)?|describ(?:es?|ed|ing)|dub(?:s|bed)|brand(?:s|ed)|label(?:s|led|ed))\b"
)
#: "puts losses at between 1,500 and 2,000": whoever puts a figure tells it.
PUT_VERB = re.compile(r"puts?\b")
#: So many words say something, whether or not their verb is known.
MIN_CLEAR_STATEMENT_WORDS = 6
#: And no more than so many that end in "-ed" only name: "the injured".
MAX_NAMING_WORDS = 2


def is_reported(
    document: Document, one: Attribution, content: Sequence[Span], form: Form, speaker: SpeakerKind
) -> bool:
    """Is an attribution one that an editor should see without asking? `speaker` spoke to the outlet."""
    cues = [document.text[start:end] for start, end in one.cue]
    if any(NOT_SAID.search(cue) for cue in cues) or any(
        NEGATIVE_SOURCE.match(document.text, *span) for span in one.source
    ):
        return False
    if ANONYMITY_REQUEST.match(document.text, *content[0]):
        return False
    if all(CITING_CUE.fullmatch(cue) for cue in cues) and cues and form == Form.INDIRECT:
        return False
    if any(cue.startswith("Asked") or (not one.source and ASKED.search(cue)) for cue in cues):
        return False
    if form == Form.DIRECT:
        return True
    figure = any(character.isdigit() for start, end in content for character in document.text[start:end])
    told = (
        one.reporting
        or (figure and any(PUT_VERB.match(cue) for cue in cues))
        or (form == Form.MIXED and any(NAMING_VERBS.search(cue) for cue in cues))
        or any(SUGGESTING_VERBS.search(cue) for cue in cues)
        or (
            speaker in (SpeakerKind.DOCUMENT, SpeakerKind.ORGANISATION)
            and any(SHOWING_VERBS.search(cue) for cue in cues)
        )
    )
    return told and (form == Form.MIXED or any(_is_statement(list(document.tokens_in(*span))) for span in content))


def _is_statement(tokens: Sequence[Token]) -> bool:
    """Do words state something, and not only name it? "The damage at £6,200" and "talent was no defence" do."""
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
