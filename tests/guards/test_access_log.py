"""Every address of an organization that answers with content is in the access log, or says why it needs no line."""

from collections.abc import Iterator
from inspect import iscoroutinefunction
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import resolve
from pytest_django import DjangoDbBlocker

from accounts.models import AccessEvent
from privacy.access_words import WORDS
from tests.cast import sign_in
from tests.guards import crawl, routes
from tests.guards.lasting import fresh, lasting
from tests.guards.routes import Route
from tests.guards.world import World, make_world

pytestmark = pytest.mark.django_db
OF_AN_ORGANIZATION = [one for one in routes.every_route() if one.access in routes.OF_AN_ORGANIZATION]
# Views that may stay out of the log. A new one is looked at by a person and added here.
CONTENTLESS = {
    "accounts:settings",
    "tickets:bell",
    "tickets:change",
    "tickets:claim",
    "tickets:discard_draft",
    "tickets:events",
    "tickets:first_steps",
    "tickets:go",
    "tickets:here",
    "tickets:here_at",
    "tickets:forward_discard",
    "tickets:forward_remove",
    "tickets:forward_save",
    "tickets:forward_upload",
    "tickets:let_go",
    "tickets:new_discard",
    "tickets:new_remove",
    "tickets:new_save",
    "tickets:new_upload",
    "tickets:notification_choices",
    "tickets:read_notification",
    "tickets:read_notifications",
    "tickets:remove_draft_file",
    "tickets:save_draft",
    "tickets:upload",
}
# Pages that show rows of mail or contacts: their line names them.
NAMES_WHAT_IT_SHOWS = {
    "tickets:body",
    "tickets:companies",
    "tickets:company",
    "tickets:contact",
    "tickets:contacts",
    "tickets:file",
    "tickets:forward",
    "tickets:look",
    "tickets:merge",
    "tickets:print",
    "tickets:queue",
    "tickets:source",
    "tickets:source_file",
    "tickets:ticket",
}


@pytest.fixture(scope="module")
def written(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One organization for every test of this module."""
    with lasting(django_db_blocker, lambda: make_world("Acme")) as world:
        yield world


@pytest.fixture
def world(written: World, db: None) -> World:
    """An organization with rows in every table."""
    return fresh(written)


def by_name(route: Route) -> str:
    return route.name


def view_of(route: Route, world: World) -> Any:
    return resolve(crawl.address(route, world)).func


@pytest.mark.parametrize("route", OF_AN_ORGANIZATION, ids=by_name)
def test_an_answer_with_content_has_its_line(route: Route, world: World) -> None:
    view, client = view_of(route, world), sign_in(Client(), world.owner)
    if iscoroutinefunction(view):
        assert view.contentless
        return
    before = AccessEvent.objects.count()
    status = crawl.ask(client, "GET", crawl.address(route, world)).status_code
    written = AccessEvent.objects.count() - before

    assert written == (status == 200 and not getattr(view, "contentless", "")), status
    if route.name in NAMES_WHAT_IT_SHOWS:
        event = AccessEvent.objects.latest("at")
        assert status == 200
        assert event.page == route.name
        assert event.object_id or event.object_ids


def test_what_stays_out_of_the_log_is_known_and_has_a_reason(world: World) -> None:
    marked = {one.name: getattr(view_of(one, world), "contentless", "") for one in OF_AN_ORGANIZATION}

    assert {name for name, reason in marked.items() if reason} == CONTENTLESS
    assert all(len(reason) > 15 for reason in marked.values() if reason)


def test_what_stays_out_shows_nothing_of_mail_or_contacts(world: World) -> None:
    client = sign_in(Client(), world.owner)
    content = [b"A question to", b"Once more to", b"Customer of", b"Good morning", b"@customer.example", b"A remark"]

    for route in OF_AN_ORGANIZATION:
        if route.name in CONTENTLESS and not iscoroutinefunction(view_of(route, world)):
            page = client.get(crawl.address(route, world)).content
            assert not [words for words in content if words in page], route.name


def test_the_guard_is_red_for_a_page_that_writes_nothing(world: World) -> None:
    (queue,) = (one for one in OF_AN_ORGANIZATION if one.name == "tickets:queue")
    with patch("accounts.middleware.event_of", return_value=None), pytest.raises(AssertionError):
        test_an_answer_with_content_has_its_line(queue, world)


@pytest.mark.parametrize("route", OF_AN_ORGANIZATION, ids=by_name)
def test_what_is_written_down_has_words_that_admins_know(route: Route) -> None:
    assert route.name in WORDS


def test_words_are_of_routes_there_are() -> None:
    assert set(WORDS) - {route.name for route in OF_AN_ORGANIZATION} == {"picture"}
