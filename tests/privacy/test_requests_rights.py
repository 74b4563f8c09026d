"""Correction, restriction, objection, withdrawal: each really done, and obeyed everywhere."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.models import Membership, Organization, PurposeChoice
from accounts.purposes import may_process
from accounts.tenancy import organization_scope
from mailbox.models import InboundEmail, Mailbox, OutboundEmail
from privacy.actions.requests import rights
from privacy.actions.requests.of_users import choose, erase_user
from privacy.actions.requests.open_request import open_request, open_user_request
from privacy.models import RequestEvent, RequestLetter
from privacy.rights.history import Actor
from tests.cast import sign_in
from tests.mails import arrive
from tests.privacy.correspondence import CAROL, FULL, SECRET, proven
from tickets.actions.reply import send_reply
from tickets.contacts.access import contacts_for
from tickets.contacts.export import contacts_as_csv
from tickets.models import Contact, Ticket


@pytest.fixture
def carols(mailbox: Mailbox, scope: Any) -> Ticket:
    """A ticket of Carol's, as the pipeline files it."""
    message = arrive(mailbox, sender=FULL, text=SECRET, message_id="<first@customer.example>")
    assert message is not None
    return message.ticket


# --- correction ------------------------------------------------------------------------------------------------------
@pytest.mark.promise("6-rectify")
def test_a_correction_stays_whatever_later_mail_says(
    acme: Organization, mailbox: Mailbox, carols: Ticket, owner: Membership
) -> None:
    case = proven(acme, "rectification")
    rights.rectify_person(case, name="Caroline Customer", by=Actor(owner))
    arrive(mailbox, sender="Wrong Name <carol@customer.example>", text="Hello again, it is me")

    case.refresh_from_db()
    assert Contact.objects.get(pk=carols.contact_id).name == "Caroline Customer"
    assert case.outcome == "done"
    assert b"Caroline Customer" in contacts_as_csv(owner)
    assert b"Carol Customer" in InboundEmail.objects.order_by("pk").first().raw()  # type: ignore[union-attr]


def test_a_correction_of_nobody_is_refused(acme: Organization, scope: Any, owner: Membership) -> None:
    with pytest.raises(ActionRefused):
        rights.rectify_person(proven(acme, "rectification"), name="X", by=Actor(owner))


# --- restriction -----------------------------------------------------------------------------------------------------
@pytest.mark.promise("6-restrict")
def test_a_restricted_person_is_in_no_list_search_count_or_export(
    acme: Organization, mailbox: Mailbox, carols: Ticket, owner: Membership, client: Client
) -> None:
    rights.restrict_person(proven(acme, "restriction"), by=Actor(owner))
    carols.refresh_from_db()

    assert carols.state == Ticket.State.LOCKED
    assert not Ticket.objects.visible_to(owner).exists()
    assert not Ticket.objects.unfinished().exists()
    assert not contacts_for(owner).filter(pk=carols.contact_id).exists()
    assert CAROL.encode() not in contacts_as_csv(owner)


@pytest.mark.promise("6-restrict")
def test_pages_show_a_lock_and_no_content(acme: Organization, mailbox: Mailbox, owner: Membership) -> None:
    with organization_scope(acme):
        message = arrive(mailbox, sender=FULL, text=SECRET)
        assert message is not None
        ticket = message.ticket
        rights.restrict_person(proven(acme, "restriction"), by=Actor(owner))
    client = sign_in(Client(), owner)
    slug = acme.slug
    page = client.get(reverse("tickets:ticket", args=[slug, ticket.number]))
    pages = [
        client.get(reverse("tickets:queue", args=[slug])),
        client.get(reverse("tickets:print", args=[slug, ticket.number])),
        client.get(reverse("tickets:contact", args=[slug, ticket.contact_id])),
        client.get(reverse("tickets:source_file", args=[slug, ticket.number, message.pk])),
        client.post(reverse("tickets:search", args=[slug]), {"q": "flower"}),
        client.post(reverse("tickets:reply", args=[slug, ticket.number]), {"text": "x", "to": CAROL}),
    ]

    assert page.status_code == 200
    for one in [page, *pages]:
        text = b"".join(one.streaming_content) if one.streaming else one.content
        assert b"flower" not in text.replace(b'value="flower"', b""), one.request["PATH_INFO"]
        assert CAROL.encode() not in text
    assert {one.status_code for one in pages[1:4]} == {404}


@pytest.mark.promise("6-restrict")
def test_what_waits_to_leave_to_them_does_not_and_nothing_new_is_sent(
    acme: Organization, mailbox: Mailbox, carols: Ticket, owner: Membership
) -> None:
    others = arrive(mailbox, sender="Dave Other <dave@other.example>", text="Another matter")
    assert others is not None
    own = send_reply(carols, text="Tomorrow.", to=[("", CAROL)], by=owner, delay=60)
    copied = send_reply(others.ticket, text="See Cc.", to=[("", "dave@other.example")], cc=[("", CAROL)], by=owner)
    other = send_reply(others.ticket, text="Only you.", to=[("", "dave@other.example")], by=owner)

    rights.restrict_person(proven(acme, "restriction"), by=Actor(owner))

    state = dict(OutboundEmail.objects.values_list("pk", "failure"))
    assert [state[one.outbound_id] for one in (own, copied, other)] == ["restricted", "restricted", ""]
    assert {one.state for one in OutboundEmail.objects.exclude(failure="")} == {OutboundEmail.State.FAILED}
    carols.refresh_from_db()
    assert (carols.state, carols.state_before_lock) == (Ticket.State.LOCKED, Ticket.State.OPEN)
    with pytest.raises(ActionRefused, match="only stored"):
        send_reply(others.ticket, text="And you?", to=[("", "dave@other.example")], bcc=[("", CAROL)], by=owner)


