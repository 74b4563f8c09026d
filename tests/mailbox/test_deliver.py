"""Sending: into the thread, once, in order, with reasons; at both providers, through the real client libraries."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.ids import uuid7
from accounts.models import Membership
from accounts.tenancy import organization_scope
from mailbox.actions import deliver_email as delivering
from mailbox.actions.deliver_email import due_emails
from mailbox.actions.disconnect_mailbox import disconnect_mailbox
from mailbox.actions.retry_email import retry_email
from mailbox.actions.take_back import take_back_email
from mailbox.bodies import Body
from mailbox.compose import own_message_id
from mailbox.models import InboundEmail, Mailbox, OutboundEmail
from mailbox.signals import mail_failed, mail_left
from mailbox.simulator.client import Simulator
from tests.mailbox.helpers import deliver, fresh, in_outbox, let_time_pass, queue, sync
from tests.mails import write_mail

SEND = {"google": "gmail.messages.send", "microsoft": "graph.messages.send"}
State, Failure = OutboundEmail.State, OutboundEmail.Failure


@pytest.fixture
def news() -> Iterator[list[str]]:
    """What the apps above are told, in order."""
    heard: list[str] = []

    def left(email: OutboundEmail, **kwargs: Any) -> None:
        heard.append("left")

    def failed(email: OutboundEmail, **kwargs: Any) -> None:
        heard.append("failed")

    mail_left.connect(left)
    mail_failed.connect(failed)
    yield heard
    mail_left.disconnect(left)
    mail_failed.disconnect(failed)


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)  # type: ignore[arg-type, return-value]


def test_an_answer_lands_in_the_customers_thread(connected: Mailbox, simulator: Simulator, news: list[str]) -> None:
    asked = write_mail(subject="The door does not close", message_id="<asked.1@customer.example>")
    simulator.deliver(connected.address, asked)
    sync(connected)
    with organization_scope(connected.organization_id):
        thread_id = InboundEmail.objects.get().provider_thread_id
    email = queue(
        connected,
        thread_id=thread_id,
        in_reply_to="<asked.1@customer.example>",
        references=["<older@customer.example>", "<asked.1@customer.example>"],
    )
    deliver(email)

    (sent,) = simulator.sent(connected.address)
    mail = read(sent.raw)
    assert mail["In-Reply-To"] == "<asked.1@customer.example>"
    assert mail["References"] == "<older@customer.example> <asked.1@customer.example>"
    assert mail["Message-ID"] == own_message_id(connected, email.pk)
    assert mail["X-Deskhero-Marker"] == email.pk.hex
    assert sent.thread_id == simulator.inbox(connected.address)[0].thread_id
    (received,) = simulator.inbox("carol@customer.example")
    assert "We come tomorrow." in read(received.raw).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    row = in_outbox(email)
    assert row.state == State.SENT
    assert row.sent_at
    assert row.provider_id
    assert row.provider_message_id == ""
    assert news == ["left"]


def test_sending_twice_sends_once(connected: Mailbox, simulator: Simulator, news: list[str]) -> None:
    email = queue(connected)
    deliver(email)
    deliver(email)

    assert len(simulator.sent(connected.address)) == 1
    assert news == ["left"]


def test_an_answer_that_was_accepted_before_the_connection_broke_leaves_once(
    connected: Mailbox, simulator: Simulator, provider: str, news: list[str]
) -> None:
    simulator.drop(SEND[provider], work_first=True)
    email = queue(connected)
    deliver(email)
    assert in_outbox(email).state == State.SENDING
    assert len(simulator.sent(connected.address)) == 1

    deliver(email)
    assert in_outbox(email).state == State.SENT
    assert in_outbox(email).provider_id
    assert len(simulator.sent(connected.address)) == 1
    assert len(simulator.inbox("carol@customer.example")) == 1
    assert news == ["left"]


def test_an_answer_that_gmail_renamed_is_found_by_its_marker(
    connect: Callable[..., Mailbox], simulator: Simulator
) -> None:
    mailbox = connect("google")
    simulator.set_options(rewrite_message_id=True)
    simulator.drop(SEND["google"], work_first=True)
    email = queue(mailbox)
    deliver(email)
    deliver(email)

    (sent,) = simulator.sent(mailbox.address)
    row = in_outbox(email)
    assert row.state == State.SENT
    assert row.provider_message_id == read(sent.raw)["Message-ID"] != own_message_id(mailbox, email.pk)


def test_the_message_id_gmail_gave_it_is_learned(connect: Callable[..., Mailbox], simulator: Simulator) -> None:
    mailbox = connect("google")
    simulator.set_options(rewrite_message_id=True)
    email = queue(mailbox)
    deliver(email)

    assert in_outbox(email).provider_message_id == read(simulator.sent(mailbox.address)[0].raw)["Message-ID"]


def test_an_answer_that_never_arrived_is_sent_after_looking_for_it(
    connected: Mailbox, simulator: Simulator, provider: str
) -> None:
    simulator.drop(SEND[provider], work_first=False)
    email = queue(connected)
    deliver(email)
    assert deliver(email).again_in  # not found yet: it may appear
    assert simulator.sent(connected.address) == []
    assert in_outbox(email).state == State.SENDING

    let_time_pass(email)
    deliver(email, soon=False)
    assert in_outbox(email).state == State.SENT
    assert len(simulator.sent(connected.address)) == 1


def test_a_gateway_timeout_after_acceptance_is_looked_into(
    connected: Mailbox, simulator: Simulator, provider: str
) -> None:
    simulator.fail(SEND[provider], status=504, work_first=True)
    email = queue(connected)
    deliver(email)
    deliver(email)

    assert in_outbox(email).state == State.SENT
    assert len(simulator.sent(connected.address)) == 1


def test_a_worker_that_died_while_sending_is_taken_over_after_its_lease(
    connected: Mailbox, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = queue(connected)

    def die(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(delivering, "_settle", die)
    with pytest.raises(KeyboardInterrupt):
        deliver(email)
    monkeypatch.undo()
    assert deliver(email, soon=False).again_in  # the lease still holds
    with organization_scope(email.organization_id):
        assert list(due_emails()) == []

    let_time_pass(email)
    with organization_scope(email.organization_id):
        assert list(due_emails()) == [email.pk]
    deliver(email, soon=False)
    assert in_outbox(email).state == State.SENT
    assert len(simulator.sent(connected.address)) == 1


def test_a_refused_answer_fails_with_its_reason_and_can_be_tried_again(
    connected: Mailbox, simulator: Simulator, provider: str, bob: Membership, news: list[str]
) -> None:
    reason = {"google": "domainPolicy", "microsoft": "ErrorSendAsDenied"}[provider]
    body = {"error": {"code": 403, "message": "no", "errors": [{"reason": reason}]}}
    if provider == "microsoft":
        body = {"error": {"code": reason, "message": "no"}}
    simulator.fail(SEND[provider], status=403, body=body)
    email = queue(connected)
    deliver(email)

    row = in_outbox(email)
    assert (row.state, row.failure, row.failure_code) == (State.FAILED, Failure.REFUSED, reason)
    assert fresh(connected).state == Mailbox.State.ACTIVE
    with organization_scope(row.organization_id):
        retry_email(row, by=bob)
        retry_email(row, by=bob)
    deliver(email)
    assert in_outbox(email).state == State.SENT
    assert news == ["failed", "left"]
    assert len(simulator.sent(connected.address)) == 1


def test_throttling_delays_and_the_order_within_a_conversation_is_kept(
    connected: Mailbox, simulator: Simulator, provider: str
) -> None:
    conversation = uuid7()
    first = queue(connected, conversation=conversation, text="First.")
    second = queue(connected, conversation=conversation, text="Second.")
    elsewhere = queue(connected, text="Another customer.")
    simulator.fail(SEND[provider], status=429, retry_after=90)

    assert deliver(first).again_in == pytest.approx(91, abs=1)
    row = in_outbox(first)
    assert row.state == State.QUEUED
    assert row.not_before
    assert row.not_before - timezone.now() > timedelta(seconds=80)
    deliver(second)
    assert in_outbox(second).state == State.QUEUED
    deliver(elsewhere)
    assert in_outbox(elsewhere).state == State.SENT

    assert deliver(first).next_id == second.pk
    deliver(second)
    received = [read(mail.raw).get_body(("plain",)) for mail in simulator.inbox("carol@customer.example")]
    texts = [body.get_content().strip() for body in received if body]
    assert texts == ["Another customer.", "First.", "Second."]


def test_an_answer_that_failed_does_not_hold_up_the_next(
    connected: Mailbox, simulator: Simulator, provider: str
) -> None:
    conversation = uuid7()
    first, second = queue(connected, conversation=conversation), queue(connected, conversation=conversation)
    simulator.fail(SEND[provider], status=400, body={"error": {"code": "ErrorInvalidRecipients", "errors": []}})

    assert deliver(first).next_id == second.pk
    deliver(second)
    assert in_outbox(second).state == State.SENT


def test_files_of_ten_megabytes_arrive_whole(connected: Mailbox, simulator: Simulator, provider: str) -> None:
    files = [
        ("plan ü.pdf", "application/pdf", os.urandom(7 * 1024 * 1024)),
        ("photo.jpg", "image/jpeg", os.urandom(3 * 1024 * 1024)),
        ("note.txt", "text/plain", b"small\r\n"),
    ]
    email = queue(connected, files=files, in_reply_to="<asked.1@customer.example>", references=["<asked.1@c.example>"])
    deliver(email)

    row = in_outbox(email)
    assert (row.state, row.failure_code) == (State.SENT, "")
    mail = read(simulator.inbox("carol@customer.example")[0].raw)
    got = [(part.get_filename(), part.get_payload(decode=True)) for part in mail.iter_attachments()]
    assert got == [(name, content) for name, _, content in files]
    assert mail["In-Reply-To"] == "<asked.1@customer.example>"
    assert mail["X-Deskhero-Marker"] == email.pk.hex
    if provider == "microsoft":
        uploads = simulator.calls(route="graph.upload")
        assert len(uploads) >= 2
    else:
        assert simulator.calls(route="gmail.upload.send")


def test_a_large_draft_goes_on_where_it_stopped(connect: Callable[..., Mailbox], simulator: Simulator) -> None:
    mailbox = connect("microsoft")
    files = [(f"{n}.bin", "application/octet-stream", os.urandom(1024 * 1024)) for n in range(3)]
    email = queue(mailbox, files=files)
    simulator.fail("graph.attachments", status=503, times=1)
    deliver(email)
    assert in_outbox(email).state == State.QUEUED
    deliver(email)

    mail = read(simulator.inbox("carol@customer.example")[0].raw)
    assert [part.get_filename() for part in mail.iter_attachments()] == ["0.bin", "1.bin", "2.bin"]
    assert len(simulator.messages(mailbox.address, "DRAFT")) == 0


def test_a_mail_larger_than_the_provider_takes_is_refused_before_it_is_queued(connected: Mailbox) -> None:
    with pytest.raises(ActionRefused, match="35 MB"):
        queue(connected, files=[("big.bin", "application/octet-stream", bytes(30 * 1024 * 1024))])


def test_a_mail_the_provider_finds_too_large_says_so(connected: Mailbox, simulator: Simulator, provider: str) -> None:
    simulator.fail(SEND[provider], status=413, text="too large")
    email = queue(connected)
    deliver(email)

    assert in_outbox(email).failure == Failure.TOO_LARGE


def test_a_thread_of_another_mailbox_is_left_out(connect: Callable[..., Mailbox], simulator: Simulator) -> None:
    mailbox = connect("google")
    email = queue(mailbox, thread_id="1234567890abcdef")
    deliver(email)

    assert in_outbox(email).state == State.SENT
    assert len(simulator.sent(mailbox.address)) == 1


def test_answers_wait_for_a_reconnect_and_then_leave(
    connected: Mailbox,
    connect: Callable[..., Mailbox],
    simulator: Simulator,
    provider: str,
) -> None:
    simulator.revoke(connected.address)
    email = queue(connected)
    deliver(email)
    assert fresh(connected).state == Mailbox.State.RECONNECT
    assert in_outbox(email).state == State.QUEUED
    calls = len(simulator.calls())
    deliver(email)
    assert len(simulator.calls()) == calls  # no hot loop
    with organization_scope(email.organization_id):
        assert list(due_emails()) == []

    connect(provider, mailbox=connected)
    deliver(email)
    assert in_outbox(email).state == State.SENT


def test_answers_that_wait_fail_loudly_when_the_mailbox_is_disconnected(
    connected: Mailbox, simulator: Simulator, bob: Membership, news: list[str]
) -> None:
    email = queue(connected)
    with organization_scope(bob.organization_id):
        disconnect_mailbox(connected, by=bob)
    deliver(email)

    row = in_outbox(email)
    assert (row.state, row.failure) == (State.FAILED, Failure.DISCONNECTED)
    assert news == ["failed"]
    assert simulator.sent("help@acme.example") == []
    with organization_scope(row.organization_id), pytest.raises(ActionRefused):
        retry_email(row, by=bob)


def test_what_left_while_the_mailbox_was_disconnected_counts_as_sent(
    connected: Mailbox, simulator: Simulator, bob: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = queue(connected)
    original = delivering._send

    def send_then_disconnect(*args: Any) -> Any:
        sent = original(*args)
        with organization_scope(bob.organization_id):
            disconnect_mailbox(fresh(connected), by=bob)
        return sent

    monkeypatch.setattr(delivering, "_send", send_then_disconnect)
    deliver(email)

    assert in_outbox(email).state == State.SENT


def test_what_cannot_be_sent_for_hours_is_given_up_visibly(
    connected: Mailbox, simulator: Simulator, provider: str, news: list[str]
) -> None:
    email = queue(connected)
    with organization_scope(email.organization_id):
        OutboundEmail.objects.filter(pk=email.pk).update(attempts=delivering.MAX_ATTEMPTS - 1)
    simulator.fail(SEND[provider], status=429)
    deliver(email)

    assert in_outbox(email).state == State.FAILED
    assert news == ["failed"]


def test_what_can_still_be_taken_back_waits(connected: Mailbox, simulator: Simulator) -> None:
    email = queue(connected, delay=60)

    outcome = deliver(email, soon=False)
    assert 50 < (outcome.again_in or 0) <= 60
    assert simulator.sent(connected.address) == []
    deliver(email)
    assert len(simulator.sent(connected.address)) == 1


def test_what_was_taken_back_never_leaves_and_what_left_is_not_taken_back(
    connected: Mailbox, simulator: Simulator
) -> None:
    kept, gone = queue(connected), queue(connected, delay=60)
    deliver(kept)
    with organization_scope(connected.organization_id):
        assert not take_back_email(kept)
        assert take_back_email(gone)
        assert not take_back_email(gone)
    deliver(gone)

    assert in_outbox(kept).state == State.SENT
    assert len(simulator.sent(connected.address)) == 1


def test_a_picture_in_the_text_comes_through_the_provider(connected: Mailbox, simulator: Simulator) -> None:
    picture = ("a1@inline.invalid", "dörr.png", "image/png", b"\x89PNG\r\n\x1a\n")
    body = Body("Look", html='<p>Look <img src="cid:a1@inline.invalid"></p>')
    deliver(queue(connected, body=body, pictures=[picture], files=[("plan.txt", "text/plain", b"plan")]))

    mail = read(simulator.sent(connected.address)[0].raw)
    (found,) = [part for part in mail.walk() if part.get_content_maintype() == "image"]
    assert (found["Content-ID"], found.get_filename()) == ("<a1@inline.invalid>", "dörr.png")
    assert found.get_content() == picture[3]
    assert "cid:a1@inline.invalid" in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert [part.get_filename() for part in mail.iter_attachments()] == ["plan.txt"]
