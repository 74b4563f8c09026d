"""A mail, or a mail and what came after it, becomes a ticket of its own."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import answering_only
from accounts.notices import confirm
from accounts.requests import DeskRequest
from tickets.actions.split import split_message
from tickets.filing.building import snippet_of
from tickets.models import Message
from tickets.views.acts import act_page
from tickets.views.messages import message_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@answering_only
def split(request: DeskRequest, number: int, message_id: UUID) -> HttpResponse:
    """Ask which mails go, and split them off."""
    message = message_or_404(request, number, message_id, "ticket__mailbox", "ticket__contact")
    if request.method == "POST":
        new = split_message(message, alone=request.POST.get("which") == "alone", by=request.membership)
        back = reverse("tickets:merge", args=[request.organization.slug, new.number])
        text = _("Split off from #%(number)d. Answers to these mails come here.") % {"number": number}
        confirm(request, text, undo=back, into=str(number))
        return redirect("tickets:ticket", request.organization.slug, new.number)
    ids = list(Message.objects.filter(ticket=message.ticket).order_by("at", "pk").values_list("pk", flat=True))
    place = ids.index(message.pk)
    name, address = next(iter(message.people("from")), ("", ""))
    context = {
        "message": message,
        "author": name or address or (message.author.display_name if message.author else ""),
        "beginning": snippet_of(message.new_text),
        "after": len(ids) - place - 1,
        "is_first": place == 0,
        "is_only": len(ids) == 1,
    }
    return render(request, "tickets/split.html", act_page(request, message.ticket) | context)
