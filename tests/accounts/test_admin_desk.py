"""The operator's desk: roles with least rights, lists that stay quick, files that run nothing, no content anywhere."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.access_log.recording import OPERATOR
from accounts.ids import uuid7
from accounts.models import AccessAlert, AccessEvent, Membership, Organization, User
from accounts.staff_roles import ROLES, keep_roles
from accounts.tenancy import organization_scope
from tests import factories
from tests.cast import sign_in
from tests.guards.world import make_world
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
CONTENT = [
    *("A question to", "Once more to", "Customer of", "Good morning", "customer.example", "A remark", "Likes doors"),
    *("A mail is missing", "Firm of", "Twin of", "Agent of", "plan.txt", "203.0.113"),
]


def of_role(name: str) -> Client:
    person = factories.make_user(f"{name.lower()}@operator.example", second_step=True, is_staff=True)
    person.groups.add(Group.objects.get(name=name))
    return sign_in(Client(), person)


def lists_of(client: Client) -> set[str]:
    page = client.get(reverse("admin:index")).content.decode()
    return set(re.findall(r'href="/admin/(\w+/\w+)/"', page))


@pytest.mark.parametrize(
    ("role", "sees", "not_this"),
    [
        ("Finance", {"accounts/organization"}, {"accounts/user", "accounts/accessevent", "accounts/accessgrant"}),
        ("Support", {"accounts/user", "accounts/accessgrant"}, {"accounts/accessevent", "accounts/accessalert"}),
        ("Security", {"accounts/accessevent", "accounts/accessalert", "accounts/accessgrant"}, set()),
        ("DPO", {"accounts/accessevent", "accounts/accessgrant", "accounts/organization"}, set()),
    ],
)
def test_a_role_sees_what_it_needs(role: str, sees: set[str], not_this: set[str]) -> None:
    found = lists_of(of_role(role))

    assert sees <= found
    assert not not_this & found


def test_roles_are_kept_as_they_are_written() -> None:
    finance = Group.objects.get(name="Finance")
    finance.permissions.set(Group.objects.get(name="DPO").permissions.all())
    keep_roles()

    assert [one.codename for one in finance.permissions.all()] == ["view_organization"]
    assert set(Group.objects.values_list("name", flat=True)) >= set(ROLES)


def test_only_those_who_may_help_end_sessions(acme: Organization, alice: Membership) -> None:
    url = reverse("admin:accounts_user_changelist")

    assert "End all sessions" in of_role("Support").get(url).content.decode()
    assert "End all sessions" not in of_role("DPO").get(url).content.decode()
    assert of_role("Finance").get(url).status_code == 403


def test_no_page_of_the_desk_shows_content(as_staff: Client) -> None:
    make_world("Acme")
    for model, model_admin in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        answers = [as_staff.get(reverse(f"admin:{name}_changelist"))]
        rows = model._base_manager.all()[:3]
        answers += [as_staff.get(reverse(f"admin:{name}_change", args=[row.pk])) for row in rows]
        for answer in answers:
            assert answer.status_code == 200, name
            text = answer.content.decode()
            assert not [words for words in CONTENT if words in text], (name, model_admin)


def test_the_search_for_content_can_fail(as_staff: Client) -> None:
    make_world("Acme")
    text = as_staff.get(reverse("admin:accounts_organization_changelist")).content.decode()
    assert "acme" in text  # what is shown is found, so what is not found is not shown


@pytest.mark.parametrize("name", ["accessevent", "accessalert", "accessgrant", "user", "organization", "membership"])
def test_a_list_asks_a_fixed_number_of_questions_and_counts_no_further_than_people_page(
    name: str, as_staff: Client, alice: Membership
) -> None:
    write(alice.organization, alice.user_id, 60)
    url = reverse(f"admin:accounts_{name}_changelist")
    as_staff.get(url)
    with counted_sql() as statements:
        assert as_staff.get(url).status_code == 200

    assert len(statements) <= 10, "\n".join(statements)
    counts = [sql for sql in statements if "COUNT(" in sql and f'"accounts_{name}"' in sql.split("WHERE")[0]]
    assert all("LIMIT 10000" in sql for sql in counts if sql.startswith("SELECT COUNT"))


@pytest.mark.parametrize("by", ["organization_id", "user_id", "object_id", "slug"])
def test_a_line_is_found_by_a_whole_id(by: str, as_staff: Client, alice: Membership, mallory: Membership) -> None:
    thing = uuid7()
    write(alice.organization, alice.user_id, 1, object_id=thing)
    write(mallory.organization, mallory.user_id, 1)
    asked = {"organization_id": alice.organization_id, "user_id": alice.user_id, "object_id": thing, "slug": "acme"}[by]
    url = reverse("admin:accounts_accessevent_changelist")

    page = as_staff.get(url, {"q": str(asked)}).content.decode()
    assert str(alice.user_id) in page
    assert str(mallory.user_id) not in page
    assert str(alice.user_id) not in as_staff.get(url, {"q": "no such thing"}).content.decode()


def test_the_file_of_a_list_runs_nothing(as_staff: Client, alice: Membership) -> None:
    write(alice.organization, alice.user_id, 1, page="=1+1")
    row = AccessEvent.objects.get(page="=1+1")
    chosen = {"action": "export_as_csv", "_selected_action": [str(row.pk)]}
    answer = as_staff.post(reverse("admin:accounts_accessevent_changelist"), chosen)

    assert answer["Content-Type"].startswith("text/csv")
    assert b'"\'=1+1"' in answer.content


def test_the_dpo_says_that_an_alert_was_looked_at(acme: Organization) -> None:
    client = of_role("DPO")
    with organization_scope(acme):
        alert = AccessAlert.objects.create(organization_id=acme.pk, rule="export", window="2026-11-26T10:00Z")
    chosen = {"action": "note_looked_at", "_selected_action": [str(alert.pk)]}
    client.post(reverse("admin:accounts_accessalert_changelist"), chosen)
    alert.refresh_from_db()

    assert alert.looked_by_id == User.objects.get(email="dpo@operator.example").pk


def test_the_desk_wears_our_look_within_the_policy(as_staff: Client) -> None:
    answer = as_staff.get(reverse("admin:index"))
    page = answer.content.decode()

    assert "css/admin.css" in page
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page)


def write(organization: Organization, user_id: Any, count: int, **said: Any) -> None:
    rows = [
        AccessEvent(organization_id=organization.pk, user_id=user_id, **{"verb": "read", "page": "x"} | said)
        for _ in range(count)
    ]
    with organization_scope(organization):
        AccessEvent.objects.bulk_create(rows)


def test_every_look_of_staff_is_in_the_operators_own_log(as_staff: Client, staff: User, alice: Membership) -> None:
    as_staff.get(reverse("admin:index"))
    as_staff.get(reverse("admin:accounts_user_changelist"))
    as_staff.get(reverse("admin:accounts_user_change", args=[alice.user_id]))

    told = [(one.verb, one.page, one.object_id) for one in AccessEvent.objects.order_by("at", "pk")]
    assert told == [
        ("list", "admin:accounts_user_changelist", None),
        ("read", "admin:accounts_user_change", alice.user_id),
    ]
    assert {(one.organization_id, one.user_id) for one in AccessEvent.objects.all()} == {(OPERATOR, staff.pk)}


def test_without_a_log_the_desk_shows_nothing(as_staff: Client, alice: Membership) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_accessevent RENAME TO accounts_accessevent_gone")

    answer = as_staff.get(reverse("admin:accounts_membership_changelist"))
    assert answer.status_code == 503
    assert str(alice.pk).encode() not in answer.content
