"""Sessions end: all of a person's, or all but the one that asks, which may get another name."""

from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User


def end_sessions(user: User) -> None:
    """End every session of this person once the transaction commits; inside a scope the tables are out of reach."""
    transaction.on_commit(lambda: _end(user, but=None))


def end_other_sessions(request: HttpRequest, user: User) -> None:
    """End every session of this person but the one of this request, once the transaction commits."""
    transaction.on_commit(lambda: _end(user, but=request.session.session_key))


def renew_session(request: HttpRequest) -> None:
    """Give this session another name; whoever learned the old one has nothing."""
    old = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=old or "").update(session_key=request.session.session_key)


def _end(user: User, but: str | None) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    for session in UserSession.objects.filter(user_id=user.pk).exclude(session_key=but or ""):
        store.delete(session.session_key)
        session.delete()
