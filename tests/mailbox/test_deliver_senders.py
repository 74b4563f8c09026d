"""Sending: who it comes from and who gets it, at both providers, with the real client libraries (L40, SECURITY 26)."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from mailbox.bodies import Body, Quote
from mailbox.models import Mailbox, OutboundEmail
from mailbox.simulator.client import Simulator
from tests.mailbox.helpers import deliver, in_outbox, queue
from tickets.mail import classify, parse

ALIAS = "hello@acme.example"
State = OutboundEmail.State
LARGE = ("plan.bin", "application/octet-stream", b"\xa5" * 3_500_000)


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize("files", [[], [LARGE]], ids=["small", "large"])
def test_a_blind_copy_arrives_and_no_copy_names_it(
    connected: Mailbox, simulator: Simulator, files: list[tuple[str, str, bytes]]
) -> None:
    email = queue(connected, cc=[("Dan", "dan@customer.example")], bcc=[("Eve", "eve@auditor.example")], files=files)
    deliver(email)

    assert in_outbox(email).state == State.SENT
    for address in ("carol@customer.example", "dan@customer.example", "eve@auditor.example"):
        (received,) = simulator.inbox(address)
        assert b"eve@auditor" not in received.raw
        assert read(received.raw)["Bcc"] is None
        assert read(received.raw)["Cc"] == "Dan <dan@customer.example>"


def test_an_answer_leaves_from_an_alias_where_the_provider_allows_it(connected: Mailbox, simulator: Simulator) -> None:
    simulator.change_account(connected.address, send_as=[ALIAS])
    email = queue(connected, sender_address=ALIAS)
    deliver(email)

    assert in_outbox(email).state == State.SENT
    (received,) = simulator.inbox("carol@customer.example")
    assert str(read(received.raw)["From"]) == f"Alice Agent <{ALIAS}>"


def test_an_alias_the_provider_does_not_know_is_replaced_or_refused(
    connected: Mailbox, simulator: Simulator, provider: str
) -> None:
    email = queue(connected, sender_address=ALIAS)
    deliver(email)

    row, inbox = in_outbox(email), simulator.inbox("carol@customer.example")
    if provider == "google":
        assert row.state == State.SENT
        assert read(inbox[0].raw)["From"].addresses[0].addr_spec == connected.address
    else:
        assert (row.state, row.failure, row.failure_code) == (
            State.FAILED,
            OutboundEmail.Failure.REFUSED,
            "ErrorSendAsDenied",
        )
        assert inbox == []


def test_signature_and_quote_arrive_in_both_forms(connected: Mailbox, simulator: Simulator) -> None:
    quote = Quote("Den 5 mars 2026 kl. 14:02 skrev Carol:", "Är den öppen?", "<p>Är den <b>öppen</b>?</p>")
    deliver(queue(connected, body=Body("Ja.", "Alice\nAcme", quote)))

    mail = parse(simulator.inbox("carol@customer.example")[0].raw)
    assert mail.reply_text == "Ja."
    assert "> Är den öppen?" in mail.text
    assert "<b>öppen</b>" in (mail.html or "")


def test_an_automatic_answer_is_known_as_one_whatever_the_provider_takes_away(
    connected: Mailbox, simulator: Simulator, provider: str
) -> None:
    deliver(queue(connected, automatic=True))

    received = simulator.inbox("carol@customer.example")[0].raw
    assert (read(received)["Auto-Submitted"] is None) is (provider == "microsoft")
    mail = read(received)
    del mail["X-Deskhero-Marker"]  # so that only what others look at is looked at
    found = classify(parse(mail.as_bytes()))
    assert (found.kind, found.may_autorespond) == ("auto_reply", False)


TRICKS = ["a\r\nBcc: evil@evil.example", "=?utf-8?q?=0D=0ABcc:_evil=40evil.example?=", "a\u2028Bcc: evil@evil.example"]


@pytest.mark.parametrize("trick", TRICKS)
def test_no_trick_reaches_anybody_else(connected: Mailbox, simulator: Simulator, trick: str) -> None:
    email = queue(
        connected, subject=trick, text=trick, to=[(trick, "carol@customer.example")], in_reply_to=trick,
        references=[trick, "<a@customer.example>"], files=[(trick, trick, b"x")],
    )  # fmt: skip
    deliver(email)

    assert in_outbox(email).state == State.SENT
    assert "evil@evil.example" not in {account.address for account in simulator.accounts()}  # who gets mail has one
    (received,) = simulator.inbox("carol@customer.example")
    assert read(received.raw)["Bcc"] is None
    assert [one.addr_spec for one in read(received.raw)["To"].addresses] == ["carol@customer.example"]
