"""Attributions within one sentence: which words a cue attributes, and to whom. Rules over tokens.

Every cue is looked at in turn: its subject, on which side of it what was said stands, and where that
ends. Quotations are single tokens here, so what is inside them cannot lead astray.
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

#: Before "to", these make a statement of an infinitive: "went on to say".
INFINITIVE_LEAD_INS = frozenset(
    "went goes on continued continues quick first happy proud keen careful took used liked likes".split()
)
NEGATIONS = frozenset(
    "not n't never didn't doesn't don't hasn't haven't hadn't isn't aren't wasn't refused declined".split()
)
MODAL_VERBS = frozenset(
    "would could can may might must should will shall wouldn't couldn't can't won't cannot".split()
)
#: A clause that these open is a side one.
SUBORDINATE_OPENERS = frozenset("as while when although though after before because since if whenever until".split())
PLURAL_NOUNS = frozenset("people police men women others who some many most few".split())
QUANTIFIERS = frozenset("many some most few both all others".split())
HAVE_FORMS = frozenset("has have had having hasn't haven't hadn't".split())
NAMING_VERBS = frozenset("call dub label brand".split())
NEGATIVE_SUBJECTS = frozenset("neither nor no none nobody".split())
WORDS_BEFORE_NON_CUE = frozenset("help helps helped didn't let let's please to of a an the no any".split())
#: Directions and reflexives that give a verb another sense: "called off", "described himself".
SENSE_CHANGING_WORDS = frozenset("off down up itself himself herself themselves".split())
#: No part of a verb group, though they may stand between a subject and its verb.
OUTSIDE_VERB_GROUP = frozenset("there here yesterday today both all".split())
#: A quotation of so few words before a subject may be a title: "On Wednesday's “Newshour,” Lee said it was over."
MAX_TITLE_QUOTE_WORDS = 4
#: So many tokens before ", Lee said." are a statement, though no verb be seen in them.
MIN_VERBLESS_STATEMENT_TOKENS = 5
#: What opens a sentence before its subject and is no statement of anybody's.
LEAD_INS = PREPOSITIONS | frozenset("asked when while as calling saying citing speaking writing".split())
#: After a cue these begin when, where and how it was said; what was said stands before.
ADJUNCTS = frozenset(
    "after as during while before when in on at through via with from of about because following".split()
)
#: Verbs that say no more than that it was said: when and where may follow.
PLAIN_SAYING_VERBS = frozenset("say tell add write report note explain announce declare state argue warn".split())
#: After an inverted subject: nothing, or when, where and who.
AFTER_INVERSION = PREPOSITIONS | CALENDAR_WORDS | frozenset("last late early earlier this who as when".split())
#: A participle after one of these speaks for the sentence's subject; after another noun it may be that noun's.
WORDS_BEFORE_FREE_PARTICIPLE = frozenset(
    "by and while instead statement tweet letter email message on also after before without".split()
)
#: Participles that attribute even right after a noun: "a statement saying that …".
BOUND_PARTICIPLE_VERBS = frozenset("say claim argue state tell suggest announce declare warn".split())

#: Where there is none of these there is no attribution in a sentence.
CUE_WORDS = VERBS.keys() | SPEECH_NOUNS | {"according", ":"}

ContentAndPattern = tuple[list[Span], str]


def read_sentence(text: str, sentence: Sentence) -> list[Clause]:
    """The attributions of a sentence, in the order of their cues; those within another's content too."""
    reading = SentenceReader(text, sentence.tokens)
    for index, token in enumerate(sentence.tokens):
        if (
            token.lower in CUE_WORDS
            and index >= reading.cue_end
            and (clause := _clause_at(reading, index)) is not None
        ):
            reading.clauses.append(clause)
    return reading.clauses


def _clause_at(reading: SentenceReader, index: int) -> Clause | None:
    """The attribution whose cue is at a token."""
    token = reading.tokens[index]
    if token.text == ":":
        quoted = index + 1 < len(reading.tokens) and reading.tokens[index + 1].kind == "quote"
        return read_colon(reading, index) if quoted else None
    if token.kind != "word":
        return None
    if token.lower == "according" and reading.lower_at(index + 1) == "to":
        return read_according_to(reading, index)
    verb = VERBS.get(token.lower)
    clause = _verb_clause(reading, index, verb) if verb is not None and not (token.is_capital and index) else None
    if clause is None and token.lower in SPEECH_NOUNS:
        return read_claim_noun(reading, index)
    return clause


