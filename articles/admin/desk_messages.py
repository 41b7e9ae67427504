"""Translated messages for the review desk's scripts, with {placeholders}."""

from __future__ import annotations

from django.utils.translation import gettext as _


def all_messages() -> dict[str, str]:
    """Return all messages by name. The scripts read them with `say` (messages.js)."""
    return {**_card_messages(), **_form_messages(), **_source_picker_messages(), **_status_messages()}


def _card_messages() -> dict[str, str]:
    return {
        "claim": _("claim {number}"),
        "who": _("Speaker"),
        "how": _("Form"),
        "figures": _("Figures"),
        "when": _("Date"),
        "found": _("Found by"),
        "by_editor": _("an editor"),
        "confidence": _("{percent}% confidence"),
        "no_speaker": _("No speaker"),
        "inferred": _("inferred"),
        "approximate": _("approximately"),
        "lost": _("lost passage"),
        "unsaved": _("not saved yet"),
        "accept": _("Accept"),
        "reject": _("Reject"),
        "edit": _("Edit"),
        "speaker": _("Speaker"),
        "more": _("More"),
        "place": _("Move to selected text"),
        "place_cue": _("Set attribution to selected text"),
        "place_mention": _("Set speaker mention to selected text"),
        "split": _("Split selection off"),
        "join": _("Join with next claim"),
        "same": _("Same speaker…"),
        "file": _("Add figures to ledger…"),
        "filed": _("in {ledger}"),
    }


def _form_messages() -> dict[str, str]:
    return {
        "save": _("Save"),
        "close": _("Close"),
        "edit_claim": _("Edit claim {number}"),
        "edit_speakers": _("Speakers of claim {number}"),
        "edit_same": _("Same speaker in claim {number}"),
        "statement": _("Statement"),
        "form": _("Form"),
        "modality": _("Stated as"),
        "cue": _("Attribution (“said”)"),
        "said_from": _("From"),
        "said_to": _("To"),
        "said_words": _("Date as written"),
        "raw": _("As written"),
        "counts": _("What is counted"),
        "unit": _("Unit"),
        "lower": _("At least"),
        "upper": _("At most"),
        "lower_inclusive": _("includes the lower bound"),
        "upper_inclusive": _("includes the upper bound"),
        "new_figure": _("New figure"),
        "add_figure": _("Add figure"),
        "remove_figure": _("Remove figure"),
        "origin": _("Original source"),
        "step": _("Relayed by ({n})"),
        "last_step": _("Source we quote ({n})"),
        "mention": _("Mentioned as"),
        "verb": _("Verb"),
        "explicit": _("named in the text"),
        "earlier": _("Move up"),
        "later": _("Move down"),
        "remove": _("Remove"),
        "add_origin": _("Add earlier source"),
        "add_last": _("Add relay"),
        "this_mention": _("This speaker"),
        "is_the_same_as": _("is the same as"),
        "choose": _("Choose…"),
        "same_help": _(
            "This changes all claims of this story. Two named sources are also listed as possible duplicates, "
            "so that they can be merged in all stories."
        ),
        "file_claim": _("Ledgers for the figures of claim {number}"),
        "no_ledger": _("No ledger"),
        "suggested": _("Suggested: it counts the same thing."),
        "no_ledgers": _("There are no ledgers yet."),
        "new_ledger": _("Create one"),
        "no_figures": _("This claim has no figures."),
        "discard_form": _("Close and discard your changes?"),
    }


def _source_picker_messages() -> dict[str, str]:
    return {
        "unnamed": _("unnamed"),
        "without_name": _("unnamed source"),
        "choose_unnamed": _("Unnamed source"),
        "make_source": _("Create {kind} “{name}”"),
        "will_make": _("new: {kind}"),
        "also_called": _("also called {name}"),
        "in_story": _("in this story"),
        "probably": _("probably the same: {why}"),
    }


def _status_messages() -> dict[str, str]:
    return {
        "one_waits": _("1 of {total} claims to review"),
        "many_wait": _("{waiting} of {total} claims to review"),
        "all_reviewed": _("All claims reviewed: {total}"),
        "none_found": _("This story has no claims yet. Select text and press n to create one."),
        "hidden_claims": _("Hidden suggestions ({n})"),
        "saved": _("Saved. {what}"),
        "changed": _("Claim {number}: {did}"),
        "changed_parts": _("Changed in claim {number}: {what}"),
        "part_statement": _("statement"),
        "part_form": _("form"),
        "part_cue": _("attribution"),
        "part_when": _("date"),
        "part_who": _("speaker"),
        "part_figures": _("figures"),
        "part_place": _("place in the text"),
        "part_review": _("review"),
        "others": _("Claims changed by somebody else: {n}. The cards show the changes."),
        "save_again": _("Your changes are still here. Save again to replace theirs."),
        "offline": _("No connection. Not saved yet: {waiting}. The desk keeps your changes and tries again."),
        "signed_out": _("You are signed out. Not saved yet: {waiting}. Sign in in another tab, then come back here."),
        "failed": _(
            "The server cannot save a change (error {status}). Not saved yet: {waiting}. "
            "It is tried again. If that does not help, discard the change."
        ),
        "discard_change": _("Discard this change"),
        "discarded": _("A change was discarded: the server could not save it."),
        "sign_in": _("Sign in"),
        "try_again": _("Try again now"),
        "select_first": _("Select some text first. With the keyboard: t, then Shift and the arrow keys."),
        "nothing_to_join": _("There is no next claim to join with."),
        "in_text": _(
            "In the text. Select with Shift and the arrow keys, then press n for a new claim. Esc leaves it."
        ),
        "accept_one_unseen": _("Accept 1 claim without looking at it?"),
        "accept_many_unseen": _("Accept {n} claims without looking at each?"),
        "accept_n": _("Accept {n}"),
        "without_speaker": _("Claims without a speaker: {n}. They cannot be accepted until they have one."),
        "looking": _("Checking the story…"),
        "unchecked": _("The story could not be checked. Nothing was published. Try again."),
        "no_warnings": _("No warnings."),
        "warnings": _("Warnings: {n}."),
        "publish_waiting": _("Claims not reviewed: {waiting}. Readers will not see them."),
        "ask_chief": _("Fix or dismiss each warning, or ask a chief to publish anyway."),
    }
