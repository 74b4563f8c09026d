"""Doorbells of the virus scanner: they take ids, and ask for one file after another."""

import logging
from uuid import UUID

from celery import shared_task

from accounts import clamd
from accounts.tenancy import organization_scope
from accounts.tenancy.doors import organization_ids
from tickets.actions.check_files import content_to_check, note_verdict, waiting_files

logger = logging.getLogger(__name__)


@shared_task
def check_files(organization_id: str, attachment_ids: list[str]) -> None:
    """Look at these files, one after another; without a scanner that answers they wait for the next sweep."""
    for attachment_id in attachment_ids:
        if not _check(UUID(organization_id), UUID(attachment_id)):
            return


@shared_task
def sweep_unchecked() -> None:
    """Look at what waits because the scanner did not answer, or because a task was lost."""
    if not clamd.is_set_up():
        return
    waiting = {organization_id: _waiting(organization_id) for organization_id in organization_ids()}
    count = sum(len(ids) for ids in waiting.values())
    if count and not clamd.is_up():
        logger.warning("The virus scanner does not answer; files that wait for it: %d or more", count)
        return
    for organization_id, ids in waiting.items():
        if ids:
            check_files.delay(str(organization_id), [str(pk) for pk in ids])


def _waiting(organization_id: UUID) -> list[UUID]:
    with organization_scope(organization_id):
        return waiting_files()


def _check(organization_id: UUID, attachment_id: UUID) -> bool:
    """Return whether the scanner answered; no transaction is open while it looks."""
    with organization_scope(organization_id):
        pieces = content_to_check(attachment_id)
    if pieces is None:
        return True
    try:
        verdict = clamd.scan(pieces)
    except clamd.ScannerDown:
        return False
    with organization_scope(organization_id):
        note_verdict(attachment_id, verdict)
    return True
