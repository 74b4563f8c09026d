"""The desk of the data protection officer: requests, deletion jobs, certificates, approvals, holds, backups, ledger."""

from accounts.admin_names import PLACES
from privacy import request_admin  # noqa: F401 - registers the requests
from privacy.access_words import words_for
from privacy.holds import admin as holds  # noqa: F401 - registers
from privacy.staff import backups, certificates, jobs  # noqa: F401 - register

PLACES.append(words_for)
