"""What is promised, done and proven."""

from privacy.models.backup import Backup, Drill
from privacy.models.deletion_job import DeletionCount, DeletionJob, DeletionStep, DeletionTarget

__all__ = ["Backup", "DeletionCount", "DeletionJob", "DeletionStep", "DeletionTarget", "Drill"]
