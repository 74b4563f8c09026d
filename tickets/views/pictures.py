"""Remote pictures of a mail: asked for by a member, fetched by us, shown once."""

import logging
from threading import BoundedSemaphore
from uuid import UUID

from csp.decorators import csp_exempt
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access_log import AccessNotLogged, record_access
from accounts.access_log.recording import address_of, of_member
from accounts.connections import release_connections
from accounts.egress import EgressRefused
from accounts.models import Membership
from accounts.requests import DeskRequest
from accounts.tenancy import organization_scope
from tickets.models import Message, Ticket
from tickets.remote_pictures import LIMITS, NotPermitted, RemotePicture, load
from tickets.views.messages import message_or_404
from tickets.views.papers import Papers
from tickets.views.ticket import page

logger = logging.getLogger(__name__)

AT_ONCE = 8  # fetches of this process; the next one waits
_places = BoundedSemaphore(AT_ONCE)


@require_http_methods(["GET", "HEAD", "POST"])
def pictures(request: DeskRequest, number: int, message_id: UUID) -> HttpResponse:
    """Show the ticket with the remote pictures of one mail, this once; only a form can ask for it."""
    message = message_or_404(request, number, message_id)
    if not message.html:
        raise Http404
    if request.method != "POST":  # loaded anew: the same page, and the pictures are off again
        return page(request, number)
    if not request.membership.can_answer:  # it tells the sender something, so it is an act, and viewers only read
        raise PermissionDenied
    logger.info("Remote pictures of message %s were asked for by member %s", message.pk, request.membership.pk)
    if not request.htmx:
        return page(request, number, pictures_of=message.pk)
    papers = Papers(request.organization.slug, number, request.membership, pictures_of=message.pk)
    return render(request, "tickets/_paper.html", {"item": papers.shown_again(message)})


@login_not_required
@require_safe
@csp_exempt()  # type: ignore[arg-type]
def picture(request: HttpRequest, token: str) -> HttpResponse:
    """Fetch one remote picture for the frame of a mail; the token is the permission, and it is over after minutes."""
    try:
        wanted = RemotePicture.of(token)
    except NotPermitted:
        raise Http404 from None
    if not _may_still(wanted):
        raise Http404
    try:
        _note(request, wanted)
    except AccessNotLogged:
        return picture_response("text/plain", b"")
    release_connections()  # nothing of ours is held while a stranger's server takes its time
    kind, content, outcome = _fetched(wanted)
    logger.info("Remote picture of message %s for member %s: %s", wanted.message_id, wanted.member_id, outcome)
    return picture_response(kind, content)


def picture_response(kind: str, content: bytes) -> HttpResponse:
    """Return a foreign picture for the frame of a mail, which has no origin; nobody keeps it, and it can do nothing."""
    response = HttpResponse(content, content_type=kind, status=200 if content else 404)
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Content-Disposition"] = "inline"
    response["Content-Encoding"] = "identity"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


def _may_still(wanted: RemotePicture) -> bool:
    """Return whether who asked is still let in and the mail is still there for them."""
    with organization_scope(wanted.organization_id):
        members = Membership.objects.active().filter(organization__closed_at=None)
        member = members.filter(pk=wanted.member_id).first()
        if member is None:
            return False
        tickets = Ticket.objects.visible_to(member)
        return Message.objects.filter(pk=wanted.message_id, ticket__in=tickets, is_locked=False).exists()


def _note(request: HttpRequest, wanted: RemotePicture) -> None:
    """Write into the access log that this member lets a mail load a picture; the frame itself is nobody's session."""
    with organization_scope(wanted.organization_id):
        user_id, ticket_id = (
            Membership.objects.filter(pk=wanted.member_id).values_list("user_id", flat=True).get(),
            Message.objects.filter(pk=wanted.message_id).values_list("ticket_id", flat=True).get(),
        )
    event = of_member(wanted.organization_id, user_id, "download", "picture", object_id=ticket_id, amount=1)
    event.object_ids, event.ip = [wanted.message_id], address_of(request)
    record_access(event)


def _fetched(wanted: RemotePicture) -> tuple[str, bytes, str]:
    """Return type and content, or a plain nothing, and in a word how it went."""
    if not _places.acquire(timeout=LIMITS.seconds):
        return "text/plain", b"", "busy"
    try:
        kind, content = load(wanted)
    except EgressRefused as refused:
        return "text/plain", b"", refused.why
    finally:
        _places.release()
    return kind, content, "shown"
