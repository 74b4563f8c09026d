"""Forwards: a colleague passes a customer's mail on, and the customer stays the one who asks (LESSONS 14)."""

from email.message import EmailMessage

import pytest

from tests.mails import arrive, write_mail
from tickets.models import Message

pytestmark = pytest.mark.usefixtures("scope")

HEADERS = "From: Carol Customer <carol@customer.example>\nSent: Monday\nTo: Alice\nSubject: Door\n"
GMAIL = """See below, please.

---------- Forwarded message ---------
From: Carol Customer <carol@customer.example>
Date: Mon, 2 Nov 2026 at 10:00
Subject: The door
To: Alice <alice@acme.example>

It stands open all night.
"""
OUTLOOK_GERMAN = """Bitte übernehmen.

Von: Carol Customer <carol@customer.example>
Gesendet: Montag, 2. November 2026 10:00
An: Alice Agent <alice@acme.example>
Betreff: Die Tür

Sie steht die ganze Nacht offen.
"""
APPLE_FRENCH = """Début du message transféré :

> De: Carol Customer <carol@customer.example>
> Objet: La porte
> Date: 2 novembre 2026 à 10:00:00 UTC+1
> À: alice@acme.example
>
> Elle reste ouverte toute la nuit.
"""
THUNDERBIRD_DUTCH = """-------- Doorgestuurd bericht --------
Onderwerp: \tDe deur
Datum: \tMon, 2 Nov 2026 10:00:00 +0100
Van: \tCarol Customer <carol@customer.example>
Aan: \talice@acme.example

Hij staat de hele nacht open.
"""
OUTLOOK_SWEDISH = """Från: Carol Customer <carol@customer.example>
Skickat: den 2 november 2026 10:00
Till: Alice Agent
Ämne: Dörren

Den står öppen hela natten.
"""


def forward(mailbox, text: str, subject: str = "Fwd: The door", **mail) -> Message:
    return arrive(mailbox, **{"sender": "Alice Agent <alice@acme.example>", "subject": subject, "text": text, **mail})


def asks(message: Message) -> str:
    return message.ticket.contact.addresses.get().address


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (GMAIL, "Fwd: The door"),
        (OUTLOOK_GERMAN, "WG: Die Tür"),
        (APPLE_FRENCH, "Tr : La porte"),
        (THUNDERBIRD_DUTCH, "Fwd: De deur"),
        (OUTLOOK_SWEDISH, "VB: Dörren"),
        (GMAIL, "The door again"),
    ],
)
def test_what_a_colleague_forwards_is_the_customers(mailbox, alice, text, subject):
    message = forward(mailbox, text, subject)

    assert asks(message) == "carol@customer.example"
    assert message.ticket.contact.name == "Carol Customer"
    assert message.people("from") == [("Carol Customer", "carol@customer.example")]
    assert message.people("forwarded_by") == [("Alice Agent", "alice@acme.example")]


def test_the_ticket_has_the_subject_of_the_mail_not_of_the_forward(mailbox, alice):
    assert forward(mailbox, GMAIL, "WG: Fwd: The door").ticket.subject == "The door"


def test_the_forwarder_takes_part(mailbox, alice):
    message = forward(mailbox, GMAIL, message_id="<f@acme.example>")

    again = arrive(mailbox, sender="alice@acme.example", in_reply_to="<f@acme.example>", text="And hurry.")

    assert again.ticket == message.ticket


def test_the_customer_goes_on_in_the_ticket_of_the_forward(mailbox, alice, carol):
    message = forward(mailbox, GMAIL, references=["<original@customer.example>"])

    answer = arrive(mailbox, sender=carol, references=["<original@customer.example>"])

    assert answer.ticket == message.ticket


def test_a_stranger_who_forwards_stays_the_one_who_asks(mailbox, alice):
    message = forward(mailbox, GMAIL, sender="eve@elsewhere.example")

    assert asks(message) == "eve@elsewhere.example"
    assert message.people("forwarded_by") == []