# --- Verbs ------------------------------------------------------------------------------------


def _verb_clause(reading: SentenceReader, index: int, verb: Verb) -> Clause | None:
    tokens = reading.tokens
    group = _group_start(tokens, index)
    helpers = {token.lower for token in tokens[group:index]}
    if _is_not_cue_verb(tokens, index, group, helpers, verb) or _is_infinitive_or_noun(tokens, index, group, verb):
        return None
    complement = read_complement(reading, index, verb)
    if not helpers & AUXILIARIES and (inverted := _inverted_clause(reading, index, verb)) is not None:
        return inverted
    if verb.form == "gerund" and not helpers & BE_FORMS:
        return _participle_clause(reading, index, verb, complement)
    subject, made = subject_before(tokens, group), None
    coordinated = subject is None and _is_coordinated(reading, group)
    if coordinated:
        subject = _shared_subject(reading, group, verb)
    if subject is None or (
        tokens[index].lower in VERB_OR_NOUN_FORMS and not _fits_subject(tokens, subject, group, index)
    ):
        return None
    if tokens[subject.start].lower in NEGATIVE_SUBJECTS or reading.lower_at(subject.start - 1) in NEGATIVE_SUBJECTS:
        return None  # "Neither Moscow nor Pyongyang has acknowledged"
    if not coordinated:
        made = _content_before(reading, subject, complement, verb)
    made = made or _content_after(reading, index, subject, complement, verb)
    pattern = _pattern_name(made[1], helpers, coordinated=coordinated) if made is not None else None
    if made is None or pattern is None:
        return None
    reading.last_subject, reading.last_form = subject, verb.form
    group = next((i for i in range(group, index + 1) if tokens[i].lower not in ("and", "but")), index)
    cue = reading.span(max(group, subject.end) if subject.end <= index else group, index + 1)
    return Clause(reading.span(subject.start, subject.end), (cue,), tuple(made[0]), pattern, verb.reporting)


def _pattern_name(pattern: str, helpers: set[str], *, coordinated: bool) -> str | None:
    """A pattern's name with what its verb group makes of it; None where nothing was said at all."""
    if helpers & (NEGATIONS | MODAL_VERBS):
        return None  # "did not say", "would say": nothing was said, or not yet
    return f"and {pattern}" if coordinated else pattern


def _group_start(tokens: Sequence[Token], index: int) -> int:
    """Where the verb group of a cue begins: "has also repeatedly | said", "went on to | say"."""
    group = index
    while group > 0 and tokens[group - 1].kind == "word" and _in_group(tokens, group - 1):
        group -= 1
    while group == 0 and group < index and is_adverb(tokens[group].lower) and tokens[group].lower != "also":
        group += 1
    return group


def _in_group(tokens: Sequence[Token], index: int) -> bool:
    word = tokens[index].lower
    if word == "to" and index > 1:
        return tokens[index - 1].lower in INFINITIVE_LEAD_INS
    if word in INFINITIVE_LEAD_INS and index + 1 < len(tokens) and tokens[index + 1].lower in ("to", "on", "first"):
        return True
    return word in AUXILIARIES or (is_adverb(word) and word not in OUTSIDE_VERB_GROUP)


def _is_not_cue_verb(tokens: Sequence[Token], index: int, group: int, helpers: set[str], verb: Verb) -> bool:
    """ "was reported", "known as", "announced by": passives and participles of somebody else's."""
    following = tokens[index + 1].lower if index + 1 < len(tokens) else ""
    if following in SENSE_CHANGING_WORDS:
        return True
    if verb.form == "participle" and not helpers & HAVE_FORMS:
        return True
    if verb.form in ("past", "participle") and (helpers & BE_FORMS or following == "by"):
        return True
    if verb.lemma in NAMING_VERBS and verb.form == "past" and group and not helpers:
        before = tokens[group - 1]  # "a website called Real News"
        speaks = before.is_capital or before.lower in SUBJECT_PRONOUNS | SPEAKER_NOUNS | RELATIVES
        return before.kind == "word" and not speaks
    return False


