"""Find the attributions within one sentence with rules over its tokens.

For each cue, find its subject, the side where its content is, and where that ends. A quotation is a single
token here, so words inside it are never read as cues.
"""

from __future__ import annotations

from collections.abc import Sequence

from articles.extraction.attribution.complements import CLAUSE_TAKING_VERBS, Complement, admitted_kind, read_complement
from articles.extraction.attribution.content_end import ASIDE_OPENERS, find_content_end, resumed_content
from articles.extraction.attribution.finite_verbs import has_verb, is_finite
from articles.extraction.attribution.nominal import read_according_to, read_claim_noun, read_colon
from articles.extraction.attribution.noun_phrases import Phrase, head_index, subject_after
from articles.extraction.attribution.reader import (
    MIN_STATEMENT_WORDS,
    SEPARATORS,
    Clause,
    SentenceReader,
    strip_quote_marks,
)
from articles.extraction.attribution.subjects import first_subject, subject_before
from articles.extraction.document import Sentence, Token
from articles.extraction.lexicon.cues import INVERTING_VERBS, SPEECH_NOUNS, VERB_OR_NOUN_FORMS, VERBS, Verb
from articles.extraction.lexicon.word_classes import (
    AUXILIARIES,
    BE_FORMS,
    CALENDAR_WORDS,
    DETERMINERS,
    PREPOSITIONS,
    RELATIVES,
    SPEAKER_NOUNS,
    SUBJECT_PRONOUNS,
    is_adverb,
    is_possessive,
)
from articles.extraction.proposal import Span

#: Before "to", these words turn the infinitive into a statement: "went on to say".
INFINITIVE_LEAD_INS = frozenset(
    "went goes on continued continues quick first happy proud keen careful took used liked likes".split()
)
NEGATIONS = frozenset(
    "not n't never didn't doesn't don't hasn't haven't hadn't isn't aren't wasn't refused declined".split()
)
MODAL_VERBS = frozenset(
    "would could can may might must should will shall wouldn't couldn't can't won't cannot".split()
)
#: These words open a subordinate clause.
SUBORDINATE_OPENERS = frozenset("as while when although though after before because since if whenever until".split())
PLURAL_NOUNS = frozenset("people police men women others who some many most few".split())
QUANTIFIERS = frozenset("many some most few both all others".split())
HAVE_FORMS = frozenset("has have had having hasn't haven't hadn't".split())
NAMING_VERBS = frozenset("call dub label brand".split())
NEGATIVE_SUBJECTS = frozenset("neither nor no none nobody".split())
WORDS_BEFORE_NON_CUE = frozenset("help helps helped didn't let let's please to of a an the no any".split())
#: Particles and reflexives that change a verb's sense: "called off", "described himself".
SENSE_CHANGING_WORDS = frozenset("off down up itself himself herself themselves".split())
#: Adverbs between subject and verb that are not part of the verb group.
OUTSIDE_VERB_GROUP = frozenset("there here yesterday today both all".split())
#: A quotation of at most this many words before a subject may be a title: "On Wednesday's “Newshour,” Lee
#: said it was over."
MAX_TITLE_QUOTE_WORDS = 4
#: This many tokens before ", Lee said." are a statement even if no verb is recognised in them.
MIN_VERBLESS_STATEMENT_TOKENS = 5
#: Words that open a sentence before its subject and do not start a statement.
LEAD_INS = PREPOSITIONS | frozenset("asked when while as calling saying citing speaking writing".split())
#: After a cue, these words start time, place or manner; the content is before the cue.
ADJUNCTS = frozenset(
    "after as during while before when in on at through via with from of about because following".split()
)
#: Plain verbs of saying, which time and place may follow.
PLAIN_SAYING_VERBS = frozenset("say tell add write report note explain announce declare state argue warn".split())
#: Words that may follow an inverted subject, if anything does.
AFTER_INVERSION = PREPOSITIONS | CALENDAR_WORDS | frozenset("last late early earlier this who as when".split())
#: After these words, a participle belongs to the sentence's subject. After another noun it may belong to that
#: noun.
WORDS_BEFORE_FREE_PARTICIPLE = frozenset(
    "by and while instead statement tweet letter email message on also after before without".split()
)
#: Participles that attribute even directly after a noun: "a statement saying that …".
BOUND_PARTICIPLE_VERBS = frozenset("say claim argue state tell suggest announce declare warn".split())

