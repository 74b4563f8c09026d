"""The mail that says what waits: batched, without a word of anybody's mail, only while it may be seen."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from unittest.mock import patch

import pytest
from django.core import mail
from django.utils import timezone

from accounts.tenancy import organization_scope
from mailbox.actions.limit_mailbox import limit_mailbox
from tickets.actions.assign import assign_ticket
from tickets.actions.mail_notifications import mail_notifications, members_to_mail
from tickets.actions.note import add_note
from tickets.models import Notification
from tickets.tasks import mail_member, remove_old_notifications, sweep_notifications

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(acme, ticket, alice, bob):
    """Two things that wait for Alice, for some minutes already."""
    with organization_scope(acme):
        assign_ticket(ticket, to=alice, by=bob)
        add_note(ticket, text="@Alice, the secret plan", by=bob)
        Notification.objects.update(at=timezone.now() - timedelta(minutes=5))
    return ticket


def due(acme):
    with organization_scope(acme):
        return members_to_mail(acme.pk)


def test_what_waits_comes_in_one_mail_by_number_and_kind(acme, told, alice, settings):
    mail_notifications(acme.pk, alice.pk)

    (sent,) = mail.outbox
    assert sent.to == ["alice@acme.example"]
    assert sent.subject == "2 things wait for you at Acme"
    assert f"Ticket {told.number}: given to you or your team" in sent.body
    assert f"{settings.URL}/acme/tickets/{told.number}/" in sent.body
    for word in ("door", "secret", "Carol", "Bob"):
        assert word not in sent.subject + sent.body


def test_it_comes_once(acme, told, alice):
    for _ in range(2):
        mail_notifications(acme.pk, alice.pk)

    assert len(mail.outbox) == 1
    assert due(acme) == []


def test_there_are_minutes_between_two_mails(acme, told, alice, bob):
    mail_notifications(acme.pk, alice.pk)
    with organization_scope(acme):
        assign_ticket(told, to=None, by=bob)
        assign_ticket(told, to=alice, by=bob)
        Notification.objects.filter(mailed_at=None).update(at=timezone.now() - timedelta(minutes=3))
    assert due(acme) == []

    with organization_scope(acme):
        Notification.objects.filter(mailed_at__isnull=False).update(mailed_at=timezone.now() - timedelta(minutes=11))
    assert due(acme) == [alice.pk]


def test_what_was_read_needs_no_mail(acme, told, alice):
    with organization_scope(acme):
        Notification.objects.update(read_at=timezone.now())

    mail_notifications(acme.pk, alice.pk)

    assert mail.outbox == []


@pytest.mark.parametrize("age", [timedelta(seconds=30), timedelta(days=2)])
def test_what_is_quite_new_or_old_is_not_mailed(acme, told, alice, age):
    with organization_scope(acme):
        Notification.objects.update(at=timezone.now() - age)

    assert due(acme) == []


def test_who_lost_the_right_gets_none(acme, told, alice, bob):
    with organization_scope(acme):
        limit_mailbox(told.mailbox, by=bob)

    mail_notifications(acme.pk, alice.pk)

    assert mail.outbox == []
    assert due(acme) == []


def test_who_was_shut_out_gets_none(acme, told, alice):
    with organization_scope(acme):
        type(alice).objects.filter(pk=alice.pk).update(is_active=False)

    mail_notifications(acme.pk, alice.pk)

    assert mail.outbox == []


def test_a_mail_that_did_not_leave_is_tried_again(acme, told, alice):
    with (
        patch("django.core.mail.EmailMessage.send", side_effect=SMTPServerDisconnected),
        pytest.raises(SMTPServerDisconnected),
    ):
        mail_notifications(acme.pk, alice.pk)
    assert due(acme) == [alice.pk]

    mail_notifications(acme.pk, alice.pk)
    assert len(mail.outbox) == 1


def test_the_sweep_rings_for_whoever_it_is_due_to(acme, told, alice):
    with patch.object(mail_member, "delay") as ring:
        sweep_notifications()

    ring.assert_called_once_with(str(acme.pk), str(alice.pk))


def test_what_happened_long_ago_is_forgotten(acme, told):
    with organization_scope(acme):
        newest = Notification.objects.first()
        Notification.objects.exclude(pk=newest.pk).update(at=timezone.now() - timedelta(days=91))

    remove_old_notifications()

    with organization_scope(acme):
        assert [one.pk for one in Notification.objects.all()] == [newest.pk]
