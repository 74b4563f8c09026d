"""Ticket: a conversation with a number."""

from typing import Self
from uuid import UUID

from django.db import connection, models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.ids import uuid7
from accounts.models import Membership, Owned, Team
from accounts.personal_data import About, Origin, PersonalData
from accounts.sealing.fields import SealedJSONField, SealedTextField
from accounts.sealing.places import MAILBOX
from mailbox.access import OfMailboxQuerySet
from mailbox.models import Mailbox
from tickets.models.contact import Contact


class TicketQuerySet(OfMailboxQuerySet["Ticket"]):
    """Queues are adjectives. What was merged into another ticket stands in none of them: it counts as closed."""

    def open(self) -> Self:
        """Our turn."""
        return self.filter(state=Ticket.State.OPEN)

    def pending(self) -> Self:
        """The contact's turn."""
        return self.filter(state=Ticket.State.PENDING)

    def snoozed(self) -> Self:
        """Nobody's turn until a time, or until the contact writes."""
        return self.filter(state=Ticket.State.SNOOZED)

    def spam(self) -> Self:
        """Set aside: by a colleague, because its sender is blocked, or by the word of the mailbox's provider."""
        return self.filter(state=Ticket.State.SPAM)

    def suspected(self) -> Self:
        """Set aside by the word of the mailbox's provider, and nobody here has looked at it yet."""
        return self.filter(state=Ticket.State.SPAM, suspicion=Ticket.Suspicion.NEW)

    def closed(self) -> Self:
        """Done."""
        return self.filter(state=Ticket.State.CLOSED, merged_into=None)

    def unfinished(self) -> Self:
        """Neither closed nor spam nor locked: somebody's turn, now or later."""
        return self.exclude(state__in=(Ticket.State.CLOSED, Ticket.State.SPAM, Ticket.State.LOCKED))

    def unlocked(self) -> Self:
        """Those one may work with: not of a person whose data is only stored (Art. 18)."""
        return self.exclude(state=Ticket.State.LOCKED)

    def visible_to(self, membership: Membership) -> Self:
        """Return those in mailboxes this member may see, without what is locked: nobody works with that."""
        return super().visible_to(membership).unlocked()

    def locked_for(self, membership: Membership) -> Self:
        """Return the locked ones in mailboxes this member may see: their pages say so, and nothing else."""
        return self.with_locked_for(membership).filter(state=Ticket.State.LOCKED)

    def with_locked_for(self, membership: Membership) -> Self:
        """Return all in mailboxes this member may see, locked or not: for who answers the request that locked them."""
        return super().visible_to(membership)

    def unassigned(self) -> Self:
        """Nobody's yet; a team may have it."""
        return self.filter(assignee=None)

    def assigned_to(self, membership: Membership) -> Self:
        """This member's."""
        return self.filter(assignee=membership)

    def given_to(self, team: Team | models.OuterRef) -> Self:
        """This team's, whoever of it answers."""
        return self.filter(team=team)


