"""The words that the desk's scripts put on the page, in the site's language. {places} are filled in there."""

from __future__ import annotations

from django.utils.translation import gettext as _


def all_messages() -> dict[str, str]:
    """All of them by the names that the scripts use (newsroom/static/newsroom/messages.js)."""
    return {**_card_messages(), **_form_messages(), **_source_picker_messages(), **_status_messages()}


def _card_messages() -> dict[str, str]:
    return {
        "claim": _("claim {number}"),
        "who": _("Who"),
        "how": _("How"),
        "figures": _("Figures"),
        "when": _("When"),
        "found": _("Found by"),
        "by_editor": _("an editor"),
        "sure": _("{percent}% sure"),
        "nobody": _("nobody yet"),
        "inferred": _("inferred"),
        "approximate": _("roughly"),
        "lost": _("words lost"),
        "unsaved": _("not saved yet"),
        "accept": _("Accept"),
        "reject": _("Reject"),
        "edit": _("Edit"),
        "speaker": _("Who said it"),
        "more": _("More"),
        "place": _("It stands at the selected words"),
        "place_cue": _("The selected words are its cue"),
        "place_mention": _("The selected words name its speaker"),
        "split": _("Make the selected words a claim of their own"),
        "join": _("Join with the next claim"),
        "same": _("Two mentions are one source"),
        "file": _("File its figures under a ledger"),
        "filed": _("in {ledger}"),
    }


def _form_messages() -> dict[str, str]:
    return {
        "save": _("Save"),
        "close": _("Close"),
        "edit_claim": _("Edit claim {number}"),
        "who_said": _("Who said claim {number}"),
        "same_claim": _("Speakers of claim {number} who are one"),
        "statement": _("Statement"),
        "form": _("Form"),
        "modality": _("Put as"),
        "cue": _("Cue"),
        "said_from": _("Said on"),
        "said_to": _("to"),
        "said_words": _("In the words of the copy"),
        "raw": _("Words of the copy"),
        "counts": _("What is counted"),
        "unit": _("Unit"),
        "lower": _("At least"),
        "upper": _("At most"),
        "lower_inclusive": _("the lower bound itself counts"),
        "upper_inclusive": _("the upper bound itself counts"),
        "new_figure": _("A further figure"),
        "add_figure": _("Add a figure"),
        "remove_figure": _("Remove this figure"),
        "origin": _("Said it first"),
        "step": _("Passed it on ({n})"),
        "last_step": _("Told the outlet ({n})"),
        "mention": _("Mentioned as"),
        "verb": _("Verb"),
        "explicit": _("said in the text, not inferred"),
        "earlier": _("Earlier"),
        "later": _("Later"),
        "remove": _("Remove"),
        "add_origin": _("Somebody said it before"),
        "add_last": _("Somebody passed it on"),
        "this_mention": _("This speaker"),
        "is_the_same_as": _("is the same as"),
        "choose": _("Choose…"),
        "same_help": _(
            "All claims of this story follow. Two named sources are noted as likely one; "
            "merging them in all stories is decided with the sources."
        ),
        "file_claim": _("Where the figures of claim {number} belong"),
        "nowhere": _("In no ledger"),
        "suggested": _("Suggested: it counts the same."),
        "no_ledgers": _("There is no ledger yet."),
        "new_ledger": _("Make one"),
        "no_figures": _("This claim has no figures."),
        "discard": _("Close, and lose what you have typed here?"),
    }


def _source_picker_messages() -> dict[str, str]:
    return {
        "unnamed": _("unnamed"),
        "without_name": _("somebody the copy does not name"),
        "choose_unnamed": _("Somebody the copy does not name"),
        "make_source": _("Make “{name}”: {kind}"),
        "will_make": _("new: {kind}"),
        "also_called": _("also called {name}"),
        "in_story": _("in this story"),
        "probably": _("probably the same: {why}"),
    }


def _status_messages() -> dict[str, str]:
    return {
        "one_waits": _("1 of {total} claims waits for review"),
        "many_wait": _("{waiting} of {total} claims wait for review"),
        "all_judged": _("All claims judged: {total}"),
        "none_found": _("No claims were found in this text. Select words and press n to make one."),
        "aside": _("Thoughts and plans: {n}"),
        "saved": _("Saved. {what}"),
        "somebody": _("somebody"),
        "changed": _("Claim {number}, {by} at {at}: {did}"),
        "changed_parts": _("Claim {number}: {by} changed {what} at {at}."),
        "part_statement": _("the statement"),
        "part_form": _("how it is put"),
        "part_cue": _("the cue"),
        "part_when": _("the day it was said"),
        "part_who": _("who said it"),
        "part_figures": _("the figures"),
        "part_place": _("where it stands"),
        "part_review": _("the judgement"),
        "others": _("Changed by somebody else: {n}. The cards show it."),
        "save_again": _("What you typed stands here: save again to put it on top."),
        "offline": _("No connection. Not saved yet: {waiting}. It is tried again by itself, and nothing is lost."),
        "signed_out": _("You are signed out. Not saved yet: {waiting}. Sign in in another tab, then come back here."),
        "sign_in": _("Sign in"),
        "try_again": _("Try again now"),
        "select_first": _("Select the words in the text first. With the keyboard: t, then Shift and the arrow keys."),
        "nothing_to_join": _("There is no claim after this one to join it with."),
        "in_text": _("In the text. Select with Shift and the arrow keys, then n for a new claim. Escape leads back."),
        "accept_one_unseen": _("Accept 1 claim without looking at it?"),
        "accept_many_unseen": _("Accept {n} claims without looking at each?"),
        "accept_n": _("Accept {n}"),
        "without_speaker": _("Claims that name nobody who said them: {n}. They wait until somebody is named."),
        "looking": _("Looking through the story…"),
        "unchecked": _("The story could not be looked through. Nothing was published; try again."),
        "nothing_stands": _("Nothing stands against it."),
        "warnings_stand": _("Warnings that stand: {n}."),
        "publish_waiting": _("Claims that still wait: {waiting}. Readers will not see those."),
        "ask_chief": _("Settle or acknowledge each, or ask a chief to publish over them."),
    }
