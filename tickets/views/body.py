"""A mail in its own design: foreign HTML, cleaned, in a document that may do nothing at all."""

import secrets
from collections.abc import Callable
from uuid import UUID

from csp.decorators import csp_exempt
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.requests import DeskRequest
from tickets.inline import placed
from tickets.models import Attachment, Message
from tickets.paper import Paper, lay_out
from tickets.remote_pictures import MOST, RemotePicture, is_permitted
from tickets.views.messages import message_or_404


@require_safe
@xframe_options_sameorigin
@csp_exempt()  # type: ignore[arg-type]
def body(request: DeskRequest, number: int, message_id: UUID) -> HttpResponse:
    """Show one message's HTML for the frame: no script, no origin, nothing fetched from anywhere.

    Remote pictures come through our proxy for a minute after this member asked for them, and at no other time.
    """
    message = message_or_404(request, number, message_id)
    if not message.html:
        raise Http404
    asked = is_permitted(request.GET.get("pictures", ""), message.pk, request.membership.pk)
    proxy = _proxied(message, request.membership.pk) if asked else None
    return paper_response(request, lay_out(message.html, _pictures(message), proxy), with_remote=asked)


def paper_response(request: HttpRequest, paper: Paper, *, with_remote: bool = False) -> HttpResponse:
    """Return the document that holds a mail, in the policy that keeps it there."""
    nonce = secrets.token_urlsafe(16)
    context = {
        "html": mark_safe(paper.html),  # noqa: S308 - cleaned by nh3
        "rules": mark_safe(paper.rules),  # noqa: S308 - properties and values of an allow-list
        "nonce": nonce,
    }
    # Named in full: what 'self' means in a document without an origin differs between browsers.
    remote = f" {request.build_absolute_uri(reverse('picture', args=['-']))[:-2]}" if with_remote else ""
    response = render(request, "tickets/body.html", context)
    response["Content-Security-Policy"] = (
        f"sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:{remote}; "
        f"style-src 'nonce-{nonce}'; frame-ancestors 'self'; form-action 'none'; base-uri 'none'"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


def _pictures(message: Message) -> dict[str, bytes]:
    """Return the pictures that came along and stand in the text, by their Content-ID."""
    if "cid:" not in (message.html or "").lower():
        return {}
    found = {}
    for one in placed(message.html, Attachment.objects.filter(message=message)):
        if one.file.exists():
            found[one.content_id] = b"".join(one.file.read())
    return found


def _proxied(message: Message, member_id: UUID) -> Callable[[str], str | None]:
    """Return what gives a remote picture its address here; each address once, and not without end."""
    given: dict[str, str] = {}

    def address(url: str) -> str | None:
        if url not in given and len(given) < MOST:
            wanted = RemotePicture(message.organization_id, message.mailbox_id, message.pk, member_id, url)
            given[url] = reverse("picture", args=[wanted.token()])
        return given.get(url)

    return address
