"""Doorbells of requests: they take ids, call one action, and say when to ring again."""

import time
from collections.abc import Callable
from smtplib import SMTPException
from uuid import UUID

from celery import shared_task
from django.conf import settings

from accounts.tenancy import organization_scope
from accounts.tenancy.doors import open_organization, organization_ids
from privacy.actions.remind_requests import remind_requests
from privacy.actions.requests.erase_person import erase_some
from privacy.actions.requests.find_person import find_some
from privacy.actions.requests.from_mail import pass_on_again
from privacy.actions.requests.letters import mail_user_letter, put_letter_into_outbox
from privacy.actions.requests.package import expire_packages, pack_some
from privacy.actions.requests.sweep import forget_old_cases, left_behind, letters_left_behind
from privacy.actions.requests.to_operator import open_from_mail_to_operator

RUN_SECONDS = 120  # of one task that works through many rows


@shared_task
def send_request_letter(organization_id: str, letter_id: str) -> None:
    """Put a letter of a case into the outbox of its organization's mailbox."""
    with organization_scope(organization_id):
        put_letter_into_outbox(UUID(letter_id))


@shared_task(autoretry_for=[SMTPException, OSError], retry_backoff=True, max_retries=6)
def send_user_letter(letter_id: str) -> None:
    """Mail a letter of the operator."""
    mail_user_letter(UUID(letter_id))


@shared_task
def open_for_operator(organization_id: str, message_id: str) -> None:
    """Open the case of a mail to the operator's own privacy address."""
    open_from_mail_to_operator(UUID(organization_id), UUID(message_id))


@shared_task
def pass_on_requests() -> None:
    """Make up for bells of the operator's privacy address that were lost."""
    if organization := open_organization(settings.OPERATOR_ORGANIZATION):
        with organization_scope(organization):
            pass_on_again()


@shared_task
def remind_of_requests() -> None:
    """Send the alarms that are due."""
    remind_requests()


@shared_task
def look_for_person(organization_id: str, request_id: str) -> None:
    """Look through everything for the person of a case, batch by batch; ring again where more is left."""
    if _goes_on(organization_id, lambda: find_some(UUID(request_id))):
        look_for_person.delay(organization_id, request_id)


@shared_task
def pack(organization_id: str, package_id: str) -> None:
    """Make a package; what was begun by a worker that died is begun again."""
    with organization_scope(organization_id):
        pack_some(UUID(package_id))


@shared_task
def pack_for_user(package_id: str) -> None:
    """Make the package of a person who signs in, in the operator's queue."""
    pack_some(UUID(package_id))


@shared_task
def sweep_requests() -> None:
    """Ring for letters that wait, go on with what lost its worker, and end what is over."""
    for letter_id in letters_left_behind():
        send_user_letter.delay(str(letter_id))
    expire_packages()
    forget_old_cases()
    for package_id in left_behind().packages:
        pack_for_user.delay(str(package_id))
    for organization_id in organization_ids():
        with organization_scope(organization_id):
            letters, lost = letters_left_behind(), left_behind()
            expire_packages()
            forget_old_cases()
        for letter_id in letters:
            send_request_letter.delay(str(organization_id), str(letter_id))
        for request_id in lost.finders:
            look_for_person.delay(str(organization_id), str(request_id))
        for request_id in lost.erasures:
            erase_person.delay(str(organization_id), str(request_id))
        for package_id in lost.packages:
            pack.delay(str(organization_id), str(package_id))


def _goes_on(organization_id: str, some: Callable[[], bool]) -> bool:
    until = time.monotonic() + RUN_SECONDS
    more = True
    while more and time.monotonic() < until:
        with organization_scope(organization_id):
            more = some()
    return more


@shared_task
def erase_person(organization_id: str, request_id: str) -> None:
    """Carry an approved erasure on, batch by batch; ring again where more is left."""
    if _goes_on(organization_id, lambda: erase_some(UUID(request_id))):
        erase_person.delay(organization_id, request_id)
