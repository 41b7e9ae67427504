"""Attributions within one sentence: which words a cue attributes, and to whom. Rules over tokens.

Every cue is looked at in turn: its subject, on which side of it what was said stands, and where that
ends. Quotations are single tokens here, so what is inside them cannot lead astray.
"""

from __future__ import annotations

from collections.abc import Sequence

from articles.extraction.attribution.complements import SAYING, Complement, admitted, read_complement
from articles.extraction.attribution.content_end import ASIDES, content_end, resumed
from articles.extraction.attribution.finite_verbs import has_verb, is_finite
from articles.extraction.attribution.nominal import according, claim, colon
from articles.extraction.attribution.noun_phrases import Phrase, head_of, subject_after
from articles.extraction.attribution.reader import FEWEST_WORDS, SEPARATORS, Clause, Reading, bare_quote
from articles.extraction.attribution.subjects import first_subject, subject_before
from articles.extraction.document import Sentence, Token
from articles.extraction.lexicon.cues import INVERTING, NOUNS_TOO, SAID_NOUNS, VERBS, Verb
from articles.extraction.lexicon.word_classes import (
    AUXILIARIES,
    BE,
    DAYS,
    DETERMINERS,
    PREPOSITIONS,
    RELATIVES,
    SPEAKING_NOUNS,
    SUBJECT_PRONOUNS,
    is_adverb,
    is_possessive,
)
from articles.extraction.proposal import Span

#: Before "to", these make a statement of an infinitive: "went on to say".
GOING_ON = frozenset(
    "went goes on continued continues quick first happy proud keen careful took used liked likes".split()
)
NEGATIONS = frozenset(
    "not n't never didn't doesn't don't hasn't haven't hadn't isn't aren't wasn't refused declined".split()
)
CONDITIONAL = frozenset(
    "would could can may might must should will shall wouldn't couldn't can't won't cannot".split()
)
#: A clause that these open is a side one.
INTRODUCING = frozenset("as while when although though after before because since if whenever until".split())
PLURAL = frozenset("people police men women others who some many most few".split())
QUANTITIES = frozenset("many some most few both all others".split())
HAVE = frozenset("has have had having hasn't haven't hadn't".split())
NAMING = frozenset("call dub label brand".split())
NOBODY = frozenset("neither nor no none nobody".split())
LEADING_NOWHERE = frozenset("help helps helped didn't let let's please to of a an the no any".split())
#: Directions and reflexives that give a verb another sense: "called off", "described himself".
OTHER_SENSES = frozenset("off down up itself himself herself themselves".split())
#: No part of a verb group, though they may stand between a subject and its verb.
NOT_GROUPED = frozenset("there here yesterday today both all".split())
#: A quotation of so few words before a subject may be a title: "On Wednesday's “Newshour,” Lee said it was over."
SHORT_QUOTE = 4
#: So many tokens before ", Lee said." are a statement, though no verb be seen in them.
LONG_STATEMENT = 5
#: What opens a sentence before its subject and is no statement of anybody's.
LEAD_INS = PREPOSITIONS | frozenset("asked when while as calling saying citing speaking writing".split())
#: After a cue these begin when, where and how it was said; what was said stands before.
ADJUNCTS = frozenset(
    "after as during while before when in on at through via with from of about because following".split()
)
#: Verbs that say no more than that it was said: when and where may follow.
PLAIN = frozenset("say tell add write report note explain announce declare state argue warn".split())
#: After an inverted subject: nothing, or when, where and who.
AFTER_INVERSION = PREPOSITIONS | DAYS | frozenset("last late early earlier this who as when".split())
#: A participle after one of these speaks for the sentence's subject; after another noun it may be that noun's.
FREE = frozenset("by and while instead statement tweet letter email message on also after before without".split())
#: Participles that attribute even right after a noun: "a statement saying that …".
BOUND = frozenset("say claim argue state tell suggest announce declare warn".split())

#: Where there is none of these there is no attribution in a sentence.
CUES = VERBS.keys() | SAID_NOUNS | {"according", ":"}

