"""@names in notes: whom they mean, who is told, and what cannot be told."""

import pytest
from django.urls import reverse

from accounts.errors import ActionRefused
from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tests.factories import make_mailbox, make_membership, make_ticket, make_user
from tickets.actions.close import close_ticket, reopen_ticket
from tickets.actions.follow import unfollow_ticket
from tickets.actions.merge import merge_tickets, unmerge_ticket
from tickets.actions.move import move_ticket
from tickets.actions.note import add_note
from tickets.actions.spam import mark_not_spam, mark_spam
from tickets.models import Following, Mention, Note, Notification, Ticket
from tickets.together.mentions import named_in


@pytest.fixture
def colleagues(acme, alice, bob):
    names = ("Anna Lind", "Anna Berg", "Åsa Öberg", "Jean-Luc O'Neil", "Lind")
    return [alice, bob, *(make_membership(acme, make_user(name=name)) for name in names)]


def meant(text, colleagues, seeing=None):
    found = named_in(text, colleagues, [one.pk for one in (colleagues if seeing is None else seeing)])
    return sorted(one.display_name for one in found.members.values()), found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@Alice Agent, look", ["Alice Agent"]),
        ("@alice look", ["Alice Agent"]),
        ("(@ALICEAGENT)", ["Alice Agent"]),
        ("@Agent", ["Alice Agent"]),
        ("@Anna Lind and @Bob: see", ["Anna Lind", "Bob Admin"]),
        ("@Lind", ["Lind"]),
        ("@åsa!", ["Åsa Öberg"]),
        ("@Jean-Luc O'Neil.", ["Jean-Luc O'Neil"]),
        ("@Alice\nAgent", ["Alice Agent"]),
        ("write to alice@acme.example", []),
        ("@@alice", []),
        ("@ alice", []),
        ("@alice @alice", ["Alice Agent"]),
    ],
)
def test_a_name_means_whoever_has_it(text, names, colleagues):
    assert meant(text, colleagues)[0] == names


def test_a_name_of_several_means_nobody_for_certain(colleagues):
    names, found = meant("@Anna, please", colleagues)

    assert names == []
    assert sorted(one.display_name for one in found.ambiguous["Anna"]) == ["Anna Berg", "Anna Lind"]


def test_of_several_those_who_may_see_it_are_preferred(colleagues):
    seeing = [one for one in colleagues if one.display_name != "Anna Berg"]

    assert meant("@Anna", colleagues, seeing)[0] == ["Anna Lind"]


def test_names_nobody_has_and_people_who_may_not_see_it_are_told_apart(colleagues):
    _, found = meant("@Zoe and @Bob", colleagues, [])

    assert found.unknown == ["Zoe"]
    assert found.unseeing["Bob"].display_name == "Bob Admin"


@pytest.mark.usefixtures("scope")
class TestNotes:
    def test_who_is_named_is_told_and_follows(self, ticket, alice, bob):
        note = add_note(ticket, text="@Bob, is this yours?", by=alice)

        assert Mention.objects.get().member == bob
        told = Notification.objects.get()
        assert (told.member, told.kind, told.ticket, told.by) == (bob, "mentioned", ticket, alice)
        assert Following.objects.get(member=bob).is_on
        assert Mention.objects.get().note == note

    def test_who_names_themselves_is_not_told(self, ticket, alice):
        add_note(ticket, text="@Alice will do it", by=alice)

        assert not Mention.objects.exists()
        assert not Notification.objects.exists()

    def test_who_stopped_following_is_told_and_does_not_follow_again(self, ticket, alice, bob):
        unfollow_ticket(ticket, by=bob)
        add_note(ticket, text="@Bob", by=alice)

        assert not Following.objects.get(member=bob).is_on
        assert Notification.objects.filter(member=bob).exists()

    def test_a_viewer_is_told_and_follows_nothing(self, ticket, alice, viewer):
        add_note(ticket, text="@Vera", by=alice)

        assert Notification.objects.get().member == viewer
        assert not Following.objects.exists()

    def test_a_note_that_calls_somebody_who_may_not_see_it_is_refused(self, acme, ticket, alice, bob):
        limit_mailbox(ticket.mailbox, by=bob)

        with pytest.raises(ActionRefused, match="Alice Agent may not see this ticket"):
            add_note(ticket, text="@Alice", by=bob)
        assert not Note.objects.exists()


def test_a_note_that_fits_several_comes_back_as_it_was_typed(as_alice, acme, ticket, colleagues):
    response = as_alice.post(reverse("tickets:note", args=["acme", ticket.number]), {"text": "@Anna, do it"})

    page = response.content.decode()
    assert response.status_code == 422
    assert "fits several people: Anna Berg, Anna Lind" in page
    assert "@Anna, do it" in page
    with organization_scope(acme):
        assert not Note.objects.exists()


