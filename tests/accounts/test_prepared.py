"""A statement that was written for one reader answers every other as if it had been written for them."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts import prepared as module
from accounts.models import Membership, Organization, Team, TeamMember
from accounts.prepared import for_reader, forget_prepared, prepared
from accounts.rows import Rows
from accounts.tenancy import organization_scope
from tests import factories
from tests.sql import counted_sql


@pytest.fixture(autouse=True)
def _none_before():
    forget_prepared()


class Asks:
    """A request as far as builders may ask it."""

    def __init__(self, membership):
        self.membership, self.organization = membership, membership.organization


def teams_of(request):
    mine = TeamMember.objects.filter(team=OuterRef("pk"), member=request.membership)
    teams = Team.objects.filter(organization_id=request.organization.pk).order_by("name")
    return teams.annotate(is_mine=Exists(mine))


def test_each_reader_gets_their_own(acme, alice, bob):
    globex = factories.make_organization("Globex")
    mallory = factories.make_membership(globex, factories.make_user("mallory@globex.example"))
    team = Team.objects.create(organization=acme, name="Support")
    TeamMember.objects.create(organization=acme, team=team, member=alice)
    Team.objects.create(organization=globex, name="Sales")
    other = factories.make_membership(acme, factories.make_user("anna@acme.example"))

    found = {}
    for member in (alice, other, mallory):
        with organization_scope(member.organization):
            found[member] = for_reader("teams", Asks(member), teams_of)

    assert [(one.name, one.is_mine) for one in found[alice]] == [("Support", True)]
    assert [(one.name, one.is_mine) for one in found[other]] == [("Support", False)]
    assert [(one.name, one.is_mine) for one in found[mallory]] == [("Sales", False)]
    assert len(module._kept) == 1  # one statement for all of them


def test_another_role_has_a_statement_of_its_own(alice, bob):
    for member in (alice, bob):
        assert for_reader("role", Asks(member), lambda request: own(request, request.membership.is_admin)) == [member]
    assert len(module._kept) == 2


def own(request, is_admin):
    mine = Membership.objects.filter(pk=request.membership.pk)
    return mine.filter(role="admin") if is_admin else mine.exclude(role="admin")


def test_values_of_every_sort_are_filled_in(acme, alice, bob, owner):
    day = timedelta(days=1)
    Membership.objects.filter(pk=alice.pk).update(created_at=timezone.now() - 9 * day)

    def build(organization_id, email, days, since):
        members = Membership.objects.select_related("user").annotate(days=F("organization__reopen_days"))
        of_it = members.filter(organization=organization_id, days=days, created_at__lte=since)
        return of_it.filter(Q(user__email=email) | Q(user__email__startswith=email)).order_by("pk")

    def ask(*values):
        (found,) = (prepared("people", values, build),)
        assert found == list(build(*values))
        return found

    assert ask(acme.pk, "alice@acme.example", 30, timezone.now() - 3 * day) == [alice]  # "starts with" changes a value
    assert module._kept[("people", UUID, str, int, type(timezone.now()))] is None

    def exact(organization_id, email, days, since):
        members = Membership.objects.select_related("user").annotate(days=F("organization__reopen_days"))
        return members.filter(organization=organization_id, user__email=email, days=days, created_at__lte=since)

    for values in (
        [acme.pk, "alice@acme.example", 30, timezone.now() - 3 * day],
        [acme.pk, "alice@acme.example", 30, timezone.now() - 30 * day],
        [acme.pk, "alice@acme.example", 31, timezone.now()],
        [acme.pk, "bob@acme.example", 30, timezone.now()],
    ):
        assert prepared("exactly", values, exact) == list(exact(*values))
    (found,) = prepared("exactly", [acme.pk, "bob@acme.example", 30, timezone.now()], exact)
    with counted_sql() as statements:
        assert found.user.email == "bob@acme.example"
    assert statements == []  # what was selected along is there


def test_what_holds_a_moment_or_an_id_of_its_own_is_built_each_time(acme, alice, bob):
    for member in (alice, bob):
        seen = prepared("leaks", [acme.pk], lambda pk: Membership.objects.filter(organization=pk, pk=member.pk))  # noqa: B023
        assert seen == [member]
    later = prepared("moment", [acme.pk], lambda pk: Organization.objects.filter(pk=pk, created_at__lt=timezone.now()))
    assert later == [acme]
    assert list(module._kept.values()) == [None, None]


def test_a_list_that_is_surely_empty_is_empty(acme):
    for _ in range(2):
        assert prepared("nobody", [acme.pk], lambda _pk: Membership.objects.none()) == []


def test_values_and_carried_rows_come_as_from_the_orm(acme, alice, bob):
    def build(organization_id):
        own = Organization.objects.filter(pk=organization_id)
        people = Membership.objects.filter(organization=organization_id).order_by("pk").values("id", "role")
        return own.annotate(people=Rows(people)).values("name", "people")

    for _ in range(2):
        assert prepared("carried", [acme.pk], build) == list(build(acme.pk))


def test_it_is_one_statement_that_can_be_counted(acme, alice):
    for _ in range(8):  # Postgres keeps its plan after five
        with counted_sql() as statements:
            prepared("counted", [acme.pk], lambda pk: Membership.objects.filter(organization=pk))
        assert len(statements) == 1
        assert str(acme.pk) not in statements[0]


def test_what_is_no_value_is_refused(acme):
    with pytest.raises(TypeError):
        prepared("no value", [None], lambda one: Membership.objects.filter(pk=one))
