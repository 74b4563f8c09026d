"""Holds in Django admin: numbers for all staff, content for the hold role alone, and each reading written down."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Organization, User
from accounts.tenancy import organization_scope
from privacy.holding import is_held
from privacy.holds.actors import Officer, has_hold_role, hold_role
from privacy.models import DeletionJob, HeldItem, HoldEvent, LegalHold
from tests.privacy.holding import delete_mailbox, destroy, hold, put_aside
from tests.streams import whole
from tickets.actions.attach import NewFile, attach_files
from tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db
LIST = "admin:privacy_legalhold_changelist"


@pytest.fixture
def aside(ticket: Ticket, bob: Membership, job: DeletionJob) -> LegalHold:
    """A hold whose ticket outlived its mailbox."""
    with organization_scope(ticket.organization_id):
        attach_files(Message.objects.get(), [NewFile("plan.txt", "text/plain", b"a plan of the door")])
    placed = hold(ticket, bob)
    put_aside(job)
    destroy(job)
    delete_mailbox(ticket.mailbox)
    return placed


def item_url(name: str, item: HeldItem) -> str:
    return reverse(f"admin:privacy_legalhold_{name}", args=[item.hold_id, item.pk])


def test_staff_sees_numbers_and_no_word(as_staff: Client, aside: LegalHold) -> None:
    for where in (reverse(LIST), reverse("admin:privacy_legalhold_change", args=[aside.pk])):
        text = as_staff.get(where).content.decode()
        assert str(aside.pk) in text
        assert "Carol" not in text
        assert "door" not in text


def test_only_the_role_reads_and_a_superuser_without_it_does_not(
    as_staff: Client, staff: User, aside: LegalHold
) -> None:
    item = HeldItem.objects.get(place="tickets.Message")
    where = [
        reverse("admin:privacy_legalhold_items", args=[aside.pk]),
        item_url("item", item),
        item_url("file", item),
        reverse("admin:privacy_legalhold_place"),
    ]
    assert staff.is_superuser
    assert [as_staff.get(url).status_code for url in where] == [403] * 4
    assert not HoldEvent.objects.filter(verb="read").exists()

    staff.groups.add(hold_role())
    assert "tickets.Message" in as_staff.get(where[0]).content.decode()
    assert not HoldEvent.objects.filter(verb="read").exists()  # a list of ids is no content
    assert "It stands open all night." in as_staff.get(where[1]).content.decode()
    read = HoldEvent.objects.get(verb="read")
    assert (read.by_id, read.item_id, read.is_operators) == (staff.pk, item.pk, True)


def test_a_reading_that_cannot_be_written_down_does_not_happen(
    as_staff: Client, dora: Officer, aside: LegalHold, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*args: object, **kwargs: object) -> None:
        raise OSError

    monkeypatch.setattr("privacy.actions.read_held.note", refused)
    as_staff.raise_request_exception = False
    answer = as_staff.get(item_url("item", HeldItem.objects.get(place="tickets.Message")))

    assert answer.status_code == 500
    assert "all night" not in answer.content.decode()


def test_a_file_is_a_download(as_staff: Client, dora: Officer, aside: LegalHold) -> None:
    answer = as_staff.get(item_url("file", HeldItem.objects.get(place="tickets.Attachment")))
    assert whole(answer) == b"a plan of the door"
    assert answer["Content-Disposition"].startswith("attachment")
    nothing = as_staff.get(item_url("file", HeldItem.objects.get(place="tickets.Contact")), follow=True)
    assert "There is no file" in nothing.content.decode()


def test_the_officer_places_reviews_and_releases_holds_of_the_operator(
    as_staff: Client, dora: Officer, ticket: Ticket, acme: Organization
) -> None:
    said = {
        "organization": "acme",
        "scope": "ticket",
        "target": str(ticket.number),
        "basis": "order",
        "reason": "Order 17",
        "review_on": (timezone.localdate() + timedelta(days=60)).isoformat(),
    }
    place = reverse("admin:privacy_legalhold_place")
    for wrong in ({"target": "999"}, {"target": "x"}, {"scope": "mailbox"}, {"organization": "nobody"}):
        assert as_staff.post(place, {**said, **wrong}).status_code == 200
    assert not LegalHold.objects.exists()
    as_staff.post(place, said)
    placed = LegalHold.objects.get()
    assert placed.is_operators
    with organization_scope(acme):
        assert is_held(ticket)

    later = (timezone.localdate() + timedelta(days=170)).isoformat()
    as_staff.post(reverse("admin:privacy_legalhold_review", args=[placed.pk]), {"review_on": later})
    placed.refresh_from_db()
    assert timezone.localdate(placed.review_at).isoformat() == later
    as_staff.post(reverse("admin:privacy_legalhold_release", args=[placed.pk]), {"reason": "Order withdrawn"})
    placed.refresh_from_db()
    assert not placed.is_active


def test_the_operator_cannot_release_what_an_organization_keeps(
    as_staff: Client, dora: Officer, ticket: Ticket, bob: Membership
) -> None:
    placed = hold(ticket, bob)
    where = reverse("admin:privacy_legalhold_release", args=[placed.pk])
    text = as_staff.post(where, {"reason": "Away with it"}, follow=True).content.decode()

    assert "not yours" in text
    placed.refresh_from_db()
    assert placed.is_active


def test_reviews_that_are_due_can_be_listed(as_staff: Client, ticket: Ticket, bob: Membership, contact: object) -> None:
    due, later = hold(ticket, bob), hold(contact, bob)
    LegalHold.objects.filter(pk=due.pk).update(review_at=timezone.now() - timedelta(days=1))
    text = as_staff.get(reverse(LIST), {"review": "due"}).content.decode()

    assert str(due.pk) in text
    assert str(later.pk) not in text


def test_nothing_is_added_changed_or_deleted_by_form(as_staff: Client, ticket: Ticket, bob: Membership) -> None:
    placed = hold(ticket, bob)

    assert as_staff.get(reverse("admin:privacy_legalhold_add")).status_code == 403
    assert (
        as_staff.post(reverse("admin:privacy_legalhold_delete", args=[placed.pk]), {"post": "yes"}).status_code == 403
    )


def test_the_role_is_given_and_taken_by_command(staff: User, alice: Membership) -> None:
    call_command("hold_role", "dora@operator.example", verbosity=0)
    assert has_hold_role(staff)
    call_command("hold_role", "dora@operator.example", "--end", verbosity=0)
    assert not has_hold_role(staff)
    with pytest.raises(CommandError, match="no member of the staff"):
        call_command("hold_role", "alice@acme.example")
