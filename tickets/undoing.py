"""Taking back what was done with one key: what it was before, what it became, sealed into the form that offers it."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.core import signing

from accounts.models import Membership
from tickets.models import Ticket, TicketTag

LASTS = 3600  # seconds
# What each sort of change touches, and so what must still be as it became.
COLUMNS = {
    "state": ("state", "closed_at"),
    "assignee": ("assignee_id",),
    "team": ("team_id",),
    "mailbox": ("mailbox_id",),
}


@dataclass(frozen=True)
class Change:
    """One change of one ticket; ids, states and times only."""

    ticket: str
    what: str  # a key of COLUMNS, or "tag"
    before: dict[str, str]
    after: dict[str, str]

    def token(self, by: Membership) -> str:
        """Return it as text that only this member can hand back, for an hour."""
        return signing.dumps(asdict(self), salt=_salt(by), compress=True)

    @classmethod
    def of(cls, ticket: Ticket, what: str, before: dict[str, str], about: UUID | None = None) -> "Change":
        """Return what has become of a ticket since it was `before`."""
        return cls(str(ticket.pk), what, before, snapshot(ticket, what, about))

    @classmethod
    def read(cls, token: str, by: Membership) -> "Change | None":
        """Return the change that a token of this member names; None for every other text, and after an hour."""
        try:
            values: dict[str, Any] = signing.loads(token, salt=_salt(by), max_age=LASTS)
        except signing.BadSignature:
            return None
        return cls(**values)


def snapshot(ticket: Ticket, what: str, about: UUID | None = None) -> dict[str, str]:
    """Return what a change of this sort touches, as it is now; `about` names the tag."""
    if what == "tag":
        return {"tag": str(about), "hung": str(TicketTag.objects.filter(ticket=ticket, tag=about).exists())}
    return {column: str(getattr(ticket, column) or "") for column in COLUMNS[what]}


def _salt(by: Membership) -> str:
    return f"undo {by.pk}"
