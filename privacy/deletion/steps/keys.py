"""Step `keys`: the point of no return. What was sealed under them is unreadable everywhere, in old backups too."""

from collections.abc import Iterator

from accounts.sealing.keys import destroy_key
from accounts.vault.models import VaultKey
from privacy import clock
from privacy.deletion.counting import note_deleted
from privacy.deletion.reach import keys_of
from privacy.deletion.step import Progress, StepWaits
from privacy.deletion.turns import turn
from privacy.models import DeletionJob, DeletionStep

HOLD_FIRST = "A legal hold was placed meanwhile; what it keeps is put aside first."


class Keys:
    """Destroy the keys of what is deleted, every version, once nothing under a hold depends on them.

    The moment is committed before the vault destroys anything: a hold that comes later is told that it is too late.
    """

    name = "keys"

    def run(self, job: DeletionJob) -> Iterator[Progress]:
        """Destroy what is left; a key that is gone already is no fault. Contacts and rules have no key of their own."""
        if job.scope not in {DeletionJob.Scope.MAILBOX, DeletionJob.Scope.ORGANIZATION}:
            return
        self._pass_the_point(job)
        kinds = sorted(set(keys_of(job).values_list("kind", "scope")), key=_children_first)
        for number, (kind, scope) in enumerate(kinds, start=1):
            with turn(job):
                note_deleted(job, {VaultKey._meta.label: destroy_key(kind, scope)})
            yield Progress(number, len(kinds))

    def _pass_the_point(self, job: DeletionJob) -> None:
        from privacy.certificates.parts import note_keys
        from privacy.holding import is_secured, take_turn

        with turn(job) as held:
            take_turn(job.organization_id)
            is_early = held.key_destroyed_at is None and not is_secured(held)
            if not is_early:
                for kind, scope in set(keys_of(job).values_list("kind", "scope")):
                    note_keys(held, kind, scope)
                held.key_destroyed_at = held.key_destroyed_at or clock.now()
                held.save(update_fields=["key_destroyed_at"])
        if is_early:
            DeletionStep.objects.filter(job=job, name="holds").update(finished_at=None)
            raise StepWaits(HOLD_FIRST)
        job.key_destroyed_at = held.key_destroyed_at


def _children_first(key: tuple[str, object]) -> tuple[int, str]:
    """Mailbox keys are wrapped by the organization's; a kill between them leaves no key that nobody can name."""
    order = [VaultKey.Kind.MAILBOX, VaultKey.Kind.PROFILE, VaultKey.Kind.DIGEST, VaultKey.Kind.ORGANIZATION]
    return (order.index(VaultKey.Kind(key[0])) if key[0] in order else 0, str(key[1]))


STEP = Keys()
