"""What a request knows after the middleware: who asks, and whose desk it is."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import Membership, Organization, User


class DeskRequest(HttpRequest):
    """A request under /<organization>/: signed in, a member, inside the organization's scope."""

    user: User
    organization: Organization
    membership: Membership
    htmx: HtmxDetails
