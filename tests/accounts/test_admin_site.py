"""The operator's desk shows states and counts, never content, and changes nothing by form."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Membership, Organization, User
from tests import factories
from tests.cast import sign_in

MODELS = ["user", "organization", "membership"]


@pytest.mark.parametrize("model", MODELS)
def test_lists_and_rows_show_no_name_and_no_address(
    as_staff: Client, alice: Membership, staff: User, acme: Organization, model: str
) -> None:
    row = {"user": alice.user, "organization": acme, "membership": alice}[model]
    for where in (
        reverse(f"admin:accounts_{model}_changelist"),
        reverse(f"admin:accounts_{model}_change", args=[row.pk]),
    ):
        answer = as_staff.get(where)
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "Alice" not in text
        assert "alice@" not in text


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_added_changed_or_deleted_by_form(as_staff: Client, alice: Membership, model: str) -> None:
    row = {"user": alice.user, "organization": alice.organization, "membership": alice}[model]

    assert as_staff.get(reverse(f"admin:accounts_{model}_add")).status_code == 403
    assert as_staff.post(reverse(f"admin:accounts_{model}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    change = as_staff.post(
        reverse(f"admin:accounts_{model}_change", args=[row.pk]), {"role": "owner", "is_staff": "on"}
    )
    assert change.status_code == 403
    assert User.objects.filter(is_staff=True).count() == 1


def test_a_user_is_found_by_the_whole_address_only(as_staff: Client, alice: Membership) -> None:
    where = reverse("admin:accounts_user_changelist")

    assert str(alice.user.pk) in as_staff.get(where, {"q": "alice@acme.example"}).content.decode()
    assert str(alice.user.pk) not in as_staff.get(where, {"q": "alice@"}).content.decode()


def test_libraries_tables_with_addresses_are_not_shown(db: None) -> None:
    labels = {model._meta.app_label for model in admin.site._registry}

    assert "accounts" in labels
    assert labels <= {"accounts", "mailbox", "tickets", "privacy"}


def test_ending_sessions_and_removing_a_second_step_is_done_and_logged(
    as_staff: Client,
    as_bob: Client,
    bob: Membership,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    where = reverse("admin:accounts_user_changelist")
    with django_capture_on_commit_callbacks(execute=True):
        as_staff.post(where, {"action": "take_second_step", "_selected_action": [str(bob.user.pk)]})
        as_staff.post(where, {"action": "end_all_sessions", "_selected_action": [str(bob.user.pk)]})

    assert as_bob.get("/")["Location"].startswith(reverse("account_login"))
    bob.user.refresh_from_db()
    assert not bob.user.has_second_step
    logged = [(entry.object_repr, entry.object_id) for entry in LogEntry.objects.all()]
    assert logged == [(str(bob.user.pk), str(bob.user.pk))] * 2, "ids, never names"


def test_there_is_no_second_door_with_a_password_alone(staff: User, client: Client) -> None:
    answer = client.post(reverse("admin:login"), {"username": staff.email, "password": factories.PASSWORD})

    assert answer["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session


# --- manage.py create_staff ------------------------------------------------------------------------------------------
def test_an_operator_makes_staff_who_must_set_up_a_second_step(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFF_PASSWORD", factories.PASSWORD)

    call_command("create_staff", "Dpo@Operator.example", "--name", "Dora")

    user = User.objects.get(email="dpo@operator.example")
    assert (user.is_staff, user.is_superuser, user.name) == (True, False, "Dora")
    assert [group.name for group in user.groups.all()] == ["DPO"]
    client = sign_in(Client(), user)
    assert (
        client.get(reverse("admin:index"), follow=True).redirect_chain[-1][0].startswith(reverse("mfa_activate_totp"))
    )


@pytest.mark.parametrize(("address", "password"), [("no address", factories.PASSWORD), ("a@b.example", "short")])
def test_bad_staff_is_refused_in_a_sentence(
    db: None, monkeypatch: pytest.MonkeyPatch, address: str, password: str
) -> None:
    monkeypatch.setenv("STAFF_PASSWORD", password)

    with pytest.raises(CommandError):
        call_command("create_staff", address)
    assert not User.objects.exists()


def test_a_member_is_not_turned_into_staff(alice: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFF_PASSWORD", factories.PASSWORD)

    with pytest.raises(CommandError):
        call_command("create_staff", alice.user.email)
    alice.user.refresh_from_db()
    assert not alice.user.is_staff
