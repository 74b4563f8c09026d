"""Before the consent: what is asked and why, and the way to the provider."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.decorators import admins_only
from accounts.requests import DeskRequest
from mailbox.actions.begin_consent import begin_consent
from mailbox.forms import ConnectForm
from mailbox.models import Mailbox
from mailbox.views.mailboxes import about


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@admins_only
def connect(request: DeskRequest) -> HttpResponse:
    """Choose a provider, see what is asked and why, and leave for the provider."""
    if request.method == "POST":
        form = ConnectForm(request.POST)
        if form.is_valid():
            return _leave(request, **form.cleaned_data)
        provider = request.POST.get("provider", "")
    else:
        provider = request.GET.get("provider", "")
        form = ConnectForm(initial={"provider": provider, "days": "7"})
    if provider not in Mailbox.Provider.values:
        provider = ""
    here = reverse("mailbox:connect", args=[request.organization.slug])
    return _ask(request, provider, form=form, begin_url=here)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@admins_only
def reconnect(request: DeskRequest, mailbox_id: UUID) -> HttpResponse:
    """Give a mailbox that is here already a new permission; one that was disconnected comes back by it."""
    mailbox = get_object_or_404(request.organization.mailboxes.returnable(), pk=mailbox_id)
    if request.method == "POST":
        return _leave(request, provider=mailbox.provider, address=mailbox.address, days=0, mailbox=mailbox)
    here = reverse("mailbox:reconnect", args=[request.organization.slug, mailbox.pk])
    return _ask(request, mailbox.provider, form=None, begin_url=here, mailbox=mailbox)


def _ask(request: DeskRequest, provider: str, *, form: ConnectForm | None, **more: Any) -> HttpResponse:
    name = Mailbox.Provider(provider).label if provider else ""
    status = 422 if form is not None and form.errors else 200
    context = about(request, provider=provider, provider_name=name, form=form, **more)
    return render(request, "mailbox/connect.html", context, status=status)


def _leave(
    request: DeskRequest, *, provider: str, address: str, days: int, mailbox: Mailbox | None = None
) -> HttpResponse:
    """A page that goes on by itself: browsers forbid a form to end at another host (form-action), and rightly so."""
    url = begin_consent(
        provider,
        address=address,
        days=days,
        session_key=request.session.session_key or "",
        by=request.membership,
        mailbox=mailbox,
    )
    name = Mailbox.Provider(provider).label
    return render(request, "mailbox/leaving.html", about(request, provider_name=name, consent_url=url))
