"""Detect the language of a text. Only English is supported so far.

To support another language, choose its rules or model by the tag that `detect_language` returns.
"""

from __future__ import annotations

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

SUPPORTED_LANGUAGES = ("en",)
#: Shorter texts, in code points, are taken for English.
MIN_DETECTABLE_CHARS = 120
#: Only the beginning of a text is examined, up to this many code points.
MAX_SAMPLE_CHARS = 1000
MIN_PROBABILITY = 0.9
#: Words that are frequent in English only. With this share of them the detector is skipped: it takes half as long as
#: the rest of extraction. 19 of 20 PolNeAR training articles have that share.
COMMON_ENGLISH_WORDS = frozenset("the of and to that was with".split())
MIN_COMMON_WORD_SHARE = 0.1


def detect_language(text: str) -> str:
    """Return the ISO 639-1 code of a text's language.

    Return "en" if the text is too short or the detector is not certain.
    """
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
