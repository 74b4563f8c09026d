"""The mail to an organization's admins when the operator's staff asks to look in. It says that, and not why."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import AccessGrant, Membership, Organization
from accounts.tenancy import organization_scope

ADMINS = [Membership.Role.OWNER, Membership.Role.ADMIN]


def mail_of_grant(organization_id: str, grant_id: str) -> int:
    """Mail every owner and admin; return how many."""
    with organization_scope(organization_id):
        grant = AccessGrant.objects.filter(pk=grant_id).first()
        organization = Organization.objects.filter(pk=organization_id, closed_at=None).first()
        admins = Membership.objects.reachable().filter(organization_id=organization_id, role__in=ADMINS)
        addresses = list(admins.order_by("pk").values_list("user__email", flat=True))
    if grant is None or organization is None:
        return 0
    with translation.override(organization.language):
        context = {
            "organization": organization.name,
            "purpose": grant.get_purpose_display(),
            "hours": grant.hours,
            "needs_admin": grant.needs_admin,
            "url": f"{settings.URL}/{organization.slug}/settings/privacy/grants/",
        }
        subject = " ".join(render_to_string("accounts/email/grant_subject.txt", context).split())
        body = render_to_string("accounts/email/grant_message.txt", context)
    for address in addresses:
        EmailMessage(subject, body, to=[address]).send()
    return len(addresses)
