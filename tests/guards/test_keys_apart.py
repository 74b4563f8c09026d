"""Keys of organizations share a cache and nothing else: one that cannot be opened is nobody else's trouble."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from accounts.sealing.errors import KeyDestroyed, SealingError
from accounts.sealing.keys import Kind, destroy_key, keys
from accounts.vault.models import VaultKey
from tests.guards.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_minute_passes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """What is in the cache grows old at once."""

    def pass_by() -> None:
        later = time.monotonic() + 61
        monkeypatch.setattr("accounts.sealing.keys.time.monotonic", lambda: later)

    return pass_by  # type: ignore[return-value]


def test_a_destroyed_organization_stops_no_other(two_worlds: tuple[World, World], a_minute_passes: Any) -> None:
    ours, theirs = two_worlds
    assert keys.current(Kind.MAILBOX, ours.mailbox.pk)
    assert keys.current(Kind.MAILBOX, theirs.mailbox.pk)
    destroy_key(Kind.ORGANIZATION, theirs.organization.pk)
    a_minute_passes()

    assert keys.current(Kind.MAILBOX, ours.mailbox.pk)
    with pytest.raises(KeyDestroyed):
        keys.current(Kind.MAILBOX, theirs.mailbox.pk)


def test_a_spoiled_row_of_the_vault_stops_no_other(two_worlds: tuple[World, World], a_minute_passes: Any) -> None:
    ours, theirs = two_worlds
    keys.warm(Kind.MAILBOX, {ours.mailbox.pk, theirs.mailbox.pk})
    VaultKey.objects.filter(scope=theirs.mailbox.pk).update(wrapped=bytes(60))
    a_minute_passes()

    assert keys.current(Kind.MAILBOX, ours.mailbox.pk)
    with pytest.raises(SealingError):
        keys.current(Kind.MAILBOX, theirs.mailbox.pk)


def test_a_wrapped_key_moved_to_another_organization_does_not_open(two_worlds: tuple[World, World]) -> None:
    ours, theirs = two_worlds
    stolen = VaultKey.objects.get(kind=Kind.MAILBOX, scope=theirs.mailbox.pk).wrapped
    VaultKey.objects.filter(kind=Kind.MAILBOX, scope=ours.mailbox.pk).update(wrapped=stolen)
    keys.forget()

    with pytest.raises(SealingError):
        keys.current(Kind.MAILBOX, ours.mailbox.pk)
