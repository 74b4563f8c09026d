"""Files of mails are looked at by a virus scanner after they were filed; what is infected is kept, and locked."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clamd
from accounts.clamd import Verdict
from accounts.errors import ActionRefused
from accounts.models import Membership
from tickets.history import announce, record
from tickets.models import Attachment, Event, Ticket

AT_ONCE = 200  # files of one organization that a sweep takes up


def scan_of_new() -> str:
    """Return what is known of a file that has just come."""
    return Attachment.Scan.WAITING if clamd.is_set_up() else ""


def check_later(attachments: Iterable[Attachment]) -> None:
    """Let those of these new files that wait for it be looked at, once they are committed."""
    from tickets.file_tasks import check_files

    waiting = [one for one in attachments if one.scan == Attachment.Scan.WAITING]
    if waiting:
        check_files.delay_on_commit(str(waiting[0].organization_id), [str(one.pk) for one in waiting])


def waiting_files() -> list[UUID]:
    """Return some files of the organization that nobody has looked at yet, the oldest first."""
    waiting = Attachment.objects.filter(scan=Attachment.Scan.WAITING, removed_at=None)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def content_to_check(attachment_id: UUID) -> Iterator[bytes] | None:
    """Return a waiting file's content, opened here, to be read without the database; nothing where none waits."""
    found = Attachment.objects.filter(pk=attachment_id, scan=Attachment.Scan.WAITING, removed_at=None).first()
    if found is None or not found.file.exists():
        return None
    pieces = found.file.read()
    return chain([next(pieces, b"")], pieces)


@transaction.atomic
def note_verdict(attachment_id: UUID, verdict: Verdict) -> None:
    """Write down what was found in a file; one that was judged or taken away meanwhile is left alone."""
    waiting = Attachment.objects.select_for_update().filter(pk=attachment_id, scan=Attachment.Scan.WAITING)
    attachment = waiting.first()
    if attachment is None:
        return
    attachment.scan = str(verdict.finding)
    if verdict.virus and attachment.removed_at is None:
        attachment.details = {**attachment.details, "virus": verdict.virus}
    attachment.save(update_fields=["scan", "details"])
    announce(Ticket.objects.get(messages=attachment.message_id))


@transaction.atomic
def release_file(attachment: Attachment, *, by: Membership) -> None:
    """Let an infected file be opened, on the word of an admin; one that is not infected is left alone."""
    if not by.is_admin:
        raise ActionRefused(_("Only admins let an infected file be opened."))
    attachment.lock()
    if attachment.is_infected:
        attachment.scan = Attachment.Scan.RELEASED
        attachment.save(update_fields=["scan"])
        record(attachment.message.ticket, Event.Verb.FILE_RELEASED, by=by)


def refuse_infected(attachments: Sequence[Attachment]) -> None:
    """Decline to hand out files, or what holds them, where one of them is infected and was not released."""
    if any(one.is_infected for one in attachments):
        raise ActionRefused(_("A virus was found in this file, so it is locked. An admin can let it be opened."))