#: A sentence without any of these has no attribution.
CUE_WORDS = VERBS.keys() | SPEECH_NOUNS | {"according", ":"}

ContentAndPattern = tuple[list[Span], str]


def read_sentence(text: str, sentence: Sentence) -> list[Clause]:
    """Return the attributions of a sentence in the order of their cues.

    They include attributions nested in the content of another one.
    """
    reader = SentenceReader(text, sentence.tokens)
    for index, token in enumerate(sentence.tokens):
        if token.lower in CUE_WORDS and index >= reader.cue_end and (clause := _clause_at(reader, index)) is not None:
            reader.clauses.append(clause)
    return reader.clauses


def _clause_at(reader: SentenceReader, index: int) -> Clause | None:
    """Return the attribution with its cue at a token, or None."""
    token = reader.tokens[index]
    if token.text == ":":
        quoted = index + 1 < len(reader.tokens) and reader.tokens[index + 1].kind == "quote"
        return read_colon(reader, index) if quoted else None
    if token.kind != "word":
        return None
    if token.lower == "according" and reader.lower_at(index + 1) == "to":
        return read_according_to(reader, index)
    verb = VERBS.get(token.lower)
    clause = _verb_clause(reader, index, verb) if verb is not None and not (token.is_capital and index) else None
    if clause is None and token.lower in SPEECH_NOUNS:
        return read_claim_noun(reader, index)
    return clause


# --- Verbs ------------------------------------------------------------------------------------


def _verb_clause(reader: SentenceReader, index: int, verb: Verb) -> Clause | None:
    tokens = reader.tokens
    group_start = _group_start(tokens, index)
    group_words = {token.lower for token in tokens[group_start:index]}
    if _is_not_cue_verb(tokens, index, group_start, group_words, verb) or _is_infinitive_or_noun(
        tokens, index, group_start, verb
    ):
        return None
    complement = read_complement(reader, index, verb)
    if not group_words & AUXILIARIES and (inverted := _inverted_clause(reader, index, verb)) is not None:
        return inverted
    if verb.form == "gerund" and not group_words & BE_FORMS:
        return _participle_clause(reader, index, verb, complement)
    subject, content_and_pattern = subject_before(tokens, group_start), None
    is_coordinated = subject is None and _is_coordinated(reader, group_start)
    if is_coordinated:
        subject = _shared_subject(reader, group_start, verb)
    if subject is None or (
        tokens[index].lower in VERB_OR_NOUN_FORMS and not _fits_subject(tokens, subject, group_start, index)
    ):
        return None
    if tokens[subject.start].lower in NEGATIVE_SUBJECTS or reader.lower_at(subject.start - 1) in NEGATIVE_SUBJECTS:
        return None  # "Neither Moscow nor Pyongyang has acknowledged"
    if not is_coordinated:
        content_and_pattern = _content_before(reader, subject, complement, verb)
    content_and_pattern = content_and_pattern or _content_after(reader, index, subject, complement, verb)
    pattern = (
        _pattern_name(content_and_pattern[1], group_words, is_coordinated=is_coordinated)
        if content_and_pattern is not None
        else None
    )
    if content_and_pattern is None or pattern is None:
        return None
    reader.last_subject, reader.last_form = subject, verb.form
    group_start = next((i for i in range(group_start, index + 1) if tokens[i].lower not in ("and", "but")), index)
    cue = reader.span(max(group_start, subject.end) if subject.end <= index else group_start, index + 1)
    return Clause(
        reader.span(subject.start, subject.end), (cue,), tuple(content_and_pattern[0]), pattern, verb.reporting
    )


def _pattern_name(pattern: str, group_words: set[str], *, is_coordinated: bool) -> str | None:
    """Return the full name of a pattern, or None for a negation or a modal verb."""
    if group_words & (NEGATIONS | MODAL_VERBS):
        return None  # "did not say", "would say": not said, or not yet
    return f"and {pattern}" if is_coordinated else pattern


