"""A ticket's conversation as one list: mails, notes and events in the order in which they happened."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.columns import all_but
from accounts.models import Membership
from accounts.prepared import prepared
from mailbox.access import is_worked_on
from mailbox.models import OutboundEmail
from tickets.mail.folded import fold
from tickets.mail.known_text import KnownText
from tickets.models import Event, Message, Note, Ticket
from tickets.views.folds import fold_label
from tickets.views.papers import Papers, may_have_files
from tickets.views.sentences import Sentences
from tickets.views.words import DELIVERIES, EVENT_ICONS, FAILURES, KINDS

_DELIVERY = ("id", "organization", "state", "queued_at", "not_before", "attempts", "sent_at", "failure")
_UNSHOWN = [
    *("message_id_digest", "content_digest", "participants", "may_autorespond", "before"),
    *all_but(OutboundEmail, *_DELIVERY, within="outbound"),
]


@dataclass
class Item:
    """One thing in a conversation; `kind` says which template shows it."""

    kind: str  # message, note or event
    id: str
    at: datetime
    author_name: str = ""
    author_email: str = ""
    label: str = ""  # what a screen reader calls it
    text: str = ""
    is_newest: bool = False  # the last mail: where a reader of a long conversation begins
    # messages
    outbound: bool = False
    route: str = ""  # to whom, who else
    badge: str = ""
    badge_reason: str = ""  # one sentence on why it has that badge
    quoted_text: str = ""
    quoted_label: str = ""  # how much it is, and how much of that is not in this ticket
    added_text: str = ""  # what the writer put between or into the quoted lines
    body_url: str = ""  # the mail in its own design, where it has one
    designed: bool = False  # whether that is what to show first
    paper_height: str = ""  # in pixels, as the frame's attribute
    paper_is_cut: bool = False
    frame_title: str = ""
    remote: int = 0  # pictures that would be loaded from elsewhere
    remote_says: str = ""
    pictures_on: bool = False  # loaded this once
    pictures_url: str = ""  # where the form asks for them
    source_url: str = ""  # the original
    split_url: str = ""  # where it can become a ticket of its own
    forward_url: str = ""  # where it is passed on, for who may answer
    attachments: list[dict[str, Any]] = field(default_factory=list)
    delivery: dict[str, Any] | None = None
    undo_url: str = ""  # as long as it can be taken back
    again_url: str = ""  # where it was not sent
    rich: str = ""  # an answer of ours with its layout, safe to show
    shown: str = ""  # all of it, where a page shows it (tickets.views.messages_shown)
    # events
    icon: str = ""
    sentence: str = ""


class Timeline:
    """Builds the list for one ticket; members and teams are given, so that names cost no query."""

    def __init__(
        self,
        ticket: Ticket,
        slug: str,
        members: dict[Any, Membership],
        me: Membership,
        pictures_of: UUID | None = None,
        teams: dict[Any, str] | None = None,
    ) -> None:
        """Remember whose eyes it is for, and the mail whose remote pictures they asked for."""
        self.ticket, self.slug, self.members, self.me = ticket, slug, members, me
        self.sentences = Sentences(me, members, teams or {})
        can_answer = me.can_answer and is_worked_on(ticket.mailbox)
        self.papers = Papers(slug, ticket.number, me, pictures_of, can_answer)
        self.messages: list[Message] = []
        self.known = KnownText()  # what the ticket says up to the message at hand
        self.when = _Moments()

    def items(self) -> list[Item]:
        """Return everything, oldest first, with four queries at most."""
        found = prepared("messages of a ticket", [self.ticket.pk], _messages)
        self.messages = [one for one in found if not one.is_locked]
        prefetch_related_objects([one for one in self.messages if may_have_files(one)], "attachments")
        items = [self._message(one) for one in self.messages]
        items += [self._note(one) for one in prepared("notes of a ticket", [self.ticket.pk], _notes)]
        history = prepared("events of a ticket", [self.ticket.pk], _events)
        items += [self._event(one) for one in history if one.verb != Event.Verb.ANSWERED]  # that answer is in the list
        items += [_locked(one) for one in found if one.is_locked]
        items.sort(key=lambda item: item.at)
        for item in [one for one in items if one.kind == "message"][-1:]:
            item.is_newest = True
        return items

    def _message(self, message: Message) -> Item:
        name, address = next(iter(message.people("from")), ("", ""))
        outbound = message.is_outbound
        author = self.sentences.name_of(message.author_id) if outbound and message.author_id else name or address
        item = Item(
            "message",
            f"m-{message.pk}",
            message.at,
            author_name=author,
            author_email="" if not name else address,
            outbound=outbound,
            text=message.new_text,
            route=self._route(message),
            badge=str(KINDS.get(message.kind, "")),
            badge_reason=message.kind_reason if message.kind in KINDS else "",
            attachments=self.papers.files(message) if may_have_files(message) else [],
            source_url=self.papers.source(message),
            split_url=self.papers.split(message) if len(self.messages) > 1 else "",
            forward_url=self.papers.forward(message),
            delivery=_delivery(message.outbound) if outbound else None,
            **({} if outbound else self.papers.of(message, author)),
        )
        if outbound and message.html and message.author_id:
            item.rich = self.papers.written(message)
        if self._can_be_taken_back(message):
            item.undo_url = reverse("tickets:undo_send", args=[self.papers.slug, self.ticket.number])
        if message.outbound and message.outbound.state == OutboundEmail.State.FAILED:
            item.again_url = reverse("tickets:send_again", args=[self.papers.slug, self.ticket.number, message.pk])
        label = self.when.answer if outbound else self.when.mail
        item.label = label % {"name": author, "when": self.when.said(message.at)}
        self._quote(item, message)
        return item

    def _can_be_taken_back(self, message: Message) -> bool:
        """Return whether it is the reader's own and still waits: its own state says so, the clock only until when."""
        email = message.outbound
        if email is None or message.author_id != self.me.pk or email.state != OutboundEmail.State.QUEUED:
            return False
        return bool(email.not_before and email.not_before > timezone.now() and not email.attempts)

    def _quote(self, item: Item, message: Message) -> None:
        folded = fold(message.whole_text, message.new_text, self.known)
        item.quoted_text, item.added_text = folded.text, folded.added
        item.quoted_label = fold_label(folded) if folded.text else ""

    def _route(self, message: Message) -> str:
        """Return who else got it; a plain mail to the mailbox alone needs no words."""
        own = self.ticket.mailbox.address.casefold()
        to = [one for one in message.people("to") if one[1].casefold() != own]
        cc = message.people("cc")
        named = [", ".join(_person(*one, full=not message.is_outbound) for one in people) for people in (to, cc)]
        if passed_on := message.people("forwarded_by"):
            return _("forwarded by %(name)s") % {"name": _person(*passed_on[0], full=True)}
        blind = ", ".join(_person(*one, full=False) for one in message.people("bcc"))
        said = [
            _("to %(to)s") % {"to": named[0]} if named[0] else "",
            _("in copy %(cc)s") % {"cc": named[1]} if named[1] else "",
            _("in blind copy %(bcc)s") % {"bcc": blind} if blind else "",
        ]
        return ", ".join(filter(None, said))

    def _note(self, note: Note) -> Item:
        author = self.sentences.name_of(note.author_id)
        label = _("Note by %(name)s, %(when)s") % {"name": author, "when": self.when.said(note.at)}
        return Item("note", f"n-{note.pk}", note.at, author_name=author, label=label, text=note.text)

    def _event(self, event: Event) -> Item:
        icon = EVENT_ICONS.get(Event.Verb(event.verb), "history")
        return Item("event", f"e-{event.pk}", event.at, icon=icon, sentence=self.sentences.of(event))


