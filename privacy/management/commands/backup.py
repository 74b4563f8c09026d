"""manage.py backup: take backups now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from privacy.actions.take_backup import take_backup
from privacy.actions.verify_backup import verify_backup
from privacy.backups.errors import BackupFailed
from privacy.ledger import LedgerFault
from privacy.models import Backup


class Command(BaseCommand):
    """Take a backup of each kind, or of one; exit 1 where one broke off or does not verify."""

    help = "Take sealed backups of the data, the files and the key vault, and verify each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the kind."""
        parser.add_argument("--kind", choices=[str(kind) for kind in Backup.Kind], help="only this; else all three")
        parser.add_argument("--no-verify", action="store_true", help="do not read it back")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the vault's last, so that it knows the keys of the others."""
        for kind in [options["kind"]] if options["kind"] else list(Backup.Kind):
            try:
                backup = take_backup(kind)
            except (BackupFailed, LedgerFault) as error:
                raise CommandError(f"{kind}: {error}") from None
            if not options["no_verify"] and not verify_backup(backup):
                raise CommandError(f"{kind}: {backup.fault}")
            self.stdout.write(
                f"{backup.pk}  {kind:5}  {backup.bytes / 1e6:.1f} MB, kept until {backup.expires_at:%Y-%m-%d}"
            )