def _group_start(tokens: Sequence[Token], index: int) -> int:
    """Return the first token of a cue's verb group: "has also repeatedly | said"."""
    start = index
    while start > 0 and tokens[start - 1].kind == "word" and _in_group(tokens, start - 1):
        start -= 1
    while start == 0 and start < index and is_adverb(tokens[start].lower) and tokens[start].lower != "also":
        start += 1
    return start


def _in_group(tokens: Sequence[Token], index: int) -> bool:
    word = tokens[index].lower
    if word == "to" and index > 1:
        return tokens[index - 1].lower in INFINITIVE_LEAD_INS
    if word in INFINITIVE_LEAD_INS and index + 1 < len(tokens) and tokens[index + 1].lower in ("to", "on", "first"):
        return True
    return word in AUXILIARIES or (is_adverb(word) and word not in OUTSIDE_VERB_GROUP)


def _is_not_cue_verb(tokens: Sequence[Token], index: int, group_start: int, group_words: set[str], verb: Verb) -> bool:
    """Return whether a verb form does not attribute here.

    It is a passive, a participle of another noun or a verb with another sense: "was reported", "known as",
    "announced by".
    """
    following = tokens[index + 1].lower if index + 1 < len(tokens) else ""
    if following in SENSE_CHANGING_WORDS:
        return True
    if verb.form == "participle" and not group_words & HAVE_FORMS:
        return True
    if verb.form in ("past", "participle") and (group_words & BE_FORMS or following == "by"):
        return True
    if verb.lemma in NAMING_VERBS and verb.form == "past" and group_start and not group_words:
        previous = tokens[group_start - 1]  # "a website called Real News"
        can_speak = previous.is_capital or previous.lower in SUBJECT_PRONOUNS | SPEAKER_NOUNS | RELATIVES
        return previous.kind == "word" and not can_speak
    return False


def _is_infinitive_or_noun(tokens: Sequence[Token], index: int, group_start: int, verb: Verb) -> bool:
    """Return whether the word before makes this an infinitive or a noun.

    "to say", "off the charge", "the report"
    """
    if group_start == 0:
        return verb.form in ("base", "participle")
    previous = tokens[group_start - 1]
    if previous.kind != "word":
        return False
    if previous.lower in WORDS_BEFORE_NON_CUE:
        return True
    if verb.form != "gerund" and previous.lower in PREPOSITIONS:
        return previous.lower not in ("before", "after", "since", "until") or verb.form == "base"
    is_noun_form = tokens[index].lower in VERB_OR_NOUN_FORMS
    if previous.lower in QUANTIFIERS and not is_noun_form:
        return False
    is_in_noun_phrase = (
        previous.lower in DETERMINERS or is_possessive(previous.lower) or previous.lower in PREPOSITIONS
    )
    return (is_noun_form or verb.form == "base") and is_in_noun_phrase


def _fits_subject(tokens: Sequence[Token], subject: Phrase, group_start: int, index: int) -> bool:
    """Return whether a form that is also a noun can be the verb of this subject.

    "Officials claim", not "Insurance claim".
    """
    last, word = tokens[head_index(tokens, subject)], tokens[index].lower
    head = last.lower
    can_speak = last.is_capital or head in SPEAKER_NOUNS | SUBJECT_PRONOUNS | RELATIVES
    if not can_speak and not head.endswith("s") and head not in PLURAL_NOUNS:
        return False
    if head in SUBJECT_PRONOUNS or subject.core_end < group_start:
        return True
    is_plural = head.endswith("s") and not is_possessive(head)
    if word.endswith("s"):
        return not is_plural or last.is_capital
    return not word.endswith("ing") and (is_plural or head in PLURAL_NOUNS)


def _is_coordinated(reader: SentenceReader, group_start: int) -> bool:
    """Return whether a verb has no subject of its own: "… and added that"."""
    previous_word = reader.lower_at(group_start - 1)
    return previous_word in ("and", "but", "or", "then") or (previous_word == "," and reader.last_subject is not None)