def _is_infinitive_or_noun(tokens: Sequence[Token], index: int, group: int, verb: Verb) -> bool:
    """ "to say", "off the charge", "the report": an infinitive or a noun, by the word before it."""
    if group == 0:
        return verb.form in ("base", "participle")
    before = tokens[group - 1]
    if before.kind != "word":
        return False
    if before.lower in WORDS_BEFORE_NON_CUE:
        return True
    if verb.form != "gerund" and before.lower in PREPOSITIONS:
        return before.lower not in ("before", "after", "since", "until") or verb.form == "base"
    noun = tokens[index].lower in VERB_OR_NOUN_FORMS
    if before.lower in QUANTIFIERS and not noun:
        return False
    owned = before.lower in DETERMINERS or is_possessive(before.lower) or before.lower in PREPOSITIONS
    return (noun or verb.form == "base") and owned


def _fits_subject(tokens: Sequence[Token], subject: Phrase, group: int, index: int) -> bool:
    """May a form that is a noun too be the verb of this subject? "Officials claim", not "Insurance claim"."""
    last, word = tokens[head_index(tokens, subject)], tokens[index].lower
    head = last.lower
    speaks = last.is_capital or head in SPEAKER_NOUNS | SUBJECT_PRONOUNS | RELATIVES
    if not speaks and not head.endswith("s") and head not in PLURAL_NOUNS:
        return False
    if head in SUBJECT_PRONOUNS or subject.core_end < group:
        return True
    plural = head.endswith("s") and not is_possessive(head)
    if word.endswith("s"):
        return not plural or last.is_capital
    return not word.endswith("ing") and (plural or head in PLURAL_NOUNS)


def _is_coordinated(reading: SentenceReader, group: int) -> bool:
    """ "… and added that", "…, but insists": a verb without a subject of its own."""
    before = reading.lower_at(group - 1)
    return before in ("and", "but", "or", "then") or (before == "," and reading.last_subject is not None)


def _shared_subject(reading: SentenceReader, group: int, verb: Verb) -> Phrase | None:
    """Whose verb it is then: the attribution's before it, or the sentence's first subject."""
    if reading.last_subject is not None:
        return reading.last_subject if verb.form == reading.last_form else None
    first = first_subject(reading.tokens, 0, group)
    return first[0] if first is not None and verb.form in ("past", "s") else None


# --- What was said before the cue -------------------------------------------------------------


def _inverted_clause(reading: SentenceReader, index: int, verb: Verb) -> Clause | None:
    """`"…," said Lee` and `…, said Lee`: the cue stands before its subject, after what was said."""
    tokens = reading.tokens
    if verb.lemma not in INVERTING_VERBS or verb.form not in ("past", "s"):
        return None
    source = subject_after(tokens, index + 1, len(tokens))
    if source is None:
        return None
    cue = (reading.span(index, index + 1),)
    if index == 0:
        if reading.lower_at(source.core_end) not in (":", ",") or source.core_end + 1 >= len(tokens):
            return None
        if tokens[source.core_end + 1].kind != "quote":
            return None
        content = (reading.span(source.core_end + 1, reading.quotes_end(source.core_end + 1)),)
        return Clause(reading.span(source.start, source.core_end), cue, content, "right quote")
    quoted = tokens[index - 1].kind == "quote"
    quoted = quoted or (tokens[index - 1].text in SEPARATORS and index > 1 and tokens[index - 2].kind == "quote")
    left = reading.trim_marks(reading.left_content_end, index)
    if left is None or not (quoted or (_is_inversion(reading, index, source) and reading.has_enough_words(*left))):
        return None
    around = (reading.span(*left), *resumed_content(reading, source.end))
    reading.left_content_end = source.end
    reading.last_subject, reading.last_form = source, verb.form
    kind = "left quote" if tokens[left[1] - 1].kind == "quote" else "left clause"
    return Clause(reading.span(source.start, source.end), cue, around, f"inverted {kind}", verb.reporting)


def _is_inversion(reading: SentenceReader, index: int, source: Phrase) -> bool:
    """Without a quotation before it: does "…, said Lee" end what it says, and is Lee no part of what follows?"""
    tokens = reading.tokens
    if tokens[index - 1].text not in (",", "—", "–", "?", "!"):
        return False
    after = tokens[source.core_end] if source.core_end < len(tokens) else None
    if after is not None and is_finite(tokens, source.core_end):
        return False
    if after is not None and after.kind == "word" and after.lower not in AFTER_INVERSION:
        return False
    return subject_before(tokens, index) is None or has_verb(tokens, 0, index - 1)


