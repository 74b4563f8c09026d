"""Out of the outbox again, as long as nobody has begun to send it."""

from django.db import transaction

from mailbox.models import OutboundEmail


@transaction.atomic
def take_back_email(email: OutboundEmail) -> bool:
    """Delete a mail that still waits and return whether it did; one that was begun, ever, may have left: it stays.

    Who sends holds the row while claiming it, so a mail is either taken back or sent, never both.
    """
    row = OutboundEmail.objects.select_for_update().filter(pk=email.pk).first()
    if row is None or row.state != OutboundEmail.State.QUEUED or row.claimed_at or row.attempts:
        return False
    if row.raw_inline is None:
        transaction.on_commit(row.raw_file.delete)
    row.delete()
    return True