Found = tuple[list[Span], str]


def read_sentence(text: str, sentence: Sentence) -> list[Clause]:
    """The attributions of a sentence, in the order of their cues; those within another's content too."""
    reading = Reading(text, sentence.tokens)
    for index, token in enumerate(sentence.tokens):
        if token.lower in CUES and index >= reading.taken_until and (clause := _at(reading, index)) is not None:
            reading.found.append(clause)
    return reading.found


def _at(reading: Reading, index: int) -> Clause | None:
    """The attribution whose cue is at a token."""
    token = reading.tokens[index]
    if token.text == ":":
        quoted = index + 1 < len(reading.tokens) and reading.tokens[index + 1].kind == "quote"
        return colon(reading, index) if quoted else None
    if token.kind != "word":
        return None
    if token.lower == "according" and reading.lower(index + 1) == "to":
        return according(reading, index)
    verb = VERBS.get(token.lower)
    clause = _verb(reading, index, verb) if verb is not None and not (token.is_capital and index) else None
    if clause is None and token.lower in SAID_NOUNS:
        return claim(reading, index)
    return clause


# --- Verbs ------------------------------------------------------------------------------------


def _verb(reading: Reading, index: int, verb: Verb) -> Clause | None:
    tokens = reading.tokens
    group = _group_start(tokens, index)
    helpers = {token.lower for token in tokens[group:index]}
    if _is_no_verb(tokens, index, group, helpers, verb) or _leads_nowhere(tokens, index, group, verb):
        return None
    complement = read_complement(reading, index, verb)
    if not helpers & AUXILIARIES and (inverted := _inverted(reading, index, verb)) is not None:
        return inverted
    if verb.form == "gerund" and not helpers & BE:
        return _participle(reading, index, verb, complement)
    subject, made = subject_before(tokens, group), None
    coordinated = subject is None and _is_coordinated(reading, group)
    if coordinated:
        subject = _subject_of_clause(reading, group, verb)
    if subject is None or (tokens[index].lower in NOUNS_TOO and not _fits(tokens, subject, group, index)):
        return None
    if tokens[subject.start].lower in NOBODY or reading.lower(subject.start - 1) in NOBODY:
        return None  # "Neither Moscow nor Pyongyang has acknowledged"
    if not coordinated:
        made = _leftwards(reading, subject, complement, verb)
    made = made or _rightwards(reading, index, subject, complement, verb)
    pattern = _pattern(made[1], helpers, coordinated=coordinated) if made is not None else None
    if made is None or pattern is None:
        return None
    reading.subject, reading.form = subject, verb.form
    group = next((i for i in range(group, index + 1) if tokens[i].lower not in ("and", "but")), index)
    cue = reading.span(max(group, subject.end) if subject.end <= index else group, index + 1)
    return Clause(reading.span(subject.start, subject.end), (cue,), tuple(made[0]), pattern, verb.reporting)


def _pattern(pattern: str, helpers: set[str], *, coordinated: bool) -> str | None:
    """A pattern's name with what its verb group makes of it; None where nothing was said at all."""
    if helpers & (NEGATIONS | CONDITIONAL):
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
        return tokens[index - 1].lower in GOING_ON
    if word in GOING_ON and index + 1 < len(tokens) and tokens[index + 1].lower in ("to", "on", "first"):
        return True
    return word in AUXILIARIES or (is_adverb(word) and word not in NOT_GROUPED)


def _is_no_verb(tokens: Sequence[Token], index: int, group: int, helpers: set[str], verb: Verb) -> bool:
    """ "was reported", "known as", "announced by": passives and participles of somebody else's."""
    following = tokens[index + 1].lower if index + 1 < len(tokens) else ""
    if following in OTHER_SENSES:
        return True
    if verb.form == "participle" and not helpers & HAVE:
        return True
    if verb.form in ("past", "participle") and (helpers & BE or following == "by"):
        return True
    if verb.lemma in NAMING and verb.form == "past" and group and not helpers:
        before = tokens[group - 1]  # "a website called Real News"
        speaks = before.is_capital or before.lower in SUBJECT_PRONOUNS | SPEAKING_NOUNS | RELATIVES
        return before.kind == "word" and not speaks
    return False