def _content_before(
    reading: SentenceReader, subject: Phrase, complement: Complement, verb: Verb
) -> ContentAndPattern | None:
    """What was said before the subject: `"…," he said`; `Moscow may offer it, Lee added, if …`."""
    tokens = reading.tokens
    if subject.start <= reading.left_content_end or complement.kind in ("that", "infinitive"):
        return None
    if complement.start is None and tokens[subject.start - 1].lower == "as":
        return _as_clause_content(reading, subject, complement)
    edge = subject.start - 1
    while (
        edge > reading.left_content_end and tokens[edge].lower in ("as", "and", "but") and tokens[edge - 1].text == ","
    ):
        edge -= 1
    left = reading.trim_marks(reading.left_content_end, subject.start)
    if left is None:
        return None
    quoted = tokens[left[1] - 1].kind == "quote" and edge <= left[1]
    lead_in = tokens[left[0]].lower in LEAD_INS
    interrupts = complement.kind == "quote" and tokens[(complement.start or 1) - 1].text == ","
    closed = complement.start is None or (interrupts and (quoted or not lead_in))
    adjoined = complement.kind in ("clause", "noun", "question") and tokens[complement.start or 0].lower in ADJUNCTS
    if adjoined and (quoted or verb.lemma in PLAIN_SAYING_VERBS):
        closed = True
    if quoted:
        return _quote_before(reading, left, tokens[edge], complement, closed=closed)
    if not closed or (tokens[edge].text not in SEPARATORS and tokens[edge].text not in ("?", "!")):
        return None
    if not complement.has_addressee and (verb.lemma == "tell" or not set("bt") & set(verb.frame)):
        return None
    if not reading.has_enough_words(*left) or not _is_statement(reading, *left, complement):
        return None
    return _content_around(reading, left, complement), "left clause"


def _quote_before(
    reading: SentenceReader, left: tuple[int, int], before: Token, complement: Complement, *, closed: bool
) -> ContentAndPattern | None:
    """The same where a quotation stands right before the subject."""
    tokens, words = reading.tokens, strip_quote_marks(reading.tokens[left[1] - 1])
    alone, short = left[1] - left[0] == 1, len(words.split()) <= MAX_TITLE_QUOTE_WORDS
    if not closed and not alone and short:
        return None
    ends = words[-1:] in ",?!.—–…-" or before.text in SEPARATORS or (closed and not short)
    lead_in = not alone and tokens[left[0]].lower in LEAD_INS
    resumes = complement.kind == "quote"
    open_ended = complement.kind in ("clause", "noun", "question") and words[-1:] not in ",?!."
    if not ends or open_ended or not (closed or resumes or not lead_in):
        return None
    if not alone and tokens[left[1] - 2].text == ":":
        left = (left[1] - 1, left[1])  # "Lee was blunt: “It is over,” he said."
    return _content_around(reading, left, complement), "left quote"


def _as_clause_content(reading: SentenceReader, subject: Phrase, complement: Complement) -> ContentAndPattern | None:
    """ "As Lee noted, it is over" and "It is over, as Lee noted"."""
    tokens = reading.tokens
    before = reading.trim_marks(reading.left_content_end, subject.start - 1)
    if before and tokens[subject.start - 2].text in SEPARATORS and reading.has_enough_words(*before):
        return _content_around(reading, before, complement), "left as"
    after = reading.trim_marks(complement.adjuncts_end, find_content_end(reading, complement.adjuncts_end, ""))
    if (
        before is None
        and after
        and reading.lower_at(complement.adjuncts_end) == ","
        and reading.has_enough_words(*after)
    ):
        return [reading.span(*after)], "right as"
    return None


def _content_around(reading: SentenceReader, left: tuple[int, int], complement: Complement) -> list[Span]:
    """What stands before an attribution, and what goes on after it."""
    resume = (
        complement.start if complement.kind == "quote" and complement.start is not None else complement.adjuncts_end
    )
    unfinished = left[1] - left[0] > 1 and not has_verb(reading.tokens, *left)
    content = [reading.span(*left), *resumed_content(reading, resume, unfinished=unfinished)]
    reading.left_content_end = complement.adjuncts_end
    return content


