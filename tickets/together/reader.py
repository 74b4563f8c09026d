"""Who listens on a line: what this member may hear now, and at which ticket the page is."""

import math
import time
from uuid import UUID

from accounts.connections import release_connections
from accounts.models import Membership, User
from accounts.tenancy import organization_scope
from accounts.tenancy.doors import membership_at
from mailbox.access import mailbox_ids_for
from tickets.models import Ticket
from tickets.together.presence import look_away, look_in

ASK_AGAIN = 60  # seconds between looks whether the reader is still a member; "access" news asks at once
SHOW_AGAIN = 19  # seconds; others forget a page after presence.HERE_FOR


class Reader:
    """One open page. Each look opens a short scope and holds no connection afterwards (DESIGN 2b, Streams)."""

    def __init__(self, user: User, slug: str, member_id: UUID, number: str = "") -> None:
        """Remember who, where, and the number of the ticket that is shown."""
        self.user, self.slug, self.member_id = user, slug, member_id
        self.number = int(number) if number.isdecimal() and len(number) < 10 else 0
        self.membership: Membership | None = None
        self.mailbox_ids: frozenset[str] = frozenset()
        self.ticket: Ticket | None = None
        self.looked = self.shown = -math.inf

    @property
    def is_member(self) -> bool:
        """Return whether the person still belongs to the organization, as of the last look."""
        return self.membership is not None

    def look(self) -> None:
        """Ask again who this is, which mailboxes they may hear of, and whether they may see the ticket."""
        self.looked = time.monotonic()
        try:
            self.membership = membership_at(self.user, self.slug)
            if self.membership is None:
                self.mailbox_ids, self.ticket = frozenset(), None
                return
            with organization_scope(self.membership.organization_id):
                self.mailbox_ids = frozenset(str(pk) for pk in mailbox_ids_for(self.membership))
                own = Ticket.objects.visible_to(self.membership)
                self.ticket = own.filter(number=self.number).first() if self.number else None
        finally:
            release_connections()

    def stay(self, line: str) -> None:
        """Look again now and then, and let the others at the ticket see that this page is still there."""
        now = time.monotonic()
        if now - self.looked >= ASK_AGAIN:
            self.look()
        if self.membership and self.ticket and now - self.shown >= SHOW_AGAIN:
            self.shown = now
            look_in(self.ticket, self.membership, line)

    def leave(self, line: str) -> None:
        """Let them see that it is gone."""
        if self.membership and self.ticket:
            look_away(self.ticket, self.membership, line)