def _shared_subject(reader: SentenceReader, group_start: int, verb: Verb) -> Phrase | None:
    """Return the subject of a coordinated verb.

    It is the subject of the previous attribution, else the first subject of the sentence.
    """
    if reader.last_subject is not None:
        return reader.last_subject if verb.form == reader.last_form else None
    first = first_subject(reader.tokens, 0, group_start)
    return first[0] if first is not None and verb.form in ("past", "s") else None


# --- Content before the cue -------------------------------------------------------------------


def _inverted_clause(reader: SentenceReader, index: int, verb: Verb) -> Clause | None:
    """Read a cue before its subject and after its content: `"…," said Lee`."""
    tokens = reader.tokens
    if verb.lemma not in INVERTING_VERBS or verb.form not in ("past", "s"):
        return None
    source = subject_after(tokens, index + 1, len(tokens))
    if source is None:
        return None
    cue = (reader.span(index, index + 1),)
    if index == 0:
        if reader.lower_at(source.core_end) not in (":", ",") or source.core_end + 1 >= len(tokens):
            return None
        if tokens[source.core_end + 1].kind != "quote":
            return None
        quote_content = (reader.span(source.core_end + 1, reader.quotes_end(source.core_end + 1)),)
        return Clause(reader.span(source.start, source.core_end), cue, quote_content, "right quote")
    quoted = tokens[index - 1].kind == "quote"
    quoted = quoted or (tokens[index - 1].text in SEPARATORS and index > 1 and tokens[index - 2].kind == "quote")
    left = reader.trim_marks(reader.left_content_end, index)
    if left is None or not (quoted or (_is_inversion(reader, index, source) and reader.has_enough_words(*left))):
        return None
    content = (reader.span(*left), *resumed_content(reader, source.end))
    reader.left_content_end = source.end
    reader.last_subject, reader.last_form = source, verb.form
    left_kind = "left quote" if tokens[left[1] - 1].kind == "quote" else "left clause"
    return Clause(reader.span(source.start, source.end), cue, content, f"inverted {left_kind}", verb.reporting)


def _is_inversion(reader: SentenceReader, index: int, source: Phrase) -> bool:
    """Return whether "…, said Lee" without a quotation ends the content before it.

    False if Lee starts the next clause.
    """
    tokens = reader.tokens
    if tokens[index - 1].text not in (",", "—", "–", "?", "!"):
        return False
    following = tokens[source.core_end] if source.core_end < len(tokens) else None
    if following is not None and is_finite(tokens, source.core_end):
        return False
    if following is not None and following.kind == "word" and following.lower not in AFTER_INVERSION:
        return False
    return subject_before(tokens, index) is None or has_verb(tokens, 0, index - 1)


def _content_before(
    reader: SentenceReader, subject: Phrase, complement: Complement, verb: Verb
) -> ContentAndPattern | None:
    """Return the content before the subject and its pattern, or None.

    `"…," he said`; `Moscow may offer it, Lee added, if …`.
    """
    tokens = reader.tokens
    if subject.start <= reader.left_content_end or complement.kind in ("that", "infinitive"):
        return None
    if complement.start is None and tokens[subject.start - 1].lower == "as":
        return _as_clause_content(reader, subject, complement)
    mark_index = subject.start - 1
    while (
        mark_index > reader.left_content_end
        and tokens[mark_index].lower in ("as", "and", "but")
        and tokens[mark_index - 1].text == ","
    ):
        mark_index -= 1
    left = reader.trim_marks(reader.left_content_end, subject.start)
    if left is None:
        return None
    is_quoted = tokens[left[1] - 1].kind == "quote" and mark_index <= left[1]
    is_lead_in = tokens[left[0]].lower in LEAD_INS
    is_interrupted = complement.kind == "quote" and tokens[(complement.start or 1) - 1].text == ","
    ends_after_cue = complement.start is None or (is_interrupted and (is_quoted or not is_lead_in))
    starts_adjunct = (
        complement.kind in ("clause", "noun", "question") and tokens[complement.start or 0].lower in ADJUNCTS
    )
    if starts_adjunct and (is_quoted or verb.lemma in PLAIN_SAYING_VERBS):
        ends_after_cue = True
    if is_quoted:
        return _quote_before(reader, left, tokens[mark_index], complement, ends_after_cue=ends_after_cue)
    if not ends_after_cue or (tokens[mark_index].text not in SEPARATORS and tokens[mark_index].text not in ("?", "!")):
        return None
    if not complement.has_addressee and (verb.lemma == "tell" or not set("bt") & set(verb.frame)):
        return None
    if not reader.has_enough_words(*left) or not _is_statement(reader, *left, complement):
        return None
    return _content_around(reader, left, complement), "left clause"


