"""What the operator keeps about who signs in: the account, its places, its sessions. No organization's mail."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from accounts.models import Membership, User
from privacy.models import DataSubjectRequest
from privacy.rights.others import same_person
from privacy.rights.packages.log import own_lines

Right = DataSubjectRequest.Right


def user_content(request: DataSubjectRequest) -> dict[str, Any]:
    """Return the account as plain values; what a person wrote at an organization's desk is that organization's."""
    user = request.user
    data: dict[str, Any] = {"schema": "deskhero-account-1", "case": request.case_number}
    if user is None:
        return data | {"account": None, "memberships": []}
    data["account"] = _account(user)
    if request.right == Right.PORTABILITY:  # only what the person typed in
        return data | {"memberships": []}
    places = Membership.objects.filter(user=user).select_related("organization").order_by("created_at")
    return data | {
        "memberships": [
            {
                "organization": one.organization.name,
                "role": one.role,
                "is_active": one.is_active,
                "since": one.created_at.isoformat(),
            }
            for one in places
        ],
        "addresses": list(EmailAddress.objects.filter(user=user).values_list("email", flat=True)),
        "second_steps": list(Authenticator.objects.filter(user=user).values_list("type", flat=True)),
        "sessions": [
            {
                "ip": one.ip,
                "browser": one.user_agent,
                "since": one.created_at.isoformat(),
                "last_seen_at": one.last_seen_at.isoformat(),
            }
            for one in UserSession.objects.filter(user=user)
        ],
        "access_log": own_lines(user),
        "requests": [
            {"number": one.case_number, "right": one.right, "outcome": one.outcome} for one in same_person(request)
        ],
        "organizations_answer": "What you wrote and noted at a desk belongs to that organization: ask it.",
    }


def _account(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "email": user.email,
        "language": user.language,
        "time_zone": user.time_zone,
        "theme": user.theme,
        "created_at": user.created_at.isoformat(),
        "last_login": user.last_login.isoformat() if user.last_login else None,
    }