def _messages(ticket_id: UUID) -> QuerySet[Message]:
    found = Message.objects.filter(ticket=ticket_id).select_related("outbound")
    return found.defer(*_UNSHOWN).order_by("at", "pk")


def _notes(ticket_id: UUID) -> QuerySet[Note]:
    return Note.objects.filter(ticket=ticket_id)


def _events(ticket_id: UUID) -> QuerySet[Event]:
    """Return the history, with what its lines name beside people and teams."""
    columns = (field.attname for field in Event._meta.concrete_fields)
    named = ["other__number", "mailbox__organization_id", "mailbox__address"]
    named += ["field__organization_id", "field__name"]
    found = Event.objects.filter(ticket=ticket_id).select_related("other", "mailbox", "field")
    return found.only(*columns, *named)


class _Moments:
    """How a screen reader says who wrote when, in the reader's language and zone: 5 March, 14:02."""

    def __init__(self) -> None:
        self.answer, self.mail = _("Answer by %(name)s, %(when)s"), _("%(name)s, %(when)s")
        self._zone, self._language = timezone.get_current_timezone(), get_language() or ""

    def said(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        return f"{_day(local.date(), self._language)}, {local:%H:%M}"


@lru_cache(maxsize=2000)
def _day(day: date, _language: str) -> str:
    return date_format(day, "j F")


def _locked(message: Message) -> Item:
    """Return what stands for a mail of a person whose data is only stored: that there is one, and nothing of it."""
    says = _("A mail that is only stored: its sender asked for that")
    return Item("event", f"m-{message.pk}", message.at, icon="lock", sentence=says)


def _person(name: str, address: str, *, full: bool) -> str:
    if not name:
        return address
    return f"{name} ({address})" if full else name


def _delivery(outbound: OutboundEmail | None) -> dict[str, Any] | None:
    if outbound is None:
        return None
    icon, label = DELIVERIES[OutboundEmail.State(outbound.state)]
    failed = outbound.state == OutboundEmail.State.FAILED
    return {
        "state": outbound.state,
        "icon": icon,
        "label": label,
        "at": None if failed else outbound.sent_at or outbound.queued_at,
        "reason": FAILURES.get(OutboundEmail.Failure(outbound.failure)) if failed and outbound.failure else "",
    }
