"""Every hour the log is read again, every day its heads are kept outside the database for good."""

import logging
from email.utils import formatdate
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.access_log.alerts import Rule, raise_alerts
from accounts.access_log.anchors import keep_anchor
from accounts.access_log.sealing import head_of
from accounts.access_log.verifying import verify_all
from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from accounts.tenancy.doors import organizations_with_access_log

logger = logging.getLogger(__name__)


def verify_and_tell() -> int:
    """Verify every log; a fault becomes an alert for its admins and a line for the operator. Return how many faults."""
    faults = 0
    for report in verify_all():
        faults += len(report.faults)
        for fault in report.faults[:20]:
            logger.error("The access log of %s does not verify: %s", report.organization_id, fault)
        if report.faults:
            today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
            with organization_scope(report.organization_id):
                raise_alerts(report.organization_id, [(Rule.BROKEN, None, today, len(report.faults))])
    return faults


def anchor_heads() -> int:
    """Keep the head of each log for good, and mail it to the owners where that is set; return how many."""
    kept = 0
    for organization_id in organizations_with_access_log():
        with organization_scope(organization_id):
            number, head = head_of(organization_id)
        if number:
            keep_anchor(organization_id, number, head)
            kept += 1
            if settings.ACCESS_ANCHOR_MAIL:
                _mail_head(organization_id, number, head)
    return kept


def _mail_head(organization_id: UUID, number: int, head: bytes) -> None:
    with organization_scope(organization_id):
        organization = Organization.objects.filter(pk=organization_id, closed_at=None).first()
        owners = Membership.objects.reachable().filter(role=Membership.Role.OWNER, organization_id=organization_id)
        addresses = list(owners.values_list("user__email", flat=True))
    if organization is None or not addresses:
        return
    with override(organization.language):
        said = _(
            "On %(at)s the access log of %(name)s had %(number)d rows and ended with\n%(hash)s\nKeep this mail."
        ) % {
            "at": formatdate(usegmt=True),
            "name": organization.name,
            "number": number,
            "hash": head.hex(),
        }
        for address in addresses:
            send_mail(_("The seal of your access log"), said, None, [address], fail_silently=False)
