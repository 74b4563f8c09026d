"""Put mail into a mailbox, label it, move it, take it out; each act leaves a line in the history."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from mailbox.simulator.clock import now
from mailbox.simulator.mail.reading import Summary, summarize
from mailbox.simulator.models import Account, Change, Message, Original
from mailbox.simulator.models.mail import FOLDERS

PREFIX = re.compile(r"^\s*((re|fwd?|aw|wg|sv|vb|vs|antw|doorst)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE)


def topic(subject: str) -> str:
    """A subject without its reply marks, to compare."""
    return " ".join(PREFIX.sub("", subject).split()).lower()


def as_labels(names: Iterable[str]) -> str:
    """Labels as the database keeps them."""
    return f" {' '.join(dict.fromkeys(names))} "


@transaction.atomic
def keep(
    account: Account,
    raw: bytes,
    labels: Iterable[str],
    *,
    received_at: datetime | None = None,
    summary: Summary | None = None,
    original: Original | None = None,
    thread: int | None = None,
) -> Message:
    """Store a mail in a mailbox and note it in the history; the thread is found when none is given."""
    summary = summary or summarize(raw)
    message = Message(
        account=account,
        original=original or Original.objects.create(content=raw),
        labels=as_labels(labels),
        internet_message_id=summary.message_id[:1000],
        references=" ".join(summary.references),
        subject=summary.subject,
        topic=topic(summary.subject)[:200],
        sender_name=summary.sender[0],
        sender_address=summary.sender[1].lower(),
        recipients=summary.recipients,
        snippet=summary.snippet,
        has_attachments=summary.has_attachments,
        size=len(raw),
        received_at=received_at or now(),
    )
    message.thread = find_thread(account, summary) if thread is None else thread
    message.save()
    if not message.thread:
        message.thread = message.pk
        message.save(update_fields=["thread"])
    note(message, Change.Kind.ADDED, [], before=[])
    return message


def find_thread(account: Account, summary: Summary) -> int:
    """The thread a mail joins by its provider's rule; 0 starts a new one."""
    mails = Message.objects.filter(account=account)
    for reference in reversed(summary.references):
        parent = mails.filter(internet_message_id=reference).order_by("pk").first()
        if parent and (not account.is_company or parent.topic == topic(summary.subject)[:200]):
            return parent.thread
    if account.provider == Account.Provider.MICROSOFT and summary.subject:
        # Exchange gives unrelated mail with an equal subject the same conversation: products must bear it.
        same = mails.filter(topic=topic(summary.subject)[:200]).order_by("-pk").first()
        return same.thread if same else 0
    return 0


def note(message: Message, kind: str, labels: list[str], *, before: list[str]) -> None:
    """Write one line of history."""
    after = [] if kind == Change.Kind.DELETED else message.label_list
    touched = {_folder(before), _folder(after)} - {""}
    Change.objects.create(
        account_id=message.account_id,
        message_number=message.pk,
        thread=message.thread,
        kind=kind,
        labels=labels,
        state=after or before,
        folders=as_labels(touched),
        moves=message.moves,
    )


def _folder(labels: list[str]) -> str:
    if not labels:
        return ""
    return next((name for name in FOLDERS if name in labels), "ARCHIVE")


@transaction.atomic
def relabel(message: Message, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
    """Add and remove labels; what is already so leaves no line."""
    before, folder = message.label_list, message.folder
    gone = [label for label in remove if label in before]
    fresh = [label for label in add if label not in before]
    message.labels = as_labels([label for label in before if label not in gone] + fresh)
    if message.folder != folder:
        message.moves += 1
    message.save(update_fields=["labels", "moves"])
    if gone:
        note(message, Change.Kind.UNLABELLED, gone, before=before)
    if fresh:
        note(message, Change.Kind.LABELLED, fresh, before=before)


def move(message: Message, folder: str) -> None:
    """Put a message into one folder; ARCHIVE means none of them."""
    others = [label for label in message.label_list if label in FOLDERS and label != folder]
    relabel(message, add=[] if folder == "ARCHIVE" else [folder], remove=others)


@transaction.atomic
def remove(message: Message) -> None:
    """Delete a message for good; its history stays."""
    note(message, Change.Kind.DELETED, [], before=message.label_list)
    original = message.original
    message.delete()
    if not original.messages.exists():
        original.delete()


@transaction.atomic
def rewrite(message: Message, raw: bytes) -> None:
    """Give a draft new content under the same id."""
    summary = summarize(raw)
    message.original = Original.objects.create(content=raw)
    message.internet_message_id = summary.message_id or message.internet_message_id
    message.references = " ".join(summary.references)
    message.subject, message.snippet = summary.subject, summary.snippet
    message.topic = topic(summary.subject)[:200]
    message.sender_name, message.sender_address = summary.sender
    message.recipients, message.has_attachments, message.size = summary.recipients, summary.has_attachments, len(raw)
    message.save()
