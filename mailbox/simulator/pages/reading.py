"""What the customer's mail program shows: threads in a list, the mails of a thread."""

import base64
import re
from dataclasses import dataclass, field
from email.message import Message as Part

from mailbox.simulator.mail import headers, reading
from mailbox.simulator.models import Account, Message

SHOWN_HEADERS = ("From", "To", "Cc", "Date", "Subject", "Message-ID", "In-Reply-To", "References")
ATTRIBUTION = re.compile(r"^(On|Am|Op|Den|Le|El)\b.{5,200}:\s*$")
QUOTED = re.compile(r"<blockquote.*</blockquote>", re.IGNORECASE | re.DOTALL)
PAPER = "body{font:15px/1.6 system-ui,sans-serif;margin:12px;color:#1b2630;background:#fff}summary{color:#556}"
LIST_LENGTH = 200


@dataclass
class ThreadRow:
    """A thread in the list, by its newest mail."""

    newest: Message
    count: int = 1
    unread: bool = False
    people: list[str] = field(default_factory=list)


@dataclass
class Stretch:
    """A run of text: new, or quoted and folded."""

    text: str
    quoted: bool = False


@dataclass
class FileRow:
    """A file of a mail."""

    number: int
    name: str
    content_type: str
    size: int


@dataclass
class ShownMail:
    """A mail in the thread view."""

    message: Message
    is_own: bool
    stretches: list[Stretch]
    has_html: bool
    frame: str
    files: list[FileRow]
    headers: list[tuple[str, str]]


def threads(account: Account, folder: str) -> list[ThreadRow]:
    """The threads with a mail in the folder, newest first."""
    mails = Message.objects.filter(account=account).defer("references").newest_first()
    rows: dict[int, ThreadRow] = {}
    chosen = set(mails.labelled(folder).values_list("thread", flat=True))
    for mail in mails:
        if mail.thread not in chosen:
            continue
        row = rows.get(mail.thread)
        if row is None:
            if len(rows) == LIST_LENGTH:
                continue
            row = rows[mail.thread] = ThreadRow(newest=mail, count=0)
        row.count += 1
        row.unread = row.unread or mail.has("UNREAD")
        name = "You" if mail.has("SENT") else mail.sender_name or mail.sender_address
        if name not in row.people:
            row.people.append(name)
    return list(rows.values())


def stretches(text: str) -> list[Stretch]:
    """Text in runs: what is new, what is quoted; a line that announces the quotation goes with it."""
    runs: list[Stretch] = []
    lines = text.strip().splitlines()
    for number, line in enumerate(lines):
        following = next((later for later in lines[number + 1 :] if later.strip()), "")
        quoted = line.startswith(">") or (bool(ATTRIBUTION.match(line)) and following.startswith(">"))
        if not line.strip() and runs:
            quoted = runs[-1].quoted and following.startswith(">")
        if line.startswith("____") and not following.startswith("____"):
            runs.append(Stretch("\n".join(lines[number + 1 :]), quoted=True))
            break
        if runs and runs[-1].quoted == quoted:
            runs[-1].text += "\n" + line
        else:
            runs.append(Stretch(line, quoted))
    return [Stretch(run.text.strip("\n"), run.quoted) for run in runs if run.text.strip()]


def shown(message: Message) -> ShownMail:
    """A mail ready for the thread view."""
    raw = message.raw
    mail = reading.parse(raw)
    html = reading.body_of(mail, "html")
    text = reading.text_of(mail)
    fresh = reading.as_text(QUOTED.sub("", html)) if html else text
    lines = fresh.count("\n") + len(fresh) // 80
    found = [(name, reading.decoded(headers.value(raw, name))) for name in SHOWN_HEADERS]
    return ShownMail(
        message=message,
        is_own=message.has("SENT"),
        stretches=stretches(text),
        has_html=html is not None,
        frame="small" if lines < 9 else "medium" if lines < 20 else "large",
        files=files(mail),
        headers=[(name, value) for name, value in found if value],
    )


def files(mail: Part) -> list[FileRow]:
    """The files of a mail; an image that the HTML shows by its Content-ID is not listed."""
    html = reading.body_of(mail, "html") or ""
    rows = []
    for number, part in enumerate(reading.leaves(mail)):
        content_id = str(part.get("Content-ID", "")).strip().strip("<>")
        if not reading.is_attachment(part) or (content_id and f"cid:{content_id}" in html):
            continue
        content = reading.content_of(part)
        rows.append(FileRow(number, reading.filename_of(part, number), part.get_content_type(), len(content)))
    return rows


def framed_html(mail: Part) -> str:
    """The HTML for the sandboxed frame: inline images put in place, the quotation folded."""
    html = reading.body_of(mail, "html") or ""
    for part in reading.leaves(mail):
        content_id = str(part.get("Content-ID", "")).strip().strip("<>")
        if content_id and part.get_content_maintype() == "image":
            data = base64.b64encode(reading.content_of(part)).decode()
            html = html.replace(f"cid:{content_id}", f"data:{part.get_content_type()};base64,{data}")
    low = html.lower()
    start, end = low.find("<blockquote"), low.rfind("</blockquote>")
    if 0 <= start < end:
        end += len("</blockquote>")
        quoted = html[start:end]
        html = f"{html[:start]}<details><summary>Quoted text</summary>{quoted}</details>{html[end:]}"
    return f'<!doctype html><meta charset="utf-8"><base target="_blank"><style>{PAPER}</style>{html}'
