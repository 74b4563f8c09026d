"""Mails of every sort, written for these tests, each with what should be understood of it."""

from dataclasses import dataclass

OURS = "help@acme.example"
DEAD = "carol@customer.example"
SENT = "<m1@acme.example>"  # the mail of ours that reports are about
COPY = f"From: {OURS}\nTo: {DEAD}\nSubject: Your door\nMessage-ID: {SENT}\n\nIt can be mended.\n"


@dataclass(frozen=True)
class Sample:
    """A mail and its sort; for reports also whom they are about, why, and which mail."""

    name: str
    raw: bytes
    kind: str
    may: bool = False  # a machine may answer it
    automatic: bool = False
    recipients: tuple[str, ...] | None = None  # None: not stated
    status: str | None = None
    about: str | None = None
    permanent: bool | None = None
    reason: str = ""  # words its reason must have


def letter(
    *headers: str, body: str = "Hello, the door does not close.\n\nCarol", sender: str = f"Carol <{DEAD}>"
) -> bytes:
    """Return a plain mail to us; `From` among the headers replaces the sender."""
    own = "" if any(header.lower().startswith("from:") for header in headers) else f"From: {sender}\n"
    to = "" if any(header.lower().startswith("to:") for header in headers) else f"To: {OURS}\n"
    return (own + to + "\n".join(headers) + "\nContent-Type: text/plain; charset=utf-8\n\n" + body).encode()


def parts(*headers: str, kind: str, sections: list[tuple[str, str]], sender: str = "") -> bytes:
    """Return a multipart mail; each section is the headers of a part and what it holds."""
    text = f"From: {sender or f'Carol <{DEAD}>'}\nTo: {OURS}\nMIME-Version: 1.0\n" + "\n".join(headers)
    text += f"\nContent-Type: {kind}; boundary=xyz\n\n"
    for head, content in sections:
        text += f"--xyz\n{head}\n\n{content}\n"
    return (text + "--xyz--\n").encode()


def report(
    *headers: str, fields: str, words: str = "Your mail could not be delivered.", copy: str = COPY,
    sender: str = "Mail Delivery System <MAILER-DAEMON@mx.customer.example>",
    copy_type: str = "message/rfc822", fields_type: str = "message/delivery-status",
) -> bytes:  # fmt: skip
    """Return a report in the form of RFC 3464: words, fields, and a copy."""
    sections = [("Content-Type: text/plain; charset=utf-8", words), (f"Content-Type: {fields_type}", fields)]
    if copy:
        sections.append((f"Content-Type: {copy_type}", copy))
    return parts(*headers, kind="multipart/report; report-type=delivery-status", sections=sections, sender=sender)


def group(action: str = "failed", status: str = "5.1.1", *more: str, recipient: str = DEAD) -> str:
    """Return the fields about one recipient, behind those of the mail."""
    lines = [f"Final-Recipient: rfc822; {recipient}", f"Action: {action}", f"Status: {status}", *more]
    return "Reporting-MTA: dns; mx.customer.example\n\n" + "\n".join(line for line in lines if line) + "\n"


def bounce(name: str, raw: bytes, status: str | None = "5.1.1", **more: object) -> Sample:
    """Return a sample of a failed delivery to carol, about the mail of ours."""
    about = SENT if SENT.encode() in raw else ""
    facts: dict[str, object] = {"recipients": (DEAD,), "about": about, "permanent": True, "status": status}
    return Sample(name, raw, "bounce", **{**facts, **more})  # type: ignore[arg-type]