def _leads_nowhere(tokens: Sequence[Token], index: int, group: int, verb: Verb) -> bool:
    """ "to say", "off the charge", "the report": an infinitive or a noun, by the word before it."""
    if group == 0:
        return verb.form in ("base", "participle")
    before = tokens[group - 1]
    if before.kind != "word":
        return False
    if before.lower in LEADING_NOWHERE:
        return True
    if verb.form != "gerund" and before.lower in PREPOSITIONS:
        return before.lower not in ("before", "after", "since", "until") or verb.form == "base"
    noun = tokens[index].lower in NOUNS_TOO
    if before.lower in QUANTITIES and not noun:
        return False
    owned = before.lower in DETERMINERS or is_possessive(before.lower) or before.lower in PREPOSITIONS
    return (noun or verb.form == "base") and owned


def _fits(tokens: Sequence[Token], subject: Phrase, group: int, index: int) -> bool:
    """May a form that is a noun too be the verb of this subject? "Officials claim", not "Insurance claim"."""
    last, word = tokens[head_of(tokens, subject)], tokens[index].lower
    head = last.lower
    speaks = last.is_capital or head in SPEAKING_NOUNS | SUBJECT_PRONOUNS | RELATIVES
    if not speaks and not head.endswith("s") and head not in PLURAL:
        return False
    if head in SUBJECT_PRONOUNS or subject.core < group:
        return True
    plural = head.endswith("s") and not is_possessive(head)
    if word.endswith("s"):
        return not plural or last.is_capital
    return not word.endswith("ing") and (plural or head in PLURAL)


def _is_coordinated(reading: Reading, group: int) -> bool:
    """ "… and added that", "…, but insists": a verb without a subject of its own."""
    before = reading.lower(group - 1)
    return before in ("and", "but", "or", "then") or (before == "," and reading.subject is not None)


def _subject_of_clause(reading: Reading, group: int, verb: Verb) -> Phrase | None:
    """Whose verb it is then: the attribution's before it, or the sentence's first subject."""
    if reading.subject is not None:
        return reading.subject if verb.form == reading.form else None
    first = first_subject(reading.tokens, 0, group)
    return first[0] if first is not None and verb.form in ("past", "s") else None


# --- What was said before the cue -------------------------------------------------------------


def _inverted(reading: Reading, index: int, verb: Verb) -> Clause | None:
    """`"…," said Lee` and `…, said Lee`: the cue stands before its subject, after what was said."""
    tokens = reading.tokens
    if verb.lemma not in INVERTING or verb.form not in ("past", "s"):
        return None
    source = subject_after(tokens, index + 1, len(tokens))
    if source is None:
        return None
    cue = (reading.span(index, index + 1),)
    if index == 0:
        if reading.lower(source.core) not in (":", ",") or source.core + 1 >= len(tokens):
            return None
        if tokens[source.core + 1].kind != "quote":
            return None
        content = (reading.span(source.core + 1, reading.quotes_end(source.core + 1)),)
        return Clause(reading.span(source.start, source.core), cue, content, "right quote")
    quoted = tokens[index - 1].kind == "quote"
    quoted = quoted or (tokens[index - 1].text in SEPARATORS and index > 1 and tokens[index - 2].kind == "quote")
    left = reading.trimmed(reading.left_until, index)
    if left is None or not (quoted or (_is_turned(reading, index, source) and reading.counts(*left))):
        return None
    around = (reading.span(*left), *resumed(reading, source.end))
    reading.left_until = source.end
    reading.subject, reading.form = source, verb.form
    kind = "left quote" if tokens[left[1] - 1].kind == "quote" else "left clause"
    return Clause(reading.span(source.start, source.end), cue, around, f"inverted {kind}", verb.reporting)


