"""The access log: `python -m tests.bench.access ROWS` writes, seals and verifies lines; what one costs a page."""

import json
import statistics
import sys
import time
from typing import Any

import django

SEQUENCE = 400  # lines written one by one, each in a transaction of its own, as pages do
BATCH = 5_000


def main() -> None:
    """Measure, and print one JSON object."""
    django.setup()
    from accounts.access_log.retention import let_go_of
    from accounts.access_log.sealing import seal_organization
    from accounts.access_log.verifying import verify_organization
    from accounts.models import Membership
    from tests.bench.world import SLUG

    rows = int(sys.argv[1])
    agent = Membership.objects.select_related("user", "organization").filter(organization__slug=SLUG, role="agent")[0]
    one = _one_by_one(agent)
    written = _seconds(lambda: _many(agent, rows))
    sealed = _seconds(lambda: seal_organization(agent.organization_id))
    report: Any = None

    def verify() -> None:
        nonlocal report
        report = verify_organization(agent.organization_id)

    verified = _seconds(verify)
    if report.faults or report.rows < rows:
        raise SystemExit(f"{report.rows} rows, {len(report.faults)} faults: {report.faults[:3]}")
    from django.utils import timezone

    gone = 0

    def let_go() -> None:
        nonlocal gone
        gone = let_go_of(agent.organization_id, timezone.now())

    released = _seconds(let_go)
    print(
        json.dumps(
            {
                "one_ms": statistics.median(one) * 1000,
                "one_per_second": len(one) / sum(one),
                "written_per_second": rows / written,
                "sealed_per_second": report.rows / sealed,
                "verified_per_second": report.rows / verified,
                "let_go_per_second": gone / released,
            }
        )
    )


def _event(agent: Any) -> Any:
    from accounts.ids import uuid7
    from accounts.models import AccessEvent

    return AccessEvent(
        organization_id=agent.organization_id,
        user_id=agent.user_id,
        verb="read",
        page="tickets:ticket",
        object_id=uuid7(),
        object_ids=[uuid7() for _ in range(5)],
        amount=6,
        ip="203.0.113.9",
    )


def _one_by_one(agent: Any) -> list[float]:
    from accounts.access_log import record_access

    times = []
    for _ in range(SEQUENCE):
        begun = time.perf_counter()
        record_access(_event(agent))
        times.append(time.perf_counter() - begun)
    return times


def _many(agent: Any, rows: int) -> None:
    from accounts.models import AccessEvent
    from accounts.tenancy import organization_scope

    for start in range(0, rows, BATCH):
        with organization_scope(agent.organization_id):
            AccessEvent.objects.bulk_create([_event(agent) for _ in range(min(BATCH, rows - start))])


def _seconds(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
