"""What could not be read, and what was kept without a ticket: for admins, so that no mail is invisible (L5, L7)."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from csp.decorators import csp_exempt
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access_log import as_verb, opened, saw
from accounts.decorators import admins_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from accounts.sealing.keys import Kind, keys
from mailbox.models import InboundEmail
from tickets.actions.refile import refile_all, refile_email
from tickets.models import RefileRun
from tickets.unfiled import PAGE, after, cursor_of, page_of, row_of, waiting
from tickets.views.shell import shell
from tickets.views.source import source_download, source_page

TABS = {"": InboundEmail.State.QUARANTINED, "kept": InboundEmail.State.SKIPPED}
LISTED = Q(state__in=list(TABS.values()))


@require_safe
@admins_only
@as_verb("list")
def quarantine(request: DeskRequest) -> HttpResponse:
    """List the mails that could not be read, or those kept and not filed, newest first; with htmx only the progress."""
    run = RefileRun.objects.filter(organization=request.organization).order_by("-started_at").first()
    if request.htmx:
        return render(request, "tickets/quarantine.html#progress", _about(request, run=run))
    tab = request.GET.get("show", "")
    try:
        before = cursor_of(request.GET.get("before", ""))
    except ValueError:
        raise Http404 from None
    if tab not in TABS:
        raise Http404
    emails = page_of(request.organization, TABS[tab], before)
    saw(request, emails[:PAGE])
    keys.warm(Kind.MAILBOX, {email.mailbox_id for email in emails})
    here = {"show": tab} if tab else {}
    base = reverse("tickets:quarantine", args=[request.organization.slug])
    more = emails[PAGE - 1] if len(emails) > PAGE else None
    context = _about(
        request,
        run=run,
        kept=tab == "kept",
        rows=[row_of(email) for email in emails[:PAGE]],
        waiting=waiting(request.organization),
        older_url=f"{base}?{urlencode(here | {'before': after(more)})}" if more else "",
        newest_url=f"{base}?{urlencode(here)}" if before else "",
    )
    return render(request, "tickets/quarantine.html", context)


@require_POST
@admins_only
def again(request: DeskRequest, email_id: UUID) -> HttpResponse:
    """Try to read one mail again, and say how it went."""
    email = get_object_or_404(InboundEmail.objects.quarantined(), organization=request.organization, pk=email_id)
    opened(request, email)
    message = refile_email(email, by=request.membership)
    email.refresh_from_db(fields=["state", "reason"])
    if email.state == InboundEmail.State.QUARANTINED:
        messages.warning(request, _("Still not fully read. The original is kept, and the ticket stays as it was."))
    elif message is not None:
        number = message.ticket.number
        messages.success(request, _("Read this time. It is in ticket %(number)s.") % {"number": number})
    else:
        messages.success(request, _("Read this time, and kept without a ticket: %(why)s") % {"why": email.reason})
    return redirect("tickets:quarantine", request.organization.slug)


@require_POST
@admins_only
def again_all(request: DeskRequest) -> HttpResponse:
    """Try everything again, in the background; the page counts along."""
    if not InboundEmail.objects.quarantined().filter(organization=request.organization).exists():
        raise ActionRefused(_("Nothing is left to try: every mail could be read."))
    refile_all(request.organization, by=request.membership)
    return redirect("tickets:quarantine", request.organization.slug)


@require_safe
@admins_only
def original(request: DeskRequest, email_id: UUID) -> HttpResponse:
    """Show the original of a mail in one of the lists, as text."""
    email = _listed(request, email_id)
    tab = "?show=kept" if email.state == InboundEmail.State.SKIPPED else ""
    slug = request.organization.slug
    context = shell(request) | {
        "back": {"label": _("the list of mail"), "url": reverse("tickets:quarantine", args=[slug]) + tab},
        "download_url": reverse("tickets:quarantined_file", args=[slug, email.pk]),
    }
    return source_page(request, email, context)


@require_safe
@admins_only
@as_verb("download")
@csp_exempt()  # type: ignore[arg-type]
def original_file(request: DeskRequest, email_id: UUID) -> StreamingHttpResponse:
    """Send the original of a mail in one of the lists, as a download."""
    return source_download(_listed(request, email_id))


def _listed(request: DeskRequest, email_id: UUID) -> InboundEmail:
    listed = InboundEmail.objects.select_related("mailbox").filter(LISTED)
    email = get_object_or_404(listed, organization=request.organization, pk=email_id)
    opened(request, email)
    return email


def _about(request: DeskRequest, **more: Any) -> dict[str, Any]:
    return {"organization": request.organization, "membership": request.membership, **more}
