"""What the ledger and the suppression list are told before a batch of a rule erases anything."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import models

from mailbox.models import InboundEmail, OutboundEmail
from privacy.models import RetentionRule, RetentionRun
from privacy.retention.erasing import with_merged
from tickets.models import Attachment, Draft, DraftFile, Message, Note, Ticket

Kind, Does = RetentionRule.Kind, RetentionRule.Does


def remember(rule: RetentionRule, run: RetentionRun, rows: Sequence[Any]) -> None:
    """Write down what these rows are and what goes with them; nothing may be erased where this fails.

    A restored backup is told again, and mail that is still at the provider does not come back.
    """
    from privacy.ledger.remembering import remember_contacts

    if rule.kind == Kind.CONTACTS:
        remember_contacts(rule.organization_id, [row.pk for row in rows], job_id=run.pk)
    elif rule.kind == Kind.FILES:
        _files(rule, run, [row.pk for row in rows])
    else:
        _tickets(rule, run, rows)


def _tickets(rule: RetentionRule, run: RetentionRun, tickets: Sequence[Ticket]) -> None:
    from privacy.ledger.remembering import remember_messages

    ids = [pk for ticket in tickets for pk in with_merged(ticket)]
    messages = Message.objects.filter(ticket__in=ids)
    # Files first: they are found by their rows when this is read again.
    _append(run, "file", Attachment, Attachment.objects.filter(message__in=messages, removed_at=None))
    _append(run, "file", DraftFile, DraftFile.objects.filter(draft__ticket__in=ids))
    remember_messages(rule.organization_id, list(messages.values_list("pk", flat=True)), job_id=run.pk)
    for model in (Note, Draft):
        _append(run, "rule", model, model._base_manager.filter(ticket__in=ids))
    if rule.does == Does.DELETE:
        _append(run, "rule", Ticket, Ticket.objects.filter(pk__in=ids))
        return
    _append(run, "rule", Ticket, Ticket.objects.filter(pk__in=ids).exclude(pk__in=[one.pk for one in tickets]))
    for column in ("subject", "snippet", "fields"):
        _append(run, "field", Ticket, Ticket.objects.filter(pk__in=[one.pk for one in tickets]), column)


def _files(rule: RetentionRule, run: RetentionRun, messages: list[UUID]) -> None:
    attachments = Attachment.objects.filter(message__in=messages, removed_at=None)
    _append(run, "file", Attachment, attachments)
    _append(run, "field", Attachment, attachments, "details")
    for model in (InboundEmail, OutboundEmail):
        emails = model._base_manager.filter(message__in=messages)
        _append(run, "file", model, emails.filter(raw_inline__isnull=True))
        _append(run, "field", model, emails, "raw_inline")


def _append(run: RetentionRun, kind: str, model: type[models.Model], rows: Any, column: str = "") -> None:
    from privacy.ledger import append

    ids = list(rows.values_list("pk", flat=True))
    if kind == "file":
        column = next(iter(vars(model)["personal_data"].files))
    place = f"{model._meta.label}.{column}" if column else model._meta.label
    if ids:
        append(kind, ids, job_id=run.pk, organization_id=run.organization_id, place=place)
