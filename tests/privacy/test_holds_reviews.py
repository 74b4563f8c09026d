"""Reviewers are written to before a review is due, and again while it is not done."""

from datetime import timedelta
from smtplib import SMTPException
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from accounts.models import Membership
from accounts.tenancy import organization_scope
from privacy.actions.place_hold import release_hold
from privacy.actions.remind_reviews import remind_of_reviews
from privacy.actions.review_hold import review_hold
from privacy.holds.actors import Officer
from tests.privacy.holding import hold
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def in_days(days: float) -> Any:
    return timezone.now() + timedelta(days=days)


def test_the_reviewer_is_written_to_a_week_before_and_weekly_once_it_is_overdue(
    ticket: Ticket, bob: Membership, mailoutbox: list[EmailMessage]
) -> None:
    placed = hold(ticket, bob)  # to be reviewed in 30 days
    told = [days for days in (1, 20, 24, 25, 29, 32, 35, 40) if remind_of_reviews(in_days(days))]

    assert told == [24, 32, 40]
    assert {tuple(mail.to) for mail in mailoutbox} == {("bob@acme.example",)}
    assert f"/acme/settings/privacy/holds/{placed.pk}/" in str(mailoutbox[0].body)
    assert "is due on" in str(mailoutbox[0].body)
    assert "was due on" in str(mailoutbox[1].body)
    for mail in mailoutbox:
        assert "Carol" not in f"{mail.subject}{mail.body}"
        assert "door" not in f"{mail.subject}{mail.body}"


def test_a_review_or_a_release_ends_the_reminders(
    ticket: Ticket, bob: Membership, contact: Any, mailoutbox: list[EmailMessage]
) -> None:
    reviewed, released = hold(ticket, bob), hold(contact, bob)
    with organization_scope(ticket.organization_id):
        review_hold(reviewed, review_on=timezone.localdate() + timedelta(days=170), reviewer=bob, by=bob)
        release_hold(released, reason="Settled", by=bob)

    assert remind_of_reviews(in_days(40)) == []


def test_where_the_reviewer_has_left_the_admins_are_told(
    ticket: Ticket, bob: Membership, owner: Membership, mailoutbox: list[EmailMessage]
) -> None:
    hold(ticket, bob)
    Membership.objects.filter(pk=bob.pk).update(is_active=False)
    remind_of_reviews(in_days(29))

    assert [mail.to for mail in mailoutbox] == [["olivia@acme.example"]]


def test_a_mail_that_does_not_leave_is_tried_again(
    ticket: Ticket, bob: Membership, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = hold(ticket, bob)

    def refused(self: EmailMessage) -> None:
        raise SMTPException

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", refused)
        assert remind_of_reviews(in_days(29)) == []
    assert remind_of_reviews(in_days(29)) == [placed.pk]


def test_the_operators_officer_is_led_to_the_officers_desk(
    ticket: Ticket, dora: Officer, mailoutbox: list[EmailMessage]
) -> None:
    hold(ticket, dora)
    remind_of_reviews(in_days(29))

    assert [mail.to for mail in mailoutbox] == [["dora@operator.example"]]
    assert "/admin/privacy/legalhold/" in str(mailoutbox[0].body)
