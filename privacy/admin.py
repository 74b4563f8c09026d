"""The desk of the data protection officer: requests, deletion jobs, certificates, approvals, holds, backups, ledger."""

from privacy import request_admin  # noqa: F401 - registers the requests
from privacy.holds import admin as holds  # noqa: F401 - registers
from privacy.staff import backups, certificates, jobs, today  # noqa: F401 - register
