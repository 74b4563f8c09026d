"""Notification: something a member is to know; and by which ways each member wants to know it."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Membership, Owned
from accounts.personal_data import About, Origin, PersonalData
from mailbox import access
from mailbox.models import Mailbox
from tickets.models.ticket import Ticket


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Lists of what a member is to know."""

    def visible_to(self, me: Membership) -> Self:
        """Return this member's, without what lies in mailboxes the member may no longer see."""
        if not me.is_active:
            return self.none()
        own = self.filter(organization_id=me.organization_id, member=me)
        own = own.exclude(ticket__state=Ticket.State.LOCKED)
        if me.is_admin:
            return own
        seen = access.mailboxes_for(me).values("pk")
        return own.filter(ticket__mailbox__in=seen)  # what is about a mailbox itself is for admins

    def shown(self) -> Self:
        """Return those that stand in the app."""
        return self.filter(in_app=True)

    def unread(self) -> Self:
        """Return those that were not looked at."""
        return self.filter(read_at=None)

    def to_mail(self) -> Self:
        """Return those whose mail was asked for and has not left; what was read in the meantime needs none."""
        return self.unread().filter(by_mail=True, mailed_at=None)


class Notification(Owned):
    """What happened, for one member: ids and a kind. Words are made when it is shown, from what may be seen then."""

    class Kind(models.TextChoices):
        ASSIGNED = "assigned", "Given to me or my team"
        MENTIONED = "mentioned", "Mentioned in a note"
        REPLY = "reply", "An answer on mine or followed"
        MAILBOX = "mailbox", "Trouble with a mailbox"

    member = models.ForeignKey(Membership, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=9, choices=Kind)
    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, related_name="notifications")
    mailbox = models.ForeignKey(Mailbox, models.CASCADE, null=True, related_name="+")  # of trouble
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    in_app = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=False)
    mailed_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    personal_data = PersonalData(About.MEMBERS, origin=Origin.USAGE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ticket__isnull=False, mailbox=None) | Q(ticket=None, mailbox__isnull=False),
                name="notification_of_a_ticket_or_a_mailbox",
            )
        ]
        indexes = [
            models.Index(fields=["member", "-at", "-id"], name="notification_list"),
            models.Index(fields=["member", "ticket"], condition=Q(read_at=None), name="notification_unread"),
            models.Index(
                fields=["organization", "at"],
                condition=Q(read_at=None, by_mail=True, mailed_at=None),
                name="notification_to_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class NotificationChoice(Owned):
    """By which ways a member wants to know one kind; without a row it is as `default` says."""

    member = models.ForeignKey(Membership, models.CASCADE, related_name="notification_choices")
    kind = models.CharField(max_length=9, choices=Notification.Kind)
    in_app = models.BooleanField()
    in_browser = models.BooleanField()
    by_mail = models.BooleanField()

    personal_data = PersonalData(About.MEMBERS, origin=Origin.USAGE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "kind"], name="notification_choice_once")]

    def __str__(self) -> str:
        return f"choice {self.pk}"

    @classmethod
    def default(cls, member: Membership, kind: str) -> Self:
        """Return what holds for who has not chosen: mail only where one may not be at the desk and is waited for."""
        by_mail = kind != Notification.Kind.REPLY
        owned = {"organization_id": member.organization_id, "member": member}
        return cls(kind=kind, in_app=True, in_browser=True, by_mail=by_mail, **owned)
