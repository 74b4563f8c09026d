"""What is told outside the tables before anything goes: the ledger, and the list that keeps the provider's copy out."""

from collections.abc import Iterable
from uuid import UUID

from django.db import models

from accounts.sealing.fields import sealed_fields
from accounts.suppression import MESSAGE_ID, PROVIDER_ID, provider_digest, suppress
from mailbox.models import InboundEmail, OutboundEmail
from privacy.ledger import append
from privacy.models import DeletionJob
from tickets.models import Message


class Outside:
    """The ledger and the list, in the name of one job. LedgerFault where they cannot be written: then nothing goes."""

    def __init__(self, job: DeletionJob) -> None:
        """Take the job in whose name it is written."""
        self.job = job

    def rows(self, kind: str, ids: Iterable[UUID], place: str) -> None:
        """Name rows, or single columns of rows, that are about to go."""
        if wanted := sorted(ids):
            append(kind, wanted, job_id=self.job.pk, organization_id=self.job.organization_id, place=place)

    def columns(self, model: type[models.Model], ids: Iterable[UUID]) -> None:
        """Name columns, not rows: a restored system empties what here is blacked out word by word."""
        wanted = list(ids)
        for field in sealed_fields(model):
            self.rows("field", wanted, f"{model._meta.label}.{field.attname}")

    def originals(self, messages: Iterable[Message]) -> None:
        """Name the originals of mails that are redacted."""
        messages = list(messages)
        for model, ids in (
            (InboundEmail, [one.inbound_id for one in messages if one.inbound_id]),
            (OutboundEmail, [one.outbound_id for one in messages if one.outbound_id]),
        ):
            self.rows("field", ids, f"{model._meta.label}.raw_inline")
            self.rows("file", ids, f"{model._meta.label}.raw_file")

    def keep_out(self, messages: Iterable[Message]) -> None:
        """See to it that these mails do not come in again, by whichever name the provider has for them."""
        messages = list(messages)
        organization_id = self.job.organization_id
        ids = [bytes(one.message_id_digest) for one in messages if one.message_id_digest is not None]
        suppress(organization_id, MESSAGE_ID, ids, job_id=self.job.pk)
        emails = [one.inbound for one in messages if one.inbound is not None and not one.inbound.is_imported]
        by_provider = [
            provider_digest(organization_id, bytes(email.mailbox.address_digest), email.provider_id) for email in emails
        ]
        suppress(organization_id, PROVIDER_ID, by_provider, job_id=self.job.pk)
