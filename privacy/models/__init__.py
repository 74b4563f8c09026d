"""What is promised, done and proven."""

from privacy.models.deletion_job import DeletionCount, DeletionJob, DeletionStep, DeletionTarget

__all__ = ["DeletionCount", "DeletionJob", "DeletionStep", "DeletionTarget"]
