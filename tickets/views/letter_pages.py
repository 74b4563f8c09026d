"""The page of a letter, a new mail or one that is passed on: its addresses, its form, and whose draft it shows."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from accounts.requests import DeskRequest
from mailbox.access import mailboxes_for
from mailbox.models import Mailbox
from tickets.actions.draft_letter import Place, letter_at
from tickets.letter_forms import ForwardForm, LetterForm, NewMailForm
from tickets.models import CannedReply, Message
from tickets.rich import clean_rich, shown_rich
from tickets.views.drafting import draft_shown
from tickets.views.messages import message_or_404

KEPT = ("sender", "to", "cc", "bcc", "subject", "text", "keeping")


@dataclass
class NewMailPage:
    """Where a new mail is written."""

    request: DeskRequest

    def __post_init__(self) -> None:
        """Make the form: what was posted, else the draft as it was left, else an empty letter."""
        request = self.request
        self.place = Place(request.membership)
        boxes = mailboxes_for(request.membership).exclude(state=Mailbox.State.DISCONNECTED)
        self.form = NewMailForm(
            *posted(request),
            mailboxes=sorted(boxes, key=lambda box: box.address),
            initial={"to": request.GET.get("to", "")} | kept_of(self),
        )

    @property
    def mailbox(self) -> Mailbox | None:
        """Return the mailbox it is to leave from, as far as that is chosen; none where there is none to choose."""
        return self.form.mailbox()

    def url(self, name: str = "", *ids: UUID) -> str:
        """Return the page's address, or one of its draft: save, discard, upload, canned; of a file: file, remove."""
        return reverse(f"tickets:new{name and '_'}{name}", args=[self.request.organization.slug, *ids])


@dataclass
class ForwardPage:
    """Where a mail is passed on."""

    request: DeskRequest
    message: Message

    def __post_init__(self) -> None:
        """Make the form: what was posted, else the draft as it was left, else an empty letter with every file."""
        self.place = Place(self.request.membership, self.message)
        kept = self.message.attachments.filter(removed_at=None).order_by("position")
        attachments = [one for one in kept if not one.is_infected]
        files = [str(one.pk) for one in attachments if not one.is_inline]
        self.form = ForwardForm(
            *posted(self.request),
            senders=self.mailbox.addresses,
            attachments=attachments,
            initial={"keeping": files} | kept_of(self),
        )

    @property
    def mailbox(self) -> Mailbox:
        """Return the mailbox it is to leave from: the ticket's."""
        return self.message.ticket.mailbox

    def url(self, name: str = "", *ids: UUID) -> str:
        """Return the page's address, or one of its draft: save, discard, upload, canned; of a file: file, remove."""
        own = [self.request.organization.slug, self.message.ticket.number, self.message.pk]
        return reverse(f"tickets:forward{name and '_'}{name}", args=[*own, *ids])


LetterPage = NewMailPage | ForwardPage


def letter_page(request: DeskRequest, number: int | None = None, message_id: UUID | None = None) -> LetterPage:
    """Return the page of that mail of that ticket, or of a new mail."""
    if number is None or message_id is None:
        return NewMailPage(request)
    return forward_page(request, number, message_id)


def forward_page(request: DeskRequest, number: int, message_id: UUID) -> ForwardPage:
    """Return the page on which that mail is passed on; 404 where the reader may not see it."""
    return ForwardPage(request, message_or_404(request, number, message_id, "ticket__mailbox"))


def posted(request: DeskRequest) -> tuple[Any, Any]:
    """Return what a form is bound to; nothing where none was sent."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def kept_of(page: LetterPage) -> dict[str, Any]:
    """Return the fields of the draft that the page was left with; a form that was posted needs none."""
    draft = letter_at(page.place) if page.request.method != "POST" else None
    return {name: draft.said[name] for name in KEPT if name in draft.said} if draft else {}


def shown_letter(page: LetterPage, form: LetterForm) -> dict[str, Any]:
    """Return what the page shows of the draft, and where its scripts send it."""
    draft = letter_at(page.place)
    drafted = draft_shown(draft, list(draft.files.all()) if draft else [], page.url)
    if form.is_bound:
        drafted["html"] = shown_rich(clean_rich(str(form["html"].value() or "")), drafted["pictures"])
    canned = CannedReply.objects.usable_by(page.request.membership)
    drafted["canned"] = sorted(canned.defer("text"), key=lambda one: one.name.casefold())
    urls = {name: page.url(name) for name in ("save", "discard", "upload", "canned")}
    return {"drafted": drafted, "letter_urls": urls, "limit": settings.MAX_ATTACHMENT_BYTES}
