"""The pages of legal holds: placed from a ticket or a contact, reviewed, released, and closed to all but admins."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from privacy.holding import is_held
from privacy.holds.actors import Officer
from privacy.models import DeletionJob, LegalHold
from tests.privacy.holding import destroy, hold, put_aside
from tickets.models import Contact, Ticket

pytestmark = pytest.mark.django_db
LIST, PLACE = "/acme/settings/privacy/holds/", "/acme/settings/privacy/holds/place/"


def filled(by: Membership, **more: str) -> dict[str, str]:
    review_on = (timezone.localdate() + timedelta(days=30)).isoformat()
    said = {"basis": "claim", "reason": "A claim of Carol's", "review_on": review_on, "reviewer": str(by.pk)}
    return {**said, **more}


def test_a_hold_is_placed_from_a_ticket_and_stands_in_the_list(as_bob: Client, bob: Membership, ticket: Ticket) -> None:
    page = as_bob.get(f"/acme/tickets/{ticket.number}/").content.decode()
    assert f"{PLACE}?ticket={ticket.number}" in page
    assert f'value="{ticket.number}"' in as_bob.get(f"{PLACE}?ticket={ticket.number}").content.decode()
    answer = as_bob.post(PLACE, filled(bob, scope="ticket", number=str(ticket.number)), follow=True)

    text = answer.content.decode()
    assert "The hold is placed" in text
    assert "A claim of Carol&#x27;s" in text
    assert "Bob Admin" in text
    assert f"#{ticket.number} The door does not close" in as_bob.get(LIST).content.decode()
    with organization_scope(ticket.organization_id):
        assert is_held(ticket)


@pytest.mark.parametrize("scope", ["contact", "mailbox", "organization"])
def test_a_contact_a_mailbox_or_everything_can_be_kept(
    as_bob: Client, bob: Membership, ticket: Ticket, contact: Contact, mailbox: Mailbox, scope: str
) -> None:
    assert f"?contact={contact.pk}" in as_bob.get(f"/acme/contacts/{contact.pk}/").content.decode()
    form = filled(bob, scope=scope, mailbox=str(mailbox.pk))
    answer = as_bob.post(f"{PLACE}?contact={contact.pk}", form, follow=True)

    assert answer.status_code == 200
    assert LegalHold.objects.get().scope == scope
    with organization_scope(ticket.organization_id):
        assert is_held(ticket)


def test_what_is_missing_is_said_beside_the_field(as_bob: Client, bob: Membership, ticket: Ticket) -> None:
    wrong = [
        ({"scope": "ticket", "number": "999"}, "There is no ticket of this number."),
        ({"scope": "mailbox", "mailbox": ""}, "Choose a mailbox."),
        ({"scope": "organization", "reason": " "}, "required"),
        ({"scope": "organization", "review_on": "2020-01-01"}, "a day to come"),
        ({"scope": "contact"}, "not one of the available"),
    ]
    for said, words in wrong:
        answer = as_bob.post(PLACE, filled(bob, **said))
        assert answer.status_code == 422, said
        assert words in answer.content.decode(), said
    assert not LegalHold.objects.exists()


def test_a_hold_that_comes_too_late_is_told_so(
    as_bob: Client, bob: Membership, ticket: Ticket, job: DeletionJob
) -> None:
    destroy(job)
    answer = as_bob.post(PLACE, filled(bob, scope="ticket", number=str(ticket.number)))

    assert answer.status_code == 422
    assert "Already destroyed at" in answer.content.decode()


def test_it_is_reviewed_and_released_with_a_reason(as_bob: Client, bob: Membership, ticket: Ticket) -> None:
    placed = hold(ticket, bob)
    page = f"{LIST}{placed.pk}/"
    later = (timezone.localdate() + timedelta(days=150)).isoformat()
    assert "goes on" in as_bob.post(f"{page}review/", filled(bob, review_on=later), follow=True).content.decode()
    placed.refresh_from_db()
    assert timezone.localdate(placed.review_at).isoformat() == later
    assert as_bob.post(f"{page}release/", {"reason": ""}).status_code == 422
    text = as_bob.post(f"{page}release/", {"reason": "Settled in court"}, follow=True).content.decode()

    assert "within 72 hours" in text
    assert "Settled in court" in text
    assert "The door does not close" not in as_bob.get(LIST).content.decode()
    assert "The door does not close" in as_bob.get(f"{LIST}?show=released").content.decode()


def test_an_overdue_review_is_said_and_ends_nothing(as_bob: Client, bob: Membership, ticket: Ticket) -> None:
    placed = hold(ticket, bob)
    LegalHold.objects.filter(pk=placed.pk).update(review_at=timezone.now() - timedelta(days=1))
    text = as_bob.get(LIST).content.decode()

    assert "1 hold waits for its review" in text
    assert "Overdue" in text
    with organization_scope(ticket.organization_id):
        assert is_held(ticket)


def test_what_was_put_aside_is_counted_and_not_shown(
    as_bob: Client, bob: Membership, ticket: Ticket, job: DeletionJob
) -> None:
    placed = hold(ticket, bob)
    put_aside(job)
    text = as_bob.get(f"{LIST}{placed.pk}/").content.decode()

    assert "4 rows were put aside" in text
    assert "It stands open all night" not in text


def test_a_hold_of_the_operator_is_shown_without_its_reason_and_cannot_be_released(
    as_bob: Client, ticket: Ticket, dora: Officer
) -> None:
    placed = hold(ticket, dora, reason="Order 17 of the court", basis="order")
    page = f"{LIST}{placed.pk}/"
    text = as_bob.get(page).content.decode()

    assert "The operator placed this hold" in text
    assert "Order 17" not in text
    assert "Release the hold" not in text
    as_bob.post(f"{page}release/", {"reason": "Away with it"})
    placed.refresh_from_db()
    assert placed.is_active


def test_agents_and_strangers_see_nothing_of_it(
    as_alice: Client, as_mallory: Client, bob: Membership, ticket: Ticket, contact: Contact
) -> None:
    placed = hold(ticket, bob)
    for where in (LIST, PLACE, f"{LIST}{placed.pk}/"):
        assert as_alice.get(where).status_code == 403
        assert as_mallory.get(where).status_code == 404
    for where in (f"/acme/tickets/{ticket.number}/", f"/acme/contacts/{contact.pk}/"):
        assert "legal hold" not in as_alice.get(where).content.decode().lower()


def test_a_hold_of_another_organization_is_not_there(
    as_bob: Client, globex: Organization, ticket: Ticket, bob: Membership
) -> None:
    from tests import factories

    theirs = hold(globex, factories.make_membership(globex, role=Membership.Role.ADMIN))
    for end in ("", "review/", "release/"):
        ask = as_bob.post if end else as_bob.get
        assert ask(f"{LIST}{theirs.pk}/{end}", {"reason": "Mine"}).status_code == 404
