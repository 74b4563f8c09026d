"""The desk of the data protection officer: deletion jobs, certificates, approvals, legal holds."""

from privacy.holds import admin as holds  # noqa: F401 - registers
from privacy.staff import certificates, jobs  # noqa: F401 - register
