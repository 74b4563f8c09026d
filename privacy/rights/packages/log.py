"""The access log in a package: who looked at what is about the person, and what was written down about a user."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from heapq import nlargest
from itertools import chain
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.access_log.recording import OPERATOR
from accounts.models import AccessEvent, Membership, Organization, User
from accounts.tenancy.doors import organizations_with_access_log
from privacy.access_shown import address_of
from privacy.access_words import words_for
from privacy.rights.packages.masking import Masker, other_people
from tickets.models import Contact, Ticket

MOST = 10_000  # lines of one package, the newest: more is told by its number
CHUNK = 2_000
BATCH = 500
OF_THE_LOG = "privacy:export_access_log"  # a file of the log itself holds ids only
Verb = AccessEvent.Verb


def looks_at(
    things: Collection[UUID], organization: Organization, masker: Masker, *, since: datetime | None
) -> list[dict[str, Any]]:
    """Return who opened, downloaded or exported these things, newest first: when, why, and in which role.

    Colleagues are named by their role. What took the whole desk along names nothing, so it is told, too, from the day
    on which there was anything of the person's to take.
    """
    ids = sorted(things)
    told, count = _newest(chain(_about(ids, organization), _whole(ids, organization, since)))
    roles = dict(Membership.objects.filter(organization=organization).values_list("user_id", "role"))
    names = _names(ids, organization)
    lines = [
        {
            "at": one.at.isoformat(),
            "what": str(one.get_verb_display()),
            "page": str(words_for(one.page)),
            "about": names.get(one.object_id, "") if one.object_id else "",
            "purpose": str(one.get_purpose_display()),
            "by": _by(one, roles, organization),
        }
        for one in told
    ]
    where = _("The access log")
    if lines:
        masker.note(where, _("%(count)d lines name who looked by role only") % {"count": len(lines)}, other_people())
    if count > len(lines):
        left = _("%(count)d older lines") % {"count": count - len(lines)}
        masker.note(where, left, _("There are too many for one file: ask for them."))
    return lines


def own_lines(user: User) -> list[dict[str, Any]]:
    """Return what was written down about a user in every organization's log and in the operator's, newest first.

    It says what the person did and from where; not what stood there, which is the organization's.
    """
    own = (
        AccessEvent.objects.filter(organization_id=organization_id, user_id=user.pk).iterator(chunk_size=CHUNK)
        for organization_id in organizations_with_access_log()
    )
    told, _count = _newest(chain.from_iterable(own))
    names = dict(Organization.objects.filter(pk__in={one.organization_id for one in told}).values_list("pk", "name"))
    names[OPERATOR] = "Deskhero"
    return [
        {
            "at": one.at.isoformat(),
            "organization": names.get(one.organization_id) or _("An organization that is no more"),
            "what": str(one.get_verb_display()),
            "page": str(words_for(one.page)),
            "purpose": str(one.get_purpose_display()),
            "things": one.amount,
            "address": address_of(one),
        }
        for one in told
    ]


def _about(ids: list[UUID], organization: Organization) -> Iterator[AccessEvent]:
    """Yield the lines that name one of these things, by the index over what was opened."""
    for start in range(0, len(ids), BATCH):
        own = AccessEvent.objects.filter(organization_id=organization.pk, object_id__in=ids[start : start + BATCH])
        yield from own.iterator(chunk_size=CHUNK)


def _whole(ids: list[UUID], organization: Organization, since: datetime | None) -> Iterator[AccessEvent]:
    """Yield the exports that took along everything, or these things among others."""
    if since is None:
        return
    exports = AccessEvent.objects.filter(organization_id=organization.pk, verb=Verb.EXPORT, at__gte=since)
    whole = exports.exclude(page=OF_THE_LOG).filter(object_id=None)
    wanted = set(ids)
    yield from (one for one in whole.iterator(chunk_size=CHUNK) if not one.object_ids or wanted & {*one.object_ids})


def _newest(events: Iterable[AccessEvent]) -> tuple[list[AccessEvent], int]:
    """Return the newest lines and how many there are in all; no more than those are held in memory."""
    count = 0

    def counted() -> Iterator[AccessEvent]:
        nonlocal count
        for count, one in enumerate(events, start=1):  # noqa: B007 - told to the caller
            yield one

    return nlargest(MOST, counted(), key=lambda one: (one.at, one.pk)), count


def _by(event: AccessEvent, roles: dict[UUID, str], organization: Organization) -> str:
    if event.user_id is None:
        return "Deskhero"
    if event.grant_id is not None:
        return _("the operator's staff, under a grant")
    said = {
        Membership.Role.OWNER: _("an owner of %(organization)s"),
        Membership.Role.ADMIN: _("an admin of %(organization)s"),
        Membership.Role.AGENT: _("an agent of %(organization)s"),
        Membership.Role.VIEWER: _("a viewer of %(organization)s"),
    }
    left = _("somebody who left %(organization)s")
    role = roles.get(event.user_id)
    return (said[Membership.Role(role)] if role else left) % {"organization": organization.name}


def _names(ids: Collection[UUID], organization: Organization) -> dict[UUID, str]:
    tickets = Ticket.objects.filter(organization=organization, pk__in=ids).values_list("pk", "number")
    contacts = Contact.objects.filter(organization=organization, pk__in=ids).values_list("pk", flat=True)
    return {
        **{pk: _("what is kept about you") for pk in contacts},
        **{pk: _("Ticket %(number)d") % {"number": number} for pk, number in tickets},
    }