def _quote_before(
    reader: SentenceReader, left: tuple[int, int], mark: Token, complement: Complement, *, ends_after_cue: bool
) -> ContentAndPattern | None:
    """Return the content before the subject where a quotation precedes it directly."""
    tokens, quoted_text = reader.tokens, strip_quote_marks(reader.tokens[left[1] - 1])
    is_alone, is_short = left[1] - left[0] == 1, len(quoted_text.split()) <= MAX_TITLE_QUOTE_WORDS
    if not ends_after_cue and not is_alone and is_short:
        return None
    is_separated = quoted_text[-1:] in ",?!.—–…-" or mark.text in SEPARATORS or (ends_after_cue and not is_short)
    is_lead_in = not is_alone and tokens[left[0]].lower in LEAD_INS
    resumes = complement.kind == "quote"
    is_unfinished = complement.kind in ("clause", "noun", "question") and quoted_text[-1:] not in ",?!."
    if not is_separated or is_unfinished or not (ends_after_cue or resumes or not is_lead_in):
        return None
    if not is_alone and tokens[left[1] - 2].text == ":":
        left = (left[1] - 1, left[1])  # "Lee was blunt: “It is over,” he said."
    return _content_around(reader, left, complement), "left quote"


def _as_clause_content(reader: SentenceReader, subject: Phrase, complement: Complement) -> ContentAndPattern | None:
    """Read "As Lee noted, it is over" and "It is over, as Lee noted"."""
    tokens = reader.tokens
    content_before = reader.trim_marks(reader.left_content_end, subject.start - 1)
    if content_before and tokens[subject.start - 2].text in SEPARATORS and reader.has_enough_words(*content_before):
        return _content_around(reader, content_before, complement), "left as"
    content_after = reader.trim_marks(complement.adjuncts_end, find_content_end(reader, complement.adjuncts_end, ""))
    if (
        content_before is None
        and content_after
        and reader.lower_at(complement.adjuncts_end) == ","
        and reader.has_enough_words(*content_after)
    ):
        return [reader.span(*content_after)], "right as"
    return None


def _content_around(reader: SentenceReader, left: tuple[int, int], complement: Complement) -> list[Span]:
    """Return the content before an attribution and where it resumes after it.

    Sets `reader.left_content_end`.
    """
    resume_index = (
        complement.start if complement.kind == "quote" and complement.start is not None else complement.adjuncts_end
    )
    is_unfinished = left[1] - left[0] > 1 and not has_verb(reader.tokens, *left)
    content = [reader.span(*left), *resumed_content(reader, resume_index, is_unfinished=is_unfinished)]
    reader.left_content_end = complement.adjuncts_end
    return content


def _is_statement(reader: SentenceReader, start: int, end: int, complement: Complement) -> bool:
    """Return whether the words before ", Lee said" are a statement, not a lead-in.

    "The plan is dead, Lee said." but not "In an interview, Lee said."; "Time, Lee added, was short."
    """
    tokens, adjuncts_end = reader.tokens, complement.adjuncts_end
    if has_verb(tokens, start, end):
        return tokens[start].lower not in RELATIVES
    is_lead_in = tokens[start].lower in LEAD_INS or tokens[start].lower.endswith("ing")
    if (
        end - start >= MIN_VERBLESS_STATEMENT_TOKENS
        and not is_lead_in
        and reader.lower_at(complement.adjuncts_end) in (".", "")
    ):
        return True  # its verb is not in the word lists
    if (
        adjuncts_end + 1 >= len(tokens)
        or tokens[adjuncts_end].text not in SEPARATORS
        or tokens[start].lower == "asked"
    ):
        return False
    is_noun_phrase = tokens[start].lower not in PREPOSITIONS and tokens[adjuncts_end + 1].lower not in ASIDE_OPENERS
    return has_verb(tokens, adjuncts_end, len(tokens)) or (
        is_noun_phrase and not tokens[adjuncts_end + 1].lower.endswith("ing")
    )


