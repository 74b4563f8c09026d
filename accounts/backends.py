"""Signing in, as the sign-in library does it, and finding who is signed in, which every request asks."""

from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from accounts.models import User
from accounts.prepared import prepared


class PersonBackend(AuthenticationBackend):
    """The library's, with a prepared statement for the question of every request."""

    def get_user(self, user_id: UUID) -> User | None:
        """Return the person of a session, or None for who may not sign in any more."""
        found = prepared("user", [UUID(str(user_id))], _user)
        return found[0] if found and self.user_can_authenticate(found[0]) else None


def _user(user_id: UUID) -> QuerySet[User]:
    return User.objects.filter(pk=user_id)
