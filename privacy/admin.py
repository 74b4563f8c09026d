"""The desk of the data protection officer: deletion jobs, certificates, approvals."""

from privacy.staff import certificates, jobs  # noqa: F401 - register