class Ticket(Owned):
    """A conversation with a contact, through one mailbox, with a number people can say."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        PENDING = "pending", "Waiting for them"
        SNOOZED = "snoozed", "Snoozed"
        CLOSED = "closed", "Closed"
        SPAM = "spam", "Spam"
        LOCKED = "locked", "Restricted"  # its contact's data is only stored (Art. 18): in no list, no search, no count

    class Suspicion(models.TextChoices):
        NEW = "new", "Nobody has looked at it"
        LOOKED = "looked", "Somebody looked and left it there"

    class Priority(models.IntegerChoices):
        LOW = 1, "Low"
        NORMAL = 2, "Normal"
        HIGH = 3, "High"
        URGENT = 4, "Urgent"

    number = models.PositiveIntegerField()
    mailbox = models.ForeignKey(Mailbox, models.RESTRICT, related_name="tickets")
    contact = models.ForeignKey(Contact, models.RESTRICT, related_name="tickets")
    subject = SealedTextField(key=MAILBOX)
    snippet = SealedTextField(key=MAILBOX, default="")  # the beginning of the newest text, for lists
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    snoozed_until = models.DateTimeField(null=True, blank=True)  # of a snoozed one; without it only a reply wakes it
    # Since when the contact waits: their first mail that nobody has answered. Further mails do not move it.
    waiting_since = models.DateTimeField(default=timezone.now)
    assignee = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="tickets")
    team = models.ForeignKey(Team, models.RESTRICT, null=True, blank=True, related_name="tickets")
    message_count = models.PositiveIntegerField(default=0)
    has_attachments = models.BooleanField(default=False)
    # Of spam: by the word of the mailbox's provider, and whether somebody here has looked at it since.
    suspicion = models.CharField(max_length=6, choices=Suspicion, blank=True, default="")
    is_unverified = models.BooleanField(default=False)  # its sender claimed a thread without proof
    related_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="related_tickets")
    # Where its mails went. Its thread keys stay with it: whoever follows them goes on to the survivor.
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged_tickets")
    state_before_merge = models.CharField(max_length=8, choices=State, blank=True, default="")
    state_before_lock = models.CharField(max_length=8, choices=State, blank=True, default="")
    # How the survivor stood then, for undoing.
    survivor_state = models.CharField(max_length=8, choices=State, blank=True, default="")
    survivor_closed_at = models.DateTimeField(null=True)
    fields = SealedJSONField(key=MAILBOX, null=True)  # id of a CustomField -> value (tickets.fields)
    created_at = models.DateTimeField(default=timezone.now)  # of imported mail: when it was written
    last_activity_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    anonymised_at = models.DateTimeField(null=True)  # by a retention rule: numbers and times are left, no word

    objects = TicketQuerySet.as_manager()

    personal_data = PersonalData(About.BOTH)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="ticket_number_per_organization")
        ]
        indexes = [
            # Lists and counts go mailbox by mailbox, so that who sees few of them reads no more than they show.
            models.Index(
                fields=["mailbox", "state", "-last_activity_at", "-id"], include=["organization"], name="ticket_queue"
            ),
            models.Index(
                fields=["mailbox", "assignee", "-last_activity_at", "-id"],
                include=["organization"],
                condition=Q(state="open"),
                name="ticket_queue_of_assignee",
            ),
            models.Index(
                fields=["mailbox", "team", "-last_activity_at", "-id"],
                include=["organization"],
                condition=Q(state="open", team__isnull=False),
                name="ticket_queue_of_team",
            ),
            # The other two orders of a list, for what is not done: of what is done the newest is looked for. The first
            # has what saved views ask besides, so that their counts need not look at the tickets.
            models.Index(
                fields=["mailbox", "state", "waiting_since", "id"],
                include=["organization", "assignee", "team", "priority", "last_activity_at"],
                condition=Q(state__in=["open", "pending", "snoozed"]),
                name="ticket_queue_by_waiting",
            ),
            models.Index(
                fields=["mailbox", "state", "-priority", "waiting_since", "id"],
                include=["organization"],
                condition=Q(state__in=["open", "pending", "snoozed"]),
                name="ticket_queue_by_priority",
            ),
            models.Index(
                fields=["mailbox"],
                include=["organization", "state"],
                condition=Q(suspicion="new"),
                name="ticket_suspected",
            ),
            models.Index(fields=["organization", "snoozed_until"], condition=Q(state="snoozed"), name="ticket_to_wake"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    def get_absolute_url(self) -> str:
        """Return the ticket's page; cheap where the organization is already loaded."""
        return reverse("tickets:ticket", args=[self.organization.slug, self.number])

    @property
    def is_closed(self) -> bool:
        """Return whether it is done."""
        return self.state == self.State.CLOSED

    @property
    def is_spam(self) -> bool:
        """Return whether it was set aside as spam."""
        return self.state == self.State.SPAM

    @property
    def is_snoozed(self) -> bool:
        """Return whether it sleeps until a time or a reply."""
        return self.state == self.State.SNOOZED

    @property
    def is_merged(self) -> bool:
        """Return whether its mails are in another ticket now."""
        return self.merged_into_id is not None


_TAKE = """
INSERT INTO tickets_ticketsequence (id, organization_id, last) VALUES (%s, %s, %s)
ON CONFLICT (organization_id) DO UPDATE SET last = tickets_ticketsequence.last + excluded.last RETURNING last
"""


class TicketSequence(Owned):
    """The last number given out in an organization; its row lock hands numbers out one by one."""

    last = models.PositiveIntegerField(default=0)

    personal_data = PersonalData(About.NOBODY, origin=Origin.ACCOUNT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="one_sequence_per_organization")]

    def __str__(self) -> str:
        return str(self.last)

    @classmethod
    def take(cls, organization_id: UUID, count: int) -> int:
        """Return the first of `count` new numbers; they are held until the transaction ends, so there are no gaps."""
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [uuid7(), organization_id, count])
            (last,) = cursor.fetchone()
        return int(last) - count + 1

    @classmethod
    def next(cls, organization_id: UUID) -> int:
        """Return the next number, held likewise."""
        return cls.take(organization_id, 1)
