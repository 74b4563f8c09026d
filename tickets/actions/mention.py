"""Calling colleagues by their names in a note."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import ActionRefused
from accounts.models import Membership
from mailbox.access import members_who_see
from tickets.models import Mention, Note, Notification, Ticket
from tickets.together.after import follow_by_itself
from tickets.together.mentions import Named, named_in
from tickets.together.notices import tell_of_ticket


def whom_it_calls(ticket: Ticket, text: str) -> Named:
    """Return whom a note would call; ActionRefused, in plain words, where a name fits several or may not see it.

    A name nobody has is no reason to refuse: people write @ for other things too.
    """
    if "@" not in text:
        return Named()
    active = Membership.objects.active().filter(organization_id=ticket.organization_id).select_related("user")
    seeing = members_who_see(ticket.mailbox).values_list("pk", flat=True)
    named = named_in(text, active, seeing)
    for written, fitting in named.ambiguous.items():
        names = ", ".join(sorted(one.display_name for one in fitting))
        raise ActionRefused(
            _("“@%(written)s” fits several people: %(names)s. Write the whole name.")
            % {"written": written, "names": names}
        )
    for one in named.unseeing.values():
        raise ActionRefused(
            _("%(name)s may not see this ticket, so a mention would not arrive. Name another, or take the @ away.")
            % {"name": one.display_name}
        )
    return named


def mention(note: Note, members: Iterable[Membership], *, by: Membership) -> None:
    """Keep whom the note calls, tell them, and let them follow the ticket; oneself is not called."""
    called = [one for one in members if one.pk != by.pk]
    if not called:
        return
    Mention.objects.bulk_create(
        [Mention(organization_id=note.organization_id, note=note, member=one) for one in called]
    )
    follow_by_itself(note.ticket, [one.pk for one in called if one.can_answer])
    tell_of_ticket(note.ticket, Notification.Kind.MENTIONED, [one.pk for one in called], by=by)


def said_of(named: Named) -> list[str]:
    """Return what the writer is told about names that call nobody."""
    lines = []
    if named.unknown:
        names = ", ".join(f"@{one}" for one in named.unknown)
        lines.append(
            ngettext(
                "Nobody here is called %(names)s, so nobody was told.",
                "Nobody here is called %(names)s, so nobody was told of those.",
                len(named.unknown),
            )
            % {"names": names}
        )
    return lines
