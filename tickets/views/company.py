"""What a ticket's page shows of those who work on it together; its rows come along with the shell's query."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import Membership
from accounts.requests import DeskRequest
from accounts.rows import Rows
from tickets.models import Following, Notification, Ticket
from tickets.together.presence import NOBODY, seen_at
from tickets.views.beside import beside_ticket
from tickets.views.shell import Counted, shown


def asked_of_company(request: DeskRequest, number: int) -> dict[str, Any]:
    """Return what the shell's query is to bring along: who follows this ticket, and what of it was not read yet."""
    following = Following.objects.filter(ticket__organization=request.organization, ticket__number=number).on()
    unread = Notification.objects.filter(member=request.membership, ticket__number=number).unread()
    return {
        "followers": Rows(following.values("member_id")),
        "unread_here": Counted(unread.shown().values("pk")),
        "unmarked_here": Counted(unread.values("pk")),
    }


def company(
    request: DeskRequest, ticket: Ticket, members: Mapping[UUID, Any], around: dict[str, Any]
) -> dict[str, Any]:
    """Return who follows the ticket, who is at it, and whom a note may call; looking at it reads what is said of it."""
    me, along = request.membership, around["counts"]
    if request.method == "GET" and along["unmarked_here"]:
        Notification.objects.filter(member=me, ticket=ticket).unread().update(read_at=timezone.now())
        around["navigation"]["unread"] = shown(around["unread"] - along["unread_here"])
    follower_ids = {UUID(row["member_id"]) for row in along["followers"]}
    followers = [one for pk, one in members.items() if pk in follower_ids and one.is_active and one.may_see]
    seen = seen_at(request.organization.pk, [ticket.pk]).get(ticket.pk, NOBODY)
    return {
        "beside": beside_ticket(seen, members, me),
        "followers": _names([one for one in followers if one.pk != me.pk]),
        "is_followed": me.pk in follower_ids,
        "callable": _names([one for one in members.values() if one.may_see and one.pk != me.pk]),
    }


def _names(members: list[Membership]) -> list[str]:
    return sorted((one.display_name for one in members), key=str.casefold)
