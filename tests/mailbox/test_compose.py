"""Composing: the parts of a mail and its headers. What tricks in them do is in test_security_16_17.py."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.errors import ActionRefused
from accounts.ids import uuid7
from mailbox import compose as composing
from mailbox.bodies import Body, Quote
from mailbox.compose import AUTOMATIC, compose, own_message_id
from tickets.mail import classify, parse

MAILBOX: Any = SimpleNamespace(address="help@acme.example", organization_id=uuid7())


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "make_message_id", lambda _, e, domain: f"<{e.hex}.{'a' * 16}@{domain}>")


def write(**given: Any) -> bytes:
    text = given.pop("text", "Hi.")
    return compose(
        **{
            "email_id": uuid7(), "mailbox": MAILBOX, "sender_name": "Alice", "to": [("", "carol@customer.example")],
            "subject": "Hello", "body": Body(text), **given,
        }
    )  # fmt: skip


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)  # type: ignore[arg-type, return-value]


def test_a_mail_says_the_same_as_plain_text_and_as_html() -> None:
    mail = read(write(text="Fråga 1 < 2\n\nhttps://acme.example/?a=1&b=2"))

    assert mail.get_content_type() == "multipart/alternative"
    plain, html = mail.iter_parts()
    assert [part.get_content_type() for part in (plain, html)] == ["text/plain", "text/html"]  # the best one last
    assert plain.get_content_charset() == html.get_content_charset() == "utf-8"
    assert plain.get_content() == "Fråga 1 < 2\r\n\r\nhttps://acme.example/?a=1&b=2\r\n"
    assert "<p>Fråga 1 &lt; 2</p>" in html.get_content()
    assert '<a href="https://acme.example/?a=1&amp;b=2"' in html.get_content()


def test_files_stand_beside_the_text_in_their_order() -> None:
    files = [("plan.pdf", "application/pdf", b"%PDF"), ("mail.eml", "message/rfc822", b"From: a@b.example\r\n\r\nx")]
    mail = read(write(attachments=files))

    assert mail.get_content_type() == "multipart/mixed"
    text, *parts = mail.iter_parts()
    assert text.get_content_type() == "multipart/alternative"
    assert [(part.get_filename(), part.get_payload(decode=True)) for part in parts] == [
        ("plan.pdf", b"%PDF"),
        ("mail.eml", b"From: a@b.example\r\n\r\nx"),
    ]


def test_long_lines_and_letters_of_any_language_leave_as_short_ascii_lines() -> None:
    raw = write(
        text="ö" * 5000 + "\n" + "x " * 5000, subject="漢字 " * 100, attachments=[("ü.bin", "", b"\xff" * 9000)]
    )

    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 78


def test_long_ids_stay_ids() -> None:
    ids = [f"<{'x' * 150}{number}@customer.example>" for number in range(30)]
    mail = message_from_bytes(write(in_reply_to=ids[-1], references=ids), policy=policy.compat32)

    assert mail["In-Reply-To"] == ids[-1]
    assert mail["References"].split() == ids


def test_nothing_says_that_an_agents_answer_is_automatic() -> None:
    mail = read(write())

    assert not {"auto-submitted", "precedence", "x-auto-response-suppress"} & {name.lower() for name in mail}
    assert classify(parse(write())).kind == "loop"  # of ours, by its marker: never answered by another desk of ours


@pytest.mark.parametrize("lost", [[], ["Auto-Submitted"], ["Auto-Submitted", "X-Deskhero-Marker"]])
def test_an_automatic_mail_says_so_and_no_desk_answers_it(lost: list[str]) -> None:
    mail = read(write(automatic=True))
    assert {name: mail[name] for name in AUTOMATIC} == {
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        "X-Autoreply": "yes",
        "Precedence": "bulk",
    }

    for name in lost:  # Exchange takes Auto-Submitted away
        del mail[name]
    found = classify(parse(mail.as_bytes()))
    assert not found.may_autorespond
    assert found.kind in ("loop", "auto_reply")  # joins its ticket there without opening it again


def test_a_mail_leaves_from_another_address_of_the_mailbox() -> None:
    mail = read(write(sender_address="hello@acme.example", sender_name="Acme"))

    assert str(mail["From"]) == "Acme <hello@acme.example>"


def test_nobody_is_named_in_a_header_that_is_not_there() -> None:
    mail = read(write(cc=(), bcc=()))

    assert mail["Cc"] is None
    assert mail["Bcc"] is None


def test_a_sender_nothing_can_be_sent_from_is_refused() -> None:
    with pytest.raises(ActionRefused):
        write(sender_address="evil@acme.example\r\nBcc: all@acme.example")


def test_the_id_of_a_mailbox_with_letters_in_its_domain_is_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox: Any = SimpleNamespace(address="hilfe@bücher.example", organization_id=uuid7())
    email_id = uuid7()
    raw = compose(
        email_id=email_id, mailbox=mailbox, sender_name="", to=[("", "a@b.example")], subject="", body=Body("x")
    )

    mail = read(raw)
    assert (
        mail["Message-ID"] == own_message_id(mailbox, email_id) == f"<{email_id.hex}.{'a' * 16}@xn--bcher-kva.example>"
    )
    assert mail["From"].addresses[0].addr_spec == "hilfe@xn--bcher-kva.example"


def test_signature_and_quote_stand_below_the_text_in_both_forms() -> None:
    quote = Quote("On 5 March 2026 at 14:02, Carol wrote:", "Is it open?\n> No.", "<p>Is it <b>open</b>?</p>")
    mail = read(write(body=Body("Yes.", "Alice\nAcme", quote)))

    plain = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert plain.replace("\r\n", "\n") == (
        "Yes.\n\n-- \nAlice\nAcme\n\nOn 5 March 2026 at 14:02, Carol wrote:\n> Is it open?\n>> No.\n"
    )
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert html.index("Yes.") < html.index("Alice<br>") < html.index("Carol wrote:") < html.index("Is it <b>open</b>?")
    assert '<blockquote class="gmail_quote" type="cite">' in html
