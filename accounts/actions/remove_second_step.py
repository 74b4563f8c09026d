"""A lost phone: the operator clears the way for a new second step."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.actions.end_sessions import end_sessions
from accounts.models import User


@transaction.atomic
def remove_second_step(user: User) -> None:
    """Remove app and recovery codes and end all sessions; who needs a second step is asked to set up a new one."""
    for authenticator in Authenticator.objects.filter(user_id=user.pk):
        authenticator.delete()
    end_sessions(user)
