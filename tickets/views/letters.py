"""Mail that answers nothing: one that opens a ticket, and one that passes a mail on."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.notices import confirm
from accounts.requests import DeskRequest
from mailbox.signatures import signature_of
from tickets.actions.draft_letter import discard_letter, letter_at, save_letter
from tickets.actions.forward import forward_message, forward_subject, passed_on
from tickets.actions.keep_draft import files_to_send
from tickets.actions.start_ticket import start_ticket
from tickets.letter_forms import LetterForm
from tickets.models import Message
from tickets.uploads import uploaded
from tickets.views.composer import undeliverable
from tickets.views.letter_drafts import keep_letter_files
from tickets.views.letter_pages import LetterPage, NewMailPage, forward_page, shown_letter
from tickets.views.shell import shell
from tickets.views.ticket import address_of


@require_http_methods(["GET", "HEAD", "POST"])
@answering_only
def new(request: DeskRequest) -> HttpResponse:
    """Write to somebody who has not written to us: that opens a ticket."""
    page = NewMailPage(request)
    form = page.form
    if request.method == "POST" and form.is_valid() and not _warns(request, form):
        box, address = form.mailboxes[form.cleaned_data["sender"]]
        try:
            message = start_ticket(
                box,
                subject=form.cleaned_data["subject"],
                sender_address=address,
                by=request.membership,
                delay=settings.UNDO_SEND_SECONDS,
                **_said(page),
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _sent(page, message, _("Your mail is on its way. This is its ticket."))
    context = shell(request) | {"has_mailbox": page.mailbox is not None} | _written(page)
    asked_to = request.GET.get("to", "")
    if not form.is_bound and form["to"].value() != asked_to:
        context["other_to"] = asked_to
    return render(request, "tickets/new_mail.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@answering_only
def forward(request: DeskRequest, number: int, message_id: UUID) -> HttpResponse:
    """Pass one mail of a ticket on to somebody else."""
    page = forward_page(request, number, message_id)
    form, message = page.form, page.message
    if request.method == "POST" and form.is_valid() and not _warns(request, form):
        try:
            sent = forward_message(
                message,
                keeping={UUID(one) for one in form.cleaned_data["keeping"]},
                sender_address=form.cleaned_data["sender"],
                by=request.membership,
                **_said(page),
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _sent(page, sent, _("It is passed on."))
    agent = request.membership.display_name
    context = shell(request) | {
        "ticket": message.ticket,
        "message": message,
        "subject": forward_subject(message),
        "quote": passed_on(message),
        "signature": signature_of(page.mailbox, agent=agent, sender=page.mailbox.sender_name or agent),
        "back_url": address_of(request, number, f"#m-{message.pk}"),
        **_written(page),
    }
    return render(request, "tickets/forward.html", context, status=422 if form.errors else 200)


def _said(page: LetterPage) -> dict[str, Any]:
    """Return what an action takes: the words, and the files of the draft and of the form."""
    said = page.form.said()
    files = [*files_to_send(letter_at(page.place), said["html"]), *map(uploaded, page.form.cleaned_data["files"])]
    return said | {"attachments": files}


def _written(page: LetterPage) -> dict[str, Any]:
    """Return what the page shows of the letter; what could not be sent is a draft from now on, files included."""
    form, mailbox = page.form, page.mailbox
    if form.is_bound and mailbox is not None:
        for refused in keep_letter_files(page, mailbox):
            form.add_error("files", refused)
        save_letter(page.place, form.typed(), mailbox=mailbox)
    query = f"?{page.request.GET.urlencode()}" if page.request.GET else ""
    return {"form": form, "asked_query": query, **shown_letter(page, form)}


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


def _sent(page: LetterPage, message: Message, said: str) -> HttpResponse:
    discard_letter(page.place)
    request, number = page.request, message.ticket.number
    undo = reverse("tickets:undo_send", args=[request.organization.slug, number]) if message.before else ""
    confirm(request, said, undo=undo)
    return redirect(address_of(request, number, f"#m-{message.pk}"))
