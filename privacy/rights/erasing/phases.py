"""The phases of an erasure, each in batches; what is done is marked in the plan, so that a second run goes on.

What others wrote is blacked out while the person's own words are still there to be known in it; then those go.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.apps import apps
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.suppression import ADDRESS, suppress
from mailbox.models import InboundEmail
from privacy.models import DataSubjectRequest, DeletionJob, RequestFinding
from privacy.rights.erasing.lists import retell, untitle
from privacy.rights.erasing.messages import black_out_message, replace_raw
from privacy.rights.erasing.outside import Outside
from privacy.rights.erasing.rows import black_out_row
from privacy.rights.erasing.verify import look_once_more
from privacy.rights.finding.notes import Decision, Role
from privacy.rights.plan import held_among
from privacy.rights.subject import Subject, subject_of
from privacy.rights.traces import Traces
from tickets.actions.contacts.restrict import restrict_contact
from tickets.filing.turn import serialize_filing
from tickets.models import (
    Attachment,
    Contact,
    ContactAddress,
    ContactCode,
    ContactEvent,
    ContactNote,
    DraftFile,
    Message,
    Note,
    Ticket,
)
from tickets.search.keeping import keep_messages, keep_notes, keep_tickets

BATCH = 200
MESSAGE, TICKET, EMAIL = Message._meta.label, Ticket._meta.label, InboundEmail._meta.label


class Erasure:
    """One person's erasure by its approved plan. Every method does one batch and returns whether more is left."""

    def __init__(self, request: DataSubjectRequest, job: DeletionJob) -> None:
        """Read who is meant and what is to be known in others' words."""
        self.request, self.job = request, job
        self.subject: Subject = subject_of(request)
        self.outside = Outside(job)

    def phases(self) -> list[Callable[[], bool]]:
        """Return what is to be done, in its order."""
        return [
            self.keep_out,
            self.others_mails,
            self.other_rows,
            self.unfiled,
            self.own_mails,
            self.tickets,
            self.contact,
        ]

    def keep_out(self) -> bool:
        """First of all see to it that neither the provider nor a restored backup brings anything back."""
        suppress(self.request.organization_id, ADDRESS, self.subject.digests, job_id=self.job.pk)  # type: ignore[arg-type]
        # The row itself is not named: in a restored system tickets that others wrote in still hang on it.
        self.outside.columns(Contact, self.subject.contact_ids)
        for model in (ContactAddress, ContactCode, ContactNote, ContactEvent):
            rows = model.objects.filter(contact__in=self.subject.contact_ids)
            self.outside.rows("contact", rows.values_list("pk", flat=True), model._meta.label)
        return False

    def others_mails(self) -> bool:
        """Black the person out of a batch of others' mails."""
        ids, parts = self._next(MESSAGE, Decision.REDACT)
        if not ids:
            return False
        self.outside.columns(Message, ids)
        traces, digests = self.traces(), set(self.subject.digests)
        messages = list(Message.objects.select_for_update(of=("self",)).filter(pk__in=ids))
        self.outside.originals(messages)
        for message in messages:
            black_out_message(message, traces, digests, parts=message.pk in parts)
        keep_messages(messages)
        retell({one.ticket_id for one in messages})
        self._done(MESSAGE, ids, Decision.REDACT)
        return True

    def other_rows(self) -> bool:
        """Black the person out of notes, drafts and whatever else names them."""
        waiting = self._waiting(Decision.REDACT).exclude(model__in=[MESSAGE, TICKET, EMAIL])
        label = waiting.values_list("model", flat=True).order_by("model").first()
        if label is None:
            return False
        ids, parts = self._next(label, Decision.REDACT)
        self.outside.columns(apps.get_model(label), ids)
        traces = self.traces()
        rows = list(apps.get_model(label)._base_manager.filter(pk__in=ids))
        for row in rows:
            black_out_row(row, traces, parts=row.pk in parts)
        keep_notes(row for row in rows if isinstance(row, Note))
        keep_messages([row.message for row in rows if isinstance(row, Attachment)])
        self._done(label, ids, Decision.REDACT)
        return True

    def unfiled(self) -> bool:
        """Empty stored mails that became no message; the empty row keeps the provider's copy from coming in again."""
        ids, _parts = self._next(EMAIL, Decision.REDACT, Decision.DELETE)
        if not ids:
            return False
        self.outside.columns(InboundEmail, ids)
        self.outside.rows("file", ids, f"{EMAIL}.raw_file")
        for email in InboundEmail.objects.select_for_update(of=("self",)).filter(pk__in=ids, message=None):
            email.reason = ""
            email.state = InboundEmail.State.SKIPPED
            email.save(update_fields=["reason", "state"])
            replace_raw(email, b"")
        self._done(EMAIL, ids, Decision.REDACT, Decision.DELETE)
        return True

    def own_mails(self) -> bool:
        """Delete a batch of what the person wrote, files and originals with it; then nothing of it comes in again."""
        ids, _parts = self._next(MESSAGE, Decision.DELETE)
        if not ids:
            return False
        messages = list(Message.objects.select_related("inbound__mailbox").filter(pk__in=ids))
        self.outside.keep_out(messages)
        self.outside.rows("message", ids, MESSAGE)
        emails = [one.inbound for one in messages if one.inbound is not None]
        self.outside.rows("message", [one.pk for one in emails], EMAIL)
        for attachment in Attachment.objects.filter(message__in=ids):
            attachment.file.delete()
        for email in emails:
            email.raw_file.delete()
        tickets = {one.ticket_id for one in messages}
        untitle(messages, self.outside)
        Message.objects.filter(pk__in=ids).delete()
        InboundEmail.objects.filter(pk__in=[one.pk for one in emails]).delete()
        retell(tickets)
        self._done(MESSAGE, ids, Decision.DELETE)
        return True

    def tickets(self) -> bool:
        """Delete tickets in which nobody else wrote; the others go on, with nobody for their contact."""
        mine = Ticket.objects.filter(contact__in=self.subject.contact_ids).annotate(
            is_shared=Exists(Message.objects.filter(ticket=OuterRef("pk")))
        )
        kept = set(self._kept_tickets())
        batch = list(mine.exclude(pk__in=kept).order_by("pk")[:BATCH])
        if batch:
            shared = [one for one in batch if one.is_shared]  # type: ignore[attr-defined]
            alone = [one for one in batch if one not in shared]
            self.outside.rows("message", [one.pk for one in alone], TICKET)
            self.outside.columns(Ticket, [one.pk for one in shared])
            for file in DraftFile.objects.filter(draft__ticket__in=alone):
                file.file.delete()
            Ticket.objects.filter(pk__in=[one.pk for one in alone]).delete()
            if shared:
                nobody = self._nobody()
                Ticket.objects.filter(pk__in=[one.pk for one in shared]).update(contact=nobody)
                self._black_out_tickets([one.pk for one in shared])
            self._done(TICKET, [one.pk for one in batch], Decision.DELETE, Decision.REDACT)
            return True
        ids, _parts = self._next(TICKET, Decision.REDACT)
        self.outside.columns(Ticket, ids)
        self._black_out_tickets(ids)
        self._done(TICKET, ids, Decision.REDACT)
        return bool(ids)

    def contact(self) -> bool:
        """Delete who it was: addresses, names, notes, history. Who is held, or kept in part, is restricted instead.

        What came in while the plan was carried out is erased first, by the same rules; nothing is filed meanwhile.
        """
        serialize_filing(self.job.organization_id)
        if self._came_meanwhile():
            look_once_more(self.request)
            return True
        if self.others_mails() or self.other_rows() or self.own_mails() or self.tickets():
            return True
        family = Contact.objects.filter(pk__in=self.subject.contact_ids)
        left = family.filter(pk__in=Ticket.objects.filter(contact__in=self.subject.contact_ids).values("contact"))
        left |= family.filter(pk__in=Message.objects.filter(sender__in=self.subject.contact_ids).values("sender"))
        held = held_among(Contact._meta.label, list(family.values_list("pk", flat=True)))
        if held or left.exists():
            for one in family.filter(merged_into=None):
                restrict_contact(one)
        else:
            family.exclude(merged_into=None).delete()
            Contact.objects.filter(pk__in=self.subject.contact_ids).delete()
        self._waiting(Decision.DELETE, Decision.REDACT).update(done_at=timezone.now())
        for finding in self.request.requestfindings.exclude(decision=Decision.KEEP):
            finding.excerpt = ""
            finding.save(update_fields=["excerpt"])
        return False

    def traces(self) -> Traces:
        """Return what is looked for, with every line the person wrote."""
        return self.subject.traces_with_lines()

    # --- by the plan -----------------------------------------------------------------------------------------------
    def _waiting(self, *decisions: str) -> QuerySet[RequestFinding]:
        return self.request.requestfindings.filter(decision__in=decisions, done_at=None)

    def _next(self, label: str, *decisions: str) -> tuple[list[UUID], set[UUID]]:
        """Return the next rows that nothing holds, and those of which parts of a name were decided, too."""
        waiting = self._waiting(*decisions).filter(model=label).order_by("pk")
        ids = list(dict.fromkeys(waiting.values_list("row_id", flat=True)[: BATCH * 4]))[:BATCH]
        held = held_among(label, ids) if ids else set()
        if held:  # placed after the plan was made: what is held is restricted, and the person is told
            self._waiting(*decisions).filter(model=label, row_id__in=held).update(decision=Decision.RESTRICT)
            if held >= set(ids):
                return self._next(label, *decisions)
        parts = self.request.requestfindings.filter(
            model=label, row_id__in=ids, role=Role.PERHAPS, decision=Decision.REDACT
        )
        return [pk for pk in ids if pk not in held], set(parts.values_list("row_id", flat=True))

    def _done(self, label: str, ids: Iterable[UUID], *decisions: str) -> None:
        self._waiting(*decisions).filter(model=label, row_id__in=list(ids)).update(done_at=timezone.now())

    def _kept_tickets(self) -> QuerySet[RequestFinding, UUID]:
        keeping = [Decision.KEEP, Decision.RESTRICT]
        kept = self.request.requestfindings.filter(decision__in=keeping, model__in=[TICKET, MESSAGE], role=Role.OWN)
        held = self.request.requestfindings.filter(decision=Decision.RESTRICT, model__in=[TICKET, MESSAGE])
        return (kept | held).filter(ticket_id__isnull=False).values_list("ticket_id", flat=True)  # type: ignore[return-value]

    def _came_meanwhile(self) -> bool:
        """Return whether the person has mails or tickets that the plan does not know."""
        planned = self.request.requestfindings.filter(model=MESSAGE).values("row_id")
        mails = Message.objects.filter(sender__in=self.subject.contact_ids).exclude(pk__in=planned)
        return mails.exists()

    # --- what follows ----------------------------------------------------------------------------------------------
    def _black_out_tickets(self, ids: Iterable[UUID]) -> None:
        traces = self.traces()
        tickets = list(Ticket.objects.filter(pk__in=list(ids)).select_related("contact"))
        for ticket in tickets:
            black_out_row(ticket, traces, parts=True)
        retell([one.pk for one in tickets])
        keep_tickets(tickets)

    def _nobody(self) -> Contact:
        """Return the contact that stands for an erased person, one for each erasure: it has no name and no address."""
        with override(self.request.organization.language if self.request.organization else None):
            name = _("Erased person")
        contact, _made = Contact.objects.get_or_create(
            pk=self.job.pk,
            defaults={"organization_id": self.job.organization_id, "name": name, "is_name_chosen": True},
        )
        return contact