@pytest.mark.parametrize(
    ("found", "who"),
    [
        ("dmarc=fail (p=NONE) header.from=acme.example", "alice@acme.example"),
        ("spf=softfail smtp.mailfrom=acme.example", "alice@acme.example"),
        ("spf=fail smtp.mailfrom=acme.example; dkim=none", "alice@acme.example"),
        ("spf=softfail smtp.mailfrom=list.example; dkim=pass header.d=acme.example", "carol@customer.example"),
        ("spf=pass smtp.mailfrom=acme.example", "carol@customer.example"),
        ("dmarc=pass (p=REJECT) header.from=acme.example", "carol@customer.example"),
    ],
)
def test_a_colleague_whose_mail_the_provider_denies_forwards_nothing(mailbox, alice, found, who):
    results = ("Authentication-Results", f"mx.google.com; {found}")

    assert asks(forward(mailbox, GMAIL, headers=[results])) == who


def test_who_has_left_is_a_stranger(mailbox, alice):
    type(alice).objects.filter(pk=alice.pk).update(is_active=False)

    assert asks(forward(mailbox, GMAIL)) == "alice@acme.example"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: The door", f"Yes.\n\n{HEADERS}\nIt is open.\n"),
        ("Fwd: Lunch", "Shall we have lunch?\n"),
        ("A question", "From: carol@customer.example I hear that the door is open.\n"),
        ("Re: The door", "Yes.\n\n" + "".join(f"> {line}\n" for line in GMAIL.splitlines())),
    ],
)
def test_what_is_no_forward_is_the_colleagues_own_mail(mailbox, alice, subject, text):
    assert asks(forward(mailbox, text, subject)) == "alice@acme.example"


def test_a_forward_of_a_forward_looks_for_the_first_who_is_not_one_of_us(mailbox, alice, bob):
    text = (
        "---------- Forwarded message ---------\nFrom: Bob Admin <bob@acme.example>\nDate: Mon, 2 Nov 2026\n"
        f"Subject: Fwd: The door\nTo: alice@acme.example\n\n{GMAIL}"
    )

    assert asks(forward(mailbox, text)) == "carol@customer.example"


def test_what_another_mailbox_of_ours_forwards_is_the_customers_too(mailbox, acme):
    from tests.factories import make_mailbox

    make_mailbox(acme, address="sales@acme.example")

    assert asks(forward(mailbox, GMAIL, sender="Sales <sales@acme.example>")) == "carol@customer.example"


def attached(text: str = "", subject: str = "Fwd: The door") -> bytes:
    inner = EmailMessage()
    inner["From"], inner["To"] = "Carol Customer <carol@customer.example>", "alice@acme.example"
    inner["Subject"], inner["Message-ID"] = "The door", "<original@customer.example>"
    inner.set_content("It stands open all night.\n")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Alice Agent <alice@acme.example>", "help@acme.example", subject
    mail["Message-ID"] = "<forward@acme.example>"
    mail.set_content(text)
    mail.add_attachment(inner)
    return mail.as_bytes()


def test_a_forward_as_an_attachment_is_read_and_threaded_by_the_original(mailbox, alice, carol):
    message = arrive(mailbox, attached())

    answer = arrive(mailbox, sender=carol, in_reply_to="<original@customer.example>")

    assert asks(message) == "carol@customer.example"
    assert message.new_text.strip() == "It stands open all night."
    assert answer.ticket == message.ticket


def test_what_the_colleague_writes_above_an_attached_original_stays(mailbox, alice):
    assert arrive(mailbox, attached("Please take this.")).new_text.strip() == "Please take this."


def test_a_mail_that_is_only_enclosed_in_an_answer_is_no_forward(mailbox, alice):
    raw = attached("Here is what they wrote.", "Re: Contract")
    raw = b"In-Reply-To: <something@acme.example>\n" + raw

    assert asks(arrive(mailbox, raw)) == "alice@acme.example"


def test_a_forward_is_not_answered_by_a_machine(mailbox, alice):
    assert not forward(mailbox, GMAIL).may_autorespond
    assert arrive(mailbox, write_mail(text="Hello.")).may_autorespond
