"""Mail is filed as it comes, and asked for as the page asks."""

from collections.abc import Callable
from email.message import EmailMessage
from itertools import count

import pytest
from django.utils import timezone

from accounts.models import Membership
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from tests import factories
from tickets.actions.receive import receive_email
from tickets.models import Message, Ticket
from tickets.search.asking import Index
from tickets.search.finding import Found, find
from tickets.search.plan import plan_for
from tickets.search.question import parse

_numbers = count(1)
Filer = Callable[..., Ticket]


def file(
    mailbox: Mailbox,
    text: str = "Good morning",
    *,
    subject: str = "A question",
    sender: str = "Carol Customer <carol@customer.example>",
    to: str = "",
    cc: str = "",
    answers: Ticket | None = None,
    files: tuple[str, ...] = (),
) -> Ticket:
    """File a mail in a mailbox and return its ticket; one that answers joins the ticket of the mail it answers."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to or mailbox.address, subject
    mail["Message-ID"] = f"<search.{next(_numbers)}@customer.example>"
    if cc:
        mail["Cc"] = cc
    with organization_scope(mailbox.organization_id):
        if answers:
            mail["In-Reply-To"] = Message.objects.filter(ticket=answers).order_by("at")[0].headers["message_id"]
        mail.set_content(text)
        for name in files:
            mail.add_attachment(b"content", "application", "octet-stream", filename=name)
        message = receive_email(factories.make_inbound_email(mailbox, mail.as_bytes()))
        assert message is not None
        return message.ticket


def look(me: Membership, text: str) -> Found:
    """Return what a member finds."""
    with organization_scope(me.organization_id):
        plan = plan_for(parse(text, timezone.localdate()), me)
        assert plan.problems == []
        return find(plan, Index(plan), None)


def numbers(me: Membership, text: str) -> list[int]:
    """Return the numbers of the tickets a member finds, newest first."""
    with organization_scope(me.organization_id):
        ids = [one.id for one in look(me, text).page]
        tickets = Ticket.objects.in_bulk(ids)
        return [tickets[pk].number for pk in ids]


def problems(me: Membership, text: str) -> str:
    """Return what a member is told instead of an answer."""
    with organization_scope(me.organization_id):
        return " ".join(plan_for(parse(text, timezone.localdate()), me).problems)


@pytest.fixture
def filed(mailbox: Mailbox) -> Filer:
    """Files mails in Acme's mailbox."""
    return lambda *args, **options: file(mailbox, *args, **options)
