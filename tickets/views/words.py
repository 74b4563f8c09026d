"""Words and pictures for what the models say in one word."""

from django.utils.translation import gettext_lazy as _

from mailbox.models import OutboundEmail
from tickets.models import Event, Ticket

STATE_ICONS = {
    Ticket.State.OPEN: "state-open",
    Ticket.State.PENDING: "state-pending",
    Ticket.State.SNOOZED: "state-snoozed",
    Ticket.State.CLOSED: "state-closed",
    Ticket.State.SPAM: "block",
    Ticket.State.LOCKED: "lock",
}
STATE_LABELS = {
    Ticket.State.OPEN: _("Open"),
    Ticket.State.PENDING: _("Waiting for them"),
    Ticket.State.SNOOZED: _("Snoozed"),
    Ticket.State.CLOSED: _("Closed"),
    Ticket.State.SPAM: _("Spam"),
    Ticket.State.LOCKED: _("Restricted"),
}
PRIORITY_LABELS = {
    Ticket.Priority.URGENT: _("Urgent"),
    Ticket.Priority.HIGH: _("High"),
    Ticket.Priority.NORMAL: _("Normal"),
    Ticket.Priority.LOW: _("Low"),
}
PRIORITY_FILTERS = {
    "urgent": _("Urgent"),
    "important": _("Urgent or high"),
    "high": _("High"),
    "normal": _("Normal"),
    "low": _("Low"),
}
SLEEP_LABELS = {
    "later": _("In three hours"),
    "tomorrow": _("Tomorrow morning"),
    "week": _("Next Monday"),
    "month": _("In a month"),
    "reply": _("Until they reply"),
}
ORDER_LABELS = {
    "newest": _("Newest first"),
    "waiting": _("Longest waiting first"),
    "priority": _("Most urgent first"),
}
EVENT_ICONS = {
    Event.Verb.OPENED: "mail",
    Event.Verb.REOPENED: "refresh",
    Event.Verb.ANSWERED: "reply",
    Event.Verb.ASSIGNED: "user",
    Event.Verb.UNASSIGNED: "unassigned",
    Event.Verb.RELEASED: "unassigned",
    Event.Verb.CLOSED: "state-closed",
    Event.Verb.SEND_FAILED: "state-failed",
    Event.Verb.BOUNCED: "alert",
    Event.Verb.ALSO_CAME: "mail",
    Event.Verb.REFILED: "refresh",
    Event.Verb.MERGED: "merge",
    Event.Verb.ABSORBED: "merge",
    Event.Verb.SPLIT: "split",
    Event.Verb.SPLIT_OFF: "split",
    Event.Verb.LINKED: "link",
    Event.Verb.DUPLICATES: "link",
    Event.Verb.DUPLICATED_BY: "link",
    Event.Verb.UNLINKED: "link",
    Event.Verb.MOVED: "arrow-right",
    Event.Verb.FIELD_CHANGED: "list",
    Event.Verb.STATE_RESTORED: "refresh",
    Event.Verb.PRIORITIZED: "bolt",
    Event.Verb.SNOOZED: "state-snoozed",
    Event.Verb.WOKEN: "clock",
    Event.Verb.SPAM: "block",
    Event.Verb.NOT_SPAM: "check",
    Event.Verb.UNDONE: "history",
    Event.Verb.SCHEDULED: "clock",
    Event.Verb.HELD: "alert",
    Event.Verb.FILES_REMOVED: "trash",
    Event.Verb.FILE_RELEASED: "alert",
    Event.Verb.ANONYMISED: "trash",
    Event.Verb.TAKEN_BACK: "draft",
    Event.Verb.FORWARDED: "forward",
    Event.Verb.WRITTEN: "mail",
}
FAILURES = {
    OutboundEmail.Failure.DISCONNECTED: _("The mailbox was disconnected before it could leave. Nobody got it."),
    OutboundEmail.Failure.REFUSED: _(
        "The provider refused it, so nobody got it. Look at the addresses, and answer again."
    ),
    OutboundEmail.Failure.TOO_LARGE: _("It is larger than the provider takes. Send the files another way."),
    OutboundEmail.Failure.UNCLEAR: _(
        "The provider did not say whether it left. Look into the Sent folder before you repeat it."
    ),
    OutboundEmail.Failure.RESTRICTED: _(
        "Somebody it was going to asked to have their data restricted or erased, so nobody got it."
    ),
}
DELIVERIES = {
    OutboundEmail.State.QUEUED: ("clock", _("Waiting to be sent, since")),
    OutboundEmail.State.SENDING: ("refresh", _("Being sent, since")),
    OutboundEmail.State.SENT: ("check", _("Sent, in their thread,")),
    OutboundEmail.State.FAILED: ("state-failed", _("Not sent.")),
}
KINDS = {
    "auto_reply": _("Automatic reply"),
    "out_of_office": _("Out of office"),
    "notice": _("Automatic notice"),
    "bounce": _("Could not be delivered"),
    "delay": _("Delivery is delayed"),
    "receipt": _("Receipt"),
    "abuse": _("Complaint"),
    "list": _("Mailing list"),
    "spam": _("Perhaps spam"),
    "own": _("From our own address"),
    "loop": _("Loop or flood"),
    "blocked": _("Blocked sender"),
}
