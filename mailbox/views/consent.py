"""Back from the provider's consent page."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.errors import ActionRefused
from accounts.mfa import needs_mfa, to_second_step
from accounts.models import Membership, User
from accounts.tenancy.doors import memberships_of
from mailbox.actions.begin_consent import organization_of
from mailbox.actions.finish_consent import BEGIN_AGAIN, finish_consent
from mailbox.models import Mailbox


@require_safe
@never_cache
def callback(request: HttpRequest, provider: str) -> HttpResponse:
    """Finish what this admin began in this browser; whatever is wrong is said in a sentence, and nothing is saved.

    The address has no organization, so the state names it, and counts only together with the session that made it.
    """
    if provider not in Mailbox.Provider.values or not isinstance(request.user, User):
        raise Http404
    answer = request.GET.dict()
    member = _admin(request.user, answer.get("state", ""))
    if member is None:
        messages.error(request, _(BEGIN_AGAIN))
        return redirect("home")
    if needs_mfa(request, member):
        return to_second_step(request)
    try:
        session_key = request.session.session_key or ""
        mailbox = finish_consent(provider, answer, session_key=session_key, by=member)
    except ActionRefused as refusal:
        context = {
            "organization": member.organization,
            "membership": member,
            "sentence": str(refusal),
            "provider": provider,
            "provider_name": Mailbox.Provider(provider).label,
        }
        return render(request, "mailbox/refused.html", context, status=400)
    return redirect("mailbox:connected", member.organization.slug, mailbox.pk)


def _admin(user: User, state: str) -> Membership | None:
    """Return this person's place as an admin of the organization that the state names."""
    organization_id = organization_of(state)
    places = (place for place in memberships_of(user) if place.organization_id == organization_id and place.is_admin)
    return next(places, None)
