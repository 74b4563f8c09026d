"""Who else is at a ticket, as pages show it: faces in the list and above the conversation, a strip at the composer."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from django.db.models import F
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Membership, Organization, User
from accounts.requests import DeskRequest
from accounts.rows import Rows, opened
from accounts.sealing.keys import Kind, keys
from accounts.templatetags.desk import avatar
from tickets.models import Ticket
from tickets.together.presence import Claim, Presence, seen_at

FACES = 3  # of those who only look; more are a number


class Named(Protocol):
    """Somebody with a name: a member, or the user of one."""

    @property
    def display_name(self) -> str:
        """Return the name."""


class Beside:
    """Who else is at the tickets of a list; names come along with the shell's query."""

    def __init__(self, request: DeskRequest, tickets: Sequence[Ticket]) -> None:
        """Ask Redis about these tickets, which the reader may see."""
        self.organization_id, self.me = request.organization.pk, request.membership.pk
        found = seen_at(request.organization.pk, [ticket.pk for ticket in tickets])
        self.by_number = {str(one.number): found[one.pk] for one in tickets if one.pk in found}
        self.member_ids = {pk for seen in found.values() for pk in seen.member_ids} - {self.me}

    def ask(self) -> Mapping[str, Any]:
        """Return who they are, for a page that has no shell."""
        asked = asked_beside(self.member_ids)
        own = Organization.objects.filter(pk=self.organization_id).annotate(**asked)
        return own.values(*asked).get() if asked else {}

    def pieces(self, along: Mapping[str, Any]) -> dict[str, SafeString]:
        """Return for each ticket's number what its line shows."""
        people = opened(User, along.get("beside", ()))
        keys.warm(Kind.PROFILE, {one.pk for one in people})
        names = {UUID(str(one.member_id)): one for one in people}  # type: ignore[attr-defined]
        pieces = {number: piece(number, seen, names, self.me) for number, seen in self.by_number.items()}
        return {number: shown for number, shown in pieces.items() if shown is not None}

    def mark(self, bands: Iterable[dict[str, Any]], along: Mapping[str, Any]) -> None:
        """Put it into the rows of a list."""
        shown = self.pieces(along)
        for row in (row for band in bands for row in band["rows"]):
            row["beside"] = shown.get(row["number"], "")


def asked_beside(member_ids: Collection[UUID]) -> dict[str, Rows]:
    """Return what the shell's query is to bring along of these members; nothing where nobody is there."""
    if not member_ids:
        return {}
    users = User.objects.filter(memberships__in=member_ids, memberships__is_active=True)
    return {"beside": Rows(users.values("id", "name", "email", member_id=F("memberships__id")))}


def piece(number: str, seen: Presence, people: Mapping[UUID, Named], me: UUID) -> SafeString | None:
    """Return who is at a ticket as its line in a list shows it: who answers in words, who looks as faces."""
    answering = people.get(seen.claim.member_id) if seen.claim and seen.claim.member_id != me else None
    if answering:
        said = format_html(
            '<span class="typing" aria-hidden="true"><i></i><i></i><i></i></span>{}',
            _("%(name)s is answering") % {"name": _short(answering)},
        )
    else:
        others = [people[pk] for pk in seen.here if pk != me and pk in people]
        said = faces(others)
    return format_html('<span class="presence" id="here-{}">{}</span>', number, said) if said else None


def faces(others: Sequence[Named]) -> SafeString:
    """Return the faces of those who look at a ticket, by name."""
    ordered = sorted(others, key=lambda one: one.display_name.casefold())
    shown = format_html_join(
        "",
        "{}",
        (
            (avatar(one.display_name, "agent here", _("%(name)s is reading this") % {"name": one.display_name}),)
            for one in ordered[:FACES]
        ),
    )
    more = len(ordered) - FACES
    return format_html('{}<span class="more">+{}</span>', shown, more) if more > 0 else shown


def beside_ticket(seen: Presence, members: Mapping[UUID, Membership], me: Membership) -> dict[str, Any]:
    """Return who else is at the ticket of a page: those who look, and whoever answers."""
    there = {pk: one for pk, one in members.items() if one.is_active and pk != me.pk}
    claim = seen.claim
    busy = there.get(claim.member_id) if claim else None
    return {
        "reading": faces([there[pk] for pk in seen.here if pk in there and there[pk] != busy]),
        "busy": avatar(busy.display_name, "agent busy", _answers(busy)) if busy else "",
        "claim": _strip(claim, busy, me) if claim and busy else None,
    }


def _strip(claim: Claim, busy: Membership, me: Membership) -> dict[str, Any]:
    return {
        "face": avatar(busy.display_name, "agent busy"),
        "name": busy.display_name,
        "since": claim.since,
        "was_mine": claim.before_id == me.pk,
    }


def _answers(one: Named) -> str:
    return _("%(name)s is answering") % {"name": one.display_name}


def _short(one: Named) -> str:
    return one.display_name.split(" ")[0]
