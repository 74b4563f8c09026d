"""manage.py restore ID: bring the system back from a backup, and erase again what was erased since."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

import dj_database_url
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from privacy.actions.restore_system import restore_system
from privacy.backups.errors import BackupFailed
from privacy.ledger import LedgerFault


class Command(BaseCommand):
    """Into an empty database; web, worker and beat refuse to start until it has come to its end."""

    help = "Bring back data, and where they are empty the vault and the files; then replay the erasure ledger."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the backup and the target."""
        parser.add_argument("backup", metavar="ID", type=UUID, help="a backup of the data (manage.py backups)")
        parser.add_argument("--into", metavar="URL", help="this empty database instead of DATABASE_URL")
        parser.add_argument("--keep-files", action="store_true", help="the sealed files are still in their folder")
        parser.add_argument("--accept-gap", metavar="REASON", default="", help="the end of the ledger is lost for good")
        parser.add_argument("--no-search", action="store_true", help="leave the search index to reindex_search")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, tell the stages, and fail with a sentence."""
        if options["into"]:
            connections["default"].close()
            connections["default"].settings_dict.update(dj_database_url.parse(options["into"]))
        try:
            done = restore_system(
                options["backup"], keep_files=options["keep_files"], gap=options["accept_gap"], say=self.stdout.write
            )
        except (BackupFailed, LedgerFault) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{sum(done.backup.counts.values())} rows and {done.files} files are back; "
            f"{done.replayed.lines} erasures were done again, {done.replayed.rows} rows with them, and none is left."
        )
        if not options["no_search"]:
            call_command("reindex_search", stdout=self.stdout)
        self.stdout.write("Web, worker and beat may start.")
