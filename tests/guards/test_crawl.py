"""Every address, asked by everybody who must not open it. A new address without a class fails."""

import re
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.urls.resolvers import RegexPattern, URLResolver
from pytest_django import DjangoDbBlocker

from accounts.models import AccessAlert, Membership
from accounts.tenancy import organization_scope
from tests import factories
from tests.cast import sign_in
from tests.guards import crawl, routes
from tests.guards.lasting import fresh, lasting
from tests.guards.routes import For, Route
from tests.guards.world import World, make_world
from tickets.models import Following, Notification, NotificationChoice

pytestmark = pytest.mark.django_db
ALL = routes.every_route()
OF_AN_ORGANIZATION = [route for route in ALL if route.access in routes.OF_AN_ORGANIZATION]
METHODS = ("GET", "POST")
ALERTS = {"accounts_accessalert"}


def routes_for(*kinds: For) -> list[Route]:
    return [route for route in ALL if route.access in kinds]


def by_name(route: Route) -> str:
    return route.name


def _two_worlds() -> tuple[World, World]:
    ours, theirs = make_world("Acme"), make_world("Globex")
    for _ in range(3):
        theirs.ticket = factories.make_ticket(theirs.organization, mailbox=theirs.mailbox, contact=theirs.contact)
    return ours, theirs


@pytest.fixture(scope="module")
def written(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[World, World]]:
    """What the tests of this module begin with."""
    with lasting(django_db_blocker, _two_worlds) as worlds:
        yield worlds


@pytest.fixture
def worlds(written: tuple[World, World], db: None) -> tuple[World, World]:
    """Two organizations whose tickets have different numbers."""
    return fresh(written)


@pytest.fixture
def outsiders(worlds: tuple[World, World]) -> dict[str, Client]:
    """Everybody who is signed in and has no place at the first organization."""
    ours, theirs = worlds
    left = factories.make_membership(ours.organization, role=Membership.Role.ADMIN, is_active=False)
    people = {
        "an agent elsewhere": theirs.agent,
        "an owner elsewhere": theirs.owner,
        "nobody's member": factories.make_user(),
        "an admin who was shut out": left,
    }
    return {who: sign_in(Client(), person) for who, person in people.items()}  # type: ignore[arg-type]


def test_every_address_is_in_a_class() -> None:
    assert routes.faults(ALL) == []


def test_a_new_address_without_a_class_is_found() -> None:
    def view(request: HttpRequest, **kwargs: str) -> HttpResponse:
        return HttpResponse()

    new = [path("<slug:organization>/exports/", view, name="exports"), path("loose/", view)]
    wrong = [path("people/", view, name="people")]
    urls = [path("", include((new, "guard"))), path("elsewhere/", include((wrong, "accounts")))]
    found = routes.faults(routes.every_route(URLResolver(RegexPattern(r"^/"), urls)))

    assert "guard:exports (<slug:organization>/exports/) is in no class of tests/guards/routes.py." in found
    assert "guard:loose/ (loose/) is in no class of tests/guards/routes.py." in found or any(
        "loose/" in f for f in found
    )
    assert "accounts:people (elsewhere/people/) is declared for ADMINS, which does not suit it." in found
    assert "tickets:queue is declared and does not exist." in found


@pytest.mark.parametrize("route", OF_AN_ORGANIZATION, ids=by_name)
def test_outsiders_find_nothing(route: Route, worlds: tuple[World, World], outsiders: dict[str, Client]) -> None:
    before = crawl.state()
    url = crawl.address(route, worlds[0])

    for who, client in outsiders.items():
        for method in METHODS:
            assert crawl.ask(client, method, url).status_code == 404, (who, method)
    assert crawl.state() == before


