"""Who would begin and who would cease to see a ticket if it lay in another mailbox: said before it is moved."""

from dataclasses import dataclass

from accounts.models import Membership
from mailbox.access import members_who_see
from mailbox.models import Mailbox

NAMED = 8  # people called by name; the rest are counted


@dataclass(frozen=True)
class Audience:
    """What a move changes about who sees a ticket."""

    gained: list[str]
    gained_more: int  # beside those that are named
    lost: list[str]
    lost_more: int
    is_same: bool


def audience_of_move(now: Mailbox, then: Mailbox) -> Audience:
    """Return whom a ticket becomes visible to, and for whom it disappears, when it goes from one mailbox to another."""
    before = {one.pk: one for one in members_who_see(now).select_related("user")}
    after = {one.pk: one for one in members_who_see(then).select_related("user")}
    gained = _names([one for pk, one in after.items() if pk not in before])
    lost = _names([one for pk, one in before.items() if pk not in after])
    return Audience(
        gained[:NAMED], max(0, len(gained) - NAMED), lost[:NAMED], max(0, len(lost) - NAMED), not gained and not lost
    )


def _names(members: list[Membership]) -> list[str]:
    return sorted((one.display_name for one in members), key=str.casefold)
