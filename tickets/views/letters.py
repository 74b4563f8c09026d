"""Mail that answers nothing: one that opens a ticket, and one that passes a mail on."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.forms import OneLine
from accounts.notices import confirm
from accounts.requests import DeskRequest
from mailbox.access import mailboxes_for
from mailbox.models import Mailbox
from mailbox.signatures import signature_of
from tickets.actions.forward import forward_message, forward_subject, passed_on
from tickets.actions.start_ticket import start_ticket
from tickets.forms import MAX_TEXT, FilesField, PeopleField
from tickets.models import Attachment, Message
from tickets.uploads import uploaded
from tickets.views.composer import undeliverable
from tickets.views.messages import message_or_404
from tickets.views.shell import shell
from tickets.views.ticket import address_of


class LetterForm(forms.Form):
    """Who gets it, and what it says."""

    to = PeopleField(label=gettext_lazy("To"))
    cc = PeopleField(label=gettext_lazy("Cc"), required=False)
    bcc = PeopleField(label=gettext_lazy("Bcc"), required=False)
    text = forms.CharField(label=gettext_lazy("Text"), widget=forms.Textarea(attrs={"rows": 10}), max_length=MAX_TEXT)
    files = FilesField(label=gettext_lazy("Attach"), required=False)  # type: ignore[assignment]
    warned = forms.CharField(required=False, max_length=8000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Show people on as few lines as they need."""
        super().__init__(*args, **kwargs)
        for name in ("to", "cc", "bcc"):
            self.fields[name].widget.attrs |= {"rows": 1, "autocomplete": "off", "spellcheck": "false"}

    def said(self) -> dict[str, Any]:
        """Return what an action takes."""
        said = {name: self.cleaned_data[name] for name in ("to", "cc", "bcc", "text")}
        return said | {"attachments": [uploaded(one) for one in self.cleaned_data["files"]]}


class NewMailForm(LetterForm):
    """A mail that opens a ticket."""

    sender = forms.ChoiceField(label=gettext_lazy("From"))
    subject = OneLine(label=gettext_lazy("Subject"), max_length=250)
    field_order = ("sender", "to", "cc", "bcc", "subject", "text", "files")

    def __init__(self, *args: Any, mailboxes: Sequence[Mailbox], **kwargs: Any) -> None:
        """Offer every address of these mailboxes."""
        super().__init__(*args, **kwargs)
        self.mailboxes = {f"{box.pk}/{address}": (box, address) for box in mailboxes for address in box.addresses}
        choices = [(key, address) for key, (_box, address) in self.mailboxes.items()]
        self.fields["sender"].choices = choices  # type: ignore[attr-defined]


class ForwardForm(LetterForm):
    """A mail passed on, with those of its attachments that are ticked."""

    sender = forms.ChoiceField(label=gettext_lazy("From"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Text"), widget=forms.Textarea(attrs={"rows": 6}), max_length=MAX_TEXT, required=False
    )
    keeping = forms.MultipleChoiceField(
        label=gettext_lazy("Its attachments"), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("sender", "to", "cc", "bcc", "text", "keeping", "files")

    def __init__(self, *args: Any, senders: Sequence[str], attachments: Sequence[Attachment], **kwargs: Any) -> None:
        """Offer these addresses to send from, and these attachments to keep."""
        super().__init__(*args, **kwargs)
        self.fields["sender"].choices = [(one, one) for one in senders]  # type: ignore[attr-defined]
        self.fields["keeping"].choices = [(str(one.pk), one.name) for one in attachments]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@answering_only
def new(request: DeskRequest) -> HttpResponse:
    """Write to somebody who has not written to us: that opens a ticket."""
    mailboxes = sorted(_connected(request), key=lambda box: box.address)
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = NewMailForm(*data, mailboxes=mailboxes, initial={"to": request.GET.get("to", "")})
    if request.method == "POST" and form.is_valid() and not _warns(request, form):
        box, address = form.mailboxes[form.cleaned_data["sender"]]
        try:
            message = start_ticket(
                box,
                subject=form.cleaned_data["subject"],
                sender_address=address,
                by=request.membership,
                delay=settings.UNDO_SEND_SECONDS,
                **form.said(),
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _sent(request, message, _("Your mail is on its way. This is its ticket."))
    context = shell(request) | {"form": form, "has_mailbox": bool(mailboxes)}
    return render(request, "tickets/new_mail.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@answering_only
def forward(request: DeskRequest, number: int, message_id: UUID) -> HttpResponse:
    """Pass one mail of a ticket on to somebody else."""
    message = message_or_404(request, number, message_id)
    mailbox = message.ticket.mailbox
    attachments = list(message.attachments.order_by("position"))
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    kept = [str(one.pk) for one in attachments if not one.is_inline]
    form = ForwardForm(*data, senders=mailbox.addresses, attachments=attachments, initial={"keeping": kept})
    if request.method == "POST" and form.is_valid() and not _warns(request, form):
        try:
            sent = forward_message(
                message,
                keeping={UUID(one) for one in form.cleaned_data["keeping"]},
                sender_address=form.cleaned_data["sender"],
                by=request.membership,
                **form.said(),
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _sent(request, sent, _("It is passed on."))
    agent = request.membership.display_name
    context = shell(request) | {
        "form": form,
        "ticket": message.ticket,
        "message": message,
        "subject": forward_subject(message),
        "quote": passed_on(message),
        "signature": signature_of(mailbox, agent=agent, sender=mailbox.sender_name or agent),
        "back_url": address_of(request, number, f"#m-{message.pk.hex}"),
        "asked_query": f"?{request.GET.urlencode()}" if request.GET else "",
    }
    return render(request, "tickets/forward.html", context, status=422 if form.errors else 200)


def _connected(request: DeskRequest) -> QuerySet[Mailbox]:
    return mailboxes_for(request.membership).exclude(state=Mailbox.State.DISCONNECTED)


def _warns(request: DeskRequest, form: LetterForm) -> bool:
    """Return whether mail does not reach one of them, and say so once; who sends again means it."""
    people = [person for header in ("to", "cc", "bcc") for person in form.cleaned_data[header]]
    known = set(form.cleaned_data["warned"].split())
    dead = [one for one in undeliverable(request.organization.pk, people) if one not in known]
    if dead:
        form.add_error("to", _("Mail to %(address)s could not be delivered lately.") % {"address": ", ".join(dead)})
        form.add_error(None, _("Not sent yet: look at the addresses, and send again if they are right."))
        said = request.POST.copy()
        said["warned"] = " ".join([*known, *dead])
        form.data = said
    return bool(dead)


def _sent(request: DeskRequest, message: Message, said: str) -> HttpResponse:
    number = message.ticket.number
    undo = reverse("tickets:undo_send", args=[request.organization.slug, number]) if message.before else ""
    confirm(request, said, undo=undo)
    return redirect(address_of(request, number, f"#m-{message.pk.hex}"))
