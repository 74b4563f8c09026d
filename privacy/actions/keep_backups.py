"""The day's backups: whatever this day has not yet, in the order in which they bring a system back."""

import logging
from datetime import datetime, timedelta

from django.utils import timezone

from privacy.actions.take_backup import take_backup
from privacy.actions.verify_backup import verify_backup
from privacy.backups import schedule
from privacy.backups.catalogue import sound
from privacy.backups.errors import BackupFailed
from privacy.ledger import LedgerFault
from privacy.models import Backup

log = logging.getLogger(__name__)


def take_due_backups(*, now: datetime | None = None) -> list[Backup]:
    """Take and verify a backup of each kind that has none from today; one that fails stops no other, and is due again.

    The vault's comes last: only then it knows the keys of the others.
    """
    moment = now or timezone.now()
    taken = []
    for kind in Backup.Kind:
        lately = sound(kind).filter(started_at__gt=moment - timedelta(days=2)).values_list("started_at", flat=True)
        if not schedule.is_due(moment, list(lately)):
            continue
        try:
            backup = take_backup(kind, now=now)
        except (BackupFailed, LedgerFault) as error:
            log.error("no %s backup today: %s", kind, error)
            continue
        verify_backup(backup, now=now)
        taken.append(backup)
    return taken
