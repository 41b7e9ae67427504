"""Actions in the audit log: a code for each, and its label for people."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Text and fields of an article
REVISED = "wrote"
CHANGED = "changed"
DELETED = "deleted"
# Publishing
SUBMITTED = "submitted"
SENT_BACK = "sent-back"
PUBLISHED = "published"
SCHEDULED = "scheduled"
UNSCHEDULED = "unscheduled"
EMBARGOED = "embargoed"
EMBARGO_LIFTED = "freed"
CORRECTED = "corrected"
RETRACTED = "retracted"
WARNING_ACKNOWLEDGED = "acknowledged"
TOPICS_ADDED = "tagged"
CLAIMS_EXTRACTED = "extracted"
# Claims
ADDED = "added"
ACCEPTED = "accepted"
REJECTED = "rejected"
EDITED = "edited"
REVIEW_UNDONE = "took-back"
ANCHOR_SET = "placed"
# Sources
MERGED = "merged"
MERGE_UNDONE = "parted"
# Imports
IMPORT_UNDONE = "undid"

#: The history shows them after a user and before a name: "Edna sent back “Bridge closes”".
VERB_LABELS: dict[str, Promise] = {
    REVISED: _("wrote"),
    CHANGED: _("changed"),
    DELETED: _("deleted"),
    SUBMITTED: _("sent for review"),
    SENT_BACK: _("sent back"),
    PUBLISHED: _("published"),
    SCHEDULED: _("scheduled"),
    UNSCHEDULED: _("unscheduled"),
    EMBARGOED: _("placed an embargo on"),
    EMBARGO_LIFTED: _("lifted the embargo on"),
    CORRECTED: _("corrected"),
    RETRACTED: _("retracted"),
    WARNING_ACKNOWLEDGED: _("dismissed a warning on"),
    TOPICS_ADDED: _("added topics to"),
    CLAIMS_EXTRACTED: _("looked for claims in"),
    ADDED: _("added"),
    ACCEPTED: _("accepted"),
    REJECTED: _("rejected"),
    EDITED: _("edited"),
    REVIEW_UNDONE: _("undid the review of"),
    ANCHOR_SET: _("set the passage of"),
    MERGED: _("merged"),
    MERGE_UNDONE: _("undid the merge of"),
    IMPORT_UNDONE: _("undid"),
}
