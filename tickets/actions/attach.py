"""Files of a message: sealed into the storage, listed on the message."""

from collections.abc import Sequence
from dataclasses import dataclass

from tickets.actions.check_files import check_later, scan_of_new
from tickets.mail.kinds import kind_of
from tickets.models import Attachment, Message
from tickets.search.keeping import keep_messages

MAX_FILES = 200


@dataclass(frozen=True)
class NewFile:
    """A file on its way into a message."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    inline: bool = False


def attach_files(message: Message, files: Sequence[NewFile]) -> list[Attachment]:
    """Seal the files into the storage and list them on the saved message, in order."""
    attachments = Attachment.objects.bulk_create(seal_files(message, files))
    if attachments:
        keep_messages([message])  # found by the names of its files too
        check_later(attachments)
    return attachments


def seal_files(message: Message, files: Sequence[NewFile]) -> list[Attachment]:
    """Seal the files into the storage and return their rows, not saved yet."""
    attachments = []
    for position, file in enumerate(files[:MAX_FILES]):
        attachment = Attachment(
            organization_id=message.organization_id,
            message=message,
            mailbox_id=message.mailbox_id,
            details={
                "name": file.name,
                "content_type": file.content_type,
                "content_id": file.content_id,
                "kind": kind_of(file.content),
            },
            size=len(file.content),
            is_inline=file.inline,
            position=position,
            scan=scan_of_new(),
        )
        attachment.file.write([file.content])
        attachments.append(attachment)
    return attachments
