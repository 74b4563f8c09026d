"""The first page of the operator's desk says what is due and what waits; lists and cases are read without ids."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import AccessAlert, Membership, Organization, User
from mailbox.models import Mailbox
from privacy.actions.approve import ask_approval
from privacy.actions.requests.open_request import open_operator_request
from privacy.models import Backup, DataSubjectRequest, Drill
from privacy.rights.history import Actor
from privacy.staff.board import Tile, due_for, tiles_for
from tests import factories
from tests.privacy.jobs import make_job

pytestmark = pytest.mark.django_db
CASES = "/admin/privacy/datasubjectrequest/"


def tile(user: User, title: str) -> Tile:
    return next(one for one in tiles_for(user) if one.title == title)


def a_case(days_ago: int, staff: User) -> DataSubjectRequest:
    """A request that reached the operator so many days ago."""
    return open_operator_request(
        right="access",
        address="erin@customer.example",
        name="Erin Customer",
        said="Please send me a copy.",
        language="en",
        received_at=timezone.now() - timedelta(days=days_ago),
        by=Actor(staff=staff),
    )


def test_what_is_due_stands_by_its_day_the_soonest_first(
    staff: User, acme: Organization, mailbox: Mailbox, owner: Membership
) -> None:
    job = make_job(acme, mailbox=mailbox, by=owner, asked_at=timezone.now() - timedelta(days=2))
    case = a_case(20, staff)

    due = due_for(staff)

    assert [str(one.url).split("/")[-3] for one in due] == [str(case.pk), str(job.pk)]
    assert due[0].title == f"{case.case_number} · A copy of the data (Art. 15)"
    assert due[1].left == "28 days"


def test_what_is_late_is_said_first(staff: User) -> None:
    a_case(40, staff)
    a_case(1, staff)

    late = due_for(staff)[0]
    assert late.tone == "bad"
    assert late.left.endswith("days late")
    assert (tile(staff, "Requests open").figure, tile(staff, "Requests open").says) == ("2", "1 late")


def test_a_clock_that_stands_still_is_not_late(staff: User) -> None:
    case = a_case(40, staff)
    DataSubjectRequest.objects.filter(pk=case.pk).update(paused_at=timezone.now() - timedelta(days=39))

    assert due_for(staff) == []
    assert tile(staff, "Requests open").tone == ""


def test_what_waits_for_a_second_person_is_counted(staff: User, acme: Organization, mailbox: Mailbox) -> None:
    ask_approval(make_job(acme, mailbox=mailbox), act="run_now", by=staff)

    assert (tile(staff, "Second person").figure, tile(staff, "Second person").tone) == ("1", "warn")


def test_alerts_nobody_looked_at_are_counted(staff: User, acme: Organization) -> None:
    now = timezone.now()
    for hours, looked_at in enumerate((None, now)):
        window = now - timedelta(hours=hours)
        AccessAlert.objects.create(
            organization_id=acme.pk, rule="many", at=now, window=window, amount=1, looked_at=looked_at
        )

    assert tile(staff, "Access alerts").figure == "1"


def test_without_a_backup_and_a_drill_the_board_says_so(staff: User) -> None:
    assert tile(staff, "Newest backup").tone == "bad"
    assert tile(staff, "Last drill").tone == "warn"


def test_an_old_backup_is_an_alarm_and_a_new_one_is_not(staff: User) -> None:
    backup = Backup.objects.create(
        kind="data",
        started_at=timezone.now() - timedelta(days=3),
        finished_at=timezone.now() - timedelta(days=3),
        location="data/one",
        key_reference="f",
        app_version="1",
        ledger_position=0,
        expires_at=timezone.now() + timedelta(days=300),
    )
    assert tile(staff, "Newest backup").tone == "bad"
    Backup.objects.filter(pk=backup.pk).update(started_at=timezone.now(), verified_at=timezone.now())
    Drill.objects.create(backup=backup, purpose="drill", started_at=timezone.now(), finished_at=timezone.now())

    assert (tile(staff, "Newest backup").tone, tile(staff, "Newest backup").says) == ("", "ago, verified")
    assert tile(staff, "Last drill").says == "ago, passed"


def test_everybody_sees_only_the_figures_of_their_role() -> None:
    finance = factories.make_user("fia@operator.example", second_step=True, is_staff=True)
    assert (tiles_for(finance), due_for(finance)) == ([], [])
    finance.user_permissions.add(Permission.objects.get(codename="view_backup"))

    finance = User.objects.get(pk=finance.pk)
    assert [one.title for one in tiles_for(finance)] == ["Newest backup"]


def test_the_first_page_has_the_board_and_every_list_in_groups(as_staff: Client, staff: User) -> None:
    a_case(3, staff)

    page = as_staff.get("/admin/").content.decode()

    assert "Requests open" in page
    assert "Due next" in page
    assert [page.index(f">{name}</a>") for name in ("Requests", "Backups", "Access log", "Mailboxes")] == sorted(
        page.index(f">{name}</a>") for name in ("Requests", "Backups", "Access log", "Mailboxes")
    )
    assert "Erin" not in page


def test_a_case_shows_its_history_and_what_it_waits_for(as_staff: Client, staff: User) -> None:
    case = a_case(3, staff)

    page = as_staff.get(f"{CASES}{case.pk}/change/").content.decode()

    assert "The request came in" in page
    assert "Dora Officer" in page  # who entered it
    assert f"days left of {(case.due_at - case.received_at).days}" in page
    assert page.index("It is the person…") < page.index("Refuse…")
    assert '<a class="act first" href="' in page


def test_lists_name_organizations_and_pages_in_words(as_staff: Client, as_alice: Client, acme: Organization) -> None:
    as_alice.get("/acme/")

    page = as_staff.get("/admin/accounts/accessevent/").content.decode()

    assert ">acme<" in page
    assert "a list of tickets" in page
    assert "Access log" in page
    found = as_staff.get("/admin/accounts/accessevent/?q=acme").content.decode()
    assert ">operator<" not in found.partition('id="result_list"')[2]


def test_a_list_with_nothing_in_it_says_so(as_staff: Client) -> None:
    assert "There is nothing here yet." in as_staff.get("/admin/privacy/certificate/").content.decode()
    assert "Nothing fits." in as_staff.get("/admin/accounts/organization/?q=nobody").content.decode()


def test_what_is_chosen_stands_on_its_filter(as_staff: Client, staff: User) -> None:
    a_case(3, staff)

    page = as_staff.get(f"{CASES}?right__exact=access").content.decode()

    assert "<summary>Right <b>A copy of the data (Art. 15)</b></summary>" in page
    assert "<summary>Queue <b>any</b></summary>" in page


@pytest.mark.parametrize("words", ["abc", "0", "' or 1=1"])
def test_a_search_for_what_is_no_id_finds_nothing_and_breaks_nothing(as_staff: Client, words: str) -> None:
    for model in ("privacy/deletionjob", "privacy/datasubjectrequest", "mailbox/mailbox", "mailbox/inboundemail"):
        assert as_staff.get(f"/admin/{model}/", {"q": words}).status_code == 200, model


def test_both_inputs_of_a_moment_have_a_name(as_staff: Client) -> None:
    page = as_staff.get(f"{CASES}add/").content.decode()

    assert 'aria-label="Received at, date"' in page
    assert 'aria-label="Received at, time"' in page
