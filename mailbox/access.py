"""Who may see which mailbox: the one rule that lists, search, counts, pages, live events and files ask.

A mailbox is open to every member, or limited to the teams and members named for it. Owners and admins see every
mailbox: they could let themselves in anyway, so a rule against it would only look like one. The answer is a query and
never a remembered list, so it costs no statement of its own inside another query and cannot be out of date.

A mailbox that was disconnected waits for its deletion. From that moment only owners and admins see what is in it, and
they read it: nothing in it is worked on any more (refuse_if_ending).
"""

from typing import Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership, Team, TeamMember
from accounts.models.membership import MembershipQuerySet
from mailbox.models import Mailbox, MailboxAccess

_Row_co = TypeVar("_Row_co", bound=models.Model, covariant=True)

ADMINS = (Membership.Role.OWNER, Membership.Role.ADMIN)


def mailboxes_for(membership: Membership) -> QuerySet[Mailbox]:
    """Return the mailboxes this member may see, for admins those that wait for deletion too; none for who is out."""
    if not membership.is_active:
        return Mailbox.objects.none()
    own = Mailbox.objects.filter(organization_id=membership.organization_id)
    if membership.sees_every_mailbox:
        return own
    own = own.connected()
    teams = TeamMember.objects.filter(member=membership).values("team_id")
    named = MailboxAccess.objects.filter(Q(member=membership) | Q(team__in=teams)).values("mailbox_id")
    return own.filter(Q(is_limited=False) | Q(pk__in=named))


def mailbox_ids_for(membership: Membership) -> frozenset[UUID]:
    """Return the ids of the mailboxes this member may see, as of now."""
    return frozenset(mailboxes_for(membership).values_list("pk", flat=True))


def may_see(membership: Membership, mailbox_id: UUID) -> bool:
    """Return whether this member may see what is in that mailbox."""
    return mailboxes_for(membership).filter(pk=mailbox_id).exists()


def members_who_see(mailbox: Mailbox) -> MembershipQuerySet:
    """Return the active members who may see what is in this mailbox."""
    members = Membership.objects.active().filter(organization_id=mailbox.organization_id)
    if mailbox.is_disconnected:
        return members.filter(role__in=ADMINS)
    if not mailbox.is_limited:
        return members
    named = MailboxAccess.objects.filter(mailbox=mailbox)
    teams = TeamMember.objects.filter(team__in=named.exclude(team=None).values("team_id")).values("member_id")
    alone = named.exclude(member=None).values("member_id")
    return members.filter(Q(role__in=ADMINS) | Q(pk__in=alone) | Q(pk__in=teams))


def teams_that_see(mailbox: Mailbox) -> QuerySet[Team]:
    """Return the teams that may be given what is in this mailbox: every team, or those it is limited to."""
    teams = Team.objects.filter(organization_id=mailbox.organization_id)
    return teams.filter(mailbox_accesses__mailbox=mailbox) if mailbox.is_limited else teams


def is_worked_on(mailbox: Mailbox) -> bool:
    """Return whether answers, notes and changes are still taken there: until it is disconnected."""
    return not mailbox.is_disconnected


def refuse_if_ending(mailbox: Mailbox) -> None:
    """Decline what would change a ticket of a mailbox that waits for its deletion."""
    if not is_worked_on(mailbox):
        raise ActionRefused(_("This mailbox was disconnected. Its tickets can only be read until they are deleted."))


class OfMailboxQuerySet(QuerySet[_Row_co]):
    """Rows that have a mailbox, and are seen only by who may see that mailbox."""

    def visible_to(self, membership: Membership) -> Self:
        """Return those in mailboxes this member may see: the way every page begins."""
        own = self.filter(organization_id=membership.organization_id)
        if membership.sees_every_mailbox and membership.is_active:
            return own
        return own.filter(mailbox__in=mailboxes_for(membership).values("pk"))

    def workable_by(self, membership: Membership) -> Self:
        """Return those of them that may still be changed: the way every change of many begins."""
        return self.visible_to(membership).exclude(mailbox__state=Mailbox.State.DISCONNECTED)