@pytest.mark.parametrize("route", OF_AN_ORGANIZATION, ids=by_name)
def test_the_operators_staff_without_a_grant_is_turned_away_and_told_of(
    route: Route, worlds: tuple[World, World], as_staff: Client
) -> None:
    before = crawl.state(but=ALERTS)
    url = crawl.address(route, worlds[0])

    closed = 404 if route.name == "tickets:events" else 403
    assert {crawl.ask(as_staff, method, url).status_code for method in METHODS} == {closed}
    assert crawl.state(but=ALERTS) == before
    with organization_scope(worlds[0].organization):
        assert AccessAlert.objects.filter(rule="no_grant").count() == (closed == 403)


@pytest.mark.parametrize("route", [*OF_AN_ORGANIZATION, *routes_for(For.SIGNED_IN)], ids=by_name)
def test_who_is_not_signed_in_is_asked_to(route: Route, worlds: tuple[World, World]) -> None:
    before = crawl.state()
    url = crawl.address(route, worlds[0]) if route.is_of_an_organization else _own_address(route)

    for method in METHODS:
        response = crawl.ask(Client(), method, url)
        assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/account/login/")
    assert crawl.state() == before


@pytest.mark.parametrize("route", OF_AN_ORGANIZATION, ids=by_name)
def test_an_address_that_exists_and_one_that_does_not_look_the_same(route: Route, worlds: tuple[World, World]) -> None:
    client = sign_in(Client(), worlds[1].agent)
    closed = client.get(crawl.address(route, worlds[0]))
    nowhere = client.get(crawl.address(route, worlds[0], organization="no-such-desk"))

    assert (closed.status_code, nowhere.status_code) == (404, 404)
    random = re.compile(rb"[\w+/-]{20,}={0,2}|acme|no-such-desk")  # nonces and tokens of forms
    assert random.sub(b"", closed.content) == random.sub(b"", nowhere.content)


@pytest.mark.parametrize("route", [r for r in OF_AN_ORGANIZATION if len(r.parameters) > 1], ids=by_name)
def test_things_of_another_organization_do_not_exist_in_ours(route: Route, worlds: tuple[World, World]) -> None:
    ours, theirs = worlds
    client = sign_in(Client(), ours.owner)
    before = crawl.state()

    for url in crawl.crossed(route, ours, theirs):
        assert {crawl.ask(client, method, url).status_code for method in METHODS} in ({404}, {404, 405}), url
    assert crawl.state() == before


@pytest.mark.parametrize("route", routes_for(For.OWN), ids=by_name)
def test_a_form_for_ones_own_things_changes_nobody_elses(route: Route, worlds: tuple[World, World]) -> None:
    ours = worlds[0]
    before = _of_others(ours)

    for who in (ours.viewer, ours.owner):
        response = crawl.ask(sign_in(Client(), who), "POST", crawl.address(route, ours))
        assert response.status_code in {302, 404}
    assert _of_others(ours) == before
    assert before


def _of_others(world: World) -> list[object]:
    with organization_scope(world.organization):
        return [
            *Notification.objects.filter(member=world.agent).order_by("pk").values(),
            *NotificationChoice.objects.filter(member=world.agent).order_by("pk").values(),
            *Following.objects.order_by("pk").values(),
        ]


@pytest.mark.parametrize("route", [one for one in OF_AN_ORGANIZATION if one.access is not For.OWN], ids=by_name)
def test_who_only_reads_changes_nothing(route: Route, worlds: tuple[World, World]) -> None:
    client = sign_in(Client(), worlds[0].viewer)
    asking = {200, 302} if route.name in routes.QUESTIONS else set()
    log = crawl.LOG if asking else set()  # a question is written down
    before = crawl.state(but=log)
    response = crawl.ask(client, "POST", crawl.address(route, worlds[0]))

    assert response.status_code in ({403} if route.access is For.ANSWERING else {403, 405} | asking)
    assert crawl.state(but=log) == before


@pytest.mark.parametrize("route", routes_for(For.ADMINS), ids=by_name)
@pytest.mark.parametrize("who", ["agent", "viewer"])
def test_pages_of_admins_are_closed_to_others(who: str, route: Route, worlds: tuple[World, World]) -> None:
    client = sign_in(Client(), getattr(worlds[0], who))
    before = crawl.state()
    url = crawl.address(route, worlds[0])

    assert {crawl.ask(client, method, url).status_code for method in METHODS} in ({403}, {403, 405})
    assert crawl.state() == before


