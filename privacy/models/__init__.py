"""What is promised, done and proven."""

from privacy.models.backup import Backup, Drill
from privacy.models.certificate import Certificate, CertificateKey, ClosingLink, DestroyedKey, ErasedName
from privacy.models.data_subject_request import DataSubjectRequest
from privacy.models.decision import Approval, EarlyDecision
from privacy.models.deletion_job import DeletionCount, DeletionJob, DeletionStep, DeletionTarget
from privacy.models.export import Export
from privacy.models.legal_hold import HeldItem, HoldEvent, LegalHold
from privacy.models.request_finding import RequestFinding
from privacy.models.request_letter import RequestLetter
from privacy.models.request_package import RequestPackage
from privacy.models.request_record import IdentityEvidence, RequestEvent, RequestQuestion
from privacy.models.retention import RetentionChange, RetentionRule, RetentionRun

__all__ = [
    "Approval",
    "Backup",
    "Certificate",
    "CertificateKey",
    "ClosingLink",
    "DataSubjectRequest",
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
    "IdentityEvidence",
    "LegalHold",
    "RequestEvent",
    "RequestFinding",
    "RequestLetter",
    "RequestPackage",
    "RequestQuestion",
    "RetentionChange",
    "RetentionRule",
    "RetentionRun",
]
