"""The plumbing of the tests; the cast and what it owns are in tests/cast.py and tests/factories.py."""

import importlib.util
import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from celery import Celery
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}

# HYPOTHESIS_PROFILE=fuzz (make fuzz): many more examples.
settings.register_profile("default", deadline=None)
settings.register_profile("fuzz", deadline=None, max_examples=3000, suppress_health_check=list(HealthCheck))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

pytest_plugins = ["tests.cast"] if importlib.util.find_spec("tests.cast") else []


@pytest.fixture(scope="session", autouse=True)
def _log_may_be_emptied() -> Iterator[None]:
    """Let what empties the tables after a test with transactions past the triggers of those that only take rows."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.execute_sql_flush

    def past_triggers(self: DatabaseOperations, statements: list[str]) -> None:
        from tests.triggers import switched_off

        with switched_off(self.connection):
            flush(self, statements)

    with patch.object(DatabaseOperations, "execute_sql_flush", past_triggers):
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every database test both databases; browser tests come last, and not at all where there is no browser.

    Last, because the browser's driver keeps an event loop running in this process until the session ends.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    must_browse = os.environ.get("DESKHERO_REQUIRE_BROWSER") == "1"
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker is not None or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            options = {"databases": ["default", "vault"]} | (dict(marker.kwargs) if marker else {})
            item.add_marker(pytest.mark.django_db(**options), append=False)
        if item.get_closest_marker("browser") and CHROMIUM is None and not must_browse:
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine (apt-get install chromium)"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Make the test databases from templates."""
    from tests.templates import copy_from_templates

    copy_from_templates()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser of the machine."""
    if CHROMIUM is None:
        pytest.fail("No Chromium on this machine (apt-get install chromium).")
    return CHROMIUM


@pytest.fixture(scope="session")
def chromium(chromium_path: str) -> "Iterator[Browser]":
    """Debian's Chromium, one for the session: its driver cannot be started twice in a process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def celery_eager() -> Iterator[Celery]:
    """Run tasks where they are called, and let their errors rise; without it a task only lands in its queue."""
    from deskhero.celery import app

    before = app.conf.task_always_eager, app.conf.task_eager_propagates
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield app
    app.conf.task_always_eager, app.conf.task_eager_propagates = before
