"""The access log as pages and files show it: who by name where the name is still there, what by number, no content."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import AccessEvent, Membership, Organization
from accounts.sealing.errors import SealingError
from accounts.sealing.keys import Kind, keys
from privacy.access_words import words_for
from tickets.models import Contact, Ticket

NAMED = 4  # things of one line


@dataclass
class Shown:
    """What a batch of lines needs to be said in words, found with three queries."""

    organization: Organization
    people: Mapping[UUID, str] = field(default_factory=dict)
    tickets: Mapping[UUID, int] = field(default_factory=dict)
    contacts: frozenset[UUID] = frozenset()

    @classmethod
    def of(cls, organization: Organization, events: Sequence[AccessEvent]) -> "Shown":
        """Look up what these events name."""
        ids = {pk for one in events for pk in _things(one)}
        tickets = Ticket.objects.filter(organization=organization, pk__in=ids).values_list("pk", "number")
        contacts = Contact.objects.filter(organization=organization, pk__in=ids).values_list("pk", flat=True)
        return cls(organization, names_of(organization), dict(tickets), frozenset(contacts))

    def who(self, event: AccessEvent) -> str:
        """Return who it was."""
        return person(event.user_id, self.people, is_staff=event.grant_id is not None)

    def things(self, event: AccessEvent) -> list[dict[str, str]]:
        """Return what was shown, each with its page where it has one."""
        slug, found = self.organization.slug, []
        for pk in _things(event):
            if pk in self.tickets:
                number = self.tickets[pk]
                found.append({"name": f"#{number}", "url": reverse("tickets:ticket", args=[slug, number])})
            elif pk in self.contacts:
                found.append({"name": _("a contact"), "url": reverse("tickets:contact", args=[slug, pk])})
            elif pk == event.object_id:
                found.append({"name": short(pk), "url": ""})
        return found[:NAMED]

    def more(self, event: AccessEvent, shown: int) -> str:
        """Return how many things the line tells of beyond those named."""
        left = event.amount - shown
        return (
            ngettext("%(count)d more", "%(count)d more", left) % {"count": left}
            if left > 0 and shown
            else (ngettext("%(count)d thing", "%(count)d things", left) % {"count": left} if left > 0 else "")
        )

    def row(self, event: AccessEvent) -> dict[str, Any]:
        """Return one line as a page shows it."""
        things = self.things(event)
        return {
            "at": event.at,
            "who": self.who(event),
            "verb": event.get_verb_display(),
            "purpose": event.get_purpose_display(),
            "under_grant": event.grant_id is not None,
            "things": things,
            "more": self.more(event, len(things)),
            "page": words_for(event.page),
            "ip": address_of(event),
        }

    def cells(self, event: AccessEvent) -> Iterable[str]:
        """Return one line as a file has it."""
        yield event.at.isoformat(timespec="seconds")
        yield self.who(event)
        yield str(event.user_id or "")
        yield event.verb
        yield event.purpose
        yield event.page
        yield " ".join(f"#{self.tickets[pk]}" if pk in self.tickets else str(pk) for pk in _all_things(event))
        yield str(event.amount)
        yield address_of(event)
        yield str(event.grant_id or "")


def names_of(organization: Organization) -> dict[UUID, str]:
    """Return the names of everybody who has or had a place at the organization, by user."""
    members = list(Membership.objects.filter(organization=organization).select_related("user"))
    keys.warm(Kind.PROFILE, {one.user_id for one in members})
    return {one.user_id: one.display_name for one in members}


def person(user_id: UUID | None, people: Mapping[UUID, str], *, is_staff: bool = False) -> str:
    """Return the name of a person, or what is left of somebody who has none here."""
    if user_id is None:
        return _("Deskhero itself")
    if is_staff:
        return _("The operator's staff (%(id)s)") % {"id": short(user_id)}
    return people.get(user_id) or _("Somebody who left (%(id)s)") % {"id": short(user_id)}


def short(pk: UUID) -> str:
    """Return the end of an id: enough to tell two apart."""
    return pk.hex[-6:]


def address_of(event: AccessEvent) -> str:
    """Return where it came from; nothing where the key is no more."""
    try:
        return event.ip or ""
    except SealingError:
        return ""


def _things(event: AccessEvent) -> list[UUID]:
    return _all_things(event)[: NAMED * 3]


def _all_things(event: AccessEvent) -> list[UUID]:
    return [*([event.object_id] if event.object_id else []), *event.object_ids]
