"""Mail set aside: what could not be read, what was kept without a ticket, and trying again (L5, L7)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.sealing.keys import destroy_key
from accounts.tenancy import organization_scope
from mailbox.models import InboundEmail
from tests.factories import make_inbound_email, make_mailbox, make_message, make_ticket
from tests.mails import write_mail
from tests.sql import counted_sql
from tests.streams import whole
from tickets.models import RefileRun
from tickets.unfiled import PAGE

State = InboundEmail.State
LIST = "/acme/quarantine/"


@pytest.fixture
def aside(acme, mailbox):
    """Returns a mail in one of the lists; with a ticket where it could not be read."""

    def made(state=State.QUARANTINED, reason="there are too many parts", raw=None, **fields):
        raw = raw if raw is not None else write_mail(subject="A bomb")
        email = make_inbound_email(fields.pop("mailbox", mailbox), raw, state=state, reason=reason, **fields)
        if state == State.QUARANTINED:
            headers = {"from": [["Carol", "carol@customer.example"]], "to": [], "cc": [], "subject": "A bomb"}
            ticket = make_ticket(acme, mailbox=email.mailbox)
            make_message(ticket, inbound=email, headers=headers)
        return email

    return made


def text(response):
    return response.content.decode()


def test_what_could_not_be_read_is_listed_with_all_one_needs(as_bob, aside, mailbox):
    email = aside()
    page = text(as_bob.get(LIST))

    for shown in (
        "There are too many parts",
        "Carol",
        "carol@customer.example",
        "A bomb",
        mailbox.address,
        f"{email.size}\xa0bytes",
        "/acme/tickets/1/",
        f"/acme/quarantine/{email.pk}/",
        f"/acme/quarantine/{email.pk}/original.eml",
        f"/acme/quarantine/{email.pk}/again/",
        "/acme/quarantine/again/",
    ):
        assert shown in page, shown


def test_what_was_kept_without_a_ticket_has_a_list_of_its_own(as_bob, aside):
    aside(reason="unreadable thing")
    raw = write_mail(sender="Dan <dan@customer.example>", subject="Twice")
    email = aside(State.SKIPPED, "The same mail is here already.", raw)

    first, second = text(as_bob.get(LIST)), text(as_bob.get(f"{LIST}?show=kept"))
    assert "The same mail is here already." not in first
    assert "unreadable thing" not in second
    for shown in ("The same mail is here already.", "Dan", "dan@customer.example", "Twice", f"/quarantine/{email.pk}/"):
        assert shown in second
    assert "Try again" not in second


def test_empty_lists_say_that_all_is_well(as_bob, acme):
    assert "Every mail could be read" in text(as_bob.get(LIST))
    assert "Every mail became part of a ticket" in text(as_bob.get(f"{LIST}?show=kept"))
    assert as_bob.get(f"{LIST}?show=other").status_code == 404


def test_admins_see_in_the_sidebar_that_there_is_something(as_bob, as_alice, aside):
    assert LIST not in text(as_bob.get("/acme/"))
    aside()
    aside()

    assert f'href="{LIST}"' in text(as_bob.get("/acme/"))
    assert '<span class="count warn">2</span>' in text(as_bob.get("/acme/"))
    assert LIST not in text(as_alice.get("/acme/"))
    assert f'href="{LIST}"' in text(as_bob.get("/acme/people/"))


def test_what_waits_to_be_filed_is_told(as_bob, aside):
    aside(State.STORED, "")
    assert "waits to be filed" not in text(as_bob.get(LIST))
    InboundEmail.objects.all().update(stored_at=timezone.now() - timedelta(minutes=5))

    assert "1 mail is stored and waits to be filed." in text(as_bob.get(LIST))


def test_pages_follow_one_another_without_gaps(as_bob, aside):
    for n in range(PAGE + 3):
        aside(State.SKIPPED, f"reason {n:02}.")
    first = as_bob.get(f"{LIST}?show=kept")
    second = as_bob.get(first.context["older_url"])

    reasons = [row["reason"] for response in (first, second) for row in response.context["rows"]]
    assert reasons == [f"reason {n:02}." for n in reversed(range(PAGE + 3))]
    assert "Older mails" in text(first)
    assert second.context["older_url"] == ""
    assert "Back to the newest" in text(second)


@pytest.mark.parametrize("before", ["x", "1", "1-x", "9" * 40 + "-" + "0" * 32, "-"])
def test_a_place_nobody_gave_is_none(as_bob, acme, before):
    assert as_bob.get(f"{LIST}?before={before}").status_code == 404


@pytest.mark.parametrize("show", ["", "kept"])
def test_a_page_costs_the_same_however_many_it_lists(as_bob, aside, show):
    def cost():
        as_bob.get(f"{LIST}?show={show}")
        with counted_sql() as statements:
            as_bob.get(f"{LIST}?show={show}")
        return len(statements)

    state = State.SKIPPED if show else State.QUARANTINED
    aside(state)
    alone = cost()
    for _ in range(12):
        aside(state)
    assert cost() == alone <= 8


def test_the_original_can_be_looked_at_and_taken_away(as_bob, aside):
    for state in (State.QUARANTINED, State.SKIPPED):
        raw = write_mail(text="<script>alert(1)</script>")
        email = aside(state, raw=raw)
        page = text(as_bob.get(f"{LIST}{email.pk}/"))
        file = as_bob.get(f"{LIST}{email.pk}/original.eml")

        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert f"{LIST}{email.pk}/original.eml" in page
        assert whole(file) == raw
        assert file["Content-Disposition"].startswith("attachment")
        assert file["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_what_is_in_no_list_is_not_found_here(as_bob, aside):
    for state in (State.STORED, State.FILED):
        email = aside(state)
        assert as_bob.get(f"{LIST}{email.pk}/").status_code == 404
        assert as_bob.get(f"{LIST}{email.pk}/original.eml").status_code == 404
        assert as_bob.post(f"{LIST}{email.pk}/again/").status_code == 404
    assert as_bob.post(f"{LIST}{aside(State.SKIPPED).pk}/again/").status_code == 404


def test_it_is_for_admins(as_alice, as_viewer, as_owner, as_mallory, aside):
    email = aside()
    assert as_owner.get(LIST).status_code == 200
    for client, status in ((as_alice, 403), (as_viewer, 403), (as_mallory, 404)):
        for path in (LIST, f"{LIST}{email.pk}/", f"{LIST}{email.pk}/original.eml"):
            assert client.get(path).status_code == status
        for path in (f"{LIST}again/", f"{LIST}{email.pk}/again/"):
            assert client.post(path).status_code == status


def test_one_that_can_be_read_now_leaves_the_list(as_bob, aside, acme):
    email = aside(raw=write_mail(subject="Readable after all", text="Hello"))
    response = as_bob.post(f"{LIST}{email.pk}/again/", follow=True)

    assert "Read this time. It is in ticket 1." in text(response)
    assert "Every mail could be read" in text(response)
    with organization_scope(acme):
        assert InboundEmail.objects.get(pk=email.pk).state == State.FILED


def test_one_that_still_cannot_stays_and_says_so(as_bob, aside, acme):
    email = aside(raw=b"")
    response = as_bob.post(f"{LIST}{email.pk}/again/", follow=True)

    assert "Still not fully read. The original is kept, and the ticket stays as it was." in text(response)
    assert f"{LIST}{email.pk}/again/" in text(response)


def test_trying_all_again_counts_along(as_bob, aside, acme, celery_eager, django_capture_on_commit_callbacks):
    aside(raw=write_mail(subject="Readable"))
    aside(raw=b"")
    with django_capture_on_commit_callbacks(execute=True):
        as_bob.post(f"{LIST}again/")
    page = text(as_bob.get(LIST))

    assert "1 of 2 could be read." in page
    with organization_scope(acme):
        assert RefileRun.objects.get().is_finished


def test_a_run_under_way_shows_how_far_it_is(as_bob, aside, acme, bob):
    aside()
    with organization_scope(acme):
        RefileRun.objects.create(organization=acme, by=bob, total=1200, tried=340, read=25)
    page = text(as_bob.get(LIST))
    part = text(as_bob.get(LIST, headers={"HX-Request": "true"}))

    for shown in (page, part):
        assert "340 of 1,200 tried, 25 could be read." in shown
        assert '<progress class="meter" max="1200" value="340"' in shown
        assert 'hx-trigger="every 2s"' in shown
    assert "<html" not in part
    assert "Try all again" not in page


def test_with_nothing_left_there_is_nothing_to_try(as_bob, acme):
    response = as_bob.post(f"{LIST}again/", headers={"Referer": f"http://testserver{LIST}"}, follow=True)

    assert "Nothing is left to try: every mail could be read." in text(response)
    with organization_scope(acme):
        assert not RefileRun.objects.exists()


def test_a_mail_whose_key_is_gone_is_a_row_all_the_same(as_bob, aside, acme):
    gone = make_mailbox(acme)
    aside(mailbox=gone)
    aside(State.SKIPPED, mailbox=gone)
    destroy_key("mailbox", gone.pk)

    for query in ("", "?show=kept"):
        page = as_bob.get(LIST + query)
        assert page.status_code == 200
        assert "What it says was erased with its mailbox." in text(page)


def test_what_a_stranger_wrote_stays_text(as_bob, aside):
    evil = "<script>alert(1)</script>"
    aside(reason=evil)
    aside(State.SKIPPED, evil, write_mail(sender=f'"{evil}" <a@x.example>', subject=f"{evil}\u202efdp.exe"))

    for query in ("", "?show=kept"):
        page = text(as_bob.get(LIST + query))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
    assert "U+202E" in page
