"""Carry mail: from a company's mailbox to whoever it is for, from a customer to the company."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, formataddr

from django.db import transaction

from mailbox.simulator.clock import now
from mailbox.simulator.mail import headers
from mailbox.simulator.mail.reading import Summary, summarize
from mailbox.simulator.mail.store import keep, move, relabel, rewrite, topic
from mailbox.simulator.models import Account, Message, Option, Original

SILENT = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounce.*)@", re.IGNORECASE)


class SendAsDenied(Exception):
    """The From address does not belong to this mailbox."""


class NoRecipients(Exception):
    """Nobody is named in To, Cc or Bcc."""


class UnknownThread(Exception):
    """The thread id does not exist in this mailbox."""


@dataclass
class Outgoing:
    """A mail made ready to leave: as it is kept, as it travels, and what it says."""

    kept: bytes
    travels: bytes
    summary: Summary


def new_message_id(account: Account) -> str:
    """A Message-ID as this account's provider makes them."""
    unique = secrets.token_urlsafe(24).replace("-", "0").replace("_", "1")
    if account.provider == Account.Provider.GOOGLE:
        return f"<CA{unique}@mail.simulated-google.example>"
    if account.provider == Account.Provider.MICROSOFT:
        return f"<{unique}@outlook.simulated-microsoft.example>"
    return f"<{unique}@{account.address.rpartition('@')[2]}>"


def prepare(account: Account, raw: bytes) -> Outgoing:
    """Apply what the account's provider does to mail that leaves: sender, Message-ID, Date, Bcc."""
    summary = summarize(raw)
    if not account.may_send_as(summary.sender[1]):
        if account.provider == Account.Provider.MICROSOFT and summary.sender[1]:
            raise SendAsDenied
        raw = headers.replaced(raw, "From", formataddr((account.name or summary.sender[0], account.address)))
    if not summary.recipient_addresses():
        raise NoRecipients
    if not headers.value(raw, "Date"):
        raw = headers.replaced(raw, "Date", format_datetime(now()))
    rewrite = account.provider == Account.Provider.GOOGLE and Option.read("rewrite_message_id")
    if rewrite and summary.message_id:
        raw = headers.replaced(raw, "X-Google-Original-Message-ID", summary.message_id)
    if rewrite or not summary.message_id:
        raw = headers.replaced(raw, "Message-ID", new_message_id(account))
    if account.provider == Account.Provider.MICROSOFT:
        raw = headers.without(raw, "Auto-Submitted")  # Exchange takes it out, even from MIME
    return Outgoing(kept=raw, travels=headers.without(raw, "Bcc"), summary=summarize(raw))


def joined_thread(account: Account, key: int | None, summary: Summary) -> int | None:
    """The thread a sent mail joins: asked for by id, and by References, and with an equal subject."""
    if key is None:
        return None
    thread = Message.objects.filter(account=account, thread=key)
    if not thread.exists():
        raise UnknownThread
    related = thread.filter(internet_message_id__in=summary.references).first()
    return key if related and topic(related.subject) == topic(summary.subject) else None


@transaction.atomic
def send(account: Account, raw: bytes, *, thread: int | None = None, draft: Message | None = None) -> Message:
    """Send a mail from an account: one Sent copy, one copy for each recipient; returns the Sent copy."""
    outgoing = prepare(account, raw)
    summary = outgoing.summary
    if draft:
        sent = _turn_draft(draft, outgoing)
    else:
        joined = joined_thread(account, thread, summary)
        if account.provider == Account.Provider.GOOGLE:
            joined = joined or 0  # Gmail starts a new thread unless all three conditions hold
        sent = keep(account, outgoing.kept, ["SENT"], summary=summary, thread=joined)
    same = outgoing.travels == outgoing.kept
    shared = sent.original if same else Original.objects.create(content=outgoing.travels)
    names = {pair[1].lower(): pair[0] for pairs in summary.recipients.values() for pair in pairs}
    for address in summary.recipient_addresses():
        if address == account.address and account.provider == Account.Provider.GOOGLE:
            relabel(sent, add=["INBOX", "UNREAD"])  # Gmail keeps mail to oneself once
            continue
        recipient = known_or_new(address, names.get(address, ""))
        keep(recipient, outgoing.travels, ["INBOX", "UNREAD"], summary=summary, original=shared)
    return sent


def _turn_draft(draft: Message, outgoing: Outgoing) -> Message:
    """The Sent copy keeps the draft's immutable id."""
    rewrite(draft, outgoing.kept)
    draft.received_at = now()
    draft.save(update_fields=["received_at"])
    move(draft, "SENT")
    return draft


def known_or_new(address: str, name: str) -> Account:
    """The mailbox of an address; outside of the companies every address exists."""
    found = Account.objects.filter(address=address.lower()).first()
    return found or Account.objects.create(provider=Account.Provider.CUSTOMER, address=address, name=name[:200])


@transaction.atomic
def arrive(
    account: Account,
    raw: bytes,
    *,
    labels: list[str] | None = None,
    received_at: datetime | None = None,
    sent_copy: bool = True,
) -> Message:
    """A mail from outside arrives; its author, when a customer could be, gets a Sent copy to read in the thread."""
    summary = summarize(raw)
    message = keep(account, raw, labels or ["INBOX", "UNREAD"], received_at=received_at, summary=summary)
    name, address = summary.sender
    if sent_copy and address and not SILENT.match(address) and len(address) < 320:
        author = known_or_new(address, name)
        if not author.is_company and not _has(author, summary.message_id):
            keep(author, raw, ["SENT"], received_at=received_at, summary=summary, original=message.original)
    return message


def _has(account: Account, message_id: str) -> bool:
    return bool(message_id) and Message.objects.filter(account=account, internet_message_id=message_id).exists()
