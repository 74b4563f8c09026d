"""Backups: `python -m tests.bench.keeping` takes one of the data, verifies it, and brings it back elsewhere."""

import json
import tempfile
import time
from pathlib import Path
from typing import Any

import django


def main() -> None:
    """Measure, and print one JSON object."""
    django.setup()
    from django.conf import settings
    from django.db import connection

    from privacy.actions.run_drill import run_drill
    from privacy.actions.take_backup import take_backup
    from privacy.actions.verify_backup import verify_backup
    from privacy.models import Backup

    with tempfile.TemporaryDirectory(prefix="deskhero-bench-") as folder:
        _elsewhere(settings, Path(folder))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sum(pg_table_size(relid)) FROM pg_stat_user_tables WHERE relname <> 'tickets_searchdocument'"
            )
            size = float(cursor.fetchone()[0]) / 1e6
        begun = time.monotonic()
        backup = take_backup(Backup.Kind.DATA)
        taken = time.monotonic()
        if not verify_backup(backup):
            raise SystemExit(backup.fault)
        verified = time.monotonic()
        drill = run_drill(backup)
        if not drill.is_passed:
            raise SystemExit(drill.fault)
        restored = time.monotonic()
    seconds = {"taken": taken - begun, "verified": verified - taken, "restored": restored - verified}
    stored = backup.bytes / 1e6
    print(json.dumps({"megabytes": size, "stored": stored, **{name: size / one for name, one in seconds.items()}}))


def _elsewhere(settings: Any, folder: Path) -> None:
    """Keep the bench's backups, and what they write beside them, apart from any real one."""
    settings.LEDGER, settings.LEDGER_COPY = folder / "ledger", folder / "ledger-copy"
    settings.STORAGES["backups"]["OPTIONS"]["location"] = folder / "backups"


if __name__ == "__main__":
    main()
