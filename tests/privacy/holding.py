"""What the tests of holds do again and again."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Organization
from accounts.sealing.keys import Kind, destroy_key
from accounts.tenancy import organization_scope
from mailbox.models import InboundEmail, Mailbox, OutboundEmail
from privacy.actions.place_hold import place_hold
from privacy.deletion.steps.holds import STEP
from privacy.holding import is_secured, take_turn
from privacy.holds.actors import Actor
from privacy.models import DeletionJob, LegalHold
from tickets.models import Attachment, Contact, Message, Note, Ticket

Scope = DeletionJob.Scope


def job_for(of: Mailbox | Organization | Contact) -> DeletionJob:
    """Return the running job that erases this."""
    scope = {Mailbox: Scope.MAILBOX, Organization: Scope.ORGANIZATION, Contact: Scope.CONTACT}[type(of)]
    organization_id = of.pk if isinstance(of, Organization) else of.organization_id
    now = timezone.now()
    with organization_scope(organization_id):
        return DeletionJob.objects.create(
            organization_id=organization_id,
            scope=scope,
            target_id=of.pk,
            cause=DeletionJob.Cause.DISCONNECTED,
            state=DeletionJob.State.RUNNING,
            requested_at=now - timedelta(days=7),
            run_after=now,
            due_at=now + timedelta(days=23),
        )


def hold(of: Any, by: Actor, **more: Any) -> LegalHold:
    """Return a hold on this, placed by that person, who reviews it in a month."""
    details = {"basis": "claim", "reason": "A claim of Carol's", "reviewer": by, **more}
    details.setdefault("review_on", timezone.localdate() + timedelta(days=30))
    organization_id = of.pk if isinstance(of, Organization) else of.organization_id
    with organization_scope(organization_id):
        return place_hold(of, by=by, **details)


def put_aside(job: DeletionJob) -> int:
    """Run the step, and return how many batches it told of."""
    return len(list(STEP.run(job)))


def destroy(job: DeletionJob) -> bool:
    """Pass the point of no return as the step `keys` does; False where something is still to be put aside."""
    with organization_scope(job.organization_id):
        DeletionJob.objects.select_for_update().get(pk=job.pk)
        take_turn(job.organization_id)
        if not is_secured(job):
            return False
        job.key_destroyed_at = timezone.now()
        job.save(update_fields=["key_destroyed_at"])
    with organization_scope(job.organization_id):
        mailboxes = (
            Mailbox.objects.all() if job.scope == Scope.ORGANIZATION else Mailbox.objects.filter(pk=job.target_id)
        )
        ids = list(mailboxes.values_list("pk", flat=True))
    for pk in ids:
        destroy_key(Kind.MAILBOX, pk)
    if job.scope == Scope.ORGANIZATION:
        for kind in (Kind.ORGANIZATION, Kind.DIGEST):
            destroy_key(kind, job.target_id)
    return True


def delete_mailbox(mailbox: Mailbox) -> None:
    """Delete its rows and files, as the steps after the keys do."""
    with organization_scope(mailbox.organization_id):
        for file in Attachment.objects.filter(mailbox=mailbox):
            file.file.delete()
        for email in [*InboundEmail.objects.filter(mailbox=mailbox), *OutboundEmail.objects.filter(mailbox=mailbox)]:
            email.raw_file.delete()
        Note.objects.filter(mailbox=mailbox).delete()
        Message.objects.filter(mailbox=mailbox).delete()
        Ticket.objects.filter(mailbox=mailbox).delete()
        InboundEmail.objects.filter(mailbox=mailbox).delete()
        OutboundEmail.objects.filter(mailbox=mailbox).delete()
