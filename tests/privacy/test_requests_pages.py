"""The pages of requests: the board, a case, the reviewer's list, a person's own page, and the officer's desk."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Organization, User
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from privacy.actions.requests.open_request import open_request, open_user_request
from privacy.models import DataSubjectRequest, RequestFinding
from tests.cast import sign_in
from tests.privacy.correspondence import CAROL, correspond, looked_through, proven


def opened(organization: Organization, days: int = 0, right: str = "access") -> DataSubjectRequest:
    received = timezone.now() - timedelta(days=days)
    with organization_scope(organization):
        return open_request(organization, right=right, source="hand", address=CAROL, received_at=received)


def text_of(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def as_owner(client: Client, owner: Membership) -> Client:
    """The owner of Acme, signed in."""
    return sign_in(client, owner)


def test_the_board_shows_what_is_late_first(acme: Organization, as_owner: Client) -> None:
    fresh, late = opened(acme, 2), opened(acme, 40)
    said = text_of(as_owner.get(reverse("rights:board", args=[acme.slug])))

    assert said.index(late.case_number) < said.index(fresh.case_number)
    assert "1 request is late." in said
    assert "days late" in said
    assert "days left" in said


def test_the_board_of_nobody_says_so(acme: Organization, as_owner: Client) -> None:
    assert "Nobody waits for an answer" in text_of(as_owner.get(reverse("rights:board", args=[acme.slug])))


def test_agents_do_not_see_requests(acme: Organization, alice: Membership, client: Client) -> None:
    case = opened(acme)
    sign_in(client, alice)

    assert client.get(reverse("rights:board", args=[acme.slug])).status_code == 403
    assert client.get(reverse("rights:case", args=[acme.slug, case.pk])).status_code == 403


@pytest.mark.parametrize("right", DataSubjectRequest.Right.values)
def test_a_case_says_what_comes_next(acme: Organization, as_owner: Client, right: str) -> None:
    case = opened(acme, 3, right)
    said = text_of(as_owner.get(reverse("rights:case", args=[acme.slug, case.pk])))

    assert case.case_number in said
    assert "Find out whether the person asks" in said
    assert "Day 3 of" in said


def test_a_request_is_entered_by_hand(acme: Organization, as_owner: Client) -> None:
    where = reverse("rights:new", args=[acme.slug])
    data = {"right": "erasure", "address": CAROL, "name": "Carol", "said": "By phone", "language": "sv"}
    wrong = as_owner.post(where, data | {"received_at": "2999-01-01T10:00"})
    right = as_owner.post(where, data | {"received_at": "2026-11-01T10:00"})

    assert (wrong.status_code, right.status_code) == (422, 302)
    case = DataSubjectRequest.objects.get()
    assert (case.right, case.language, case.clock.received_on.isoformat()) == ("erasure", "sv", "2026-11-01")


def test_acts_are_done_from_the_page(acme: Organization, as_owner: Client) -> None:
    case = opened(acme)

    def post(name: str, *more: Any, **data: Any) -> int:
        return as_owner.post(reverse(f"rights:{name}", args=[acme.slug, case.pk, *more]), data).status_code

    assert post("question", text="") == 422
    assert post("question", text="Who are you?", is_about_identity="on") == 302
    with organization_scope(acme):
        question = case.requestquestions.get()
    assert post("answer", question.pk, answer="Carol") == 302
    assert post("evidence", way="document", text="Seen", verdict="yes") == 302
    assert post("change", right="erasure", more="second@customer.example") == 302
    assert post("extend", reason="Much to read") == 302
    assert post("refuse", reason="") == 422
    assert post("refuse", reason="The law wants it") == 302
    case = DataSubjectRequest.objects.get()
    assert (case.right, case.outcome, case.addresses[1]) == ("erasure", "refused", "second@customer.example")
    assert text_of(as_owner.get(reverse("rights:case", args=[acme.slug, case.pk]))).count("The law wants it") >= 2


def test_a_file_of_evidence_comes_back_as_a_download(acme: Organization, as_owner: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    case = opened(acme)
    file = SimpleUploadedFile("id.html", b"<script>", content_type="text/html")
    as_owner.post(
        reverse("rights:evidence", args=[acme.slug, case.pk]), {"way": "document", "verdict": "yes", "file": file}
    )
    with organization_scope(acme):
        evidence = case.identityevidences.get()
    answer = as_owner.get(reverse("rights:evidence_file", args=[acme.slug, case.pk, evidence.pk]))

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"


def test_places_are_read_and_decided(
    acme: Organization, mailbox: Mailbox, alice: Membership, owner: Membership, as_owner: Client, monkeypatch: Any
) -> None:
    monkeypatch.setattr("mailbox.actions.queue_email.deliver.apply_async", lambda *_, **__: None)
    with organization_scope(acme):
        correspond(mailbox, alice, owner)
        case = looked_through(proven(acme, "erasure"))
        finding = case.requestfindings.filter(decision=RequestFinding.Decision.OPEN).first()
    assert finding is not None
    where = reverse("rights:found", args=[acme.slug, case.pk])
    decide = reverse("rights:decide", args=[acme.slug, case.pk, finding.pk])

    assert "Carol" in text_of(as_owner.get(where))
    assert "flower pot" in text_of(as_owner.get(f"{where}?show=all"))
    assert as_owner.post(decide, {"decision": "keep", "reason": ""}).status_code == 302
    as_owner.post(decide, {"decision": "keep", "reason": "It is about another Carol"})
    finding.refresh_from_db()
    assert (finding.decision, finding.reason) == ("keep", "It is about another Carol")


def test_a_person_sees_own_requests_and_choices(alice: Membership, client: Client) -> None:
    case = open_user_request(alice.user, right="objection")
    sign_in(client, alice)
    said = text_of(client.get(reverse("your_data")))

    assert case.case_number in said
    assert client.post(reverse("rights:own_take_back"), {"case": str(case.pk)}).status_code == 302
    case.refresh_from_db()
    assert case.outcome == "taken_back"


def test_nobody_takes_anothers_request_back(alice: Membership, bob: Membership, client: Client) -> None:
    case = open_user_request(alice.user, right="objection")
    where = reverse("rights:own_take_back")

    assert sign_in(client, bob).post(where, {"case": str(case.pk)}).status_code == 404
    assert client.post(where, {"case": "x"}).status_code == 404


# --- the officer -----------------------------------------------------------------------------------------------------
ADMIN = "admin:privacy_datasubjectrequest"


def test_the_officer_sees_organizations_cases_as_states_and_dates(
    acme: Organization, as_staff: Client, alice: Membership
) -> None:
    theirs, own = opened(acme), open_user_request(alice.user, right="access", said="All of it please")
    pages = [as_staff.get(reverse(f"{ADMIN}_changelist")), as_staff.get(reverse(f"{ADMIN}_change", args=[theirs.pk]))]

    assert all(page.status_code == 200 for page in pages)
    assert all("carol" not in text_of(page).casefold() for page in pages)
    assert theirs.case_number in text_of(pages[1])
    assert "All of it please" in text_of(as_staff.get(reverse(f"{ADMIN}_change", args=[own.pk])))


def test_the_officer_enters_and_answers_a_case(as_staff: Client, staff: User) -> None:
    data = {
        "right": "access", "address": "who@knows.example", "name": "", "said": "By letter", "language": "de",
        "received_at_0": "2026-11-02", "received_at_1": "10:00",
    }  # fmt: skip
    assert as_staff.post(reverse(f"{ADMIN}_add"), data).status_code == 302
    case = DataSubjectRequest.objects.get()
    act = reverse(f"{ADMIN}_act", args=[case.pk, "refer"])

    assert as_staff.get(act).status_code == 200
    assert as_staff.post(act).status_code == 302
    case.refresh_from_db()
    assert (case.outcome, case.language) == ("done", "de")
    assert case.requestevents.filter(staff=staff).exists()


def test_the_officer_does_nothing_with_an_organizations_case(acme: Organization, as_staff: Client) -> None:
    case = opened(acme)
    assert as_staff.post(reverse(f"{ADMIN}_act", args=[case.pk, "refuse"]), {"text": "x"}).status_code == 404
