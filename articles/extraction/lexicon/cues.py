"""List the cues: verbs of saying and thinking, and nouns of speech.

Each verb has a frame: what may follow it when it attributes.

    b  a clause without "that" (said it was over)          i  an infinitive (vowed to appeal)
    t  a clause with "that", a question word, a quotation  n  a noun (criticised the plan)
    a  the addressee first (told reporters that)           u  the addressee, then an infinitive (urged ministers to act)
    q  a quotation only (continued, went on)               p  a noun "at" a figure (put the number at 300)

The lists started with the reporting verbs of wire copy. The most frequent cues of PolNeAR's training part
were added. A verb has a frame if it attributes with that frame there more often than not.
"""

from __future__ import annotations

from dataclasses import dataclass

_REPORTING = """
say b tell a add b note b report btn announce btni claim bti state bt warn bta argue b insist b explain bt
acknowledge btn admit btn confirm btn deny tn estimate btn put p suggest b predict bt reply bt respond t ask tau answer t
write bt tweet btn declare bt assert b allege b maintain b contend b stress tn emphasise tn emphasize tn reveal btn
disclose tn conclude bt caution bta concede b remark bt recall bt testify bt promise btia pledge bti vow bti
agree ti complain bt joke bt quip bt repeat t reiterate tn indicate b observe t propose tin recommend tn urge un
demand tni continue q counter t boast bt lament tn muse t opine bt inform a remind a assure a advise au comment tn
post t show bt find b hint bt dispute tn reject n dismiss n forecast bt rule t shout bt exclaim bt elaborate t
clarify t recount t attest bt proclaim bt profess ti affirm bt retort bt interject q describe n call n label n
dub n brand n accuse n blame n praise n criticise n criticize n denounce n condemn n slam n blast n mock n
mention tn cite n quote n question tn defend n tout n speculate bt imply bt signal bt echo tn brief a threaten i
offer i   warrant t laugh q smile q shrug q grin q sigh q whisper bt yell bt scream bt chant bt
cry q mutter bt charge t snap q gush q deadpan q tease bt chide q scoff q fume q crow q plead q protest bt
applaud n attack n decry n bemoan n highlight n express n hail n deride n ridicule n chastise n rebuke n lambaste n
reference n message bt email bt text bt relay tn narrate t instruct au order u invite u encourage u beg u implore u
"""
_THINKING = """
think b believe b want i hope bi expect bi plan i know bt feel bt fear b consider t intend i wonder t doubt t
assume bt worry bt understand bt realise b realize b decide ti hear t see t learn bt seek i suspect bt guess b
figure b imagine b regret t recognise t recognize t remember t discover t determine t anticipate b mean t trust b
wish bi aim i prefer i
"""
#: Irregular verbs: base form -> s-form, past, participle, gerund.
_IRREGULAR = {
    "say": "says said said saying", "tell": "tells told told telling", "write": "writes wrote written writing",
    "read": "reads read read reading", "show": "shows showed shown showing", "find": "finds found found finding",
    "think": "thinks thought thought thinking", "know": "knows knew known knowing", "feel": "feels felt felt feeling",
    "understand": "understands understood understood understanding", "hear": "hears heard heard hearing",
    "see": "sees saw seen seeing", "forecast": "forecasts forecast forecast forecasting",
    "put": "puts put put putting", "mean": "means meant meant meaning", "cry": "cries cried cried crying", "seek": "seeks sought sought seeking",
    "swear": "swears swore sworn swearing", "hold": "holds held held holding",
}  # fmt: skip
_DOUBLING = frozenset("admit quip brag slam plan label regret signal chat confer refer dub".split())


@dataclass(frozen=True, slots=True)
class Verb:
    """A form of a verb that may attribute. `reporting` is False for thinking."""

    lemma: str
    form: str  # "base", "s", "past", "participle" (only where it differs from the past), "gerund"
    frame: str
    reporting: bool


def inflections(base: str) -> list[str]:
    """Return [base, s-form, past, participle, gerund] of an English verb.

    >>> inflections("deny")
    ['deny', 'denies', 'denied', 'denied', 'denying']
    """
    if base in _IRREGULAR:
        return [base, *_IRREGULAR[base].split()]
    if base in _DOUBLING:
        return [base, base + "s", base + base[-1] + "ed", base + base[-1] + "ed", base + base[-1] + "ing"]
    if base.endswith("e"):
        past, gerund = base + "d", base[:-1] + "ing"
        return [base, base + "s", past, past, gerund]
    if base.endswith("y") and base[-2] not in "aeiou":
        return [base, base[:-1] + "ies", base[:-1] + "ied", base[:-1] + "ied", base + "ing"]
    third = base + ("es" if base.endswith(("s", "sh", "ch", "x", "z")) else "s")
    return [base, third, base + "ed", base + "ed", base + "ing"]


def _verbs(table: str, *, reporting: bool) -> dict[str, Verb]:
    words = table.split()
    verbs: dict[str, Verb] = {}
    for lemma, frame in zip(words[::2], words[1::2], strict=True):
        for name, form in zip(("base", "s", "past", "participle", "gerund"), inflections(lemma), strict=True):
            verbs.setdefault(form, Verb(lemma, name, frame, reporting))
    return verbs


VERBS: dict[str, Verb] = _verbs(_THINKING, reporting=False) | _verbs(_REPORTING, reporting=True)
#: Verbs that may stand before their subject, after the content: `"…," said Lee`.
INVERTING_VERBS = frozenset(
    "say add ask reply write note explain warn insist recall continue argue announce declare conclude joke admit report "
    "respond remark observe claim confirm tweet quip state suggest acknowledge predict complain lament exclaim shout "
    "counter concede stress caution muse testify agree read laugh".split()
)
#: Forms that are as often nouns or adjectives. They attribute only directly after a subject and before more
#: than a noun.
VERB_OR_NOUN_FORMS = frozenset(
    "report reports claim claims estimate estimates note notes state states comment comments post posts call calls "
    "promise promises pledge pledges demand demands show shows find finds answer answers charge charges quote quotes "
    "forecast forecasts rule rules read reads warning joke jokes reply replies counter counters plan plans hope hopes "
    "fear fears want thought ruling finding writing reporting saying posting stress advise brief briefs remark remarks "
    "worry worries doubt doubts repeat praise blame urge dispute disputes understanding feeling meaning hearing "
    "mention mentions need needs view views support supports question questions attack attacks address addresses issue "
    "issues list lists tweet tweets offer offers vow vows text texts message messages email emails guess figure figures "
    "trust wish wishes aim aims like dream dreams brand brands label labels cries laugh smile signal signals order orders "
    "reference back decline declines hint hints charge welcome back backs favor favors favour favours threat echo echoes "
    "cry grin shrug sigh whisper yell scream chant snap crow protest protests express thank broadcast brief invite "
    "regard regards plead beg order describe regret regrets".split()
)
#: Verbs that deny their content.
DENYING_VERBS = frozenset(("deny", "dispute", "reject"))
#: Nouns of speech after a possessive and before "that": "Lee's claim that …".
SPEECH_NOUNS = frozenset(
    "claim claims allegation allegations assertion assertions argument statement warning suggestion insistence contention "
    "promise pledge vow admission announcement accusation accusations prediction estimate conclusion remark remarks "
    "comment comments denial report complaint charge revelation declaration proposal assurance assurances acknowledgment "
    "acknowledgement observation recommendation finding testimony threat view belief hope fear fears opinion".split()
)
THOUGHT_NOUNS = frozenset("view belief hope fear fears opinion".split())
