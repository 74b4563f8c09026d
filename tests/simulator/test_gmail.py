"""The Gmail API, driven by google-api-python-client."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from googleapiclient.errors import HttpError

from mailbox.simulator.client import Simulator
from tests.simulator.clients import GMAIL, Google, mail

HELP = "help@acme.example"


@pytest.fixture
def users(google: Google) -> Any:
    """gmail.users() of the mailbox, as the product asks for it."""
    return google.service().users()


def reason(refused: pytest.ExceptionInfo[HttpError]) -> str:
    return str(json.loads(refused.value.content)["error"]["errors"][0]["reason"])


def test_the_profile_names_the_mailbox_and_its_history(users: Any, simulator: Simulator) -> None:
    simulator.deliver(HELP, mail())

    profile = users.getProfile(userId="me").execute()

    assert profile["emailAddress"] == HELP
    assert profile["messagesTotal"] == profile["threadsTotal"] == 1
    assert profile["historyId"].isdigit()


def test_a_raw_mail_comes_back_byte_for_byte(users: Any, simulator: Simulator) -> None:
    raw = mail("Åäö", text="Rader\n" * 3) + b"\xff\xfe binary tail"
    key = simulator.deliver(HELP, raw)

    message = users.messages().get(userId="me", id=key, format="raw").execute()

    assert base64.urlsafe_b64decode(message["raw"]) == raw
    assert message["sizeEstimate"] == len(raw)
    assert message["labelIds"] == ["INBOX", "UNREAD"]
    assert abs(int(message["internalDate"]) / 1000 - datetime.now(UTC).timestamp()) < 60


def test_other_formats_give_headers_or_parts(users: Any, simulator: Simulator) -> None:
    key = simulator.deliver(HELP, mail("Invoice", attachment=b"%PDF-1.4 x"))
    get = users.messages().get

    metadata = get(userId="me", id=key, format="metadata", metadataHeaders=["Subject"]).execute()["payload"]
    full = get(userId="me", id=key).execute()["payload"]
    minimal = get(userId="me", id=key, format="minimal").execute()
    file = full["parts"][1]
    content = users.messages().attachments().get(userId="me", messageId=key, id=file["body"]["attachmentId"]).execute()

    assert metadata["headers"] == [{"name": "Subject", "value": "Invoice"}]
    assert set(metadata) == {"mimeType", "headers"}
    assert base64.urlsafe_b64decode(full["parts"][0]["body"]["data"]).startswith(b"Hello there.")
    assert file["filename"] == "file.pdf"
    assert base64.urlsafe_b64decode(content["data"]) == b"%PDF-1.4 x"
    assert "payload" not in minimal
    with pytest.raises(HttpError, match="Invalid attachment token"):
        users.messages().attachments().get(userId="me", messageId=key, id="none").execute()


def test_lists_are_paged_newest_first_and_searched(users: Any, simulator: Simulator) -> None:
    now = datetime.now(UTC)
    keys = [
        simulator.deliver(
            HELP, mail(f"No {days}", message_id=f"<{days}@post.example>"), received_at=now - timedelta(days)
        )
        for days in (9, 5, 1)
    ]
    listing = users.messages().list

    def found(**query: Any) -> list[str]:
        return [row["id"] for row in listing(userId="me", **query).execute().get("messages", [])]

    first = listing(userId="me", maxResults=2).execute()
    assert [row["id"] for row in first["messages"]] == [keys[2], keys[1]]
    assert found(pageToken=first["nextPageToken"], maxResults=2) == [keys[0]]
    assert found(q="rfc822msgid:5@post.example") == [keys[1]]
    assert found(q="rfc822msgid:<5@post.example>") == [keys[1]]
    assert found(q=f"after:{int((now - timedelta(6)).timestamp())}") == [keys[2], keys[1]]
    assert found(q=f"before:{now - timedelta(4):%Y/%m/%d}") == [keys[1], keys[0]]
    assert found(q="newer_than:2d in:inbox") == [keys[2]]
    assert found(q="-subject:9", labelIds=["INBOX", "UNREAD"]) == [keys[2], keys[1]]
    assert "messages" not in listing(userId="me", q="in:sent").execute()


def test_spam_and_trash_are_hidden_unless_asked(users: Any, simulator: Simulator) -> None:
    key = simulator.deliver(HELP, mail(), labels=("SPAM", "UNREAD"))
    listing = users.messages().list

    assert "messages" not in listing(userId="me").execute()
    assert listing(userId="me", includeSpamTrash=True).execute()["messages"][0]["id"] == key
    assert listing(userId="me", q="in:spam").execute()["messages"][0]["id"] == key


@pytest.mark.parametrize(
    ("key", "status", "text"),
    [("zzz", 400, "Invalid id value"), ("ffffffffffffffff", 400, "Invalid id"), ("1900000000ffffff", 404, "not found")],
)
def test_ids_that_name_nothing(users: Any, key: str, status: int, text: str) -> None:
    with pytest.raises(HttpError, match=text) as refused:
        users.messages().get(userId="me", id=key).execute()
    assert refused.value.status_code == status


def test_bad_paging_is_refused(users: Any) -> None:
    for query in ({"maxResults": 0}, {"pageToken": "nonsense"}):
        with pytest.raises(HttpError) as refused:
            users.messages().list(userId="me", **query).execute()
        assert refused.value.status_code == 400


def test_history_tells_every_kind_of_change_in_order(users: Any, simulator: Simulator) -> None:
    start = users.getProfile(userId="me").execute()["historyId"]
    key = simulator.deliver(HELP, mail(), labels=("SPAM",))
    simulator.relabel(HELP, key, add=["INBOX"], remove=["SPAM"])
    simulator.delete(HELP, key)
    history = users.history().list

    whole = history(userId="me", startHistoryId=start).execute()
    kinds = [name for row in whole["history"] for name in row if name not in ("id", "messages")]
    some = history(userId="me", startHistoryId=start, historyTypes=["messageAdded", "labelAdded"]).execute()

    assert kinds == ["messagesAdded", "labelsRemoved", "labelsAdded", "messagesDeleted"]
    assert whole["history"][2]["labelsAdded"][0]["labelIds"] == ["INBOX"]
    assert "INBOX" in whole["history"][2]["labelsAdded"][0]["message"]["labelIds"]
    assert len(some["history"]) == 2
    assert some["historyId"] == whole["historyId"]
    assert "history" not in history(userId="me", startHistoryId=whole["historyId"]).execute()


def test_history_is_paged(users: Any, simulator: Simulator) -> None:
    start = users.getProfile(userId="me").execute()["historyId"]
    for number in range(5):
        simulator.deliver(HELP, mail(f"No {number}"))

    first = users.history().list(userId="me", startHistoryId=start, maxResults=3).execute()
    second = (
        users.history()
        .list(userId="me", startHistoryId=start, maxResults=3, pageToken=first["nextPageToken"])
        .execute()
    )

    assert [len(first["history"]), len(second["history"])] == [3, 2]
    assert "nextPageToken" not in second


def test_history_that_is_too_old_is_404_and_the_new_start_works(users: Any, simulator: Simulator) -> None:
    start = users.getProfile(userId="me").execute()["historyId"]
    simulator.deliver(HELP, mail("Before"))
    simulator.expire_history(HELP)

    with pytest.raises(HttpError) as refused:
        users.history().list(userId="me", startHistoryId=start).execute()
    assert refused.value.status_code == 404
    fresh = users.getProfile(userId="me").execute()["historyId"]
    simulator.deliver(HELP, mail("After"))
    assert len(users.history().list(userId="me", startHistoryId=fresh).execute()["history"]) == 1
    with pytest.raises(HttpError):
        users.history().list(userId="me", startHistoryId="999999999").execute()


def test_labels_and_their_counts(users: Any, simulator: Simulator) -> None:
    key = simulator.deliver(HELP, mail())
    names = [label["id"] for label in users.labels().list(userId="me").execute()["labels"]]
    inbox = users.labels().get(userId="me", id="INBOX").execute()

    assert {"INBOX", "SENT", "DRAFT", "SPAM", "TRASH", "UNREAD"} <= set(names)
    assert (inbox["messagesTotal"], inbox["messagesUnread"]) == (1, 1)
    with pytest.raises(HttpError) as refused:  # gmail.modify was not granted
        users.messages().modify(userId="me", id=key, body={"removeLabelIds": ["UNREAD"]}).execute()
    assert reason(refused) == "insufficientPermissions"


def test_a_batch_answers_every_part_by_itself(google: Google, simulator: Simulator) -> None:
    keys = [simulator.deliver(HELP, mail(f"No {number}")) for number in range(3)]
    service, answers = google.service(), {}

    def note(number: str, response: Any, error: HttpError | None) -> None:
        answers[number] = error.status_code if error else response["id"]

    batch = service.new_batch_http_request(callback=note)
    for key in [*keys, "1900000000ffffff"]:
        batch.add(service.users().messages().get(userId="me", id=key, format="raw"))
    batch.execute()

    assert list(answers.values()) == [*keys, 404]
    assert [call.route for call in simulator.calls()].count("gmail.messages.get") == 4


def test_a_batch_of_more_than_a_hundred_is_refused(google: Google, simulator: Simulator) -> None:
    part = "Content-Type: application/http\r\n\r\nGET /gmail/v1/users/me/profile\r\n\r\n"
    body = "".join(f"--b\r\n{part}" for _ in range(101)) + "--b--"
    headers = {"Authorization": f"Bearer {google.consent().token}", "Content-Type": "multipart/mixed; boundary=b"}

    answer = simulator.session.post(simulator.base_url + "/batch", data=body, headers=headers)

    assert answer.status_code == 400
    assert "exceeds the limit" in answer.json()["error"]["message"]


def test_calls_without_the_right_are_refused(google: Google, simulator: Simulator) -> None:
    profile = f"{simulator.base_url}/gmail/v1/users/"
    token = {"Authorization": f"Bearer {google.consent(scopes=[GMAIL + 'readonly']).token}"}
    nothing = simulator.session.get(profile + "me/profile")
    other = simulator.session.get(profile + "somebody@acme.example/profile", headers=token)
    send = simulator.session.post(profile + "me/messages/send", json={"raw": ""}, headers=token)

    assert (nothing.status_code, nothing.json()["error"]["errors"][0]["reason"]) == (401, "required")
    assert (other.status_code, other.json()["error"]["message"]) == (403, f"Delegation denied for {HELP}")
    assert (send.status_code, send.json()["error"]["errors"][0]["reason"]) == (403, "insufficientPermissions")


def test_the_metadata_permission_shows_no_text_and_takes_no_search(google: Google, simulator: Simulator) -> None:
    key = simulator.deliver(HELP, mail())
    users = google.service(google.consent(scopes=[GMAIL + "metadata"])).users()

    assert users.messages().get(userId="me", id=key, format="metadata").execute()["payload"]["headers"]
    for call in (users.messages().get(userId="me", id=key, format="raw"), users.messages().list(userId="me", q="x")):
        with pytest.raises(HttpError) as refused:
            call.execute()
        assert refused.value.status_code == 403
