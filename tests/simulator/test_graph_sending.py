"""Sending through Graph: MIME draft and send, sendMail, upload sessions, and what is refused."""

import base64
import email
from typing import Any

import pytest

from mailbox.simulator.client import Simulator
from tests.simulator.clients import Microsoft, mail

SUPPORT, CAROL = "support@acme.example", "carol@post.example"
QUESTION, ANSWER = "<question@post.example>", "<answer@acme.example>"
TEXT = {"Content-Type": "text/plain"}

pytestmark = pytest.mark.filterwarnings("ignore:response_mode")


@pytest.fixture
def graph(microsoft: Microsoft) -> Microsoft:
    """Graph with a bearer token and immutable ids."""
    return microsoft.sign_in()


def answer(**more: Any) -> bytes:
    """The company's answer to Carol."""
    return mail(
        **{"subject": "Re: Hello", "to": CAROL, "sender": SUPPORT, "message_id": ANSWER, "answers": QUESTION, **more}
    )


def draft(graph: Microsoft, raw: bytes) -> dict[str, Any]:
    made = graph.post("/me/messages", data=base64.b64encode(raw), headers=TEXT)
    assert made.status_code == 201
    return dict(made.json())


def test_a_mime_draft_is_sent_under_its_immutable_id(graph: Microsoft, simulator: Simulator) -> None:
    simulator.deliver(SUPPORT, mail(to=SUPPORT, message_id=QUESTION))
    made = draft(graph, answer(headers={"Auto-Submitted": "auto-replied"}))

    assert made["isDraft"] is True
    assert simulator.inbox(CAROL) == []
    assert graph.post(f"/me/messages/{made['id']}/send").status_code == 202

    query = {"$filter": f"internetMessageId eq '{ANSWER}'"}
    sent = graph.get("/me/mailFolders('sentitems')/messages", params=query).json()["value"][0]
    assert (sent["id"], sent["isDraft"]) == (made["id"], False)
    inbox = graph.get("/me/mailFolders('inbox')/messages").json()["value"][0]
    assert sent["conversationId"] == inbox["conversationId"]
    received = email.message_from_bytes(simulator.inbox(CAROL)[0].raw)
    assert (received["In-Reply-To"], received["References"]) == (QUESTION, QUESTION)
    assert "Auto-Submitted" not in received  # Exchange takes it out
    names = [header["name"] for header in graph.get(f"/me/messages/{sent['id']}").json()["internetMessageHeaders"]]
    assert "In-Reply-To" not in names  # in Sent Items only $value has it
    assert b"In-Reply-To" in graph.get(f"/me/messages/{sent['id']}/$value").content
    assert graph.post(f"/me/messages/{sent['id']}/send").status_code == 400


def test_a_draft_can_be_changed_and_deleted(graph: Microsoft, simulator: Simulator) -> None:
    made = draft(graph, answer())
    path = f"{graph.root}/me/messages/{made['id']}"

    changed = graph.session.patch(path, json={"subject": "Re: Hello again"})

    assert changed.json()["subject"] == "Re: Hello again"
    assert ANSWER.encode() in graph.get(path + "/$value").content
    assert graph.session.delete(path).status_code == 204
    assert graph.get(path).status_code == 404
    assert simulator.messages(SUPPORT) == []


def test_send_mail_takes_mime_and_json(graph: Microsoft, simulator: Simulator) -> None:
    mime = graph.post("/me/sendMail", data=base64.b64encode(answer()), headers=TEXT)
    message = {
        "subject": "Re: Hello",
        "body": {"contentType": "HTML", "content": "<p>Hello</p>"},
        "toRecipients": [{"emailAddress": {"address": CAROL, "name": "Carol"}}],
        "internetMessageHeaders": [{"name": "x-deskhero", "value": "1"}],
        "attachments": [
            {"name": "a.txt", "contentType": "text/plain", "contentBytes": base64.b64encode(b"a").decode()}
        ],
    }
    as_json = graph.post("/me/sendMail", json={"message": message})

    assert (mime.status_code, mime.content) == (202, b"")
    assert as_json.status_code == 202
    first, second = simulator.inbox(CAROL)
    assert first.message_id == ANSWER
    assert b"x-deskhero: 1" in second.raw
    assert b'filename="a.txt"' in second.raw


def test_mime_must_be_standard_base64(graph: Microsoft, simulator: Simulator) -> None:
    for body in (b"not base64!", base64.urlsafe_b64encode(b"\xff\xfe\xfd" * 30)):
        refused = graph.post("/me/sendMail", data=body, headers=TEXT)
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "ErrorMimeContentInvalidBase64String")


