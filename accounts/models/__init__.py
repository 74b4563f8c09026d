"""Who, and whose."""

from accounts.models.hours import WorkingHours
from accounts.models.invitation import Invitation
from accounts.models.membership import Membership
from accounts.models.organization import Organization
from accounts.models.suppression import Suppression
from accounts.models.team import Team, TeamMember
from accounts.models.user import User
from accounts.tenancy.owned import Owned

__all__ = [
    "Invitation",
    "Membership",
    "Organization",
    "Owned",
    "Suppression",
    "Team",
    "TeamMember",
    "User",
    "WorkingHours",
]
