"""Correction, restriction, objection and withdrawal for people who sign in: the operator does it, then tells."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.choose_purpose import begin_choice, end_choice
from accounts.actions.end_sessions import end_sessions
from accounts.errors import ActionRefused
from accounts.models import Membership, PurposeChoice, User
from accounts.purposes import BY_CONSENT, OF_USERS
from privacy.actions.requests.change_request import refuse_guessed
from privacy.actions.requests.close_request import close_request
from privacy.actions.requests.identity import refuse_unproven
from privacy.actions.requests.letters import write_letter
from privacy.actions.requests.rights import NOTICE, announced_at
from privacy.models import DataSubjectRequest, RequestLetter
from privacy.rights.clock import day_of
from privacy.rights.history import Actor, Verb, record

Right, Outcome, Kind = DataSubjectRequest.Right, DataSubjectRequest.Outcome, RequestLetter.Kind


@transaction.atomic
def rectify_user(request: DataSubjectRequest, *, name: str, by: Actor) -> None:
    """Write down the name of the account that the person says is right."""
    user = _begin(request, Right.RECTIFICATION)
    said = " ".join(name.split())
    if not said or len(said) > 200:
        raise ActionRefused(_("Say the right name, in at most 200 characters."))
    user.name = said
    user.save(update_fields=["name"])
    record(request, Verb.RECTIFIED, by=by)
    close_request(request, outcome=Outcome.DONE, letter=Kind.RECTIFICATION, by=by)


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
    record(request, Verb.RESTRICTED, by=by)
    close_request(request, outcome=Outcome.DONE, letter=Kind.RESTRICTION, by=by, done_on=day_of(timezone.now()))


@transaction.atomic
def announce_end(request: DataSubjectRequest, *, reason: str, by: Actor) -> None:
    """Tell the person, a week before, that the restriction of the account ends and why (Art. 18(3))."""
    request.lock()
    _restricted(request)
    if not reason.strip():
        raise ActionRefused(_("Say why the restriction ends. The person reads it."))
    if announced_at(request) is not None:
        raise ActionRefused(_("The person was told already."))
    write_letter(request, Kind.LIFTING, by=by, reason=reason.strip(), ends_on=day_of(timezone.now() + NOTICE))
    record(request, Verb.ANNOUNCED, by=by, details=reason.strip())


@transaction.atomic
def end_restriction(request: DataSubjectRequest, *, by: Actor) -> None:
    """Let the person sign in again: never before they were told, and had a week to answer."""
    request.lock()
    user = _restricted(request)
    told = announced_at(request)
    if told is None:
        raise ActionRefused(_("First the person has to be told."))
    if timezone.now() < told.at + NOTICE:
        raise ActionRefused(_("The person was told that it ends later. Wait until then."))
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
    record(request, Verb.OBJECTED, by=by, details=said)
    close_request(
        request, outcome=Outcome.DONE, letter=Kind.OBJECTION, by=by, purpose=said, done_on=day_of(timezone.now()),
        reason="",
    )  # fmt: skip


@transaction.atomic
def withdraw_for_user(request: DataSubjectRequest, *, by: Actor) -> None:
    """End every consent of the account at once; that there was one stays as proof."""
    user = _begin(request, Right.WITHDRAWAL)
    purposes = [one for one in OF_USERS if one in BY_CONSENT]
    for purpose in purposes:
        end_choice(user.pk, kind=PurposeChoice.Kind.CONSENT, purpose=purpose)
    said = _labels(purposes)
    record(request, Verb.WITHDRAWN, by=by, details=said)
    close_request(
        request, outcome=Outcome.DONE, letter=Kind.WITHDRAWAL, by=by, purpose=said, done_on=day_of(timezone.now())
    )


def is_restricted(request: DataSubjectRequest) -> bool:
    """Return whether this case restricted an account, and that has not ended."""
    last = request.requestevents.filter(verb__in=[Verb.RESTRICTED, Verb.LIFTED]).order_by("-at", "-pk").first()
    return request.user is not None and last is not None and last.verb == Verb.RESTRICTED


def _begin(request: DataSubjectRequest, right: str) -> User:
    request.lock()
    refuse_unproven(request)
    refuse_guessed(request)
    if request.right != right or request.is_of_organization:
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
