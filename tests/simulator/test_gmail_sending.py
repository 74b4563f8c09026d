"""Sending through Gmail: three ways of upload, threading, what the provider changes."""

import base64
import io
from typing import Any

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload

from mailbox.simulator.client import Simulator
from tests.simulator.clients import Google, mail

HELP, CAROL = "help@acme.example", "carol@post.example"
QUESTION, ANSWER = "<question@post.example>", "<answer@acme.example>"


@pytest.fixture
def messages(google: Google) -> Any:
    """gmail.users().messages() of the mailbox."""
    return google.service().users().messages()


def answer(**more: Any) -> bytes:
    """The company's answer to Carol."""
    return mail(
        **{"subject": "Re: Hello", "to": CAROL, "sender": HELP, "message_id": ANSWER, "answers": QUESTION, **more}
    )


def as_json(raw: bytes, **more: str) -> dict[str, str]:
    return {"raw": base64.urlsafe_b64encode(raw).decode(), **more}


def test_an_answer_joins_the_thread_and_reaches_the_customer(messages: Any, simulator: Simulator) -> None:
    question = simulator.deliver(HELP, mail(message_id=QUESTION))
    thread = messages.get(userId="me", id=question, format="minimal").execute()["threadId"]

    sent = messages.send(userId="me", body=as_json(answer(), threadId=thread)).execute()

    assert sent["threadId"] == thread
    assert sent["labelIds"] == ["SENT"]
    assert simulator.sent(HELP)[0].message_id == ANSWER
    received = simulator.inbox(CAROL)[0]
    assert b"In-Reply-To: " + QUESTION.encode() in received.raw
    assert received.thread_id == simulator.sent(CAROL)[0].thread_id  # beside what she wrote


@pytest.mark.parametrize("change", [{"subject": "Something else"}, {"answers": None}])
def test_without_references_and_an_equal_subject_a_new_thread_begins(
    messages: Any, simulator: Simulator, change: dict[str, Any]
) -> None:
    question = simulator.deliver(HELP, mail(message_id=QUESTION))
    thread = messages.get(userId="me", id=question, format="minimal").execute()["threadId"]

    sent = messages.send(userId="me", body=as_json(answer(**change), threadId=thread)).execute()

    assert sent["threadId"] != thread
    assert messages.send(userId="me", body=as_json(answer())).execute()["threadId"] != thread  # no threadId at all


def test_a_thread_of_another_mailbox_fails_the_send(messages: Any, simulator: Simulator) -> None:
    with pytest.raises(HttpError) as refused:
        messages.send(userId="me", body=as_json(answer(), threadId="1900000000ffffff")).execute()

    assert refused.value.status_code == 404
    assert simulator.sent(HELP) == []


def test_media_upload_keeps_every_byte(messages: Any, simulator: Simulator) -> None:
    raw = answer(attachment=b"\x00\xff" * 50_000)
    media = MediaIoBaseUpload(io.BytesIO(raw), "message/rfc822", resumable=False)

    messages.send(userId="me", body={}, media_body=media).execute()

    assert simulator.sent(HELP)[0].raw.endswith(raw)  # before it stands the Date it lacked


def test_a_resumable_upload_goes_in_chunks(messages: Any, simulator: Simulator) -> None:
    question = simulator.deliver(HELP, mail(message_id=QUESTION))
    thread = messages.get(userId="me", id=question, format="minimal").execute()["threadId"]
    raw = answer(attachment=b"0123456789" * 100_000)
    media = MediaIoBaseUpload(io.BytesIO(raw), "message/rfc822", chunksize=256 * 1024, resumable=True)
    call = messages.send(userId="me", body={"threadId": thread}, media_body=media)
    sent, chunks = None, 0
    while sent is None:
        _, sent = call.next_chunk()
        chunks += 1

    assert chunks == 6
    assert sent["threadId"] == thread
    assert simulator.sent(HELP)[0].raw.endswith(raw)  # before it stands the Date it lacked
    assert len(simulator.inbox(CAROL)) == 1


def test_more_than_35_mb_is_refused(google: Google, simulator: Simulator) -> None:
    headers = {
        "Authorization": f"Bearer {google.consent().token}",
        "X-Upload-Content-Length": "36700161",
        "Content-Type": "application/json",
    }
    address = f"{simulator.base_url}/upload/gmail/v1/users/me/messages/send"
    resumable = simulator.session.post(address + "?uploadType=resumable", data="{}", headers=headers)
    headers["Content-Type"] = "message/rfc822"
    whole = simulator.session.post(address + "?uploadType=media", data=b"x" * 36_700_161, headers=headers)

    assert (resumable.status_code, whole.status_code) == (413, 413)
    assert simulator.sent(HELP) == []


def test_the_message_id_can_be_rewritten(messages: Any, simulator: Simulator) -> None:
    simulator.set_options(rewrite_message_id=True)

    key = messages.send(userId="me", body=as_json(answer())).execute()["id"]
    found = messages.get(userId="me", id=key, format="metadata", metadataHeaders=["Message-ID"]).execute()
    given = found["payload"]["headers"][0]["value"]

    assert given != ANSWER
    assert simulator.inbox(CAROL)[0].message_id == given
    assert b"X-Google-Original-Message-ID: " + ANSWER.encode() in simulator.sent(HELP)[0].raw


def test_a_sender_that_is_not_the_mailboxs_own_is_replaced(messages: Any, simulator: Simulator) -> None:
    messages.send(userId="me", body=as_json(answer(sender="Boss <boss@elsewhere.example>"))).execute()
    simulator.change_account(HELP, send_as=["sales@acme.example"])
    messages.send(userId="me", body=as_json(answer(sender="sales@acme.example"))).execute()

    first, second = simulator.sent(HELP)
    assert b"From: Acme Help <help@acme.example>" in first.raw
    assert b"From: sales@acme.example" in second.raw


def test_blind_copies_travel_without_the_name_of_the_blind(messages: Any, simulator: Simulator) -> None:
    messages.send(userId="me", body=as_json(answer(headers={"Bcc": "eve@post.example"}))).execute()

    assert b"Bcc: eve@post.example" in simulator.sent(HELP)[0].raw
    assert b"Bcc" not in simulator.inbox(CAROL)[0].raw
    assert len(simulator.inbox("eve@post.example")) == 1


@pytest.mark.parametrize(
    "body", [{}, {"raw": "****"}, {"raw": base64.urlsafe_b64encode(b"Subject: x\r\n\r\nx").decode()}]
)
def test_what_cannot_be_sent_is_refused(messages: Any, simulator: Simulator, body: dict[str, str]) -> None:
    with pytest.raises(HttpError) as refused:
        messages.send(userId="me", body=body).execute()

    assert refused.value.status_code == 400
    assert simulator.sent(HELP) == []
