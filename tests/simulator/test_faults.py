"""Trouble to order, the call log, and the manners of the control API."""

import base64
import time
from typing import Any

import pytest
import requests
from googleapiclient.errors import HttpError

from mailbox.simulator.client import Simulator, SimulatorError
from tests.simulator.clients import Google, Microsoft, mail

HELP, SUPPORT, CAROL = "help@acme.example", "support@acme.example", "carol@post.example"

pytestmark = pytest.mark.filterwarnings("ignore:response_mode")


@pytest.fixture
def users(google: Google) -> Any:
    """gmail.users() of the mailbox."""
    return google.service().users()


def profile_status(users: Any) -> int:
    try:
        users.getProfile(userId="me").execute()
    except HttpError as refused:
        return refused.status_code
    return 200


def test_the_next_calls_fail_as_ordered_and_the_one_after_works(users: Any, simulator: Simulator) -> None:
    body = {"error": {"code": 403, "message": "slow down", "errors": [{"reason": "userRateLimitExceeded"}]}}
    simulator.fail("gmail.profile", status=403, times=2, body=body, retry_after=3)

    with pytest.raises(HttpError, match="slow down") as refused:
        users.getProfile(userId="me").execute()

    assert refused.value.resp["retry-after"] == "3"
    assert [profile_status(users), profile_status(users)] == [403, 200]


def test_a_fault_can_strike_one_mailbox_only(simulator: Simulator, google: Google) -> None:
    simulator.create_account("google", "second@acme.example")
    first, second = google.service().users(), google.service(google.consent("second@acme.example")).users()
    simulator.fail("*", status=500, times=5, account=HELP)

    assert [profile_status(first), profile_status(second)] == [500, 200]
    simulator.clear_faults()
    assert profile_status(first) == 200


def test_a_token_endpoint_can_answer_with_html(google: Google, simulator: Simulator) -> None:
    simulator.fail("google.token", status=502, text="<h1>Bad gateway</h1>")

    answer = google.post("GOOGLE_TOKEN_URI", grant_type="refresh_token", refresh_token="x")

    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html")


def send(simulator: Simulator, token: str) -> requests.Response:
    raw = base64.urlsafe_b64encode(mail("Re: Hello", to=CAROL, sender=HELP)).decode()
    url = f"{simulator.base_url}/gmail/v1/users/me/messages/send"
    return simulator.session.post(url, json={"raw": raw}, headers={"Authorization": f"Bearer {token}"}, timeout=20)


def test_a_send_can_be_done_and_its_answer_lost(google: Google, simulator: Simulator) -> None:
    token = google.consent().token
    simulator.drop("gmail.messages.send")

    with pytest.raises(requests.ConnectionError):
        send(simulator, token)

    assert len(simulator.sent(HELP)) == len(simulator.inbox(CAROL)) == 1
    assert simulator.calls("gmail.messages.send")[0].status == 0
    assert send(simulator, token).status_code == 200


def test_a_connection_can_be_lost_before_anything_is_done(google: Google, simulator: Simulator) -> None:
    token = google.consent().token
    simulator.drop("gmail.messages.send", work_first=False)

    with pytest.raises(requests.ConnectionError):
        send(simulator, token)

    assert simulator.sent(HELP) == []


def test_a_504_can_have_sent(microsoft: Microsoft, simulator: Simulator) -> None:
    simulator.fail("graph.sendMail", status=504, work_first=True)
    raw = base64.b64encode(mail("Re: Hello", to=CAROL, sender=SUPPORT))

    answer = microsoft.sign_in().post("/me/sendMail", data=raw, headers={"Content-Type": "text/plain"})

    assert answer.status_code == 504
    assert len(simulator.sent(SUPPORT)) == 1


def test_an_answer_can_be_late(users: Any, simulator: Simulator) -> None:
    simulator.delay("gmail.profile", 0.3)
    start = time.monotonic()

    assert profile_status(users) == 200
    assert time.monotonic() - start >= 0.3


def test_quotas_can_be_set(users: Any, simulator: Simulator) -> None:
    simulator.set_options(units_per_minute=2)

    assert [profile_status(users) for _ in range(3)] == [200, 200, 429]


def test_the_log_holds_route_path_account_and_status_and_no_query(users: Any, simulator: Simulator) -> None:
    users.messages().list(userId="me", q="from:carol").execute()

    call = simulator.calls("gmail.messages.list")[0]

    assert (call.method, call.path, call.account, call.status) == ("GET", "/gmail/v1/users/me/messages", HELP, 200)
    assert simulator.calls(after=call.id) == []
    assert [entry.route for entry in simulator.calls(account=HELP)][:2] == ["google.token", "gmail.messages.list"]


@pytest.mark.parametrize(
    ("method", "path", "body", "says"),
    [
        ("POST", "accounts/", {"provider": "yahoo", "address": "a@b.example"}, "yahoo"),
        ("POST", "accounts/", {"provider": "google", "address": "nobody"}, "not an e-mail address"),
        ("POST", "deliver/", {"address": "nobody@acme.example", "raw": ""}, "No account has this address"),
        ("POST", "deliver/", {"address": HELP, "raw": "***"}, "not base64"),
        ("POST", "deliver/", [{"address": HELP}], "required"),
        ("POST", "faults/", {"route": "gmail.nothing"}, "No such route"),
        ("POST", "faults/", {"route": "*", "status": 42}, "200"),
        ("PATCH", "options/", {"nonsense": 1}, "no such option"),
        ("GET", "accounts/nobody@acme.example/messages/", None, "404"),
    ],
)
def test_the_control_api_says_what_is_wrong(simulator: Simulator, method: str, path: str, body: Any, says: str) -> None:
    with pytest.raises(SimulatorError, match=says):
        simulator.ask(method, path, body)


def test_only_json_from_this_machine_is_taken(simulator: Simulator) -> None:
    address = f"{simulator.base_url}/control/reset/"

    assert simulator.session.post(address, data="{}", headers={"Content-Type": "text/plain"}).status_code == 415
    assert simulator.session.post(address, json={}, headers={"Host": "evil.example"}).status_code == 400
    assert simulator.session.post(address, json={}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_one_bad_mail_of_many_delivers_none(simulator: Simulator) -> None:
    entry = {"address": HELP, "raw": base64.b64encode(mail()).decode()}

    with pytest.raises(SimulatorError):
        simulator.ask("POST", "deliver/", [entry, {**entry, "raw": "***"}])

    assert simulator.inbox(HELP) == []


def test_garbage_arrives_all_the_same(users: Any, simulator: Simulator) -> None:
    for raw in (
        b"",
        b"\x00\xff\xfe",
        b"\r\n\r\n",
        b"From: <<>>@@\r\nDate: never\r\nSubject: =?x?Q?=FF?=\r\n\r\n",
        b"a" * 70_000,
    ):
        key = simulator.deliver(HELP, raw)
        message = users.messages().get(userId="me", id=key, format="raw").execute()
        users.messages().get(userId="me", id=key).execute()
        assert base64.urlsafe_b64decode(message["raw"]) == raw


def test_reset_forgets_everything(users: Any, simulator: Simulator) -> None:
    simulator.deliver(HELP, mail())
    simulator.set_options(rewrite_message_id=True)

    simulator.reset()

    assert simulator.accounts() == []
    assert simulator.calls() == []
    assert simulator.set_options()["rewrite_message_id"] is False
    assert profile_status_after_reset(users) == 401


def profile_status_after_reset(users: Any) -> int:
    from google.auth.exceptions import RefreshError

    try:
        return profile_status(users)
    except RefreshError:
        return 401  # the library tried to renew and was refused
