"""Correction, restriction, objection and withdrawal for people who sign in: the operator does it, then tells."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.choose_purpose import begin_choice, end_choice
from accounts.actions.end_sessions import end_sessions
from accounts.errors import ActionRefused
from accounts.models import Membership, PurposeChoice, User
from accounts.purposes import BY_CONSENT, OF_USERS
from privacy.actions.requests.carrying_out import announce, begin, done, refuse_untold, unended
from privacy.models import DataSubjectRequest, RequestLetter
from privacy.rights.clock import day_of
from privacy.rights.history import Actor, Verb, record

Right, Kind = DataSubjectRequest.Right, RequestLetter.Kind


@transaction.atomic
def rectify_user(request: DataSubjectRequest, *, name: str, by: Actor) -> None:
    """Write down the name of the account that the person says is right."""
    user = _begin(request, Right.RECTIFICATION)
    said = " ".join(name.split())
    if not said or len(said) > 200:
        raise ActionRefused(_("Say the right name, in at most 200 characters."))
    user.name = said
    user.save(update_fields=["name"])
    done(request, Verb.RECTIFIED, Kind.RECTIFICATION, by=by)


@transaction.atomic
def restrict_user(request: DataSubjectRequest, *, by: Actor) -> None:
    """Only store the account from now on: its sessions end, nobody signs in to it, and no notification leaves to it.

    The only owner of an organization is refused: it would be left without anybody who governs it.
    """
    user = _begin(request, Right.RESTRICTION)
    for place in Membership.objects.filter(user=user, is_active=True, role=Membership.Role.OWNER):
        others = Membership.objects.active().filter(
            organization=place.organization_id, role=Membership.Role.OWNER, user__is_active=True
        )
        if not others.exclude(pk=place.pk).exists():
            raise ActionRefused(_("The person is the only owner of an organization: it needs another one first."))
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    done(request, Verb.RESTRICTED, Kind.RESTRICTION, by=by, done_on=day_of(timezone.now()))


@transaction.atomic
def announce_end(request: DataSubjectRequest, *, reason: str, by: Actor) -> None:
    """Tell the person, a week before, that the restriction of the account ends and why (Art. 18(3))."""
    request.lock()
    _restricted(request)
    announce(request, reason=reason, by=by)


@transaction.atomic
def end_restriction(request: DataSubjectRequest, *, by: Actor) -> None:
    """Let the person sign in again: never before they were told, and had a week to answer."""
    request.lock()
    user = _restricted(request)
    refuse_untold(request)
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(request, Verb.LIFTED, by=by)


@transaction.atomic
def object_for_user(request: DataSubjectRequest, *, by: Actor) -> None:
    """Stop everything the account's data is used for besides what it needs and what was consented to, at once."""
    user = _begin(request, Right.OBJECTION)
    purposes = [one for one in OF_USERS if one not in BY_CONSENT]
    for purpose in purposes:
        begin_choice(user.pk, kind=PurposeChoice.Kind.OBJECTION, purpose=purpose)
    said = _labels(purposes)
    today = day_of(timezone.now())
    done(request, Verb.OBJECTED, Kind.OBJECTION, by=by, details=said, purpose=said, done_on=today, reason="")


@transaction.atomic
def withdraw_for_user(request: DataSubjectRequest, *, by: Actor) -> None:
    """End every consent of the account at once; that there was one stays as proof."""
    user = _begin(request, Right.WITHDRAWAL)
    purposes = [one for one in OF_USERS if one in BY_CONSENT]
    for purpose in purposes:
        end_choice(user.pk, kind=PurposeChoice.Kind.CONSENT, purpose=purpose)
    said = _labels(purposes)
    today = day_of(timezone.now())
    done(request, Verb.WITHDRAWN, Kind.WITHDRAWAL, by=by, details=said, purpose=said, done_on=today)


def is_restricted(request: DataSubjectRequest) -> bool:
    """Return whether this case restricted an account, and that has not ended."""
    return request.user is not None and unended(request, Verb.RESTRICTED) is not None


def _begin(request: DataSubjectRequest, right: str) -> User:
    begin(request, right)
    if request.is_of_organization:
        raise ActionRefused(_("This case asks for something else."))
    if request.user is None:
        raise ActionRefused(_("There is no such account any more."))
    return request.user


def _restricted(request: DataSubjectRequest) -> User:
    if request.user is None or not is_restricted(request):
        raise ActionRefused(_("The account is not restricted."))
    return request.user


def _labels(purposes: list[PurposeChoice.Purpose]) -> str:
    return ", ".join(str(one.label) for one in purposes)
