"""What follows from news of the sign-in library."""

from typing import Any

from allauth.account.signals import email_confirmed, password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.actions.end_sessions import end_other_sessions, end_sessions, renew_session
from accounts.actions.found_organization import found_organization
from accounts.mfa import forget_second_step, remember_second_step
from accounts.models import User


@receiver([post_save, post_delete], sender=Authenticator)
def keep_second_step_known(instance: Authenticator, **kwargs: Any) -> None:
    """Let the user's row say whether there is a second step, so that no page has to look it up."""
    has_one = Authenticator.objects.filter(user_id=instance.user_id, type=Authenticator.Type.TOTP).exists()
    User.objects.filter(pk=instance.user_id).update(has_second_step=has_one)


@receiver(authenticator_added)
def second_step_was_set_up(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Count setting it up as passing it here, and end the sessions that know only the password."""
    if authenticator.type == Authenticator.Type.TOTP:
        remember_second_step(request, user)
        renew_session(request)
        end_other_sessions(request, user)


@receiver(authenticator_used)
def second_step_was_passed_again(request: HttpRequest, reauthenticated: bool = False, **kwargs: Any) -> None:
    """Give the session that may do more now another name; at sign-in it gets one anyway."""
    if reauthenticated:
        renew_session(request)


@receiver(authenticator_removed)
def second_step_was_removed(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Forget that it was passed here, and end the other sessions."""
    if authenticator.type == Authenticator.Type.TOTP:
        forget_second_step(request)
        end_other_sessions(request, user)


@receiver(email_confirmed)
def address_was_verified(email_address: Any, **kwargs: Any) -> None:
    """Found the organization that was asked for at sign-up."""
    found_organization(by=email_address.user)


@receiver([password_changed, password_set])
def password_was_changed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """End the sessions that know the old password."""
    end_other_sessions(request, user)


@receiver(password_reset)
def password_was_reset(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """End every session: whoever asked for the reset signs in again."""
    end_sessions(user)
