"""Renewing a token: one worker at a time, saved in the same step, and the newest always wins."""

from collections.abc import Callable
from typing import Any

from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from mailbox.providers.base import AuthorizationExpired

Credentials = dict[str, Any]


def renew(mailbox: Mailbox, ask: Callable[[Credentials], Credentials]) -> None:
    """Give the mailbox a newer token than the one it holds in memory.

    The row is locked while the provider is asked. Who finds a newer version there takes it and asks nobody. So a
    refusal is always about what is stored now, and a rotated refresh token is saved before anybody uses it.
    """
    with organization_scope(mailbox.organization_id):
        row = Mailbox.objects.select_for_update().filter(pk=mailbox.pk).first()
        if row is None or row.is_disconnected or not row.credentials:
            raise AuthorizationExpired("disconnected", version=mailbox.credentials_version)
        if row.credentials_version == mailbox.credentials_version:
            try:
                row.credentials = ask(row.credentials)
            except AuthorizationExpired as error:
                error.version = row.credentials_version
                raise
            row.credentials_version += 1
            row.save(update_fields=["credentials", "credentials_version"])
    mailbox.credentials, mailbox.credentials_version = row.credentials, row.credentials_version