def _is_turned(reading: Reading, index: int, source: Phrase) -> bool:
    """Without a quotation before it: does "…, said Lee" end what it says, and is Lee no part of what follows?"""
    tokens = reading.tokens
    if tokens[index - 1].text not in (",", "—", "–", "?", "!"):
        return False
    after = tokens[source.core] if source.core < len(tokens) else None
    if after is not None and is_finite(tokens, source.core):
        return False
    if after is not None and after.kind == "word" and after.lower not in AFTER_INVERSION:
        return False
    return subject_before(tokens, index) is None or has_verb(tokens, 0, index - 1)


def _leftwards(reading: Reading, subject: Phrase, complement: Complement, verb: Verb) -> Found | None:
    """What was said before the subject: `"…," he said`; `Moscow may offer it, Lee added, if …`."""
    tokens = reading.tokens
    if subject.start <= reading.left_until or complement.kind in ("that", "infinitive"):
        return None
    if complement.at is None and tokens[subject.start - 1].lower == "as":
        return _as_said(reading, subject, complement)
    edge = subject.start - 1
    while edge > reading.left_until and tokens[edge].lower in ("as", "and", "but") and tokens[edge - 1].text == ",":
        edge -= 1
    left = reading.trimmed(reading.left_until, subject.start)
    if left is None:
        return None
    quoted = tokens[left[1] - 1].kind == "quote" and edge <= left[1]
    lead_in = tokens[left[0]].lower in LEAD_INS
    interrupts = complement.kind == "quote" and tokens[(complement.at or 1) - 1].text == ","
    closed = complement.at is None or (interrupts and (quoted or not lead_in))
    adjoined = complement.kind in ("clause", "noun", "question") and tokens[complement.at or 0].lower in ADJUNCTS
    if adjoined and (quoted or verb.lemma in PLAIN):
        closed = True
    if quoted:
        return _left_quote(reading, left, tokens[edge], complement, closed=closed)
    if not closed or (tokens[edge].text not in SEPARATORS and tokens[edge].text not in ("?", "!")):
        return None
    if not complement.told and (verb.lemma == "tell" or not set("bt") & set(verb.frame)):
        return None
    if not reading.counts(*left) or not _is_statement(reading, *left, complement):
        return None
    return _around(reading, left, complement), "left clause"


def _left_quote(
    reading: Reading, left: tuple[int, int], before: Token, complement: Complement, *, closed: bool
) -> Found | None:
    """The same where a quotation stands right before the subject."""
    tokens, words = reading.tokens, bare_quote(reading.tokens[left[1] - 1])
    alone, short = left[1] - left[0] == 1, len(words.split()) <= SHORT_QUOTE
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
    return _around(reading, left, complement), "left quote"


def _as_said(reading: Reading, subject: Phrase, complement: Complement) -> Found | None:
    """ "As Lee noted, it is over" and "It is over, as Lee noted"."""
    tokens = reading.tokens
    before = reading.trimmed(reading.left_until, subject.start - 1)
    if before and tokens[subject.start - 2].text in SEPARATORS and reading.counts(*before):
        return _around(reading, before, complement), "left as"
    after = reading.trimmed(complement.passed, content_end(reading, complement.passed, ""))
    if before is None and after and reading.lower(complement.passed) == "," and reading.counts(*after):
        return [reading.span(*after)], "right as"
    return None


def _around(reading: Reading, left: tuple[int, int], complement: Complement) -> list[Span]:
    """What stands before an attribution, and what goes on after it."""
    resume = complement.at if complement.kind == "quote" and complement.at is not None else complement.passed
    unfinished = left[1] - left[0] > 1 and not has_verb(reading.tokens, *left)
    content = [reading.span(*left), *resumed(reading, resume, unfinished=unfinished)]
    reading.left_until = complement.passed
    return content


