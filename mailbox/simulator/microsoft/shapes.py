"""Messages, folders and people in the shapes of Graph."""

import base64
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from mailbox.simulator.mail import reading
from mailbox.simulator.microsoft.ids import encode, id_of, thread_id
from mailbox.simulator.models import Account, Message

FOLDERS = {  # well-known name: our label and the name people see
    "inbox": ("INBOX", "Inbox"),
    "sentitems": ("SENT", "Sent Items"),
    "drafts": ("DRAFT", "Drafts"),
    "deleteditems": ("TRASH", "Deleted Items"),
    "junkemail": ("SPAM", "Junk Email"),
    "archive": ("ARCHIVE", "Archive"),
}
LABEL_TO_FOLDER = {label: name for name, (label, _) in FOLDERS.items()}


def moment(value: datetime) -> str:
    """A time as Graph writes it."""
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")


def folder_id(account: Account, name: str) -> str:
    """The opaque id of a well-known folder."""
    return encode(account.pk * 100 + list(FOLDERS).index(name), 0, True).replace("AAkALgAA", "AAMkAFLD")


def person(name: str, address: str) -> dict[str, Any]:
    """A name with its address."""
    return {"emailAddress": {"name": name or address, "address": address}}


def people(message: Message, kind: str) -> list[dict[str, Any]]:
    """The recipients of one kind."""
    return [person(*pair) for pair in message.recipients.get(kind, [])]


def message_row(request: HttpRequest, message: Message, with_body: bool = True) -> dict[str, Any]:
    """A message as Graph lists it."""
    row: dict[str, Any] = {
        "@odata.etag": f'W/"{message.pk:08x}{message.moves:04x}"',
        "id": id_of(request, message),
        "createdDateTime": moment(message.received_at),
        "lastModifiedDateTime": moment(message.received_at),
        "receivedDateTime": moment(message.received_at),
        "sentDateTime": moment(message.received_at),
        "hasAttachments": message.has_attachments,
        "internetMessageId": message.internet_message_id,
        "subject": message.subject,
        "bodyPreview": message.snippet,
        "importance": "normal",
        "parentFolderId": folder_id(message.account, LABEL_TO_FOLDER[message.folder]),
        "conversationId": thread_id(message),
        "isRead": not message.has("UNREAD"),
        "isDraft": message.has("DRAFT"),
        "from": person(message.sender_name, message.sender_address),
        "sender": person(message.sender_name, message.sender_address),
        "toRecipients": people(message, "to"),
        "ccRecipients": people(message, "cc"),
        "bccRecipients": people(message, "bcc"),
        "replyTo": [],
    }
    if with_body:
        parsed = reading.parse(message.raw)
        html = reading.body_of(parsed, "html")
        content = html if html is not None else reading.text_of(parsed)
        row["body"] = {"contentType": "text" if html is None else "html", "content": content}
        names = [{"name": name, "value": " ".join(str(value).split())} for name, value in parsed.items()]
        if message.has("SENT"):  # the threading headers are missing here, and only here: $value has them
            names = [item for item in names if item["name"].lower() not in ("in-reply-to", "references")]
        row["internetMessageHeaders"] = names
    return row


def attachment_row(message: Message, number: int, part: Any, with_content: bool) -> dict[str, Any]:
    """An attachment of a message."""
    content = reading.content_of(part)
    is_item = part.get_content_type() == "message/rfc822"
    row: dict[str, Any] = {
        "@odata.type": f"#microsoft.graph.{'itemAttachment' if is_item else 'fileAttachment'}",
        "id": encode(message.pk, number, False).replace("AAMkADAA", "AAMkATTA"),
        "name": reading.filename_of(part, number),
        "contentType": part.get_content_type(),
        "size": len(content),
        "isInline": part.get_content_disposition() == "inline",
        "contentId": str(part.get("Content-ID", "")).strip().strip("<>") or None,
        "lastModifiedDateTime": moment(message.received_at),
    }
    if with_content and not is_item:
        row["contentBytes"] = base64.b64encode(content).decode()
    return row


def folder_row(account: Account, name: str) -> dict[str, Any]:
    """A mail folder with its counts."""
    label, shown = FOLDERS[name]
    mails = folder_messages(account, label)
    return {
        "id": folder_id(account, name),
        "displayName": shown,
        "totalItemCount": mails.count(),
        "unreadItemCount": mails.labelled("UNREAD").count(),
        "childFolderCount": 0,
    }


def folder_messages(account: Account, label: str) -> Any:
    """The messages that lie in one folder."""
    mails = Message.objects.filter(account=account).select_related("original", "account")
    if label == "ARCHIVE":
        return mails.without("INBOX", "SENT", "DRAFT", "TRASH", "SPAM")
    return mails.labelled(label)
