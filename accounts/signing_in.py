"""Sign-in by us, through every stage of the sign-in library."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse

from accounts.models import User


def sign_in_new_user(request: HttpRequest, user: User) -> HttpResponse:
    """Sign in a person who has just set a password, and lead them home."""
    record_authentication(request, user, "password")
    return perform_login(request, Login(user=user, email=user.email, redirect_url="/"))
