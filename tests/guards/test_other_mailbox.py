"""Who may not see a mailbox finds nothing of it at any address. A new address is asked without being told to."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from accounts.prepared import forget_prepared
from accounts.tenancy import organization_scope
from mailbox import access
from mailbox.actions.limit_mailbox import limit_mailbox
from mailbox.models import Mailbox
from tests import factories
from tests.cast import sign_in
from tests.guards import crawl, routes
from tests.guards.lasting import fresh, lasting
from tests.guards.routes import For, Route
from tests.guards.world import World, make_world

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST")
# What an address names: something that lies in a mailbox, or something of the whole desk.
OF_A_MAILBOX = {"number", "message_id", "attachment_id", "email_id", "link_id", "notification_id"}
OF_A_MAILBOX |= {"draft_file_id", "scheduled_id"}
# Who only wrote there is nobody for others, and where such people work is nowhere.
OF_A_MAILBOX |= {"contact_id", "address_id", "note_id", "merge_id", "company_id"}
OF_THE_DESK = {"organization", "member_id", "invitation_id", "mailbox_id", "provider", "team_id", "tag_id"}
OF_THE_DESK |= {"field_id", "import_id", "view_id", "change_id", "canned_id", "canned_file_id"}
# Promises, rights and the access log: admins and owners answer for all of the organization.
OF_THE_DESK |= {"job_id", "serial", "export_id", "hold_id", "kind", "alert_id", "grant_id"}
OF_THE_DESK |= {"request_id", "question_id", "evidence_id", "finding_id"}
OPEN_TO_AGENTS = [one for one in routes.every_route() if one.access in {For.MEMBERS, For.ANSWERING, For.OWN}]
INSIDE = [one for one in OPEN_TO_AGENTS if OF_A_MAILBOX & set(one.parameters)]
AROUND = [one for one in OPEN_TO_AGENTS if one not in INSIDE]
ROOT = Path(__file__).parents[2]
BY_THE_RULE = {"visible_to", "workable_by", "locked_for", "with_locked_for"}  # each of them asks access.mailboxes_for


def by_name(route: Route) -> str:
    return route.name


def _closed() -> World:
    world = make_world("Acme")
    factories.make_mailbox(world.organization)
    with organization_scope(world.organization):
        limit_mailbox(world.mailbox, by=world.owner)
    return world


@pytest.fixture(scope="module")
def written(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """What the tests of this module begin with."""
    with lasting(django_db_blocker, _closed) as world:
        yield world


@pytest.fixture
def closed(written: World, db: None) -> World:
    """Acme, with its mailbox kept to admins; another mailbox of Acme's is open."""
    return fresh(written)


@pytest.fixture
def other(closed: World) -> Client:
    """A browser of an agent who is not named for the mailbox."""
    return sign_in(Client(), closed.agent)


@pytest.fixture
def rule_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every mailbox is everybody's, in the statements that were written before as well (accounts.prepared)."""
    monkeypatch.setattr(access, "mailboxes_for", lambda me: Mailbox.objects.filter(organization_id=me.organization_id))
    forget_prepared()
    yield
    forget_prepared()


def statuses(client: Client, world: World, route: Route) -> set[int]:
    """Return how each method is answered."""
    return {crawl.ask(client, method, crawl.address(route, world)).status_code for method in METHODS}


def test_every_parameter_is_said_to_lie_in_a_mailbox_or_not() -> None:
    used = {name for route in routes.every_route() if route.is_of_an_organization for name in route.parameters}
    assert used - OF_A_MAILBOX - OF_THE_DESK == set()
    assert len(INSIDE) > 8


@pytest.mark.parametrize("route", INSIDE, ids=by_name)
def test_what_lies_in_it_does_not_exist_for_others(route: Route, closed: World, other: Client) -> None:
    before = crawl.state()

    assert statuses(other, closed, route) in ({404}, {404, 405})
    assert crawl.state() == before


@pytest.mark.usefixtures("rule_is_forgotten")
@pytest.mark.parametrize("route", INSIDE, ids=by_name)
def test_this_guard_is_red_where_the_rule_is_forgotten(route: Route, closed: World, other: Client) -> None:
    assert not statuses(other, closed, route) <= {404, 405}


@pytest.mark.parametrize("route", AROUND, ids=by_name)
def test_pages_around_it_do_not_mention_it(route: Route, closed: World, other: Client) -> None:
    response = crawl.ask(other, "GET", crawl.address(route, closed))
    if response.streaming:
        return  # live news: tests/tickets/test_events.py listens to it

    page = response.content.decode()  # type: ignore[attr-defined]
    with organization_scope(closed.organization):
        secrets = [closed.ticket.subject, closed.contact.name, closed.mailbox.short_address, str(closed.mailbox.pk)]
        secrets += [closed.address.address, closed.company.name, str(closed.contact.pk), str(closed.company.pk)]
    assert [secret for secret in secrets if secret in page] == []
    assert f"/tickets/{closed.ticket.number}/" not in page


@pytest.mark.parametrize("who", ["team", "member", "admin"])
def test_who_is_let_in_finds_it(who: str, closed: World) -> None:
    person = closed.owner if who == "admin" else closed.agent
    named = {"teams": [closed.team]} if who == "team" else {"members": [closed.agent]}
    if who != "admin":
        with organization_scope(closed.organization):
            limit_mailbox(closed.mailbox, by=closed.owner, **named)  # type: ignore[arg-type]
    client = sign_in(Client(), person)
    page = next(route for route in INSIDE if route.name == "tickets:ticket")

    assert crawl.ask(client, "GET", crawl.address(page, closed)).status_code == 200


def shortcuts(source: str) -> list[str]:
    """Return where a view goes to what lies in a mailbox past the rule: by the organization, or by a bare manager."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Attribute):
            continue
        text = ast.unparse(node)
        if text.endswith(tuple(f"organization.{name}" for name in ("tickets", "messages", "attachments", "notes"))):
            found.append(text)
        if text.startswith("Ticket.objects.") and text.count(".") == 2 and node.attr not in BY_THE_RULE:
            found.append(text)
    return found


def views() -> list[Path]:
    # The shell counts inside mailboxes_for(), mailbox by mailbox.
    return [path for path in ROOT.glob("*/views/**/*.py") if path.name != "shell.py"]


def test_views_take_no_shortcut_past_the_rule() -> None:
    found = {str(path.relative_to(ROOT)): shortcuts(path.read_text()) for path in views()}
    assert {path: text for path, text in found.items() if text} == {}
    assert len(views()) > 15


@pytest.mark.parametrize(
    "line",
    [
        "ticket = get_object_or_404(request.organization.tickets, number=number)",
        "rows = Ticket.objects.filter(organization=request.organization)",
        "count = membership.organization.messages.count()",
    ],
)
def test_a_shortcut_is_found(line: str) -> None:
    assert shortcuts(line)
    assert not shortcuts("Ticket.objects.visible_to(request.membership).filter(number=number)")
