"""How a mailbox writes: changed here, and seen before it is kept."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import admins_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from mailbox.actions.set_up_mailbox import set_up_mailbox
from mailbox.addresses import one_line
from mailbox.automatic_text import automatic_text
from mailbox.models import Mailbox
from mailbox.set_up_form import MailboxForm
from mailbox.signatures import fill_in
from mailbox.views.mailboxes import about

NUMBER = 1042  # of the ticket in the preview


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def set_up(request: DeskRequest, mailbox_id: UUID) -> HttpResponse:
    """Show or change how a mailbox writes; a preview keeps nothing."""
    mailbox = get_object_or_404(request.organization.mailboxes.connected(), pk=mailbox_id)
    form = MailboxForm(request.POST or None, initial=_initial(mailbox))
    wants_preview = request.POST.get("then") == "preview"
    if request.method == "POST" and not wants_preview and form.is_valid():
        try:
            set_up_mailbox(mailbox, **form.cleaned_data)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("This holds from the next answer on."))
            return redirect("mailbox:mailboxes", request.organization.slug)
    part = "#preview" if request.htmx and wants_preview else ""
    context = about(request, mailbox=mailbox, form=form, preview=_preview(request, mailbox, form))
    status = 422 if form.errors and not wants_preview else 200
    return render(request, f"mailbox/set_up.html{part}", context, status=status)


def _initial(mailbox: Mailbox) -> dict[str, Any]:
    return {
        "sender_name": mailbox.sender_name,
        "aliases": "\n".join(mailbox.aliases or []),
        "privacy_address": mailbox.privacy_address or "",
        "signature": mailbox.signature or "",
        "quotes_history": mailbox.quotes_history,
        "acknowledges": mailbox.acknowledges,
        "acknowledgement": mailbox.acknowledgement
        or _("Your message has arrived and has the number {number}. One of us will read it and answer you here."),
    }


def _preview(request: DeskRequest, mailbox: Mailbox, form: MailboxForm) -> dict[str, Any]:
    """Return what an answer of who looks would be like, with what stands in the form right now."""
    said = {name: form[name].value() for name in form.fields}
    agent = request.membership.display_name
    named = one_line(str(said["sender_name"] or ""))
    signed = fill_in(str(said["signature"] or ""), {"agent": agent, "sender": named or agent})
    automatic = automatic_text(
        str(said["acknowledgement"] or ""),
        request.organization,
        number=NUMBER,
        sender=named or request.organization.name,
        at=timezone.now(),
    )
    unsigned = {"agent": "", "sender": named or request.organization.name}
    return {
        "sender": named or agent,
        "signature": signed,
        "quotes": bool(said["quotes_history"]),
        "acknowledges": bool(said["acknowledges"]),
        "acknowledgement": automatic,
        "automatic_signature": fill_in(str(said["signature"] or ""), unsigned),
        "automatic_sender": unsigned["sender"],
    }
