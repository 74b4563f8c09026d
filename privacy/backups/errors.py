"""What backups can refuse. The sentences are shown to operators and kept as faults: ids and reasons, no content."""


class BackupFailed(Exception):
    """A backup could not be taken, or not brought back; nothing half is left that counts as whole."""


class BackupDamaged(BackupFailed):
    """What is stored is not what was written: altered, cut, swapped, or never sealed."""


class InUse(BackupFailed):
    """Another process takes or deletes backups now; whoever comes next finds the rest."""


class RestoreRefused(BackupFailed):
    """A restore would break a promise, or overwrite something; nothing was changed."""
