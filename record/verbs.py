"""The verbs of the record: what can be done to an article, a claim or a source, as codes and in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# A story's words and facts
REVISED = "wrote"
CHANGED = "changed"
DELETED = "deleted"
# A story's public life
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
# A claim
ADDED = "added"
ACCEPTED = "accepted"
REJECTED = "rejected"
EDITED = "edited"
REVIEW_UNDONE = "took-back"
ANCHOR_SET = "placed"
# A source
MERGED = "merged"
MERGE_UNDONE = "parted"
# An import
IMPORT_UNDONE = "undid"

#: After a person's name, before what it was done to: "Edna sent back “Bridge closes”".
VERB_LABELS: dict[str, Promise] = {
    REVISED: _("wrote"),
    CHANGED: _("changed"),
    DELETED: _("deleted"),
    SUBMITTED: _("sent for review"),
    SENT_BACK: _("sent back"),
    PUBLISHED: _("published"),
    SCHEDULED: _("scheduled"),
    UNSCHEDULED: _("took off the schedule"),
    EMBARGOED: _("put under embargo"),
    EMBARGO_LIFTED: _("lifted the embargo of"),
    CORRECTED: _("corrected"),
    RETRACTED: _("retracted"),
    WARNING_ACKNOWLEDGED: _("acknowledged a warning on"),
    TOPICS_ADDED: _("filed under a topic"),
    CLAIMS_EXTRACTED: _("looked for claims in"),
    ADDED: _("added"),
    ACCEPTED: _("accepted"),
    REJECTED: _("rejected"),
    EDITED: _("edited"),
    REVIEW_UNDONE: _("took back the judgement of"),
    ANCHOR_SET: _("found the place of"),
    MERGED: _("merged"),
    MERGE_UNDONE: _("parted"),
    IMPORT_UNDONE: _("undid"),
}
