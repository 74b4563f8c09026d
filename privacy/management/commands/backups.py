"""manage.py backups: what there is, and until when."""

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from privacy.backups import manifest
from privacy.backups.manifest import Manifest
from privacy.models import Backup


class Command(BaseCommand):
    """List the backups. On a machine without a database it lists what the store says."""

    help = "List the backups with their end; --all also those that are gone, with their proof."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the form."""
        parser.add_argument("--json", action="store_true", help="one JSON list")
        parser.add_argument("--all", action="store_true", help="also those that are deleted")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print."""
        rows = self._rows(everything=options["all"])
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=1, default=_text))
            return
        for row in rows:
            state = "deleted" if row["deleted_at"] else row["fault"] or ("verified" if row["verified_at"] else "")
            until = _text(row["expires_at"])[:10]
            self.stdout.write(
                f"{row['id']}  {row['kind']:5}  {_text(row['started_at'])[:16]}  {row['bytes'] / 1e6:9.1f} MB  "
                f"until {until}  {state}"
            )

    def _rows(self, *, everything: bool) -> list[dict[str, Any]]:
        try:
            found = Backup.objects.order_by("started_at") if everything else Backup.objects.living()
            return [dict(row) for row in found.order_by("started_at").values()]
        except DatabaseError:  # no catalogue: a machine on which the system is to be brought back
            return [_row(one) for one in manifest.everything()]


def _row(one: Manifest) -> dict[str, Any]:
    known = {"id", "kind", "started_at", "finished_at", "expires_at", "bytes", "sha256", "location", "ledger_position"}
    none = dict.fromkeys(("verified_at", "deleted_at", "key_destroyed_at", "alarmed_at", "delete_proof"))
    return {name: value for name, value in vars(one).items() if name in known} | none | {"fault": ""}


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