def _is_statement(reading: SentenceReader, start: int, end: int, complement: Complement) -> bool:
    """Is what stands before ", Lee said" a statement, and not the lead-in of the sentence?

    "The plan is dead, Lee said." but not "In an interview, Lee said."; "Time, Lee added, was short."
    """
    tokens, at = reading.tokens, complement.adjuncts_end
    if has_verb(tokens, start, end):
        return tokens[start].lower not in RELATIVES
    lead_in = tokens[start].lower in LEAD_INS or tokens[start].lower.endswith("ing")
    if (
        end - start >= MIN_VERBLESS_STATEMENT_TOKENS
        and not lead_in
        and reading.lower_at(complement.adjuncts_end) in (".", "")
    ):
        return True  # its verb is one that is not known
    if at + 1 >= len(tokens) or tokens[at].text not in SEPARATORS or tokens[start].lower == "asked":
        return False
    noun = tokens[start].lower not in PREPOSITIONS and tokens[at + 1].lower not in ASIDE_OPENERS
    return has_verb(tokens, at, len(tokens)) or (noun and not tokens[at + 1].lower.endswith("ing"))


# --- What was said after the cue --------------------------------------------------------------


def _content_after(
    reading: SentenceReader, index: int, subject: Phrase, complement: Complement, verb: Verb
) -> ContentAndPattern | None:
    """What was said after the cue: `said that …`, `said: “…”`, `vowed to …`, `criticised the …`."""
    kind = admitted_kind(reading, complement, verb, index)
    if kind is None or complement.start is None:
        return None
    tokens, ceiling = reading.tokens, None
    introduced = subject.start > 0 and tokens[subject.start - 1].lower in SUBORDINATE_OPENERS
    if introduced or tokens[subject.start].lower in RELATIVES:
        # "As Lee says that it is over, he is …", "Kim, who says it is over, …": the main clause comes after.
        ceiling = next((i for i in range(complement.start + 1, len(tokens)) if tokens[i].text == ","), None)
    content = _content_from(reading, complement.start, kind, verb.form, ceiling)
    if content is None:
        return None
    verbal = has_verb(tokens, complement.start, reading.index_at(content.end))
    if kind == "clause" and verb.lemma not in CLAUSE_TAKING_VERBS and not verbal:
        kind = "noun"  # the verb that was seen lies beyond: "confirmed the number but asked how it was reached"
    return ([content], f"right {kind}") if kind != "noun" or set("np") & set(verb.frame) else None


def _content_from(reading: SentenceReader, at: int, kind: str, form: str, ceiling: int | None) -> Span | None:
    """What was said from a token on; None where it is too little."""
    if kind == "quote" and reading.is_complete_quote(at):
        end = reading.quotes_end(at)
    else:
        end = find_content_end(reading, at, form, ceiling)
    piece = reading.trim_marks(at, end)
    if piece is None or not reading.has_enough_words(*piece, fewest=1 if kind == "quote" else MIN_STATEMENT_WORDS):
        return None
    return reading.span(*piece)


def _participle_clause(reading: SentenceReader, index: int, verb: Verb, complement: Complement) -> Clause | None:
    """ "…, adding that …": the subject of the sentence, or of the attribution before it, says that too."""
    kind = admitted_kind(reading, complement, verb, index)
    if (
        kind is None
        or complement.start is None
        or not verb.reporting
        or not _is_free_participle(reading, index, verb, kind)
    ):
        return None
    if kind == "noun" and verb.lemma in ("cite", "quote"):
        return None  # "…, citing the ministry": whose words they are, which is a step of the chain
    subject, ceiling = reading.last_subject, None
    if index == 0:
        main = first_subject(reading.tokens, complement.start + 1, len(reading.tokens))
        if main is None:
            return None
        subject = main[0]
        commas = range(subject.start - 1, complement.start, -1)
        ceiling = next((i for i in commas if reading.tokens[i].text == ","), None)
        if ceiling is None:
            return None
    elif subject is None:
        first = first_subject(reading.tokens, 0, index)
        subject = first[0] if first is not None else None
    content = _content_from(reading, complement.start, kind, "gerund", ceiling)
    if subject is None or content is None:
        return None
    cue = (reading.span(index, index + 1),)
    return Clause(reading.span(subject.start, subject.end), cue, (content,), f"participle {kind}")


def _is_free_participle(reading: SentenceReader, index: int, verb: Verb, kind: str) -> bool:
    """Does a participle speak for the sentence's subject, and not for the noun before it?"""
    before = reading.tokens[index - 1] if index else None
    if (
        before is None
        or before.kind != "word"
        or before.lower in WORDS_BEFORE_FREE_PARTICIPLE
        or is_adverb(before.lower)
    ):
        return True
    return kind in ("that", "clause", "quote", "colon") and verb.lemma in BOUND_PARTICIPLE_VERBS