def test_a_name_nobody_has_is_kept_and_said(as_alice, acme, ticket):
    response = as_alice.post(
        reverse("tickets:note", args=["acme", ticket.number]), {"text": "@Zoe would know"}, follow=True
    )

    assert "Nobody here is called @Zoe, so nobody was told." in response.content.decode()
    with organization_scope(acme):
        assert Note.objects.count() == 1


def test_the_view_holds_what_mentions_me_until_it_is_done(as_bob, as_alice, acme, mailbox, ticket):
    make_ticket(acme, mailbox=mailbox)
    as_alice.post(reverse("tickets:note", args=["acme", ticket.number]), {"text": "@Bob"})

    def shown(client):
        response = client.get(reverse("tickets:queue", args=["acme"]), {"view": "mentioned"})
        return [row["number"] for band in response.context["bands"] for row in band["rows"]]

    assert shown(as_bob) == [str(ticket.number)]
    assert shown(as_alice) == []
    as_alice.post(reverse("tickets:close", args=["acme", ticket.number]))
    assert shown(as_bob) == []


def waiting(client):
    lists = client.get(reverse("tickets:queue", args=["acme"])).context["navigation"]["queues"]
    return next(one["count_display"] for one in lists if one["key"] == "mentioned")


def test_the_side_bar_counts_tickets_that_mention_me_and_not_mentions(as_bob, as_alice, acme, ticket, alice):
    with organization_scope(acme):
        add_note(ticket, text="@Bob", by=alice)
        add_note(ticket, text="@Bob, once more", by=alice)

    assert (waiting(as_bob), waiting(as_alice)) == ("1", "")


def test_what_is_done_waits_no_more_and_waits_again_once_it_opens(as_bob, acme, ticket, alice):
    with organization_scope(acme):
        add_note(ticket, text="@Bob", by=alice)
    for act, count in ((close_ticket, ""), (reopen_ticket, "1"), (mark_spam, ""), (mark_not_spam, "1")):
        with organization_scope(acme):
            act(ticket, by=alice)
        assert waiting(as_bob) == count


def test_a_mention_goes_with_its_note_into_another_ticket_and_back(as_bob, acme, mailbox, ticket, alice):
    survivor = make_ticket(acme, mailbox=mailbox)
    with organization_scope(acme):
        add_note(ticket, text="@Bob", by=alice)
        merge_tickets(ticket, into=survivor, by=alice)
    assert waiting(as_bob) == "1"
    with organization_scope(acme):
        close_ticket(Ticket.objects.get(pk=survivor.pk), by=alice)
    assert waiting(as_bob) == ""
    with organization_scope(acme):
        unmerge_ticket(Ticket.objects.get(pk=ticket.pk), by=alice)
    assert waiting(as_bob) == "1"


def test_a_mention_goes_with_its_ticket_into_another_mailbox(as_bob, acme, ticket, alice, bob):
    other = make_mailbox(acme, address="orders@acme.example")
    with organization_scope(acme):
        add_note(ticket, text="@Bob", by=alice)
        move_ticket(ticket, to=other, by=bob)
        told = Mention.objects.get()
        assert (told.waiting_ticket, told.waiting_mailbox) == (ticket.pk, other.pk)
    assert waiting(as_bob) == "1"
    with organization_scope(acme):
        close_ticket(Ticket.objects.get(pk=ticket.pk), by=alice)
        assert Mention.objects.get().waiting_mailbox is None
    assert waiting(as_bob) == ""


def test_a_mention_in_a_closed_ticket_does_not_wait(as_bob, acme, ticket, alice):
    with organization_scope(acme):
        close_ticket(ticket, by=alice)
        add_note(Ticket.objects.get(pk=ticket.pk), text="@Bob", by=alice)

        assert Mention.objects.get().waiting_ticket is None
    assert waiting(as_bob) == ""


def test_a_mention_ends_with_its_note(as_bob, acme, ticket, alice):
    with organization_scope(acme):
        add_note(ticket, text="@Bob", by=alice).delete()

    assert waiting(as_bob) == ""


def test_who_may_not_see_the_mailbox_any_more_counts_nothing_of_it(as_alice, acme, ticket, bob):
    with organization_scope(acme):
        add_note(ticket, text="@Alice", by=bob)
        limit_mailbox(ticket.mailbox, by=bob)

    assert waiting(as_alice) == ""


def test_the_page_offers_those_who_may_see_the_ticket(as_alice, as_bob, acme, ticket, bob, viewer):
    def offered(client):
        return client.get(reverse("tickets:ticket", args=["acme", ticket.number])).context["callable"]

    assert offered(as_alice) == ["Bob Admin", "Olivia Owner", "Vera Viewer"]
    with organization_scope(acme):
        limit_mailbox(ticket.mailbox, by=bob)
    assert offered(as_bob) == ["Olivia Owner"]
