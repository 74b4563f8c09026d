"""What a hold can be placed on, what it is called, and whether it is still there."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Organization
from mailbox.models import Mailbox
from privacy.models import DeletionJob, LegalHold
from tickets.contacts.finding import addresses_of, name_of
from tickets.models import Contact, Ticket

Scope = LegalHold.Scope


@dataclass(frozen=True)
class Target:
    """A ticket, contact, mailbox or organization that is to be kept."""

    scope: str
    id: UUID
    title: str
    number: int | None = None


def target_of(of: Ticket | Contact | Mailbox | Organization) -> Target:
    """Return what a hold on this names; a merged ticket or contact is refused, because its mails are elsewhere."""
    if isinstance(of, Organization):
        return Target(Scope.ORGANIZATION, of.pk, of.name)
    if isinstance(of, Mailbox):
        return Target(Scope.MAILBOX, of.pk, of.address)
    if of.merged_into_id:
        raise ActionRefused(_("This was merged. Place the hold on what it was merged into."))
    if isinstance(of, Ticket):
        return Target(Scope.TICKET, of.pk, of.subject, of.number)
    return Target(Scope.CONTACT, of.pk, name_of(of, addresses_of(of)))


def refuse_if_destroyed(organization_id: UUID, of: Ticket | Contact | Mailbox | Organization) -> None:
    """Refuse what a job has already made unreadable: its keys are gone, and nobody can bring them back."""
    gone = DeletionJob.objects.filter(organization_id=organization_id, key_destroyed_at__isnull=False)
    of_it = Q(scope=DeletionJob.Scope.ORGANIZATION)
    if isinstance(of, (Ticket, Mailbox)):
        mailbox_id = of.mailbox_id if isinstance(of, Ticket) else of.pk
        of_it |= Q(scope=DeletionJob.Scope.MAILBOX, target_id=mailbox_id)
    job = gone.filter(of_it).order_by("key_destroyed_at").first()
    if job is not None and job.key_destroyed_at is not None:
        at = date_format(timezone.localtime(job.key_destroyed_at), "j F Y, H:i")
        raise ActionRefused(_("Already destroyed at %(at)s: there is nothing left to keep.") % {"at": at})
