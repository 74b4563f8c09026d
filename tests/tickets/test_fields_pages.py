"""Custom fields in the browser: the page of the admin, and the panel beside a ticket."""

import pytest

from accounts.tenancy import organization_scope
from tests.factories import make_message
from tests.sql import counted_sql
from tickets.actions.define_field import make_field
from tickets.actions.set_fields import set_fields
from tickets.models import CustomField, Event, Ticket

pytestmark = pytest.mark.django_db
FIELDS = "/acme/fields/"


@pytest.fixture
def order(acme, bob):
    with organization_scope(acme):
        return make_field(subject="ticket", kind="text", name="Order", by=bob)


@pytest.fixture
def count(acme, bob, order):
    with organization_scope(acme):
        return make_field(subject="ticket", kind="number", name="Count", by=bob)


@pytest.fixture
def page(ticket):
    return f"/acme/tickets/{ticket.number}/"


def typed(field, value, seen=""):
    return {f"v_{field.pk.hex}": value, f"seen_{field.pk.hex}": seen}


def fields_of(ticket):
    with organization_scope(ticket.organization_id):
        return Ticket.objects.get(pk=ticket.pk).fields


def test_an_admin_makes_orders_renames_retires_and_takes_up_a_field(as_bob, acme):
    as_bob.post(FIELDS, {"name": "Order", "kind": "text"})
    as_bob.post(FIELDS, {"name": "Colour", "kind": "choice", "words": "Blue\r\nRed\r\n"})
    with organization_scope(acme):
        order, colour = CustomField.objects.order_by("position")
        assert colour.words == ["Blue", "Red"]

    as_bob.post(f"{FIELDS}{colour.pk}/shift/", {"way": "up"})
    as_bob.post(f"{FIELDS}{colour.pk}/", {"name": "Paint", "words": "Blue\nGreen"})
    as_bob.post(f"{FIELDS}{order.pk}/retire/")
    shown = as_bob.get(FIELDS)
    assert [one["name"] for one in shown.context["fields"]] == ["Paint"]
    assert [one["name"] for one in shown.context["retired"]] == ["Order"]
    assert "Blue, Green" in shown.content.decode()

    as_bob.post(f"{FIELDS}{order.pk}/retire/", {"again": "1"})
    assert [one["name"] for one in as_bob.get(FIELDS).context["fields"]] == ["Paint", "Order"]


def test_what_is_wrong_with_a_field_stands_beside_the_form(as_bob, order):
    response = as_bob.post(FIELDS, {"name": "order", "kind": "text"})
    assert response.status_code == 422
    assert "There is a field of this name already" in response.content.decode()
    response = as_bob.post(FIELDS, {"name": "Colour", "kind": "choice", "words": " "})
    assert "Write at least one word to choose" in response.content.decode()


def test_an_agent_fills_a_field_in_and_the_page_and_the_history_show_it(as_alice, ticket, page, order):
    assert as_alice.post(page + "fields/", typed(order, "AL26 <b>")).status_code == 302

    shown = as_alice.get(page).content.decode()
    assert "AL26 &lt;b&gt;" in shown
    assert "You changed “Order”" in shown
    assert fields_of(ticket) == {order.pk.hex: "AL26 <b>"}


def test_a_bad_value_comes_back_with_what_was_typed_and_says_what_is_wrong(as_alice, ticket, page, order, count):
    response = as_alice.post(page + "fields/", typed(order, "AL26") | typed(count, "many"))

    assert response.status_code == 422
    shown = response.content.decode()
    assert "“Count” is a number: write it like 1234.5." in shown
    assert 'value="many"' in shown
    assert 'value="AL26"' in shown
    assert fields_of(ticket) is None


def test_a_quick_form_that_is_refused_gets_the_panel_back(as_alice, page, count):
    headers = {"HX-Request": "true", "HX-Target": "facts"}
    response = as_alice.post(page + "fields/", typed(count, "many"), headers=headers)

    assert response.status_code == 422
    assert response.content.decode().strip().startswith('<div id="facts">')
    assert "is a number" in response.content.decode()
    saved = as_alice.post(page + "fields/", typed(count, "3"), headers=headers)
    assert (saved.status_code, saved["HX-Retarget"], saved["HX-Trigger"]) == (200, "#notices", "changed")


def test_the_loser_of_two_sees_what_the_other_wrote_and_keeps_the_text(as_alice, acme, ticket, page, order, bob):
    with organization_scope(acme):
        set_fields(ticket, changes={order: ("", "Bob's")}, by=bob)

    response = as_alice.post(page + "fields/", typed(order, "Alice's"))
    shown = response.content.decode()
    assert response.status_code == 422
    assert "It is now: Bob&#x27;s" in shown
    assert "Alice&#x27;s" in shown
    assert f'name="seen_{order.pk.hex}" value="Bob&#x27;s"' in shown

    as_alice.post(page + "fields/", typed(order, "Alice's", "Bob's"))
    assert fields_of(ticket) == {order.pk.hex: "Alice's"}


def test_a_retired_field_is_shown_where_it_has_a_value_and_asked_for_nowhere(as_bob, acme, ticket, page, order, bob):
    with organization_scope(acme):
        set_fields(ticket, changes={order: ("", "AL26")}, by=bob)
    as_bob.post(f"{FIELDS}{order.pk}/retire/")

    shown = as_bob.get(page)
    assert "AL26" in shown.content.decode()
    assert "retired" in shown.content.decode()
    assert shown.context["fields_form"] is None


def test_a_viewer_reads_fields_and_fills_in_none(as_viewer, acme, ticket, page, order, bob):
    with organization_scope(acme):
        set_fields(ticket, changes={order: ("", "AL26")}, by=bob)

    shown = as_viewer.get(page)
    assert "AL26" in shown.content.decode()
    assert shown.context["fields_form"] is None
    assert as_viewer.post(page + "fields/", typed(order, "x", "AL26")).status_code == 403
    assert as_viewer.get(FIELDS).status_code == 403


def test_the_page_still_asks_ten_things_at_most_with_everything_beside_it(as_alice, acme, ticket, page, order, alice):
    from tests.factories import make_ticket
    from tickets.actions.link import link_tickets
    from tickets.actions.merge import merge_tickets

    for n in range(4):
        other = make_ticket(acme, mailbox=ticket.mailbox, contact=ticket.contact)
        make_message(other)
        with organization_scope(acme):
            if n % 2:
                link_tickets(ticket, other=other, kind="related", by=alice)
            else:
                merge_tickets(other, into=ticket, by=alice)
            set_fields(ticket, changes={order: (str(n - 1) if n else "", str(n))}, by=alice)
    as_alice.get(page)
    with counted_sql() as statements:
        shown = as_alice.get(page)

    assert len(statements) <= 10, "\n".join(statements)
    assert (len(shown.context["links"]), len(shown.context["merged_in"])) == (2, 2)
    with organization_scope(acme):
        assert Event.objects.filter(verb=Event.Verb.FIELD_CHANGED).count() == 4
