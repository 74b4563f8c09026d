"""Writing a line of the access log. What cannot be written must not be answered."""

import logging
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.db import Error, connection
from django.http import HttpRequest, HttpResponseBase

from accounts.access_log.noting import Noted, Verb
from accounts.ids import id_or_none
from accounts.models import AccessEvent, AccessGrant
from accounts.sealing.errors import SealingError
from accounts.tenancy import organization_scope
from accounts.tenancy.scope import ENTER, TENANT_ROLE

logger = logging.getLogger(__name__)

SAFE = {"GET", "HEAD", "OPTIONS"}
OPERATOR = UUID(int=0)  # whose log the pages of Django admin are in
_NOTHING_SHOWN = {"index", "app_list", "jsi18n", "login", "logout", "view_on_site"}  # of Django admin


class AccessNotLogged(Exception):
    """The access log could not be written, so nothing may be shown."""


def record_access(event: AccessEvent) -> None:
    """Write one event and commit it, unless a transaction is open already: then it commits with what it tells of."""
    try:
        if connection.in_atomic_block:
            with organization_scope(event.organization_id):
                event.save(force_insert=True)
        else:
            _insert_at_once(event)
    except (Error, SealingError) as error:
        logger.error("The access log of %s cannot be written: %s", event.organization_id, type(error).__name__)
        raise AccessNotLogged from error


def _insert_at_once(event: AccessEvent) -> None:
    """Enter the scope, insert and commit in one round trip: statements sent together are one transaction.

    Role and organization are local to it, so that nothing is left on the connection; a page pays for one answer of the
    database, not for four.
    """
    columns = [field for field in AccessEvent._meta.concrete_fields if field.name != "at"]  # the database's clock
    values = [field.get_db_prep_save(field.pre_save(event, add=True), connection) for field in columns]
    names = ", ".join(f'"{field.column}"' for field in columns)
    places = ", ".join("%s::uuid[]" if field.name == "object_ids" else "%s" for field in columns)
    sql = f"/* access log */ {ENTER}; INSERT INTO {AccessEvent._meta.db_table} ({names}) VALUES ({places})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [TENANT_ROLE, str(event.organization_id), *values])


def event_of(request: Any, view: Any, response: HttpResponseBase) -> AccessEvent | None:
    """Return the line that tells of an answer; None where it shows and changes nothing worth one.

    A redirect after a change is a change; one after a question shows nothing. Errors show a sentence of ours, but a
    form that needs another look (422) shows its page again.
    """
    is_change = request.method not in SAFE and not getattr(view, "is_question", False)
    if getattr(view, "contentless", "") or not _tells(response.status_code, is_change=is_change):
        return None
    noted: Noted = request.noted
    grant: AccessGrant | None = request.grant
    return AccessEvent(
        organization_id=request.organization.pk,
        user_id=request.user.pk,
        verb=getattr(view, "access_verb", Verb.CHANGE if is_change else Verb.READ),
        page=request.resolver_match.view_name,
        purpose=grant.purpose if grant else AccessEvent.Purpose.WORK,
        grant_id=grant.pk if grant else None,
        object_id=noted.object_id,
        object_ids=list(noted.others),
        amount=noted.amount,
        ip=address_of(request),
    )


def of_staff(request: HttpRequest, response: HttpResponseBase) -> AccessEvent | None:
    """Return the line of a page of Django admin: in a chain of the operator's own, which belongs to no organization."""
    match = request.resolver_match
    is_change = request.method not in SAFE
    if match is None or match.url_name in _NOTHING_SHOWN or not _tells(response.status_code, is_change=is_change):
        return None
    looks = Verb.READ if "object_id" in match.kwargs else Verb.LIST
    return AccessEvent(
        organization_id=OPERATOR,
        user_id=request.user.pk,
        verb=Verb.CHANGE if is_change else looks,
        page=match.view_name[:60],
        purpose=AccessEvent.Purpose.OPERATE,
        object_id=id_or_none(match.kwargs.get("object_id", "")),
    )


def address_of(request: HttpRequest) -> str | None:
    """Return where a request comes from, as far as a trusted proxy says so."""
    address: str | None = get_adapter().get_client_ip(request)
    return address


def of_member(organization_id: UUID, user_id: UUID | None, verb: str, page: str, **more: Any) -> AccessEvent:
    """Return an event for what happens outside a page: a picture for a frame, a file that a task made."""
    return AccessEvent(organization_id=organization_id, user_id=user_id, verb=verb, page=page, **more)


def _tells(status: int, *, is_change: bool) -> bool:
    return status < 300 or status == 422 or (is_change and status < 400)
