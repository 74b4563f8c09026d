"""What is promised, done and proven."""

from privacy.models.backup import Backup, Drill
from privacy.models.certificate import Certificate, CertificateKey, ClosingLink, DestroyedKey, ErasedName
from privacy.models.decision import Approval, EarlyDecision
from privacy.models.deletion_job import DeletionCount, DeletionJob, DeletionStep, DeletionTarget
from privacy.models.export import Export
from privacy.models.legal_hold import HeldItem, HoldEvent, LegalHold
from privacy.models.retention import RetentionChange, RetentionRule, RetentionRun

__all__ = [
    "Approval",
    "Backup",
    "Certificate",
    "CertificateKey",
    "ClosingLink",
    "DeletionCount",
    "DeletionJob",
    "DeletionStep",
    "DeletionTarget",
    "DestroyedKey",
    "Drill",
    "EarlyDecision",
    "ErasedName",
    "Export",
    "HeldItem",
    "HoldEvent",
    "LegalHold",
    "RetentionChange",
    "RetentionRule",
    "RetentionRun",
]
