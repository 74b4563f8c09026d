"""Taking back what one key did: by a form in the notice, and only while nothing else has changed it."""

import re

import pytest

from accounts.errors import ActionRefused
from accounts.notices import undo_of
from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.cast import sign_in
from tests.factories import make_mailbox
from tests.mails import arrive
from tickets.actions.assign import assign_ticket
from tickets.actions.close import close_ticket, reopen_ticket
from tickets.actions.tag import tag_ticket
from tickets.actions.undo import undo_change
from tickets.models import Event, Tag, Ticket
from tickets.undoing import Change, snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(ticket):
    return f"/acme/tickets/{ticket.number}/"


def offered(response):
    """Return the way back that the last notice of a page offers."""
    return [undo_of(message) for message in response.context["messages"]][-1]


def fresh(ticket):
    with organization_scope(ticket.organization_id):
        return Ticket.objects.select_related("assignee", "team", "mailbox").get(pk=ticket.pk)


def take_back(client, response):
    way = offered(response)
    return client.post(way["url"], way["fields"], follow=True)


def test_closing_is_taken_back_from_the_notice_without_a_script(as_alice, ticket, page):
    with organization_scope(ticket.organization_id):
        ticket.state = Ticket.State.PENDING
        ticket.save()
    closed = as_alice.post(page + "close/", follow=True)
    shown = closed.content.decode()
    form = re.search(r'method="post" action="([^"]*/undo/)"[^>]*>.*?name="token" value="([^"]+)"', shown, re.DOTALL)
    assert form
    assert 'data-key="z"' in shown

    back = as_alice.post(form[1], {"token": form[2]}, follow=True)

    assert (fresh(ticket).state, fresh(ticket).closed_at) == ("pending", None)
    assert "Undone." in back.content.decode()
    assert "You took that back: this ticket is as it was before" in back.content.decode()


def test_a_quick_form_gets_the_notice_with_the_way_back(as_alice, page):
    answer = as_alice.post(page + "close/", headers={"HX-Request": "true"})

    assert answer["HX-Trigger"] == "changed"
    assert 'hx-target="#notices"' in answer.content.decode()
    assert 'name="csrfmiddlewaretoken"' in answer.content.decode()


def test_reopening_is_taken_back_with_the_time_of_closing(as_alice, acme, ticket, page, alice):
    with organization_scope(acme):
        close_ticket(ticket, by=alice)
    closed_at = fresh(ticket).closed_at

    take_back(as_alice, as_alice.post(page + "reopen/", follow=True))

    assert (fresh(ticket).state, fresh(ticket).closed_at) == ("closed", closed_at)


def test_assigning_goes_back_to_who_had_it(as_alice, acme, ticket, page, alice, bob):
    with organization_scope(acme):
        assign_ticket(ticket, to=bob, by=bob)

    take_back(as_alice, as_alice.post(page + "assign/", {"assignee": str(alice.pk)}, follow=True))
    assert fresh(ticket).assignee == bob
    take_back(as_alice, as_alice.post(page + "assign/", {"assignee": ""}, follow=True))
    assert fresh(ticket).assignee == bob


def test_a_team_is_taken_back(as_alice, acme, ticket, page, bob):
    from accounts.actions.create_team import create_team

    with organization_scope(acme):
        team = create_team(acme, name="Workshop", by=bob)

    given = as_alice.post(page + "team/", {"team": str(team.pk)}, follow=True)
    assert fresh(ticket).team == team
    take_back(as_alice, given)

    assert fresh(ticket).team is None


def test_tags_come_off_and_on_again(as_alice, acme, ticket, page):
    tagged = as_alice.post(page + "tags/", {"name": "Warranty"}, follow=True)
    take_back(as_alice, tagged)
    with organization_scope(acme):
        tag = Tag.objects.get()
        assert not ticket.ticket_tags.exists()

    as_alice.post(page + "tags/", {"name": "Warranty"})
    take_back(as_alice, as_alice.post(f"{page}tags/{tag.pk}/off/", follow=True))
    with organization_scope(acme):
        assert ticket.ticket_tags.get().tag == tag


def test_what_changed_nothing_offers_no_way_back(as_alice, acme, ticket, page, alice):
    with organization_scope(acme):
        tag_ticket(ticket, name="Warranty", by=alice)

    assert offered(as_alice.post(page + "tags/", {"name": "warranty"}, follow=True)) is None
    assert offered(as_alice.post(page + "reopen/", follow=True)) is None
    assert offered(as_alice.post(page + "assign/", {"assignee": ""}, follow=True)) is None