@pytest.mark.promise("6-restrict")
def test_new_mail_is_stored_unopened_and_only_counted(
    acme: Organization, mailbox: Mailbox, carols: Ticket, owner: Membership
) -> None:
    rights.restrict_person(proven(acme, "restriction"), by=Actor(owner))
    arrive(mailbox, sender=FULL, text="Another thing altogether")

    contact = Contact.objects.get(pk=carols.contact_id)
    assert InboundEmail.objects.filter(state=InboundEmail.State.RESTRICTED).count() == 1
    assert contact.withheld_count == 1
    assert Ticket.objects.count() == 1


@pytest.mark.promise("6-restrict")
def test_it_ends_only_after_the_person_was_told_and_then_all_comes_back(
    acme: Organization, mailbox: Mailbox, carols: Ticket, owner: Membership,
    django_capture_on_commit_callbacks: Any, celery_eager: Any,
) -> None:  # fmt: skip
    case = proven(acme, "restriction")
    rights.restrict_person(case, by=Actor(owner))
    arrive(mailbox, sender=FULL, text="Another thing altogether")
    with pytest.raises(ActionRefused):
        rights.lift_restriction(case, by=Actor(owner))
    rights.announce_lifting(case, reason="The dispute is over.", by=Actor(owner))
    with pytest.raises(ActionRefused):
        rights.lift_restriction(case, by=Actor(owner))
    RequestEvent.objects.filter(verb="announced").update(at=timezone.now() - timedelta(days=8))
    rights.lift_restriction(case, by=Actor(owner))

    carols.refresh_from_db()
    assert "The dispute is over." in RequestLetter.objects.get(kind="lifting").text
    assert carols.state == Ticket.State.OPEN
    assert InboundEmail.objects.filter(state=InboundEmail.State.STORED).count() == 1
    assert Ticket.objects.visible_to(owner).count() == 1


def test_a_restricted_contact_is_merged_with_nobody(
    acme: Organization, mailbox: Mailbox, carols: Ticket, owner: Membership
) -> None:
    from tickets.actions.contacts.merge import merge_contacts

    rights.restrict_person(proven(acme, "restriction"), by=Actor(owner))
    other = arrive(mailbox, sender="erin@else.example", text="Hello to you")
    assert other is not None
    with pytest.raises(ActionRefused):
        merge_contacts(other.ticket.contact, into=Contact.objects.get(pk=carols.contact_id), by=owner)


# --- objection and withdrawal ----------------------------------------------------------------------------------------
@pytest.mark.promise("6-object")
def test_an_objection_stops_one_purpose_at_once(acme: Organization, carols: Ticket, owner: Membership) -> None:
    purposes = PurposeChoice.Purpose
    case = proven(acme, "objection")
    rights.object_for_person(case, purpose=purposes.LEARNING, by=Actor(owner))

    assert not may_process(carols.contact_id, purposes.LEARNING)
    assert may_process(carols.contact_id, purposes.SURVEYS)
    rights.outweigh_objection(case, purpose=purposes.LEARNING, reason="A law wants it", by=Actor(owner))
    assert may_process(carols.contact_id, purposes.LEARNING)


@pytest.mark.promise("6-object")
def test_nothing_outweighs_an_objection_to_advertising(acme: Organization, carols: Ticket, owner: Membership) -> None:
    case = proven(acme, "objection")
    rights.object_for_person(case, purpose="marketing", by=Actor(owner))
    with pytest.raises(ActionRefused):
        rights.outweigh_objection(case, purpose="marketing", reason="We want to", by=Actor(owner))
    assert not may_process(carols.contact_id, "marketing")


@pytest.mark.promise("6-withdraw")
def test_consent_is_withdrawn_in_one_press_and_its_proof_stays(alice: Membership, client: Client) -> None:
    sign_in(client, alice)
    where = reverse("rights:own_consent")
    assert not may_process(alice.user.pk, "news")
    client.post(where, {"purpose": "news", "allowed": "yes"})
    assert may_process(alice.user.pk, "news")
    client.post(where, {"purpose": "news", "allowed": "no"})

    assert not may_process(alice.user.pk, "news")
    (proof,) = PurposeChoice.objects.filter(person_id=alice.user.pk)
    assert proof.ended_at is not None


def test_a_user_objects_to_counting(alice: Membership) -> None:
    choose(alice.user, purpose="analysis", allowed=False)
    assert not may_process(alice.user.pk, "analysis")
    choose(alice.user, purpose="analysis", allowed=True)
    assert may_process(alice.user.pk, "analysis")


# --- accounts --------------------------------------------------------------------------------------------------------
def test_an_account_is_erased_once_no_organization_has_it(
    alice: Membership, staff: Any, django_capture_on_commit_callbacks: Any
) -> None:
    from accounts.vault.models import VaultKey

    user = alice.user
    case = open_user_request(user, right="erasure")
    with pytest.raises(ActionRefused):
        erase_user(case, by=Actor(staff=staff))
    alice.is_active = False
    alice.save(update_fields=["is_active"])
    with django_capture_on_commit_callbacks(execute=True):
        erase_user(case, by=Actor(staff=staff))

    case.refresh_from_db()
    assert (case.user, case.outcome) == (None, "done")
    assert not type(user).objects.filter(pk=user.pk).exists()
    assert not VaultKey.objects.filter(kind="profile", scope=user.pk, wrapped__isnull=False).exists()


def test_nothing_is_done_for_who_was_not_proven(acme: Organization, carols: Ticket, owner: Membership) -> None:
    case = open_request(acme, right="restriction", source="hand", address=CAROL)
    with pytest.raises(ActionRefused):
        rights.restrict_person(case, by=Actor(owner))
