"""manage.py verify_access_log: read the whole access log again and name every row that is not as it was written."""

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts.access_log.verifying import Report, verify_all
from accounts.models import Organization


class Command(BaseCommand):
    """Verify seals, events, checkpoints and anchors; exit with 1 where anything was tampered with."""

    help = "Names rows of the access log that were edited, deleted, moved, added or cut off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whose log, and the form of the answer."""
        parser.add_argument("--organization", metavar="SLUG or ID", default="")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, organization: str, json: bool, **options: Any) -> None:
        """Verify one log or all."""
        faults = 0
        for report in verify_all(_id_of(organization) if organization else None):
            faults += len(report.faults)
            self.stdout.write(_as_json(report) if json else _as_text(report))
        if faults:
            raise CommandError(f"{faults} faults: the access log is not as it was written.")


def _id_of(named: str) -> UUID:
    found = Organization.objects.filter(slug=named).first()
    if found:
        return found.pk
    try:
        return UUID(named)  # one that is no more has a log still
    except ValueError:
        raise CommandError("There is no organization of that address.") from None


def _as_text(report: Report) -> str:
    lines = [f"{report.organization_id}: {report.rows} rows, {len(report.faults)} faults"]
    return "\n".join([*lines, *(f"  {fault}" for fault in report.faults)])


def _as_json(report: Report) -> str:
    faults = [
        {"kind": one.kind, "row": one.number, "event": str(one.event_id or ""), "said": one.said}
        for one in report.faults
    ]
    said = {"organization": str(report.organization_id), "rows": report.rows, "head": report.hash.hex()}
    return json.dumps(said | {"faults": faults})