def _is_statement(reading: Reading, start: int, end: int, complement: Complement) -> bool:
    """Is what stands before ", Lee said" a statement, and not the lead-in of the sentence?

    "The plan is dead, Lee said." but not "In an interview, Lee said."; "Time, Lee added, was short."
    """
    tokens, at = reading.tokens, complement.passed
    if has_verb(tokens, start, end):
        return tokens[start].lower not in RELATIVES
    lead_in = tokens[start].lower in LEAD_INS or tokens[start].lower.endswith("ing")
    if end - start >= LONG_STATEMENT and not lead_in and reading.lower(complement.passed) in (".", ""):
        return True  # its verb is one that is not known
    if at + 1 >= len(tokens) or tokens[at].text not in SEPARATORS or tokens[start].lower == "asked":
        return False
    noun = tokens[start].lower not in PREPOSITIONS and tokens[at + 1].lower not in ASIDES
    return has_verb(tokens, at, len(tokens)) or (noun and not tokens[at + 1].lower.endswith("ing"))


# --- What was said after the cue --------------------------------------------------------------


def _rightwards(reading: Reading, index: int, subject: Phrase, complement: Complement, verb: Verb) -> Found | None:
    """What was said after the cue: `said that …`, `said: “…”`, `vowed to …`, `criticised the …`."""
    kind = admitted(reading, complement, verb, index)
    if kind is None or complement.at is None:
        return None
    tokens, ceiling = reading.tokens, None
    introduced = subject.start > 0 and tokens[subject.start - 1].lower in INTRODUCING
    if introduced or tokens[subject.start].lower in RELATIVES:
        # "As Lee says that it is over, he is …", "Kim, who says it is over, …": the main clause comes after.
        ceiling = next((i for i in range(complement.at + 1, len(tokens)) if tokens[i].text == ","), None)
    content = _after(reading, complement.at, kind, verb.form, ceiling)
    if content is None:
        return None
    verbal = has_verb(tokens, complement.at, reading.index_at(content.end))
    if kind == "clause" and verb.lemma not in SAYING and not verbal:
        kind = "noun"  # the verb that was seen lies beyond: "confirmed the number but asked how it was reached"
    return ([content], f"right {kind}") if kind != "noun" or set("np") & set(verb.frame) else None


def _after(reading: Reading, at: int, kind: str, form: str, ceiling: int | None) -> Span | None:
    """What was said from a token on; None where it is too little."""
    if kind == "quote" and reading.is_whole(at):
        end = reading.quotes_end(at)
    else:
        end = content_end(reading, at, form, ceiling)
    piece = reading.trimmed(at, end)
    if piece is None or not reading.counts(*piece, fewest=1 if kind == "quote" else FEWEST_WORDS):
        return None
    return reading.span(*piece)


def _participle(reading: Reading, index: int, verb: Verb, complement: Complement) -> Clause | None:
    """ "…, adding that …": the subject of the sentence, or of the attribution before it, says that too."""
    kind = admitted(reading, complement, verb, index)
    if kind is None or complement.at is None or not verb.reporting or not _is_free(reading, index, verb, kind):
        return None
    if kind == "noun" and verb.lemma in ("cite", "quote"):
        return None  # "…, citing the ministry": whose words they are, which is a step of the chain
    subject, ceiling = reading.subject, None
    if index == 0:
        main = first_subject(reading.tokens, complement.at + 1, len(reading.tokens))
        if main is None:
            return None
        subject = main[0]
        commas = range(subject.start - 1, complement.at, -1)
        ceiling = next((i for i in commas if reading.tokens[i].text == ","), None)
        if ceiling is None:
            return None
    elif subject is None:
        first = first_subject(reading.tokens, 0, index)
        subject = first[0] if first is not None else None
    content = _after(reading, complement.at, kind, "gerund", ceiling)
    if subject is None or content is None:
        return None
    cue = (reading.span(index, index + 1),)
    return Clause(reading.span(subject.start, subject.end), cue, (content,), f"participle {kind}")


def _is_free(reading: Reading, index: int, verb: Verb, kind: str) -> bool:
    """Does a participle speak for the sentence's subject, and not for the noun before it?"""
    before = reading.tokens[index - 1] if index else None
    if before is None or before.kind != "word" or before.lower in FREE or is_adverb(before.lower):
        return True
    return kind in ("that", "clause", "quote", "colon") and verb.lemma in BOUND
