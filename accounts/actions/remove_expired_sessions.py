"""Sessions that ended leave nothing behind."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone


def remove_expired_sessions() -> int:
    """Delete expired sessions, and what the session list remembers of sessions that are gone; return how many."""
    expired, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(alive)).delete()
    return expired
