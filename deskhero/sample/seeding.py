"""Building the sample world, from people to closed tickets."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from deskhero.celery import app
from deskhero.sample.arranging import arrange
from deskhero.sample.canned import keep_canned
from deskhero.sample.clock import at, tell_simulator
from deskhero.sample.connecting import connect_all
from deskhero.sample.people import settle_company, settle_user
from deskhero.sample.progress import Progress
from deskhero.sample.stories import Company, World, steps_of
from deskhero.sample.telling import Teller
from mailbox.actions.sync_mailbox import sync_mailbox
from mailbox.simulator.client import Simulator


class SampleRefused(Exception):
    """The sample does not belong here; the text says why."""


def seed() -> Iterator[str]:
    """Build what is missing and yield a line for each company; a second run changes nothing."""
    simulator = _simulator()
    world = World.load()
    settle_user(world.staff, world.password, staff=True)
    with _tasks_at_once():
        for company in world.companies:
            yield _build(company, world, simulator)


def _build(company: Company, world: World, simulator: Simulator) -> str:
    members = settle_company(company, world)
    organization = next(iter(members.values())).organization
    keep_canned(company.key, members[company.admin.key])
    arrange(company.key, members[company.admin.key])
    progress = Progress(organization.pk, timezone.now().isoformat())
    steps = steps_of(company, until=datetime.fromisoformat(progress.until))
    with at(steps[0].moment - timedelta(hours=1)):
        mailboxes = connect_all(company, members[company.admin.key], simulator)
    if progress.done >= len(steps):
        return f"{company.name}: is there, nothing to do."
    teller = Teller(company, simulator=simulator, members=members, mailboxes=mailboxes, progress=progress)
    try:
        told = teller.tell(steps)
    finally:
        tell_simulator(simulator, None)
    for mailbox in mailboxes.values():
        sync_mailbox(organization.pk, mailbox.pk, at_once=True)
    return f"{company.name}: {told} steps told."


def _simulator() -> Simulator:
    """Return the simulator that stands in for both providers; the sample never touches a real one."""
    if settings.PRODUCTION:
        raise SampleRefused("Sample data is not for production.")
    roots = [urlsplit(root) for root in (settings.GMAIL_API_ROOT, settings.GRAPH_API_ROOT)]
    if not all(_is_loopback(root.hostname or "") for root in roots) or not settings.PROVIDER_CA_BUNDLE:
        raise SampleRefused("Sample data needs the simulator: run it with `make run`.")
    return Simulator(f"https://{roots[0].netloc}", settings.PROVIDER_CA_BUNDLE)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def _tasks_at_once() -> Iterator[None]:
    """Run tasks where they are queued: no worker runs yet, and each step waits for the one before."""
    before = app.conf.task_always_eager, app.conf.task_eager_propagates
    app.conf.task_always_eager, app.conf.task_eager_propagates = True, True
    logger, level = logging.getLogger("celery.app.trace"), logging.getLogger("celery.app.trace").level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)
        app.conf.task_always_eager, app.conf.task_eager_propagates = before
