"""Every page says the same with flattened templates as with the templates as they were written."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.template import engines
from django.test import Client

from deskhero.flattening.loader import Loader
from tests.cast import sign_in
from tests.guards import crawl, routes
from tests.guards.lasting import fresh, lasting
from tests.guards.routes import For, Route
from tests.guards.world import World, make_world
from tickets.views.filled import everywhere

pytestmark = pytest.mark.django_db
LOOKED_AT = {*routes.OF_AN_ORGANIZATION, For.SIGNED_IN, For.EVERYBODY}
PAGES = [
    route
    for route in routes.every_route()
    if route.access in LOOKED_AT and (route.access in routes.OF_AN_ORGANIZATION or not route.parameters)
]
# What is another each time: tokens of forms, permissions of minutes, nonces.
_EACH_TIME = re.compile(r'[A-Za-z0-9]{64}|[\w-]{60,}(?::[\w-]+)*|\d+-\d+|nonce="[^"]*"')


@pytest.fixture(scope="module")
def written(django_db_setup, django_db_blocker) -> Iterator[World]:
    with lasting(django_db_blocker, lambda: make_world("Acme")) as world:
        yield world


@pytest.fixture
def world(written, db) -> World:
    return fresh(written)


@contextmanager
def as_written() -> Iterator[None]:
    """Let templates be rendered as they were parsed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Loader, "_flattened", lambda _self, parsed: parsed)
        _forget()
        yield
    _forget()


def _forget() -> None:
    for loader in engines["django"].engine.template_loaders:
        loader.reset()
    everywhere.cache_clear()


def _shown(client: Client, url: str) -> str | None:
    with transaction.atomic():  # what looking writes is gone again, so that the next look finds the same
        answer = client.get(url, headers={"Accept-Language": "sv"})
        transaction.set_rollback(True)
    if not isinstance(answer, HttpResponse) or not answer["Content-Type"].startswith("text/html"):
        return None
    return _EACH_TIME.sub("*", answer.content.decode())


@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.name)
def test_a_page_is_the_same(world: World, route: Route) -> None:
    owner = sign_in(Client(), world.owner)
    url = crawl.address(route, world)
    _shown(owner, url)  # what is done by looking is done
    flat = _shown(owner, url)
    with as_written():
        assert _shown(owner, url) == flat
