"""The real web server with two database connections: pages that stay open, and people who go away in the middle."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.conf import settings
from django.db import connections
from django.test import Client

from accounts.tenancy import organization_scope
from tests.cast import sign_in
from tests.guards.world import World, make_world
from tickets.actions.attach import NewFile, attach_files

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
ROOT = Path(__file__).parents[2]
CONNECTIONS = 2
CROWD = 3 * CONNECTIONS


@pytest.fixture
def world() -> World:
    """An organization whose message has a large attachment."""
    world = make_world("Acme")
    with organization_scope(world.organization):
        (world.attachment,) = attach_files(
            world.message, [NewFile("l.bin", "application/zip", os.urandom(8 * 1024 * 1024))]
        )
    return world


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Uvicorn on the databases of this test."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": _url("default"),
        "VAULT_URL": _url("vault"),
        "REDIS_URL": settings.REDIS_URL,
        "DESKHERO_TEST_DATA": str(settings.DATA_DIR),
        "DESKHERO_URL": f"http://127.0.0.1:{port}",
        "DATABASE_POOL": "1",
        "DATABASE_POOL_SIZE": str(CONNECTIONS),
    }
    command = [sys.executable, "-m", "deskhero.web", "--port", str(port)]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def browser(world: World) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    for cookie in sign_in(Client(), world.agent).cookies.values():
        session.cookies.set(cookie.key, cookie.value)
    return session


def assert_pages_still_come(url: str, world: World) -> None:
    session = browser(world)
    for page in ("/acme/", f"/acme/tickets/{world.ticket.number}/", "/account/profile/"):
        assert session.get(url + page, timeout=8).status_code == 200, page


def test_open_pages_hold_no_connection(server: str, world: World) -> None:
    streams = [browser(world).get(f"{server}/acme/events/", stream=True, timeout=20) for _ in range(CROWD)]
    try:
        for stream in streams:
            assert stream.status_code == 200
            assert next(stream.iter_lines()).startswith(b"retry")
        assert_pages_still_come(server, world)
    finally:
        for stream in streams:
            stream.close()


def test_downloads_that_break_off_leave_nothing_open(server: str, world: World) -> None:
    page = f"{server}/acme/tickets/{world.ticket.number}/files/{world.attachment.pk}/"
    for _ in range(CROWD):
        with browser(world).get(page, stream=True, timeout=20) as download:
            assert download.status_code == 200
            assert len(next(download.iter_content(1024))) == 1024
    assert_pages_still_come(server, world)
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
        )
        assert cursor.fetchone() == (0,)


def test_downloads_that_wait_hold_no_connection(server: str, world: World) -> None:
    page = f"{server}/acme/tickets/{world.ticket.number}/files/{world.attachment.pk}/"
    waiting = [browser(world).get(page, stream=True, timeout=20) for _ in range(CROWD)]
    try:
        assert_pages_still_come(server, world)
    finally:
        for download in waiting:
            download.close()


def _url(alias: str) -> str:
    given = connections[alias].settings_dict
    host = str(given["HOST"]).replace("/", "%2F")
    port = f":{given['PORT']}" if given["PORT"] else ""
    secret = f":{given['PASSWORD']}" if given["PASSWORD"] else ""
    return f"postgres://{given['USER']}{secret}@{host}{port}/{given['NAME']}"


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 40
    while time.monotonic() < end and process.poll() is None:
        try:
            if requests.get(url + "/healthz", timeout=2).status_code == 200:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    pytest.fail("The server did not start.")
