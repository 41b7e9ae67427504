"""The words that attribute: reporting verbs and their forms, and verbs of thought.

Sources of the list: the reporting verbs of wire copy, and the style guides' lists of words to use
instead of "said"; extended by reading the commonest cues of PolNeAR's training part.
"""

from __future__ import annotations

#: Regular and irregular forms: "base third past participle-if-other gerund".
_REPORTING = """
say says said saying|tell tells told telling|add adds added adding|note notes noted noting
report reports reported reporting|announce announces announced announcing|claim claims claimed claiming
state states stated stating|warn warns warned warning|argue argues argued arguing|insist insists insisted insisting
explain explains explained explaining|acknowledge acknowledges acknowledged acknowledging
admit admits admitted admitting|confirm confirms confirmed confirming|deny denies denied denying
estimate estimates estimated estimating|suggest suggests suggested suggesting|predict predicts predicted predicting
reply replies replied replying|respond responds responded responding|ask asks asked asking
write writes wrote writing written|tweet tweets tweeted tweeting|declare declares declared declaring
assert asserts asserted asserting|allege alleges alleged alleging|maintain maintains maintained maintaining
stress stresses stressed stressing|emphasise emphasises emphasised emphasising
emphasize emphasizes emphasized emphasizing|reveal reveals revealed revealing|disclose discloses disclosed disclosing
conclude concludes concluded concluding|caution cautions cautioned cautioning|concede concedes conceded conceding
contend contends contended contending|remark remarks remarked remarking|recall recalls recalled recalling
testify testifies testified testifying|promise promises promised promising|pledge pledges pledged pledging
vow vows vowed vowing|agree agrees agreed agreeing|complain complains complained complaining
joke jokes joked joking|quip quips quipped quipping|repeat repeats repeated repeating
reiterate reiterates reiterated reiterating|indicate indicates indicated indicating|observe observes observed observing
propose proposes proposed proposing|recommend recommends recommended recommending|urge urges urged urging
demand demands demanded demanding|continue continues continued continuing|counter counters countered countering
boast boasts boasted boasting|lament laments lamented lamenting|muse muses mused musing|opine opines opined opining
inform informs informed informing|remind reminds reminded reminding|assure assures assured assuring
advise advises advised advising|comment comments commented commenting|post posts posted posting
show shows showed showing shown|find finds found finding|read reads|hint hints hinted hinting
dispute disputes disputed disputing|reject rejects rejected rejecting|dismiss dismisses dismissed dismissing
forecast forecasts forecasting|rule rules ruled ruling|shout shouts shouted shouting|exclaim exclaims exclaimed
elaborate elaborates elaborated|clarify clarifies clarified|recount recounts recounted recounting
attest attests attested|proclaim proclaims proclaimed|profess professes professed|affirm affirms affirmed affirming
retort retorts retorted|interject interjects interjected|describe describes described describing
call calls called calling|accuse accuses accused accusing|blame blames blamed blaming|praise praises praised praising
criticise criticises criticised|criticize criticizes criticized|mention mentions mentioned mentioning
speculate speculates speculated speculating|brief briefs briefed|cite cites cited|quote quotes quoted
"""
_THINKING = """
think thinks thought thinking|believe believes believed believing|want wants wanted wanting|hope hopes hoped hoping
expect expects expected expecting|plan plans planned planning|know knows knew knowing|feel feels felt feeling
fear fears feared fearing|consider considers considered considering|intend intends intended intending
wonder wonders wondered wondering|doubt doubts doubted doubting|assume assumes assumed assuming
worry worries worried worrying|understand understands understood|realise realises realised|realize realizes realized
decide decides decided deciding|hear hears heard|see sees saw|learn learns learned
"""


def _lemmas(table: str) -> dict[str, str]:
    return {
        form: forms[0] for entry in table.replace("\n", "|").split("|") if (forms := entry.split()) for form in forms
    }


REPORTING: dict[str, str] = _lemmas(_REPORTING)  # form -> lemma
THINKING: dict[str, str] = _lemmas(_THINKING)

#: Verbs that take whom it was said to before what was said: "told reporters that …".
ADDRESSING = frozenset(("tell", "inform", "remind", "assure", "advise", "warn", "ask", "urge", "brief", "caution"))
#: Verbs that need "that", a colon or a quotation to be cues: they have other uses in plenty.
NEEDS_THAT = frozenset(
    "show find read rule agree recommend propose observe indicate repeat forecast continue describe call accuse blame "
    "praise criticise criticize dispute reject dismiss demand urge post comment joke cite quote brief find mention "
    "estimate note state report claim counter promise pledge vow hint speculate ask respond".split()
)
#: Of those, the ones whose past tense after a named subject is a cue even without "that".
PLAIN_PAST = frozenset(
    "noted estimated claimed stated reported promised pledged vowed hinted agreed speculated ruled".split()
)
#: Verbs that say the opposite is so.
DENYING = frozenset(("deny", "dispute", "reject"))
#: Forms that are as often nouns or adjectives as verbs: never without "that", a colon or a quotation.
NOUNS_TOO = frozenset(
    "report reports claim claims estimate estimates note notes state states comment comments post posts call calls "
    "promise promises pledge pledges demand demands show shows find finds answer answers charge charges quote quotes "
    "forecast forecasts rule rules read reads warning joke jokes reply replies counter counters plan plans hope hopes "
    "fear fears want thought ruling finding writing reporting saying posting stress advise brief briefs remark remarks "
    "worry worries doubt doubts repeat praise blame urge dispute disputes understanding feeling meaning hearing "
    "describe mention mentions found".split()
)
#: Words between a subject and its cue that belong to neither.
BETWEEN = frozenset(
    "also later then has have had already repeatedly previously recently earlier further once again still never "
    "publicly privately meanwhile however additionally separately specifically simply only even now just bluntly "
    "flatly firmly quickly first would will did does do not n't again often always sometimes reportedly himself "
    "herself themselves itself both all".split()
)
BE = frozenset("be is are was were been being am 's".split())
