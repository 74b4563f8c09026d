"""What a request knows after the middleware: who asks, and whose desk it is."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.access_log.noting import Noted
from accounts.models import AccessGrant, Membership, Organization, User


class DeskRequest(HttpRequest):
    """A request under /<organization>/: signed in, a member, inside the organization's scope."""

    user: User
    organization: Organization
    membership: Membership
    noted: Noted  # what it shows, for the access log
    grant: AccessGrant | None  # the operator's staff looks in under it
    htmx: HtmxDetails
