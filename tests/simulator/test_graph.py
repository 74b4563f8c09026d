"""Reading mail through Graph: lists, delta rounds, ids, folders, MIME, batch."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mailbox.simulator.client import Simulator
from tests.simulator.clients import Microsoft, mail

SUPPORT = "support@acme.example"
DELTA = "/me/mailFolders('inbox')/messages/delta"

pytestmark = pytest.mark.filterwarnings("ignore:response_mode")


@pytest.fixture
def graph(microsoft: Microsoft) -> Microsoft:
    """Graph with a bearer token and immutable ids."""
    return microsoft.sign_in()


def whole_round(graph: Microsoft, address: str) -> tuple[list[dict[str, Any]], str, int]:
    """Every row of a delta round, its delta link, and how many pages it took."""
    rows, pages = [], 0
    while True:
        page = graph.get(address).json()
        rows, pages = rows + page["value"], pages + 1
        assert ("@odata.nextLink" in page) != ("@odata.deltaLink" in page)
        if "@odata.deltaLink" in page:
            return rows, page["@odata.deltaLink"], pages
        address = page["@odata.nextLink"]


def deliver(simulator: Simulator, count: int, **more: Any) -> list[str]:
    return [
        simulator.deliver(SUPPORT, mail(f"No {number}", to=SUPPORT, message_id=f"<{number}@post.example>"), **more)
        for number in range(count)
    ]


def test_me_names_the_person(graph: Microsoft) -> None:
    me = graph.get("/me").json()

    assert me["mail"] == me["userPrincipalName"] == SUPPORT
    assert me["displayName"] == "Acme Support"


def test_a_mail_comes_back_byte_for_byte(graph: Microsoft, simulator: Simulator) -> None:
    raw = mail("Åäö", to=SUPPORT) + b"\xff binary tail"
    simulator.deliver(SUPPORT, raw)
    row = graph.get("/me/mailFolders/inbox/messages").json()["value"][0]

    assert graph.get(f"/me/messages/{row['id']}/$value").content == raw
    assert row["from"]["emailAddress"] == {"name": "Carol", "address": "carol@post.example"}
    assert row["isRead"] is False
    assert row["body"]["contentType"] == "text"


def test_the_first_round_pages_through_and_later_rounds_tell_what_changed(
    graph: Microsoft, simulator: Simulator
) -> None:
    keys = deliver(simulator, 12)
    first, link, pages = whole_round(graph, DELTA + "?$select=internetMessageId")

    assert pages == 2  # ten rows on a page by default
    assert len({row["id"] for row in first}) == 12
    assert set(first[0]) == {"@odata.etag", "id", "internetMessageId"}
    assert whole_round(graph, link)[0] == []

    new = simulator.deliver(SUPPORT, mail("New", to=SUPPORT, message_id="<new@post.example>"))
    simulator.delete(SUPPORT, keys[0])
    simulator.move(SUPPORT, keys[1], "ARCHIVE")
    simulator.relabel(SUPPORT, keys[2], remove=["UNREAD"])
    changed, link, _ = whole_round(graph, link)

    by_id = {row["id"]: row for row in changed}
    ids = {row["internetMessageId"]: row["id"] for row in first}
    assert {row.get("internetMessageId") for row in changed} == {"<new@post.example>", "<2@post.example>", None}
    assert by_id[ids["<0@post.example>"]] == {"id": ids["<0@post.example>"], "@removed": {"reason": "deleted"}}
    assert by_id[ids["<1@post.example>"]]["@removed"] == {"reason": "changed"}
    assert new
    assert whole_round(graph, link)[0] == []


def test_page_size_and_a_bound_in_time_are_kept(graph: Microsoft, simulator: Simulator) -> None:
    now = datetime.now(UTC)
    simulator.deliver(SUPPORT, mail("Old", to=SUPPORT), received_at=now - timedelta(days=30))
    deliver(simulator, 5)
    graph.session.headers["Prefer"] = 'IdType="ImmutableId", odata.maxpagesize=2'
    since = (now - timedelta(days=7)).strftime("%Y-%m-%dT%H:%M:%SZ")

    rows, link, pages = whole_round(graph, f"{DELTA}?$filter=receivedDateTime ge {since}")
    simulator.deliver(SUPPORT, mail("Old too", to=SUPPORT), received_at=now - timedelta(days=20))

    assert (len(rows), pages) == (5, 3)
    assert [row for row in whole_round(graph, link)[0] if "@removed" not in row] == []
    assert graph.get(DELTA + "?$filter=isRead eq true").status_code == 400
    assert graph.get(DELTA + "?$search=x").status_code == 400


def test_a_dead_delta_token_is_410_and_a_new_round_works(graph: Microsoft, simulator: Simulator) -> None:
    deliver(simulator, 2)
    _, link, _ = whole_round(graph, DELTA)
    simulator.invalidate_delta(SUPPORT)

    gone = graph.get(link)

    assert gone.status_code == 410
    assert gone.json()["error"]["code"] == "SyncStateNotFound"
    assert gone.headers["Location"].endswith("$deltatoken=")
    assert len(whole_round(graph, gone.headers["Location"])[0]) == 2
    assert graph.get(DELTA + "?$deltatoken=nonsense").json()["error"]["code"] == "SyncStateNotFound"


def test_odd_rounds_can_be_ordered(graph: Microsoft, simulator: Simulator) -> None:
    deliver(simulator, 2)
    simulator.set_options(empty_first_page=True, repeat_rows=True, page_size=1)

    rows, _, pages = whole_round(graph, DELTA)

    assert pages == 3  # one of them empty
    assert len(rows) == 4  # each row twice


def test_a_default_id_changes_with_a_move_and_an_immutable_one_does_not(graph: Microsoft, simulator: Simulator) -> None:
    deliver(simulator, 1)
    immutable = graph.get("/me/mailFolders/inbox/messages").json()["value"][0]["id"]
    default = graph.get("/me/mailFolders/inbox/messages", headers={"Prefer": ""}).json()["value"][0]["id"]
    moved = graph.post(f"/me/messages/{immutable}/move", json={"destinationId": "archive"})

    assert moved.status_code == 201
    assert moved.json()["id"] == immutable
    assert graph.get(f"/me/messages/{immutable}").status_code == 200
    missing = graph.get(f"/me/messages/{default}")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "ErrorItemNotFound")
    assert graph.get(f"/me/messages/{immutable.upper()}").status_code in (400, 404)  # case matters
    assert graph.get("/me/messages/nonsense!").json()["error"]["code"] == "ErrorInvalidIdMalformed"


def test_lists_are_filtered_paged_and_counted(graph: Microsoft, simulator: Simulator) -> None:
    deliver(simulator, 5)
    inbox = "/me/mailFolders('inbox')/messages"
    found = graph.get(inbox, params={"$filter": "internetMessageId eq '<3@post.example>'"}).json()["value"]
    first = graph.get(inbox + "?$top=2&$select=subject&$count=true").json()
    second = graph.get(first["@odata.nextLink"]).json()
    oldest = graph.get(inbox + "?$orderby=receivedDateTime asc&$top=1").json()["value"][0]

    assert [row["subject"] for row in found] == ["No 3"]
    assert [row["subject"] for row in first["value"] + second["value"]] == ["No 4", "No 3", "No 2", "No 1"]
    assert first["@odata.count"] == 5
    assert oldest["subject"] == "No 0"
    bad = graph.get(inbox, params={"$filter": "nonsense"})
    assert (bad.status_code, bad.json()["error"]["code"]) == (400, "")


def test_unrelated_mail_with_an_equal_subject_shares_the_conversation(graph: Microsoft, simulator: Simulator) -> None:
    for sender in ("carol@post.example", "eve@post.example"):
        simulator.deliver(SUPPORT, mail("Invoice", to=SUPPORT, sender=sender))

    rows = graph.get("/me/mailFolders/inbox/messages").json()["value"]

    assert rows[0]["conversationId"] == rows[1]["conversationId"]


def test_folders_are_found_by_name_and_by_id(graph: Microsoft, simulator: Simulator) -> None:
    deliver(simulator, 2)
    inbox = next(row for row in graph.get("/me/mailFolders").json()["value"] if row["displayName"] == "Inbox")

    assert inbox["totalItemCount"] == inbox["unreadItemCount"] == 2
    assert len(graph.get(f"/me/mailFolders/{inbox['id']}/messages").json()["value"]) == 2
    assert graph.get("/me/mailFolders/nowhere/messages").status_code == 404


def test_attachments_can_be_read(graph: Microsoft, simulator: Simulator) -> None:
    simulator.deliver(SUPPORT, mail(to=SUPPORT, attachment=b"%PDF-1.4"))
    row = graph.get("/me/mailFolders/inbox/messages").json()["value"][0]
    files = graph.get(f"/me/messages/{row['id']}/attachments").json()["value"]

    assert row["hasAttachments"] is True
    assert files[0]["name"] == "file.pdf"
    assert graph.get(f"/me/messages/{row['id']}/attachments/{files[0]['id']}/$value").content == b"%PDF-1.4"


def test_calls_without_the_right_are_refused(graph: Microsoft, simulator: Simulator) -> None:
    simulator.create_account("microsoft", "other@acme.example")
    address = graph.root + "/me"
    nothing = simulator.session.get(address)
    wrong = simulator.session.get(address, headers={"Authorization": "Bearer nonsense"})
    other = graph.get("/users/other@acme.example/messages")

    assert [answer.status_code for answer in (nothing, wrong, other)] == [401, 401, 403]
    assert wrong.json()["error"]["code"] == "InvalidAuthenticationToken"
    assert "innerError" in wrong.json()["error"]
    assert "WWW-Authenticate" in wrong.headers
    assert graph.get(f"/users/{SUPPORT}/messages").status_code == 200
    simulator.advance_clock(3600)
    assert graph.get("/me").json()["error"]["code"] == "InvalidAuthenticationToken"


def test_a_batch_takes_twenty_and_answers_each(graph: Microsoft, simulator: Simulator) -> None:
    deliver(simulator, 1)
    simulator.fail("graph.me", status=429, retry_after=7)
    steps = [
        {"id": "1", "method": "GET", "url": "/me"},
        {"id": "2", "method": "GET", "url": "/me/mailFolders('inbox')/messages?$select=subject"},
        {"id": "3", "method": "GET", "url": "/me", "dependsOn": ["1"]},
    ]

    answers = {row["id"]: row for row in graph.post("/$batch", json={"requests": steps}).json()["responses"]}
    refused = graph.post(
        "/$batch", json={"requests": [{"id": str(n), "method": "GET", "url": "/me"} for n in range(21)]}
    )

    assert [answers[number]["status"] for number in "123"] == [429, 200, 424]
    assert answers["1"]["headers"]["Retry-After"] == "7"
    assert answers["2"]["body"]["value"][0]["subject"] == "No 0"
    assert refused.status_code == 400
