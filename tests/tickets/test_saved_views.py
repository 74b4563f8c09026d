"""Saved views: a list under a name, one's own or everybody's; what they hold, and what is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.cast import sign_in
from tests.factories import make_mailbox, make_membership, make_ticket
from tests.sql import counted_sql
from tickets.actions import save_view as actions
from tickets.actions.change_tag import delete_tag
from tickets.actions.save_view import change_view, delete_view, save_view
from tickets.actions.tag import make_tag, tag_ticket
from tickets.lists import VIEWS
from tickets.models import SavedView, Tag, Ticket
from tickets.narrowing import Asked
from tickets.views.narrowed import AGES


@pytest.fixture
def saving(acme):
    return reverse("tickets:save_view", args=[acme.slug])


@pytest.fixture
def queue(acme):
    return reverse("tickets:queue", args=[acme.slug])


def beside(client, queue):
    """Return the saved views of the side bar, each with its count."""
    return {link.view.name: link.count_display for link in client.get(queue).context["saved"]}


def numbers(response):
    return {int(row["number"]) for band in response.context["bands"] for row in band["rows"]}


def test_a_list_gets_a_name_and_is_found_beside_the_lists(as_alice, as_bob, saving, queue, acme, mailbox, alice):
    urgent = make_ticket(acme, mailbox=mailbox, priority=Ticket.Priority.URGENT, assignee=alice)
    make_ticket(acme, mailbox=mailbox, assignee=alice)

    given = {"name": "Burning", "view": "open", "priority": "urgent", "assignee": "me"}
    page = as_alice.post(saving, given, follow=True)

    assert numbers(page) == {urgent.number}
    assert page.context["title"] == "Burning"
    assert [chip["name"] for chip in page.context["chips"]] == ["You", "Urgent"]
    assert beside(as_alice, queue) == {"Burning": "1"}
    assert beside(as_bob, queue) == {}


def test_a_shared_view_holds_for_each_what_they_may_see(as_alice, as_bob, saving, queue, acme, mailbox, bob, alice):
    as_bob.post(saving, {"name": "Mine and old", "view": "open", "assignee": "me", "is_shared": "on"})
    make_ticket(acme, mailbox=mailbox, assignee=alice)
    hidden = make_mailbox(acme)
    with organization_scope(acme):
        limit_mailbox(hidden, by=bob)
    for _ in range(2):
        make_ticket(acme, mailbox=hidden, assignee=bob)

    assert beside(as_alice, queue) == {"Mine and old": "1"}
    assert beside(as_bob, queue) == {"Mine and old": "2"}


def test_a_view_of_a_mailbox_is_not_mentioned_to_who_may_not_see_it(as_alice, as_bob, saving, queue, acme, bob):
    hidden = make_mailbox(acme)
    with organization_scope(acme):
        limit_mailbox(hidden, by=bob)
    as_bob.post(saving, {"name": "Salaries", "view": "open", "mailbox": str(hidden.pk), "is_shared": "on"})

    assert set(beside(as_bob, queue)) == {"Salaries"}
    assert beside(as_alice, queue) == {}
    assert "Salaries" not in as_alice.get(queue).content.decode()
    with organization_scope(acme):
        view = SavedView.objects.get()
    assert as_alice.get(reverse("tickets:saved_view", args=[acme.slug, view.pk])).status_code == 404
    assert as_alice.get(queue, {"view": "open", "saved": str(view.pk)}).status_code == 404


def test_tags_narrow_to_tickets_that_have_all_of_them(as_alice, queue, acme, mailbox, alice):
    one, both = (make_ticket(acme, mailbox=mailbox) for _ in range(2))
    with organization_scope(acme):
        for ticket, names in ((one, ["parcel"]), (both, ["parcel", "broken"])):
            for name in names:
                tag_ticket(ticket, name=name, by=alice)
        tags = list(Tag.objects.all())

    page = as_alice.get(queue, {"tag": [str(tag.pk) for tag in tags]})

    assert numbers(page) == {both.number}
    assert page.context["total"] == "1"
    assert len(page.context["chips"]) == 2


def test_age_assignee_and_priority_narrow_together(as_alice, queue, acme, mailbox, alice):
    old = timezone.now() - timedelta(days=8)
    quiet = make_ticket(acme, mailbox=mailbox, priority=3, last_activity_at=old)
    make_ticket(acme, mailbox=mailbox, priority=3)
    make_ticket(acme, mailbox=mailbox, priority=2, last_activity_at=old)
    make_ticket(acme, mailbox=mailbox, priority=3, last_activity_at=old, assignee=alice)

    page = as_alice.get(queue, {"priority": "important", "older": "7", "assignee": "nobody"})

    assert numbers(page) == {quiet.number}


@pytest.mark.parametrize(
    "given",
    [{"priority": "huge"}, {"older": "x"}, {"older": "-1"}, {"assignee": "x"}, {"sort": "colour"}, {"tag": "x,y"}],
)
def test_a_list_nobody_offered_is_not_there(as_alice, queue, given):
    assert as_alice.get(queue, given).status_code == 404


def test_somebody_of_elsewhere_is_nobodys_assignee(as_alice, queue, mallory):
    assert as_alice.get(queue, {"assignee": str(mallory.pk)}).status_code == 404
    assert as_alice.get(queue, {"assignee": str(uuid4())}).status_code == 404


def test_its_owner_changes_and_deletes_it(as_alice, saving, queue, acme):
    as_alice.post(saving, {"name": "Burning", "view": "open", "priority": "urgent"})
    with organization_scope(acme):
        view = SavedView.objects.get()
    address = reverse("tickets:saved_view", args=[acme.slug, view.pk])
    assert "Burning" in as_alice.get(address).content.decode()

    as_alice.post(address, {"name": "Warm", "view": "pending", "sort": "waiting"})
    assert beside(as_alice, queue) == {"Warm": ""}
    with organization_scope(acme):
        assert SavedView.objects.get().query == {"view": "pending", "sort": "waiting"}

    as_alice.post(reverse("tickets:delete_view", args=[acme.slug, view.pk]))
    assert beside(as_alice, queue) == {}


def test_colleagues_use_a_shared_view_and_only_owner_and_admins_change_it(as_alice, as_bob, saving, acme, alice, bob):
    colleague = make_membership(acme)
    as_alice.post(saving, {"name": "Ours", "view": "open", "is_shared": "on"})
    as_alice.post(saving, {"name": "Hers", "view": "open"})
    with organization_scope(acme):
        hers, ours = sorted(SavedView.objects.all(), key=lambda view: view.name)
        for view in (ours, hers):
            with pytest.raises(ActionRefused):
                delete_view(view, by=colleague)
        with pytest.raises(ActionRefused):
            delete_view(hers, by=bob)
        change_view(ours, wanted=Asked(VIEWS["mine"]), name="Everybody's", is_shared=True, by=bob)
    client = sign_in(type(as_alice)(), colleague)
    page = client.get(reverse("tickets:saved_view", args=[acme.slug, ours.pk])).content.decode()
    assert "Only who saved this view can change it" in page
    assert client.get(reverse("tickets:saved_view", args=[acme.slug, hers.pk])).status_code == 404


def test_what_cannot_be_quick_is_refused_with_the_reason(as_alice, saving, queue, acme):
    page = as_alice.post(saving, {"name": "Old ones", "view": "closed", "assignee": "me"})

    assert page.status_code == 422
    assert "finds nothing quickly" in page.content.decode()
    assert beside(as_alice, queue) == {}
    refused = as_alice.get(queue, {"view": "closed", "priority": "urgent"}, follow=True)
    assert "finds nothing quickly" in refused.content.decode()


@pytest.mark.usefixtures("scope")
def test_a_view_that_turns_out_slow_is_refused_when_it_is_saved(acme, alice, monkeypatch):
    monkeypatch.setattr(actions, "QUICK", 50)
    monkeypatch.setattr(actions, "newest", _Slow)

    with pytest.raises(ActionRefused, match="takes too long"):
        save_view(Asked(VIEWS["open"]), name="Slow", is_shared=False, by=alice)
    assert SavedView.objects.count() == 0
    monkeypatch.undo()
    save_view(Asked(VIEWS["open"]), name="Quick", is_shared=False, by=alice)


class _Slow:
    """Stands in for a list that the database does not find at once."""

    def __init__(self, *_args):
        pass

    def values_list(self, *_args, **_more):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(2)")
        return []


def test_a_view_of_something_that_is_no_more_leads_to_where_it_is_mended(as_alice, saving, queue, acme, bob):
    with organization_scope(acme):
        tag = make_tag(acme, name="parcel")
    as_alice.post(saving, {"name": "Parcels", "view": "open", "tag": [str(tag.pk)]})
    with organization_scope(acme):
        delete_tag(tag, by=bob)

    (link,) = as_alice.get(queue).context["saved"]

    assert link.asked is None
    assert as_alice.get(link.url).status_code == 200


def test_counting_many_views_costs_the_list_one_question(as_alice, saving, queue, acme, mailbox, alice):
    for n in range(30):
        given = {"name": f"View {n:02}", "view": "open", "older": str(AGES[n % len(AGES)])}
        as_alice.post(saving, given | {"is_shared": "on"})
    as_alice.get(queue)

    with counted_sql() as statements:
        assert len(beside(as_alice, queue)) == 30
    assert len(statements) <= 8, "\n".join(statements)


def test_a_viewer_saves_nothing(as_viewer, saving):
    assert as_viewer.get(saving).status_code == 403
    assert as_viewer.post(saving, {"name": "x", "view": "open"}).status_code == 403
