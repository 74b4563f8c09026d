"""Time that passes, and proofs that are read: what an operator's commands do beside the running desk.

The time comes as it does after an outage: `manage.py run_retention`, with the clock of a later day.
"""

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Download, Page

from tests.browser.conftest import HOME, Desk, surroundings
from tests.browser.customers import service_mails


def manage(desk: Desk, *words: str, **extra: str) -> str:
    """Run a command of the operator beside the running desk, and return what it said."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=HOME,
        env=surroundings(desk.data) | extra,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def eight_days_pass(desk: Desk) -> str:
    """Let the deletions of the next eight days be done now, and return what was said of them."""
    moment = timezone.now() + timedelta(days=8)
    return manage(desk, "run_retention", "--now", moment.isoformat(), DESKHERO_TEST_CLOCK="1")


def is_genuine(desk: Desk, taken: Download, folder: Path) -> bool:
    """Verify the file as anybody may: the command reads the file and asks no database."""
    file = folder / taken.suggested_filename
    taken.save_as(file)
    return "genuine" in manage(desk, "verify_certificate", str(file))


def link_in_service_mail(page: Page, desk: Desk, address: str, path: str) -> str:
    """Return the newest link to such a page that the desk itself mailed to this address."""
    for text in service_mails(page, desk.customers, address):
        if found := re.search(rf"{re.escape(desk.url)}{path}\S+", text):
            return found[0]
    pytest.fail(f"No mail to {address} leads to {path}.")
