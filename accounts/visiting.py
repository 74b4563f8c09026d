"""The operator's staff inside an organization: under a grant, reading only, every look written down."""

from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from accounts.access_log.alerts import Rule, hour_of, raise_alerts
from accounts.access_log.recording import SAFE
from accounts.models import AccessGrant, Membership, Organization, User
from accounts.tenancy import organization_scope
from accounts.tenancy.doors import grant_at


def visit(request: HttpRequest, slug: str, view: Callable[..., Any]) -> tuple[Membership, AccessGrant]:
    """Return who looks in and under which grant. 404 for everybody but staff; 403 without a grant, told to admins.

    A visitor asks and looks; forms that would change something answer 403, and live news are for members.
    """
    user = request.user
    if not (isinstance(user, User) and user.is_staff and user.is_active):
        raise Http404
    organization, grant = grant_at(user, slug)
    if organization is None or iscoroutinefunction(view):
        raise Http404
    if grant is None:
        _tell(organization, user)
        raise PermissionDenied
    if request.method not in SAFE and not getattr(view, "is_question", False):
        raise PermissionDenied
    return visitor(organization, user, grant), grant


def visitor(organization: Organization, user: User, grant: AccessGrant) -> Membership:
    """Return a place that is in no table, the same for a whole grant: it sees every mailbox and changes nothing."""
    place = Membership(id=grant.pk, organization=organization, user=user, role=Membership.Role.VIEWER)
    place.created_at = timezone.now()  # nothing is new to a visitor
    place.is_visitor, place.has_other_desks = True, False  # type: ignore[attr-defined]
    return place


def _tell(organization: Organization, user: User) -> None:
    with organization_scope(organization):
        raise_alerts(organization.pk, [(Rule.NO_GRANT, user.pk, hour_of(timezone.now()), 0)])
