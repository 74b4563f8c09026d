"""Every right of a person who signs in is carried out by the operator's officer, in Django admin, and told."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, PurposeChoice, User
from accounts.purposes import may_process
from privacy.actions.requests.letters import mail_user_letter
from privacy.actions.requests.of_users import choose
from privacy.actions.requests.open_request import open_user_request
from privacy.models import DataSubjectRequest, RequestEvent
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
CASES = "/admin/privacy/datasubjectrequest/"
Purpose = PurposeChoice.Purpose


def case_of(user: User, right: str) -> DataSubjectRequest:
    return open_user_request(user, right=right, said="Please.")


def act(client: Client, case: DataSubjectRequest, name: str, text: str = "") -> DataSubjectRequest:
    client.post(f"{CASES}{case.pk}/act/{name}/", {"text": text} if text else {})
    return DataSubjectRequest.objects.get(pk=case.pk)


def acts_on(client: Client, case: DataSubjectRequest) -> set[str]:
    return set(re.findall(r"/act/([\w-]+)/", client.get(f"{CASES}{case.pk}/change/").content.decode()))


def letters(case: DataSubjectRequest) -> list[str]:
    return [str(one.kind) for one in case.requestletters.order_by("pk")]


@pytest.mark.parametrize(
    ("right", "does"),
    [
        ("access", "pack"),
        ("portability", "pack"),
        ("erasure", "erase"),
        ("rectification", "rectify"),
        ("restriction", "restrict"),
        ("objection", "object"),
        ("withdrawal", "withdraw"),
    ],
)
def test_a_case_offers_what_its_right_asks_for_and_no_other_right(
    as_staff: Client, alice: Membership, right: str, does: str
) -> None:
    offered = acts_on(as_staff, case_of(alice.user, right))

    assert does in offered
    assert offered & {"pack", "erase", "rectify", "restrict", "object", "withdraw"} == {does}
    assert {"refuse", "extend"} <= offered


def test_a_name_is_corrected_and_told(as_staff: Client, alice: Membership) -> None:
    case = act(as_staff, case_of(alice.user, "rectification"), "rectify", "Alice  Right-Name")
    for letter in case.requestletters.order_by("pk"):
        mail_user_letter(letter.pk)

    assert User.objects.get(pk=alice.user_id).name == "Alice Right-Name"
    assert (case.outcome, letters(case)) == ("done", ["receipt", "rectification"])
    told = mail.outbox[-1]
    assert (told.to, told.subject) == ([alice.user.email], f"Corrected: your request {case.case_number}")
    assert case.requestevents.get(verb=RequestEvent.Verb.RECTIFIED).staff is not None


def test_a_restricted_account_is_kept_and_nobody_signs_in(
    as_staff: Client, as_alice: Client, alice: Membership
) -> None:
    case = act(as_staff, case_of(alice.user, "restriction"), "restrict")

    assert (case.outcome, letters(case)[-1]) == ("done", "restriction")
    assert as_alice.get("/acme/").status_code == 302  # the session has ended
    again = Client()
    again.post("/account/login/", {"login": alice.user.email, "password": PASSWORD})
    assert "_auth_user_id" not in again.session
    assert User.objects.get(pk=alice.user_id).name == alice.user.name


def test_a_restriction_ends_only_a_week_after_the_person_was_told(as_staff: Client, alice: Membership) -> None:
    case = act(as_staff, case_of(alice.user, "restriction"), "restrict")
    assert acts_on(as_staff, case) == {"announce", "lift"}

    act(as_staff, case, "lift")
    assert not User.objects.get(pk=alice.user_id).is_active
    act(as_staff, case, "announce", "It was checked: everything is right.")
    act(as_staff, case, "lift")
    assert not User.objects.get(pk=alice.user_id).is_active
    assert letters(case)[-1] == "lifting"

    case.requestevents.filter(verb="announced").update(at=timezone.now() - timedelta(days=8))
    act(as_staff, case, "lift")
    assert User.objects.get(pk=alice.user_id).is_active
    assert acts_on(as_staff, case) == set()


def test_the_only_owner_is_not_locked_out_of_an_organization(as_staff: Client, owner: Membership) -> None:
    case = act(as_staff, case_of(owner.user, "restriction"), "restrict")

    assert case.outcome == ""
    assert User.objects.get(pk=owner.user_id).is_active


def test_an_objection_and_a_withdrawal_hold_at_once(as_staff: Client, alice: Membership) -> None:
    choose(alice.user, purpose=Purpose.NEWS, allowed=True)
    assert may_process(alice.user_id, Purpose.ANALYSIS)

    objected = act(as_staff, case_of(alice.user, "objection"), "object")
    assert not may_process(alice.user_id, Purpose.ANALYSIS)
    assert may_process(alice.user_id, Purpose.NEWS)  # that rests on consent, and is another right
    withdrawn = act(as_staff, case_of(alice.user, "withdrawal"), "withdraw")

    assert not may_process(alice.user_id, Purpose.NEWS)
    assert (letters(objected)[-1], letters(withdrawn)[-1]) == ("objection", "withdrawal")
    assert (objected.outcome, withdrawn.outcome) == ("done", "done")


def test_nothing_is_done_for_who_was_not_proven_or_asked_for_something_else(
    as_staff: Client, alice: Membership, staff: User
) -> None:
    case = case_of(alice.user, "objection")
    assert act(as_staff, case, "restrict").closed_at is None
    DataSubjectRequest.objects.filter(pk=case.pk).update(identity="open")

    assert act(as_staff, case, "object").closed_at is None
    assert may_process(alice.user_id, Purpose.ANALYSIS)


def test_members_carry_nothing_out_here(as_owner: Client, alice: Membership) -> None:
    case = case_of(alice.user, "restriction")

    assert as_owner.post(f"{CASES}{case.pk}/act/restrict/").status_code in {302, 403, 404}
    assert User.objects.get(pk=alice.user_id).is_active
