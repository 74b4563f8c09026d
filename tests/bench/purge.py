"""Purge: `python -m tests.bench.purge SECONDS` deletes a mailbox and measures the queue page before and meanwhile.

`python -m tests.bench.purge --work JOB` is the worker: the deletion runs in a process of its own, as it does at work.
"""

import json
import os
import sys
import threading
import time
from typing import Any

import django

from tests.bench.servers import running


def main() -> None:
    """Measure, and print one JSON object."""
    django.setup()
    if sys.argv[1] == "--work":
        work(sys.argv[2])
        return
    from accounts.models import Membership
    from accounts.tenancy import organization_scope
    from accounts.vault.models import VaultKey
    from mailbox.actions.disconnect_mailbox import disconnect_mailbox
    from mailbox.models import Mailbox
    from privacy.models import DeletionJob
    from tests.bench.pages import collect_static, session_of
    from tests.bench.servers import web
    from tests.bench.timing import alone, looking
    from tests.bench.world import SLUG

    collect_static()
    members = Membership.objects.select_related("user", "organization").filter(organization__slug=SLUG)
    agent = members.filter(role="agent")[0]
    cookie, path = session_of(agent), f"/{SLUG}/"
    keys = list(VaultKey.objects.all())  # the vault is shared with the other runs of the bench
    with organization_scope(agent.organization_id):
        mailbox = Mailbox.objects.order_by("pk")[0]
        disconnect_mailbox(mailbox, by=members.get(role="owner"))
    job = DeletionJob.objects.get(target_id=mailbox.pk)  # others: the bench's mailboxes have no provider any more
    try:
        with web(dict(os.environ)) as (port, _):
            before = alone(port, looking([path], cookie), float(sys.argv[1]))
            begun = time.monotonic()
            with running(["tests.bench.purge", "--work", str(job.pk)], dict(os.environ)) as worker:
                meanwhile = while_it_runs(worker, port, path, cookie)
            took = time.monotonic() - begun
    finally:
        for key in keys:
            key.save()
    job.refresh_from_db()
    if job.waits_for or job.verified_at is None:
        raise SystemExit(f"The deletion did not end: {job.waits_for}")
    messages = job.counts.get(place="tickets.Message").before
    figures = {"messages": messages, "per_second": messages / took}  # by our own watch: the job's clock stands still
    print(json.dumps(figures | {"before": before, "meanwhile": meanwhile}))


def while_it_runs(worker: Any, port: int, path: str, cookie: str) -> dict[str, float]:
    """Return p50 and p95 of the page from now until the worker has ended."""
    from tests.bench.timing import alone, looking

    found: list[dict[str, float]] = []
    done = threading.Event()

    def visit() -> None:
        while not done.is_set():
            found.append(alone(port, looking([path], cookie), 2))

    visitor = threading.Thread(target=visit)
    visitor.start()
    worker.wait()
    done.set()
    visitor.join()
    return {name: sum(one[name] for one in found) / len(found) for name in ("p50", "p95")}


def work(job_id: str) -> None:
    """Run the deletion to its end, as of the end of its grace."""
    from uuid import UUID

    from privacy import clock
    from privacy.actions.run_job import run_job
    from privacy.models import DeletionJob

    with clock.at(DeletionJob.objects.get(pk=job_id).run_after):
        run_job(UUID(job_id))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhero.settings")
    main()