# --- Content after the cue --------------------------------------------------------------------


def _content_after(
    reader: SentenceReader, index: int, subject: Phrase, complement: Complement, verb: Verb
) -> ContentAndPattern | None:
    """Return the content after the cue and its pattern, or None.

    `said that …`, `said: “…”`, `vowed to …`, `criticised the …`.
    """
    kind = admitted_kind(reader, complement, verb, index)
    if kind is None or complement.start is None:
        return None
    tokens, limit = reader.tokens, None
    is_subordinate = subject.start > 0 and tokens[subject.start - 1].lower in SUBORDINATE_OPENERS
    if is_subordinate or tokens[subject.start].lower in RELATIVES:
        # "As Lee says that it is over, he is …", "Kim, who says it is over, …": the main clause follows.
        limit = next((i for i in range(complement.start + 1, len(tokens)) if tokens[i].text == ","), None)
    content = _content_from(reader, complement.start, kind, verb.form, limit)
    if content is None:
        return None
    has_clause = has_verb(tokens, complement.start, reader.index_at(content.end))
    if kind == "clause" and verb.lemma not in CLAUSE_TAKING_VERBS and not has_clause:
        kind = "noun"  # the verb is in a later clause: "confirmed the number but asked how it was reached"
    return ([content], f"right {kind}") if kind != "noun" or set("np") & set(verb.frame) else None


def _content_from(reader: SentenceReader, start: int, kind: str, form: str, limit: int | None) -> Span | None:
    """Return the content from a token on; None if it is too short."""
    if kind == "quote" and reader.is_complete_quote(start):
        end = reader.quotes_end(start)
    else:
        end = find_content_end(reader, start, form, limit)
    trimmed = reader.trim_marks(start, end)
    if trimmed is None or not reader.has_enough_words(
        *trimmed, min_words=1 if kind == "quote" else MIN_STATEMENT_WORDS
    ):
        return None
    return reader.span(*trimmed)


def _participle_clause(reader: SentenceReader, index: int, verb: Verb, complement: Complement) -> Clause | None:
    """Read "…, adding that …".

    Its source is the subject of the previous attribution or of the sentence.
    """
    kind = admitted_kind(reader, complement, verb, index)
    if (
        kind is None
        or complement.start is None
        or not verb.reporting
        or not _is_free_participle(reader, index, verb, kind)
    ):
        return None
    if kind == "noun" and verb.lemma in ("cite", "quote"):
        return None  # "…, citing the ministry" names a hop of the chain
    subject, limit = reader.last_subject, None
    if index == 0:
        main_subject = first_subject(reader.tokens, complement.start + 1, len(reader.tokens))
        if main_subject is None:
            return None
        subject = main_subject[0]
        commas = range(subject.start - 1, complement.start, -1)
        limit = next((i for i in commas if reader.tokens[i].text == ","), None)
        if limit is None:
            return None
    elif subject is None:
        first_subject_and_verb = first_subject(reader.tokens, 0, index)
        subject = first_subject_and_verb[0] if first_subject_and_verb is not None else None
    content = _content_from(reader, complement.start, kind, "gerund", limit)
    if subject is None or content is None:
        return None
    cue = (reader.span(index, index + 1),)
    return Clause(reader.span(subject.start, subject.end), cue, (content,), f"participle {kind}")


def _is_free_participle(reader: SentenceReader, index: int, verb: Verb, kind: str) -> bool:
    """Return whether a participle belongs to the subject, not to the noun before it."""
    previous = reader.tokens[index - 1] if index else None
    if (
        previous is None
        or previous.kind != "word"
        or previous.lower in WORDS_BEFORE_FREE_PARTICIPLE
        or is_adverb(previous.lower)
    ):
        return True
    return kind in ("that", "clause", "quote", "colon") and verb.lemma in BOUND_PARTICIPLE_VERBS
