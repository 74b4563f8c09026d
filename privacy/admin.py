"""The desk of the data protection officer: deletion jobs, certificates, approvals, holds, backups, the ledger."""

from privacy.holds import admin as holds  # noqa: F401 - registers
from privacy.staff import backups, certificates, jobs  # noqa: F401 - register
