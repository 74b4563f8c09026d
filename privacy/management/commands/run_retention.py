"""manage.py run_retention: keep the promises about time, now or as of a given moment."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from privacy import clock
from privacy.actions.run_retention import Report, run_retention


class Command(BaseCommand):
    """Do what the scheduled job does: deletions, notices, retention rules, expiry of backups, released holds."""

    help = "Delete what is due: mailboxes and accounts after their grace, what rules say, backups past their term."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the moment, and whether to do it."""
        parser.add_argument("--now", help="ISO 8601; the future wants --dry-run, or DESKHERO_TEST_CLOCK=1")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, say what was done, and exit 1 where a part failed."""
        moment = self._moment(options["now"])
        if moment and moment > timezone.now() and not (options["dry_run"] or settings.TEST_CLOCK):
            raise CommandError("A moment in the future wants --dry-run.")
        with clock.at(moment):
            report = run_retention(dry_run=options["dry_run"])
        said = json.dumps(asdict(report), indent=1, default=str) if options["json"] else _as_text(report)
        self.stdout.write(said)
        if report.failed:
            raise CommandError(f"Broke off: {', '.join(f'{name} ({why})' for name, why in report.failed.items())}.")

    def _moment(self, given: str | None) -> datetime | None:
        if not given:
            return None
        try:
            moment = parse_datetime(given)
            if moment is None and (day := parse_date(given)):
                moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - made aware below
        except ValueError:
            moment = None
        if moment is None:
            raise CommandError("--now takes a moment in ISO 8601, such as 2026-12-24T08:00:00Z.")
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _as_text(report: Report) -> str:
    verb = "would be done" if report.dry_run else "done"
    lines = [f"As of {report.now}, {verb}:"]
    for job in report.jobs:
        counted = ", ".join(f"{count} of {place}" for place, count in sorted(job.get("counts", {}).items()))
        said = " ".join(filter(None, [job["state"], job["waits_for"], counted]))
        lines.append(f"  deletion {job['id']} of {job['scope']} {job['target']}: {said}")
    lines += [f"  {name}: {said}" for name, said in report.done.items() if name != "deletions"]
    return "\n".join(lines)
