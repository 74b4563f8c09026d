"""Tags: words to find tickets by."""

import pytest

from accounts.errors import ActionRefused
from accounts.tenancy import organization_scope
from tests import factories
from tickets.actions.change_tag import change_tag, delete_tag, merge_tag
from tickets.actions.tag import MAX_TAGS, make_tag, tag_ticket, untag_ticket
from tickets.models import Tag, TicketTag

pytestmark = pytest.mark.django_db


def test_a_new_word_makes_a_tag_and_a_known_one_finds_it_whatever_its_case(scope, ticket, alice):
    first = tag_ticket(ticket, name="Warranty", by=alice)
    again = tag_ticket(ticket, name="  warranty ", by=alice)

    assert again == first
    assert TicketTag.objects.count() == 1
    assert Tag.objects.get().name == "Warranty"


def test_taking_a_tag_off_leaves_it_for_others(scope, ticket, alice):
    tag = tag_ticket(ticket, name="Warranty", by=alice)

    untag_ticket(ticket, tag=tag, by=alice)
    untag_ticket(ticket, tag=tag, by=alice)

    assert TicketTag.objects.count() == 0
    assert Tag.objects.get() == tag


def test_a_tag_needs_a_name_and_a_ticket_has_a_bound(scope, ticket, alice):
    with pytest.raises(ActionRefused):
        tag_ticket(ticket, name="   ", by=alice)
    for number in range(MAX_TAGS):
        tag_ticket(ticket, name=f"word {number}", by=alice)
    with pytest.raises(ActionRefused):
        tag_ticket(ticket, name="one more", by=alice)

    assert TicketTag.objects.count() == MAX_TAGS


def test_merging_leaves_every_ticket_with_the_one_that_stays_once(scope, acme, mailbox, ticket, alice, bob):
    other = factories.make_ticket(acme, mailbox=mailbox)
    old, new = tag_ticket(ticket, name="bill", by=alice), tag_ticket(ticket, name="invoice", by=alice)
    tag_ticket(other, name="bill", by=alice)

    merge_tag(old, into=new, by=bob)

    assert Tag.objects.get() == new
    assert set(TicketTag.objects.values_list("ticket", "tag")) == {(ticket.pk, new.pk), (other.pk, new.pk)}


def test_admins_change_and_delete_tags_and_agents_do_not(scope, acme, ticket, alice, bob):
    tag = tag_ticket(ticket, name="bill", by=alice)
    with pytest.raises(ActionRefused):
        change_tag(tag, name="invoice", hue=3, by=alice)
    with pytest.raises(ActionRefused):
        delete_tag(tag, by=alice)
    change_tag(tag, name="invoice", hue=3, by=bob)
    assert (Tag.objects.get().name, Tag.objects.get().hue) == ("invoice", 3)
    delete_tag(tag, by=bob)

    assert Tag.objects.count() == 0
    assert TicketTag.objects.count() == 0


def test_a_new_name_that_is_taken_is_refused(scope, acme, bob):
    tag = make_tag(acme, name="bill")
    make_tag(acme, name="invoice")

    with pytest.raises(ActionRefused):
        change_tag(tag, name="Invoice", hue=1, by=bob)

    assert sorted(one.name for one in Tag.objects.all()) == ["bill", "invoice"]


def test_an_agent_tags_a_ticket_on_its_page_and_the_queue_shows_and_narrows_by_it(as_alice, acme, mailbox, ticket):
    factories.make_ticket(acme, mailbox=mailbox, subject="Something else")
    page = f"/acme/tickets/{ticket.number}/"

    assert as_alice.post(page + "tags/", {"name": "Warranty"}).status_code == 302
    with organization_scope(acme):
        tag = Tag.objects.get()

    assert "Warranty" in as_alice.get(page).content.decode()
    narrowed = as_alice.get(f"/acme/?tag={tag.pk}").content.decode()
    assert ticket.subject in narrowed
    assert "Something else" not in narrowed
    assert "Warranty" in narrowed


def test_a_viewer_tags_nothing(as_viewer, acme, ticket):
    assert as_viewer.post(f"/acme/tickets/{ticket.number}/tags/", {"name": "Warranty"}).status_code in {403, 404}
    with organization_scope(acme):
        assert Tag.objects.count() == 0