@pytest.mark.parametrize("route", routes_for(For.OWNERS), ids=by_name)
@pytest.mark.parametrize("who", ["admin", "agent", "viewer"])
def test_pages_of_owners_are_closed_to_others(who: str, route: Route, worlds: tuple[World, World]) -> None:
    ours = worlds[0]
    member = (
        factories.make_membership(ours.organization, role=Membership.Role.ADMIN)
        if who == "admin"
        else getattr(ours, who)
    )
    client = sign_in(Client(), member)
    before = crawl.state()
    url = crawl.address(route, ours)

    assert {crawl.ask(client, method, url).status_code for method in METHODS} in ({403}, {403, 405})
    assert crawl.state() == before


@pytest.mark.parametrize("route", OF_AN_ORGANIZATION, ids=by_name)
def test_no_address_changes_anything_without_the_token_of_its_page(route: Route, worlds: tuple[World, World]) -> None:
    client = sign_in(Client(enforce_csrf_checks=True), worlds[0].owner)
    before = crawl.state()

    assert crawl.ask(client, "POST", crawl.address(route, worlds[0])).status_code == 403
    assert crawl.state() == before


@pytest.mark.parametrize("route", OF_AN_ORGANIZATION, ids=by_name)
def test_looking_changes_nothing_and_stays_in_the_scope(route: Route, worlds: tuple[World, World]) -> None:
    client = sign_in(Client(), worlds[0].owner)
    before = crawl.state(but=crawl.WRITTEN_BY_LOOKING)

    with crawl.statements_outside_a_scope() as outside:
        status = crawl.ask(client, "GET", crawl.address(route, worlds[0])).status_code
    assert status in ({302} if route.name in routes.LEADING_ON else {200, 404, 405})
    assert outside == []
    assert crawl.state(but=crawl.WRITTEN_BY_LOOKING) == before


@pytest.mark.parametrize("route", OF_AN_ORGANIZATION, ids=by_name)
def test_a_form_stays_in_the_scope_and_does_not_fail(route: Route, worlds: tuple[World, World]) -> None:
    client = sign_in(Client(), worlds[0].owner)

    with crawl.statements_outside_a_scope() as outside:
        status = crawl.ask(client, "POST", crawl.address(route, worlds[0])).status_code
    assert status < 500
    assert outside == []


def test_the_watch_sees_a_statement_outside_a_scope(worlds: tuple[World, World]) -> None:
    with crawl.statements_outside_a_scope() as outside:
        Membership.objects.count()
    assert len(outside) == 1


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("url", ["/admin/", "/admin/accounts/user/", "/admin/accounts/organization/"])
def test_the_operators_desk_is_closed_to_members(url: str, method: str, worlds: tuple[World, World]) -> None:
    for client in (Client(), sign_in(Client(), worlds[0].owner)):
        response = crawl.ask(client, method, url)
        assert response.status_code in {302, 403, 404}
        assert "/admin/" not in response.headers.get("Location", "").partition("?")[0].replace("/admin/login/", "")


@pytest.mark.parametrize("role", [Membership.Role.ADMIN, Membership.Role.OWNER])
def test_admins_without_a_second_step_get_no_further(role: str) -> None:
    world = make_world("Initech")
    plain = factories.make_membership(world.organization, factories.make_user(), role=role)
    client = sign_in(Client(), plain)

    for route in OF_AN_ORGANIZATION:
        response = crawl.ask(client, "GET", crawl.address(route, world))
        assert response.headers.get("Location", "").partition("?")[0] == "/account/second-step/totp/activate/", route


def _own_address(route: Route) -> str:
    pattern = route.pattern.replace("<str:token>", "a-token").replace("<str:provider>", "google")
    pattern = pattern.replace("<uuid:organization_id>", "00000000-0000-7000-8000-000000000000")
    assert "<" not in pattern, f"{route.pattern}: say what to fill in"
    return "/" + pattern
