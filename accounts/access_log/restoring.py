"""After a backup was restored: the chain says what it lost and goes on, instead of closing the gap silently."""

from uuid import UUID

from accounts.access_log.anchors import anchored_organizations, anchors_of
from accounts.access_log.chain import signature_of
from accounts.access_log.sealing import head_of
from accounts.models import AccessCheckpoint
from accounts.tenancy import organization_scope

Reason = AccessCheckpoint.Reason


def note_restores() -> int:
    """Write it for every chain whose head is kept outside; return how many had lost something."""
    return sum(note_restore(pk) is not None for pk in sorted(anchored_organizations()))


def note_restore(organization_id: UUID) -> AccessCheckpoint | None:
    """Write a signed checkpoint where the anchors know more than the restored log does; else there is nothing to say.

    The next row follows the last number that was ever given, so that no number stands for two events.
    """
    known = max(anchors_of(organization_id), key=lambda one: one.number, default=None)
    with organization_scope(organization_id):
        number, _head = head_of(organization_id)
        if known is None or known.number <= number:
            return None
        return AccessCheckpoint.objects.create(
            organization_id=organization_id,
            reason=Reason.RESTORE,
            number=known.number,
            hash=known.hash,
            lost_number=known.number,
            signature=signature_of(Reason.RESTORE, organization_id, known.number, known.hash),
        )
