"""organization_scope(): inside it the database shows one organization's rows and no others."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.db import connection, transaction

if TYPE_CHECKING:
    from accounts.models import Organization

TENANT_ROLE = "deskhero_tenant"
SETTING = "deskhero.organization"
# Both are local to the transaction: what a crash or a pooled connection leaves behind is the plain owner again.
ENTER = "SELECT set_config('role', %s, true), set_config('deskhero.organization', %s, true)"


class OutsideScope(Exception):
    """Something of an organization was asked for while the scope of no, or of another, organization was open."""


def current_organization_id() -> UUID | None:
    """Return the organization whose scope is open on this connection, or None."""
    return cast("UUID | None", getattr(connection, "deskhero_organization_id", None))


@contextmanager
def organization_scope(organization: "Organization | UUID | str") -> Iterator[UUID]:
    """Open a transaction in which only this organization's rows exist, as a role that owns nothing.

    Entering the scope that is already open changes nothing; entering another organization's raises OutsideScope.
    On success the transaction commits and what was queued with on_commit runs outside the scope; on an exception
    everything rolls back.
    """
    wanted = _id_of(organization)
    open_now = current_organization_id()
    if open_now == wanted:
        with transaction.atomic():
            yield wanted
        return
    if open_now is not None:
        raise OutsideScope("The scope of another organization is open.")
    with transaction.atomic():
        nested = len(connection.savepoint_ids) > 0
        with connection.cursor() as cursor:
            cursor.execute(ENTER, [TENANT_ROLE, str(wanted)])
        connection.deskhero_organization_id = wanted  # type: ignore[attr-defined]
        try:
            yield wanted
            if nested and not connection.needs_rollback:  # the outer transaction goes on, so the settings must not
                with connection.cursor() as cursor:
                    cursor.execute(ENTER, ["none", ""])
        finally:
            connection.deskhero_organization_id = None  # type: ignore[attr-defined]


def _id_of(organization: "Organization | UUID | str") -> UUID:
    if isinstance(organization, UUID):
        return organization
    if isinstance(organization, str):
        return UUID(organization)
    return organization.pk
