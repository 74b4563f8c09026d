"""Who is told of what: never who did it, never who may not see it, only by the ways they chose."""

import pytest
from django.utils import timezone

from accounts.actions.create_team import create_team
from accounts.actions.join_team import add_team_member
from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from mailbox.actions.note_health import note_failure
from mailbox.providers.base import AuthorizationExpired, TemporaryProviderError
from tests.factories import make_ticket
from tests.mails import arrive, write_mail
from tests.sql import counted_sql
from tickets.actions.assign import assign_ticket, assign_to_team
from tickets.actions.choose_notifications import choices_of, choose_notifications
from tickets.actions.follow import follow_ticket, unfollow_ticket
from tickets.actions.reply import send_reply
from tickets.models import Following, Notification

pytestmark = pytest.mark.usefixtures("scope")
CAROL = [("", "carol@customer.example")]


@pytest.fixture
def asked(acme, mailbox):
    """A ticket that Carol opened by mail, so that her answers find it."""
    with organization_scope(acme):
        return arrive(mailbox, message_id="<first@customer.example>").ticket


def answer(mailbox, **more):
    return arrive(mailbox, in_reply_to="<first@customer.example>", text="And now?", **more)


def told(member):
    return [(one.kind, one.ticket_id and one.ticket.number) for one in Notification.objects.filter(member=member)]


def choose(member, kind, **ways):
    choices = choices_of(member)
    for one in choices:
        if one.kind == kind:
            for way in ("in_app", "in_browser", "by_mail"):
                setattr(one, way, ways.get(way, False))
    choose_notifications(member, choices)


def test_whom_a_ticket_is_given_to_is_told(asked, alice, bob):
    assign_ticket(asked, to=alice, by=bob)

    assert told(alice) == [("assigned", asked.number)]
    assert told(bob) == []


def test_who_takes_a_ticket_is_not_told_of_it(asked, alice):
    assign_ticket(asked, to=alice, by=alice)

    assert told(alice) == []


def test_the_members_of_a_team_are_told_but_not_who_gave_it(acme, asked, alice, bob, owner):
    team = create_team(acme, name="Billing", by=bob)
    for one in (alice, bob):
        add_team_member(team, member=one, by=bob)

    assign_to_team(asked, team=team, by=bob)

    assert told(alice) == [("assigned", asked.number)]
    assert told(bob) == told(owner) == []


def test_an_answer_reaches_whoever_has_the_ticket_and_whoever_follows(asked, mailbox, alice, bob, owner, viewer):
    assign_ticket(asked, to=alice, by=alice)
    follow_ticket(asked, by=bob)

    answer(mailbox)

    assert told(alice) == told(bob) == [("reply", asked.number)]
    assert told(owner) == told(viewer) == []


def test_many_answers_that_were_not_read_are_one_line(asked, mailbox, alice):
    follow_ticket(asked, by=alice)
    for _ in range(3):
        answer(mailbox)
    assert len(told(alice)) == 1

    Notification.objects.update(read_at=timezone.now())
    answer(mailbox)
    assert len(told(alice)) == 2


def test_automatic_mail_calls_nobody(asked, mailbox, alice):
    follow_ticket(asked, by=alice)

    answer(mailbox, headers=[("Auto-Submitted", "auto-replied")], subject="Out of office")

    assert told(alice) == []


def test_who_answers_follows_and_the_other_followers_are_told(asked, alice, bob):
    follow_ticket(asked, by=bob)

    send_reply(asked, text="Friday.", to=CAROL, by=alice)

    assert Following.objects.get(member=alice).is_on
    assert told(bob) == [("reply", asked.number)]
    assert told(alice) == []


def test_who_stopped_following_hears_nothing_even_after_answering(asked, mailbox, alice, bob):
    assign_ticket(asked, to=bob, by=bob)
    unfollow_ticket(asked, by=alice)
    send_reply(asked, text="Friday.", to=CAROL, by=alice)

    answer(mailbox)

    assert told(alice) == []


def test_who_lost_the_right_to_see_the_mailbox_is_told_nothing_more(asked, mailbox, alice, bob):
    follow_ticket(asked, by=alice)
    answer(mailbox)
    assert told(alice)

    limit_mailbox(mailbox, by=bob)
    Notification.objects.all().delete()
    answer(mailbox)

    assert told(alice) == []


def test_only_the_ways_that_were_chosen_are_used(asked, mailbox, alice, bob):
    follow_ticket(asked, by=alice)
    choose(alice, "reply", by_mail=True)
    answer(mailbox)
    only = Notification.objects.get(member=alice)
    assert (only.in_app, only.by_mail) == (False, True)

    Notification.objects.all().delete()
    choose(alice, "reply")
    answer(mailbox)
    assert told(alice) == []


def test_trouble_that_needs_somebody_is_told_to_admins_once(mailbox, alice, bob, owner):
    for _ in range(2):
        note_failure(mailbox, AuthorizationExpired("invalid_grant"))

    assert told(bob) == told(owner) == [("mailbox", None)]
    assert told(alice) == []


def test_trouble_that_passes_by_itself_calls_nobody(mailbox, bob):
    note_failure(mailbox, TemporaryProviderError("busy"))

    assert told(bob) == []


def test_an_admin_who_is_none_any_more_does_not_see_it(mailbox, bob):
    note_failure(mailbox, AuthorizationExpired("invalid_grant"))
    bob.role = "agent"
    bob.save()

    assert not Notification.objects.visible_to(bob).exists()


def test_filing_asks_nothing_more_where_nobody_waits(mailbox):
    arrive(mailbox)
    raw = write_mail(subject="Another matter")
    with counted_sql() as statements:
        arrive(mailbox, raw=raw)

    assert [one for one in statements if "tickets_following" in one or "tickets_notification" in one] == []


def test_everything_goes_with_the_ticket(acme, mailbox, alice, bob):
    made = make_ticket(acme, mailbox=mailbox)
    follow_ticket(made, by=alice)
    assign_ticket(made, to=alice, by=bob)

    made.events.all().delete()
    made.delete()

    assert not Notification.objects.exists()
    assert not Following.objects.exists()
