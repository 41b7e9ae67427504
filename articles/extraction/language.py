"""Which language a text is in: only English is understood so far.

Another language's rules or model would be chosen here, by the tag this returns.
"""

from __future__ import annotations

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

SUPPORTED_LANGUAGES = ("en",)
#: Shorter texts, in code points, are too short to tell and taken for English.
MIN_DETECTABLE_CHARS = 120
#: So much of a text is looked at.
MAX_SAMPLE_CHARS = 1000
MIN_PROBABILITY = 0.9
#: Words that no other language has in plenty. Where they are so many of all words there is nothing to ask the
#: detector, which takes half as long as all the rest: 19 in 20 of PolNeAR's training articles have that share.
COMMON_ENGLISH_WORDS = frozenset("the of and to that was with".split())
MIN_COMMON_WORD_SHARE = 0.1


def detect_language(text: str) -> str:
    """The ISO 639-1 code of a text's language; "en" for a text too short or too doubtful to tell."""
    sample = text[:MAX_SAMPLE_CHARS]
    if len(sample) < MIN_DETECTABLE_CHARS or not any(char.isalpha() for char in sample):
        return "en"
    words = re.findall(r"[^\W\d_]+", sample.casefold())
    if words.count("the") and sum(word in COMMON_ENGLISH_WORDS for word in words) >= MIN_COMMON_WORD_SHARE * len(
        words
    ):
        return "en"
    language, probability = _identifier().classify(sample)
    return str(language) if probability >= MIN_PROBABILITY else "en"


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
