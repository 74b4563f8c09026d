"""Mail for tests: RFC 5322 as a customer's program would write it."""

from collections.abc import Sequence
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from django.utils import timezone

from mailbox.models import InboundEmail, Mailbox
from tests.factories import make_inbound_email
from tickets.actions.receive import receive_email
from tickets.models import Message


def write_mail(
    *,
    sender: str = "Carol Customer <carol@customer.example>",
    to: str = "help@acme.example",
    cc: str = "",
    subject: str = "The door does not close",
    text: str = "It stands open all night.",
    html: str = "",
    message_id: str = "",
    in_reply_to: str = "",
    references: Sequence[str] = (),
    headers: Sequence[tuple[str, str]] = (),
    files: Sequence[tuple[str, str, bytes]] = (),
) -> bytes:
    """Return a whole mail as bytes."""
    mail = EmailMessage(policy=policy.default.clone(max_line_length=998))  # no program folds ids into encoded words
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    if cc:
        mail["Cc"] = cc
    mail["Date"] = format_datetime(timezone.now())
    mail["Message-ID"] = message_id or make_msgid(domain="customer.example")
    if in_reply_to:
        mail["In-Reply-To"] = in_reply_to
    if references:
        mail["References"] = " ".join(references)
    for name, value in headers:
        mail[name] = value
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    for name, content_type, content in files:
        maintype, _, subtype = content_type.partition("/")
        mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return mail.as_bytes()


def arrive(mailbox: Mailbox, raw: bytes | None = None, **mail: object) -> Message | None:
    """Store and file a mail as the pipeline does; inside the organization's scope."""
    thread = str(mail.pop("provider_thread_id", ""))
    received_at = mail.pop("received_at", None) or timezone.now()
    email = make_inbound_email(
        mailbox,
        raw if raw is not None else write_mail(**mail),  # type: ignore[arg-type]
        provider_thread_id=thread,
        received_at=received_at,
    )
    return receive_email(InboundEmail.objects.select_related("organization").get(pk=email.pk))
