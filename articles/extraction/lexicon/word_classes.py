"""List word classes that delimit phrases without a parser, in lower case."""

from __future__ import annotations

SUBJECT_PRONOUNS = frozenset("he she they it i we you who someone somebody everyone everybody nobody".split())
DETERMINERS = frozenset(
    "the a an this that these those some many several most all both each every any no another other one two three four "
    "five six seven eight nine ten dozens hundreds few more".split()
)
POSSESSIVES = frozenset("his her its their my our your whose".split())
PREPOSITIONS = frozenset(
    "of for in at from with on to by near under over outside inside against about among amid between during within "
    "without through via despite following behind beyond beside across along around toward towards into onto upon per "
    "like unlike including concerning regarding throughout until since after before".split()
)
#: Prepositions that continue a noun phrase ("a spokesman for the ministry").
PHRASE_PREPOSITIONS = frozenset("of for from at with in on near behind against by to".split())
#: These open a clause; a subject never extends across them.
SUBORDINATORS = frozenset(
    "but while as when whenever because although though since before after whereas that which who whom whose where if so "
    "until unless than whether what how why once lest yet nor".split()
)
RELATIVES = frozenset("who which whose whom where".split())
COORDINATORS = frozenset("and or but nor yet".split())
BE_FORMS = frozenset("be is are was were been being am isn't aren't wasn't weren't 's 're 'm".split())
AUXILIARIES = BE_FORMS | frozenset(
    "has have had having do does did will would can could may might must should shall hasn't haven't hadn't don't doesn't "
    "didn't won't wouldn't can't couldn't shouldn't cannot".split()
)
#: Forms that are always, or nearly always, finite verbs.
FINITE_VERBS = AUXILIARIES - frozenset(
    ("be", "been", "being", "having", "may", "might", "must", "can", "will")
) | frozenset(
    "came went took got began became gave knew saw ran fell rose grew held kept led lost met paid sent sold spoke stood "
    "told thought won wrote brought bought built caught chose drew drove ate flew forgot fought found left lay meant "
    "sang sat shook shot showed slept spent struck swore taught threw understood wore "
    "says gets goes comes takes makes gives seems appears remains becomes keeps knows".split()
)
#: "it's" contains a verb; "Lee's" rarely does.
CONTRACTION_HEADS = frozenset("it he she that there what who here where how let".split())
#: Past forms that equal the base form: finite after a name or a pronoun.
UNCHANGED_PAST_FORMS = frozenset("hit put set cut let quit beat shut hurt cost cast split spread bet".split())
#: Adverbs between a subject and its verb, part of neither.
ADVERBS = frozenset(
    "also later then already further once again still never even just now bluntly first often always sometimes ever too "
    "himself herself themselves itself both all not n't recently so far since long soon however instead rather only nearly "
    "almost ago twice there here today yesterday earlier".split()
)
#: Words that open a sentence and are not part of its subject.
SENTENCE_OPENERS = frozenset(
    "however meanwhile separately earlier later still instead also nevertheless moreover furthermore additionally indeed "
    "afterwards overall then yesterday today tonight here there finally again but and so yet nonetheless elsewhere "
    "similarly thus therefore eventually ultimately perhaps now once or nor".split()
)
CALENDAR_WORDS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august "
    "september october november december today yesterday tonight".split()
)
#: Common nouns for speakers, singular and plural.
SPEAKER_NOUNS = frozenset(
    word + ending
    for word in "official spokesman spokeswoman spokesperson lawmaker minister ministry agency report survey study poll "
    "researcher scientist expert analyst government council company source witness resident critic prosecutor lawyer judge "
    "court president mayor governor senator commander soldier investigator doctor officer aide diplomat union campaigner "
    "activist group parent neighbour neighbor memo document letter assessment figure leader chief director manager "
    "organiser organizer supporter opponent voter adviser advisor strategist economist historian professor teacher nurse "
    "engineer farmer worker driver passenger owner author writer reporter journalist newspaper editor statement "
    "attorney detective chairman chairwoman secretary ambassador executive representative member delegate candidate "
    "campaign committee commission administration department regulator watchdog firm operator broadcaster police "
    "military army family people spokespeople authority coroner inspector trust board panel team inquiry post "
    "email tweet transcript filing lawsuit complaint indictment ruling audit review paper article editorial".split()
    for ending in ("", "s")
) | frozenset(
    "families ministries agencies companies authorities parties countries men women witnesses data intelligence others "
    "man woman mother father son daughter wife husband brother sister friend friends party country ministers "
    "secretaries universities university hospital hospitals bank banks".split()
)
TITLES = frozenset(
    "sens reps mr mrs ms miss mx dr prof professor sir dame lord lady sen rep gov president chancellor senator governor general gen "
    "lt maj col capt sgt cpl adm captain colonel major lieutenant sergeant admiral commander rev reverend father bishop "
    "judge justice king queen prince princess councillor cllr mayor minister premier inspector superintendent constable "
    "detective pc pope sheikh ayatollah secretary ambassador commissioner chief".split()
)
#: Words capitalised at the start of a sentence, or as calendar words: never part of a name.
NOT_NAMES = (
    DETERMINERS
    | POSSESSIVES
    | PREPOSITIONS
    | SUBORDINATORS
    | CALENDAR_WORDS
    | frozenset(
        "he she it they we i you and or nor yet so however meanwhile moreover also then there here what not no yes still even "
        "just only now later earlier asked speaking told said correction clarification editor's yesterday tomorrow nobody "
        "everybody everyone somebody nothing something let please thank thanks well oh eleven twelve officials police people "
        "last next first second third such much less own according be is was are were do did does have has had can could will "
        "would may might must should if both either neither it's that's there's i'm we're they're he's she's don't".split()
    )
)

NOT_ADVERBS = frozenset(
    "family july italy supply assembly reply rally bully apply belly jelly folly butterfly anomaly elderly".split()
)


def is_adverb(word: str) -> bool:
    """Return whether a lower-case word is an adverb."""
    return word in ADVERBS or (word.endswith("ly") and len(word) > 4 and word not in NOT_ADVERBS)


def is_contraction(word: str) -> bool:
    """Return whether a lower-case word contains a verb: "it’s", "they've", "isn't"."""
    head, mark, tail = word.replace("’", "'").rpartition("'")
    if not mark:
        return False
    return tail in ("re", "ve", "ll", "d", "m", "t") or (tail == "s" and head in CONTRACTION_HEADS)


def is_possessive(word: str) -> bool:
    """Return whether a lower-case word is possessive: "lee's", "officials’", "his"."""
    return word in POSSESSIVES or word.endswith(("'s", "’s", "s'", "s’"))
