"""The verbs of the record: what can be done to an article, a claim or a source, as codes and in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# A story's words and facts
WROTE = "wrote"
CHANGED = "changed"
DELETED = "deleted"
# A story's public life
SUBMITTED = "submitted"
SENT_BACK = "sent-back"
PUBLISHED = "published"
SCHEDULED = "scheduled"
UNSCHEDULED = "unscheduled"
EMBARGOED = "embargoed"
FREED = "freed"
CORRECTED = "corrected"
RETRACTED = "retracted"
ACKNOWLEDGED = "acknowledged"
TAGGED = "tagged"
EXTRACTED = "extracted"
# A claim
ADDED = "added"
ACCEPTED = "accepted"
REJECTED = "rejected"
EDITED = "edited"
TOOK_BACK = "took-back"
PLACED = "placed"
# A source
MERGED = "merged"
PARTED = "parted"
# An import
UNDID = "undid"

#: After a person's name, before what it was done to: "Edna sent back “Bridge closes”".
WORDS: dict[str, Promise] = {
    WROTE: _("wrote"),
    CHANGED: _("changed"),
    DELETED: _("deleted"),
    SUBMITTED: _("sent for review"),
    SENT_BACK: _("sent back"),
    PUBLISHED: _("published"),
    SCHEDULED: _("scheduled"),
    UNSCHEDULED: _("took off the schedule"),
    EMBARGOED: _("put under embargo"),
    FREED: _("lifted the embargo of"),
    CORRECTED: _("corrected"),
    RETRACTED: _("retracted"),
    ACKNOWLEDGED: _("acknowledged a warning on"),
    TAGGED: _("filed under a topic"),
    EXTRACTED: _("looked for claims in"),
    ADDED: _("added"),
    ACCEPTED: _("accepted"),
    REJECTED: _("rejected"),
    EDITED: _("edited"),
    TOOK_BACK: _("took back the judgement of"),
    PLACED: _("found the place of"),
    MERGED: _("merged"),
    PARTED: _("parted"),
    UNDID: _("undid"),
}
