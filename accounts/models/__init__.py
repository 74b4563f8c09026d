"""Who, and whose."""

from accounts.models.access_alert import AccessAlert
from accounts.models.access_event import AccessEvent
from accounts.models.access_grant import AccessGrant
from accounts.models.access_seal import AccessCheckpoint, AccessSeal
from accounts.models.hours import WorkingHours
from accounts.models.invitation import Invitation
from accounts.models.membership import Membership
from accounts.models.organization import Organization
from accounts.models.purpose import PurposeChoice
from accounts.models.suppression import Suppression
from accounts.models.team import Team, TeamMember
from accounts.models.user import User
from accounts.tenancy.owned import Owned

__all__ = [
    "AccessAlert",
    "AccessCheckpoint",
    "AccessEvent",
    "AccessGrant",
    "AccessSeal",
    "Invitation",
    "Membership",
    "Organization",
    "Owned",
    "PurposeChoice",
    "Suppression",
    "Team",
    "TeamMember",
    "User",
    "WorkingHours",
]
