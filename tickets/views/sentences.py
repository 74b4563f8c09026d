"""What an event says, in a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.sealing.errors import SealingError
from mailbox.models import Mailbox
from tickets.models import Event, Ticket

Words = dict[str, str]


@dataclass(frozen=True)
class Sentences:
    """Says events to one reader; members and teams are given, so that names cost no query."""

    me: Membership
    members: Mapping[UUID, Membership]
    teams: Mapping[UUID, str]

    def name_of(self, member_id: Any) -> str:
        """Return a colleague's name, also of one who has left."""
        member = self.members.get(member_id)
        return member.display_name if member else _("A former colleague")

    def of(self, event: Event) -> str:
        """Return the sentence."""
        by = _("You") if event.by_id == self.me.pk else self.name_of(event.by_id) if event.by_id else ""
        words = {
            "by": by,
            "to": self.name_of(event.assignee_id) if event.assignee_id else "",
            "team": self.teams.get(event.team_id, "") if event.team_id else "",
            "other": f"#{event.other.number}" if event.other else _("a ticket that is no more"),
            "mailbox": _address_of(event.mailbox),
            "field": event.field.name if event.field else _("a field that is no more"),
        }
        told = {
            Event.Verb.ASSIGNED: self._assigned,
            Event.Verb.UNASSIGNED: self._unassigned,
            Event.Verb.RELEASED: self._released,
            Event.Verb.PRIORITIZED: _prioritized,
            Event.Verb.SNOOZED: _snoozed,
        }
        if event.verb in told:
            return told[Event.Verb(event.verb)](event) % words
        return _plain(event, by=by) % words

    def _assigned(self, event: Event) -> str:
        if event.team_id:
            return _("%(by)s gave this ticket to the team %(team)s")
        if event.assignee_id is None:
            return _("%(by)s gave this ticket to a team that is no more")
        if event.assignee_id == event.by_id:
            return _("%(by)s took this ticket")
        if event.assignee_id == self.me.pk:
            return _("%(by)s gave this ticket to you")
        return _("%(by)s gave this ticket to %(to)s")

    def _unassigned(self, event: Event) -> str:
        if event.team_id:
            return _("%(by)s took this ticket from the team %(team)s")
        return _("%(by)s gave this ticket back")

    def _released(self, event: Event) -> str:
        if event.team_id:
            return _("The team %(team)s may no longer see this mailbox, so it no longer has this ticket")
        if event.assignee_id is None:
            return _("The team that had this ticket was deleted")
        if event.assignee_id == self.me.pk:
            return _("You could no longer see or answer this ticket, so it was given back")
        return _("%(to)s can no longer see or answer this ticket, so it was given back")


def _prioritized(event: Event) -> str:
    return {
        Ticket.Priority.LOW: _("%(by)s set the priority to low"),
        Ticket.Priority.HIGH: _("%(by)s set the priority to high"),
        Ticket.Priority.URGENT: _("%(by)s set the priority to urgent"),
    }.get(Ticket.Priority(event.priority or Ticket.Priority.NORMAL), _("%(by)s set the priority to normal"))


def _snoozed(event: Event) -> str:
    if event.until is None:
        return _("%(by)s snoozed this ticket until the contact writes")
    at = date_format(timezone.localtime(event.until), "j M, H:i")
    return _("%(by)s snoozed this ticket until {time}").replace("{time}", at.replace("%", "%%"))


def _plain(event: Event, *, by: str) -> str:
    sentences = {
        Event.Verb.OPENED: _("A mail opened this ticket"),
        Event.Verb.REOPENED: _("%(by)s opened this ticket again") if by else _("A mail opened this ticket again"),
        Event.Verb.CLOSED: _("%(by)s closed this ticket") if by else _("This ticket was closed"),
        Event.Verb.ANSWERED: _("%(by)s answered"),
        Event.Verb.SEND_FAILED: _("An answer could not be sent"),
        Event.Verb.BOUNCED: _("An answer could not be delivered"),
        Event.Verb.ALSO_CAME: _("The same mail also came to %(mailbox)s. It is here only"),
        Event.Verb.MERGED: _("%(by)s merged this ticket into %(other)s"),
        Event.Verb.ABSORBED: _("%(by)s merged %(other)s into this ticket"),
        Event.Verb.UNMERGED: _("%(by)s took this ticket out of %(other)s again"),
        Event.Verb.GAVE_BACK: _("%(by)s took %(other)s out of this ticket again"),
        Event.Verb.SPLIT: _("%(by)s split %(other)s off this ticket"),
        Event.Verb.SPLIT_OFF: _("%(by)s split this ticket off %(other)s"),
        Event.Verb.LINKED: _("%(by)s linked this ticket with %(other)s"),
        Event.Verb.DUPLICATES: _("%(by)s marked this ticket as a duplicate of %(other)s"),
        Event.Verb.DUPLICATED_BY: _("%(by)s marked %(other)s as a duplicate of this ticket"),
        Event.Verb.UNLINKED: _("%(by)s took the link with %(other)s away"),
        Event.Verb.MOVED: _("%(by)s moved this ticket here from %(mailbox)s"),
        Event.Verb.FIELD_CHANGED: _("%(by)s changed “%(field)s”"),
        Event.Verb.STATE_RESTORED: _("%(by)s took that back: this ticket is as it was before"),
        Event.Verb.WOKEN: _("%(by)s woke this ticket") if by else _("This ticket woke up"),
        Event.Verb.SPAM: _("%(by)s set this ticket aside as spam"),
        Event.Verb.NOT_SPAM: _("%(by)s said that this is no spam"),
        Event.Verb.UNDONE: _("%(by)s took that back"),
        Event.Verb.REFILED: _("%(by)s had a mail read again, and now it could be"),
        Event.Verb.SCHEDULED: _("%(by)s wrote an answer that leaves later"),
        Event.Verb.HELD: _("The answer of %(to)s that was to leave by itself was held back, and is a draft again"),
        Event.Verb.TAKEN_BACK: _("%(by)s took an answer back before it left"),
        Event.Verb.FORWARDED: _("%(by)s passed a mail on"),
        Event.Verb.WRITTEN: _("%(by)s opened this ticket with a mail"),
        Event.Verb.FILES_REMOVED: _("A retention rule removed attachments, and the originals they came with"),
        Event.Verb.FILE_RELEASED: _("%(by)s let an infected file be opened"),
        Event.Verb.ANONYMISED: _("A retention rule made this ticket anonymous: its words and people are gone"),
    }
    return sentences.get(Event.Verb(event.verb), "") or str(Event.Verb(event.verb).label)


def _address_of(mailbox: Mailbox | None) -> str:
    """Return the address of a mailbox, as long as there is a key to read it with."""
    try:
        return mailbox.address if mailbox else _("a mailbox that is no more")
    except SealingError:
        return _("a mailbox that is no more")
