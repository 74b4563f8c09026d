"""What a page shows of the tickets a search found: the subject, and the places in it, with the words marked."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.access_log import saw
from accounts.addresses import address_of
from accounts.columns import all_but
from accounts.models import Membership
from accounts.prepared import for_reader, padded
from accounts.requests import DeskRequest
from accounts.sealing.keys import Kind, keys
from accounts.templatetags.desk import icon, moment
from tickets.models import Contact, Message, Note, Ticket
from tickets.search.asking import Candidate, Index, Place
from tickets.search.documents import TICKET
from tickets.search.marking import Marks, excerpt, has_mark, marked
from tickets.search.plan import Plan
from tickets.search.texts import Texts, file_names
from tickets.views.rows import who
from tickets.views.words import STATE_ICONS, STATE_LABELS

_UNSHOWN = [*all_but(Contact, "id", "organization", "name", within="contact"), "fields"]
PLACES = 2  # of a ticket on the page
LOOKED_AT = 3  # of a ticket in the index: its head is one of them


def hits_of(request: DeskRequest, plan: Plan, index: Index, page: Sequence[Candidate]) -> list[dict[str, Any]]:
    """Return a page of tickets as the answer shows them, in their order, with a fixed number of queries."""
    if not page:
        return []
    ids = [one.id for one in page]
    tickets = {ticket.pk: ticket for ticket in for_reader("hits", request, _visible, *padded(ids))}
    saw(request, tickets)
    keys.warm(Kind.MAILBOX, {ticket.mailbox_id for ticket in tickets.values()})
    prefetch_related_objects([one.contact for one in tickets.values() if not one.contact.name], "addresses")
    places = index.places(ids, plan.wanted, LOOKED_AT)
    texts = Texts.behind([place for place in places if place.kind != TICKET])
    keys.warm(Kind.PROFILE, {row.author.user_id for row in _rows(texts) if row.author})
    words = [one for one in plan.shown if one not in plan.phrases.values()]
    marks = Marks.of(words, plan.phrases)
    by_ticket: dict[UUID, list[Place]] = {}
    for place in places:
        by_ticket.setdefault(place.ticket_id, []).append(place)
    return [
        _hit(request, tickets[one.id], one, _shown(by_ticket.get(one.id, []), texts, marks), marks)
        for one in page
        if one.id in tickets
    ]


def _visible(request: DeskRequest, *ids: UUID) -> QuerySet[Ticket]:
    return Ticket.objects.visible_to(request.membership).filter(pk__in=ids).select_related("contact").defer(*_UNSHOWN)


def _rows(texts: Texts) -> list[Message | Note]:
    return [*texts.messages.values(), *texts.notes.values()]


def _hit(
    request: DeskRequest, ticket: Ticket, found: Candidate, places: list[dict[str, Any]], marks: Marks
) -> dict[str, Any]:
    state, contact = Ticket.State(ticket.state), who(ticket)
    if not places:
        places = [{"who": contact, "what": "", "text": marked(ticket.snippet, marks)}]
    return {
        "number": ticket.number,
        "url": address_of("tickets:ticket", request.organization.slug, ticket.number),
        "state": ticket.state,
        "state_icon": icon(STATE_ICONS[state]),
        "state_label": str(STATE_LABELS[state]),
        "subject": marked(ticket.subject, marks) if ticket.subject else _("No subject"),
        "contact": marked(contact, marks),
        "when": moment(found.at),
        "places": places,
    }


def _shown(places: Sequence[Place], texts: Texts, marks: Marks) -> list[dict[str, Any]]:
    shown = []
    for place in places:
        if message := texts.messages.get(place.id):
            shown.append(_message(message, marks))
        elif note := texts.notes.get(place.id):
            shown.append({"who": _name(note.author), "what": "note", "text": excerpt([note.text], marks)})
        if len(shown) == PLACES:
            break
    return shown


def _message(message: Message, marks: Marks) -> dict[str, Any]:
    name, address = next(iter(message.people("from")), ("", ""))
    # Found by its subject, it need not have the word; quotes below it are somebody else's.
    by_subject = has_mark(str(message.headers.get("subject") or ""), marks)
    texts = ("new_text",) if by_subject else ("new_text", "whole_text")
    author = _name(message.author) if message.is_outbound and message.author else name or address
    return {
        "who": author or _("Unknown sender"),
        "what": "answer" if message.is_outbound else "mail",
        "text": excerpt((getattr(message, name) or "" for name in texts), marks),
        "files": _files(message, marks),
    }


def _files(message: Message, marks: Marks) -> list[SafeString]:
    return [marked(name, marks) for name in file_names(message) if has_mark(name, marks)]


def _name(member: Membership | None) -> str:
    return member.display_name if member else _("Somebody who left")
