"""Who is here: pages ask for it again when it changes, agents say that they begin to answer."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access_log import contentless
from accounts.decorators import answering_only
from accounts.models import Membership
from accounts.requests import DeskRequest
from tickets.models import Ticket
from tickets.together import presence
from tickets.views.beside import Beside, beside_ticket
from tickets.views.finding import ticket_or_404
from tickets.views.ticket import done

NOTHING = (  # a transparent pixel
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00"
    b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
AT_ONCE = 100  # tickets in one question; a list shows fewer
WHO = "which colleagues are at a ticket, and nothing of it"


@require_safe
@contentless(WHO)
def here(request: DeskRequest) -> HttpResponse:
    """Show who is at these tickets (?n=12&n=13), a line each; of what the reader may not see nothing is said."""
    numbers = [int(one) for one in request.GET.getlist("n")[:AT_ONCE] if one.isdecimal() and len(one) < 10]
    tickets = list(Ticket.objects.visible_to(request.membership).filter(number__in=numbers))
    beside = Beside(request, tickets)
    return render(request, "tickets/here.html", {"pieces": beside.pieces(beside.ask()).values()})


@require_safe
@contentless(WHO)
def here_at(request: DeskRequest, number: int) -> HttpResponse:
    """Show who else is at one ticket, as its page does."""
    ticket = ticket_or_404(request, number)
    return render(request, "tickets/here_at.html", _beside(request, ticket))


@require_safe
def opened(request: DeskRequest, number: int) -> HttpResponse:
    """Note that a page without a script shows the ticket, which asks for this picture of nothing; others see it."""
    presence.look_in(ticket_or_404(request, number), request.membership, "opened", lasts=presence.OPENED_FOR)
    response = HttpResponse(NOTHING, content_type="image/gif")
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@answering_only
@contentless(WHO)
def claim(request: DeskRequest, number: int) -> HttpResponse:
    """Note that the reader writes an answer, and show who does where somebody was first."""
    ticket = ticket_or_404(request, number)
    if ticket.is_merged:
        raise Http404
    presence.claim(ticket, by=request.membership)
    return render(request, "tickets/here_at.html", _beside(request, ticket))


@require_POST
@answering_only
def take_over(request: DeskRequest, number: int) -> HttpResponse:
    """Answer instead of whoever has begun."""
    ticket = ticket_or_404(request, number)
    presence.take_over(ticket, by=request.membership)
    messages.success(request, _("You answer this ticket now. Your colleague is told, and keeps the text."))
    return done(request, number)


@require_POST
@answering_only
@contentless(WHO)
def let_go(request: DeskRequest, number: int) -> HttpResponse:
    """Note that the reader does not go on writing."""
    presence.let_go(ticket_or_404(request, number), by=request.membership)
    return HttpResponse(status=204)


def _beside(request: DeskRequest, ticket: Ticket) -> dict[str, object]:
    colleagues = Membership.objects.filter(organization=request.organization).select_related("user")
    seen = presence.seen_at(request.organization.pk, [ticket.pk]).get(ticket.pk, presence.NOBODY)
    members = {one.pk: one for one in colleagues.filter(pk__in=seen.member_ids)}
    ticket.organization = request.organization
    context = {"organization": request.organization, "ticket": ticket, "can_answer": request.membership.can_answer}
    return context | {"beside": beside_ticket(seen, members, request.membership)}
