"""Rotation: a new root key, or a new version of an organization's or mailbox's key, under which all is sealed again.

Every step is small, commits on its own and looks for what is still old, so that a run can be killed and started again.
Old versions stay in the vault: backups of the data made before still name them.
"""

import base64
import time
from collections.abc import Callable
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from accounts.adapters import MFA_PLACE
from accounts.sealing.envelope import seal, unseal, unseal_under_root
from accounts.sealing.errors import SealingError
from accounts.sealing.keys import Kind, fingerprint, keys, make_key, parent_for, root_key, unwrap, wrap
from accounts.sealing.resealing import Target, reseal_all
from accounts.signals import root_key_rotated
from accounts.vault.models import VaultKey


class Rotation:
    """One run: tells its progress and counts what it did and what could not be opened."""

    def __init__(self, say: Callable[[str], None]) -> None:
        """Take where to tell the progress."""
        self.say, self.done, self.unreadable = say, 0, 0

    def root(self) -> None:
        """Wrap under the present root key whatever the previous one wrapped or sealed, second steps included."""
        mark = f"root:{fingerprint(root_key())}"
        old = VaultKey.objects.filter(wrapped_by__startswith="root:", wrapped__isnull=False).exclude(wrapped_by=mark)
        self._wrap_again("vault keys", old)
        done = unreadable = 0
        for pk in list(Authenticator.objects.order_by("pk").values_list("pk", flat=True)):
            try:
                done += _reseal_second_step(pk)
            except SealingError:
                unreadable += 1
        self._tell("second steps", done, unreadable)
        root_key_rotated.send(Rotation)

    def organization(self, organization_id: UUID) -> int:
        """Bring all under the organization's key to its newest version, made first if nothing is old; return it."""
        return self._rotate(Kind.ORGANIZATION, organization_id, organization_id)

    def mailbox(self, mailbox_id: UUID, organization_id: UUID) -> int:
        """Bring all under the mailbox's key, files included, to its newest version, made first if nothing is old."""
        return self._rotate(Kind.MAILBOX, mailbox_id, organization_id)

    def _rotate(self, kind: str, owner: UUID, organization_id: UUID) -> int:
        keys.forget(kind, owner)
        target = Target(kind, owner, organization_id, keys.current(kind, owner).version)
        self._bring_up(target)
        if not self.done:  # nothing was left over from a run that was killed
            key = make_key(kind, owner, organization=organization_id, version=target.version + 1)
            target = Target(kind, owner, organization_id, key.version)
            self.say(f"made version {key.version}")
            self._bring_up(target)
        self._wait_for_old_caches(target)
        self._bring_up(target)  # what other processes sealed with the old version in the meantime
        return target.version

    def _bring_up(self, target: Target) -> None:
        if target.kind == Kind.ORGANIZATION:
            wrapped = VaultKey.objects.filter(
                kind__in=[Kind.MAILBOX, Kind.CASE], organization=target.organization, wrapped__isnull=False
            )
            self._wrap_again(
                "keys of mailboxes and cases", wrapped.exclude(wrapped_by=f"{target.kind}:{target.version}")
            )
        for what, done, unreadable in reseal_all(target):
            self._tell(what, done, unreadable)

    def _wait_for_old_caches(self, target: Target) -> None:
        row = VaultKey.objects.get(kind=target.kind, scope=target.owner, version=target.version)
        left = settings.KEY_CACHE_SECONDS + 1 - (timezone.now() - row.created_at).total_seconds()
        if settings.KEY_CACHE_SECONDS and left > 0:
            self.say(f"waiting {left:.0f} s until every process knows version {target.version}")
            time.sleep(left)

    def _wrap_again(self, what: str, old: models.QuerySet[VaultKey]) -> None:
        done = unreadable = 0
        for pk in list(old.order_by("pk").values_list("pk", flat=True)):
            with transaction.atomic(using="vault"):
                row = VaultKey.objects.select_for_update().get(pk=pk)
                if row.wrapped is None:  # destroyed a moment ago
                    continue
                try:
                    wrap(parent_for(row), row, unwrap(row).secret)
                except SealingError:
                    unreadable += 1
                    continue
                row.save(update_fields=["wrapped", "wrapped_by"])
                done += 1
        self._tell(what, done, unreadable)

    def _tell(self, what: str, done: int, unreadable: int) -> None:
        self.done, self.unreadable = self.done + done, self.unreadable + unreadable
        if done or unreadable:
            self.say(f"{what}: {done} sealed again" + (f", {unreadable} could not be opened" if unreadable else ""))


@transaction.atomic
def _reseal_second_step(pk: int) -> bool:
    """Seal the secrets of one second step under the present root key; return whether any was under the old one."""
    row = Authenticator.objects.select_for_update().get(pk=pk)
    changed = False
    for name in ("secret", "seed"):  # of an authenticator app, of recovery codes
        if name in row.data:
            sealed = base64.b64decode(row.data[name])
            try:
                unseal(root_key(), MFA_PLACE, sealed)
            except SealingError:
                opened = unseal_under_root(MFA_PLACE, sealed)
                row.data[name] = base64.b64encode(seal(root_key(), MFA_PLACE, opened)).decode()
                changed = True
    if changed:
        row.save(update_fields=["data"])
    return changed
