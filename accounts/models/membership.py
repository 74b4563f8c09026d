"""Membership: a user's place in an organization."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.personal_data import About, Origin, PersonalData
from accounts.tenancy.owned import Owned


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Lists of colleagues."""

    def active(self) -> Self:
        """Those who may sign in."""
        return self.filter(is_active=True)

    def reachable(self) -> Self:
        """Those who mail is sent to: an account that is restricted is only stored, so nothing is sent there."""
        return self.active().filter(user__is_active=True)

    def answering(self) -> Self:
        """Those who may be given a ticket."""
        return self.active().exclude(role=Membership.Role.VIEWER)


class Membership(Owned):
    """A user's place in an organization, with a role."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        ADMIN = "admin", _("Admin")
        AGENT = "agent", _("Agent")
        VIEWER = "viewer", _("Viewer")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=6, choices=Role, default=Role.AGENT)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    is_visitor = False  # the operator's staff under a grant has a place in no table: accounts.visiting

    objects = MembershipQuerySet.as_manager()

    personal_data = PersonalData(About.MEMBERS, origin=Origin.ACCOUNT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"

    @property
    def is_admin(self) -> bool:
        """Return whether this member may change mailboxes, people and rules."""
        return self.role in {self.Role.OWNER, self.Role.ADMIN}

    @property
    def sees_every_mailbox(self) -> bool:
        """Return whether no mailbox is closed to this member: admins could let themselves in; a visitor has a grant."""
        return self.is_admin or self.is_visitor

    @property
    def is_owner(self) -> bool:
        """Return whether this member may close the account."""
        return self.role == self.Role.OWNER

    @property
    def can_answer(self) -> bool:
        """Return whether this member may write, assign and close; viewers only read."""
        return self.role != self.Role.VIEWER

    @property
    def roles_to_give(self) -> set[str]:
        """Return which roles this member may give to others; only owners make owners."""
        if not (self.is_admin and self.is_active):
            return set()
        return set(self.Role.values) if self.is_owner else set(self.Role.values) - {self.Role.OWNER}

    @property
    def display_name(self) -> str:
        """Return the person's name."""
        return self.user.display_name

    @property
    def initials(self) -> str:
        """Return the letters of the avatar."""
        return self.user.initials