def test_a_header_that_does_not_start_with_x_fails_the_send(graph: Microsoft, simulator: Simulator) -> None:
    message = {
        "toRecipients": [{"emailAddress": {"address": CAROL}}],
        "internetMessageHeaders": [{"name": "In-Reply-To", "value": QUESTION}],
    }

    refused = graph.post("/me/sendMail", json={"message": message})

    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "InvalidInternetMessageHeader")
    assert CAROL not in [account.address for account in simulator.accounts()]  # nothing reached her


def test_another_sender_is_refused(graph: Microsoft, simulator: Simulator) -> None:
    refused = graph.post("/me/sendMail", data=base64.b64encode(answer(sender="boss@acme.example")), headers=TEXT)

    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "ErrorSendAsDenied")
    assert simulator.sent(SUPPORT) == []


def test_a_request_of_more_than_4_mb_is_refused(graph: Microsoft, simulator: Simulator) -> None:
    raw = base64.b64encode(answer(attachment=b"x" * 3_100_000))

    refused = graph.post("/me/messages", data=raw, headers=TEXT)

    assert refused.status_code == 413
    assert simulator.messages(SUPPORT) == []


def test_large_mime_can_be_swallowed_with_200(graph: Microsoft, simulator: Simulator) -> None:
    simulator.set_options(drop_large_mime=True)

    swallowed = graph.post("/me/sendMail", data=base64.b64encode(answer(attachment=b"x" * 1_700_000)), headers=TEXT)

    assert swallowed.status_code == 200
    assert simulator.sent(SUPPORT) == []


def test_a_large_file_goes_in_chunks_without_a_bearer_token(graph: Microsoft, simulator: Simulator) -> None:
    made, content = draft(graph, answer()), bytes(range(256)) * 40_000
    item = {"attachmentType": "file", "name": "big.bin", "size": len(content), "contentType": "application/zip"}
    session = graph.post(f"/me/messages/{made['id']}/attachments/createUploadSession", json={"AttachmentItem": item})
    url, step = session.json()["uploadUrl"], 4 * 1024 * 1024

    def put(start: int, **more: str) -> Any:
        chunk = content[start : start + step]
        place = {"Content-Range": f"bytes {start}-{start + len(chunk) - 1}/{len(content)}", **more}
        return simulator.session.put(url, data=chunk, headers=place)

    assert session.status_code == 201
    assert session.json()["nextExpectedRanges"] == ["0-"]
    assert put(0, Authorization="Bearer x").status_code == 401
    assert put(step).status_code == 416  # out of order
    assert put(0).json()["nextExpectedRanges"] == [str(step)]
    assert put(step).json()["nextExpectedRanges"] == [str(2 * step)]
    last = put(2 * step)
    assert last.status_code == 201
    assert "/attachments/" in last.headers["Location"]
    assert put(0).status_code == 404  # the session is over

    assert graph.post(f"/me/messages/{made['id']}/send").status_code == 202
    received = email.message_from_bytes(simulator.inbox(CAROL)[0].raw)
    parts = received.get_payload()
    assert (received["Message-ID"], received["In-Reply-To"]) == (ANSWER, QUESTION)
    assert parts[1].get_filename() == "big.bin"
    assert parts[1].get_payload(decode=True) == content


def test_small_files_are_posted_and_larger_ones_refused(graph: Microsoft, simulator: Simulator) -> None:
    path = f"/me/messages/{draft(graph, answer())['id']}/attachments"
    small = {"@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt", "contentBytes": "YQ=="}

    assert graph.post(path, json=small).status_code == 201
    assert graph.post(path, json={**small, "contentBytes": "YWFh" * 1_048_600}).status_code == 413
    assert [row["name"] for row in graph.get(path).json()["value"]] == ["a.txt"]


def test_a_reply_is_made_with_its_headers(graph: Microsoft, simulator: Simulator) -> None:
    simulator.deliver(SUPPORT, mail(to=SUPPORT, message_id=QUESTION))
    row = graph.get("/me/mailFolders/inbox/messages").json()["value"][0]

    reply = graph.post(f"/me/messages/{row['id']}/createReply", json={"comment": "Yes."}).json()
    raw = email.message_from_bytes(graph.get(f"/me/messages/{reply['id']}/$value").content)

    assert (raw["Subject"], raw["In-Reply-To"]) == ("Re: Hello", QUESTION)
    assert reply["toRecipients"][0]["emailAddress"]["address"] == CAROL
