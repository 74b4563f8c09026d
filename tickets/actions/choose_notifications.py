"""By which ways a member wants to know what."""

from collections.abc import Sequence

from accounts.models import Membership
from tickets.models import Notification, NotificationChoice

_WAYS = ["in_app", "in_browser", "by_mail"]


def choices_of(member: Membership) -> list[NotificationChoice]:
    """Return what holds for each kind that can reach this member, chosen or not."""
    own = {one.kind: one for one in NotificationChoice.objects.filter(member=member)}
    kinds = [kind for kind in Notification.Kind if kind != Notification.Kind.MAILBOX or member.is_admin]
    return [own.get(kind) or NotificationChoice.default(member, kind) for kind in kinds]


def choose_notifications(member: Membership, choices: Sequence[NotificationChoice]) -> None:
    """Keep a member's choices, over those from before."""
    rows = [one for one in choices if one.member_id == member.pk]
    NotificationChoice.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["member", "kind"], update_fields=_WAYS
    )