def test_nothing_is_taken_back_that_was_changed_again_since(as_alice, acme, mailbox, ticket, page, alice, bob):
    closed = as_alice.post(page + "close/", follow=True)
    with organization_scope(acme):
        reopen_ticket(fresh(ticket), by=bob)
        close_ticket(fresh(ticket), by=bob)
    count = _events(acme)

    said = take_back(as_alice, closed).content.decode()

    assert "Nothing was undone: this ticket has been changed again since." in said
    assert fresh(ticket).is_closed
    assert _events(acme) == count


def test_a_mail_that_opened_the_ticket_since_counts_too(as_alice, acme, mailbox, page):
    with organization_scope(acme):
        made = arrive(mailbox, message_id="<a@customer.example>").ticket
    closed = as_alice.post(f"/acme/tickets/{made.number}/close/", follow=True)
    with organization_scope(acme):
        arrive(mailbox, in_reply_to="<a@customer.example>", text="One more thing.")

    assert "Nothing was undone" in take_back(as_alice, closed).content.decode()
    assert fresh(made).state == "open"


def test_a_change_of_something_else_does_not_stand_in_the_way(as_alice, acme, ticket, page, bob):
    closed = as_alice.post(page + "close/", follow=True)
    with organization_scope(acme):
        assign_ticket(fresh(ticket), to=bob, by=bob)

    take_back(as_alice, closed)

    assert (fresh(ticket).state, fresh(ticket).assignee) == ("open", bob)


def test_the_way_back_is_its_owners_and_of_its_ticket(as_alice, acme, ticket, page, bob, client, mailbox):
    from tests.factories import make_ticket

    other = make_ticket(acme, mailbox=mailbox)
    way = offered(as_alice.post(page + "close/", follow=True))

    assert (
        "can no longer be undone" in sign_in(client, bob).post(way["url"], way["fields"], follow=True).content.decode()
    )
    for url, token in ((way["url"], "nonsense"), (f"/acme/tickets/{other.number}/undo/", way["fields"]["token"])):
        as_alice.post(url, {"token": token})
    assert fresh(ticket).is_closed
    assert fresh(other).state == "open"


def test_the_way_back_ends_after_an_hour(alice, scope, ticket, monkeypatch):
    import time

    token = Change.of(ticket, "state", {}).token(alice)
    assert Change.read(token, alice) is not None
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3601)

    assert Change.read(token, alice) is None


def test_who_can_no_longer_have_it_does_not_get_it_back(acme, scope, ticket, alice, bob):
    assign_ticket(ticket, to=alice, by=bob)
    before = snapshot(ticket, "assignee")
    assign_ticket(ticket, to=bob, by=bob)
    change = Change.of(ticket, "assignee", before)
    limit_mailbox(ticket.mailbox, by=bob)

    with pytest.raises(ActionRefused, match="cannot answer tickets here"):
        undo_change(ticket, change=change, by=bob)


def test_a_closed_ticket_that_opens_again_leaves_nobody_who_may_not_see_it(acme, scope, ticket, alice, bob):
    assign_ticket(ticket, to=alice, by=bob)
    before = snapshot(ticket, "state")
    close_ticket(ticket, by=bob)
    change = Change.of(ticket, "state", before)
    limit_mailbox(ticket.mailbox, by=bob)

    undo_change(ticket, change=change, by=bob)

    assert Ticket.objects.get(pk=ticket.pk).assignee is None


def test_a_move_is_taken_back(as_alice, acme, ticket, page, mailbox):
    sales = make_mailbox(acme, address="sales@acme.example")
    moved = as_alice.post(page + "move/", {"to": str(sales.pk)}, follow=True)
    assert fresh(ticket).mailbox == sales
    assert offered(moved)["stays"] is False

    take_back(as_alice, moved)

    assert fresh(ticket).mailbox == mailbox


def test_a_viewer_takes_nothing_back(as_viewer, page):
    assert as_viewer.post(page + "undo/", {"token": "x"}).status_code == 403


def test_a_tag_that_is_no_more_is_not_hung_again(as_alice, acme, ticket, page):
    as_alice.post(page + "tags/", {"name": "Warranty"})
    with organization_scope(acme):
        tag = Tag.objects.get()
    off = as_alice.post(f"{page}tags/{tag.pk}/off/", follow=True)
    with organization_scope(acme):
        tag.delete()

    assert "this tag is no more" in take_back(as_alice, off).content.decode()


def _events(acme):
    with organization_scope(acme):
        return Event.objects.count()
