"""Correction, restriction, objection and withdrawal: each really done, then told."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.choose_purpose import begin_choice, end_choice
from accounts.errors import ActionRefused
from accounts.models import PurposeChoice
from accounts.purposes import ABSOLUTE, BY_CONSENT
from privacy.actions.requests.close_request import close_request
from privacy.actions.requests.identity import refuse_unproven
from privacy.actions.requests.letters import write_letter
from privacy.models import DataSubjectRequest, RequestEvent, RequestLetter
from privacy.rights.clock import day_of
from privacy.rights.history import Actor, Verb, record
from tickets.actions.contacts.edit import edit_contact
from tickets.actions.contacts.restrict import restrict_contact, unrestrict_contact
from tickets.models import Contact

Right, Outcome, Kind = DataSubjectRequest.Right, DataSubjectRequest.Outcome, RequestLetter.Kind
NOTICE = timedelta(days=7)  # between the letter and the end of a restriction


@transaction.atomic
def rectify_person(request: DataSubjectRequest, *, name: str, by: Actor) -> None:
    """Write down the name the person says is right: later mail changes it no more, and old mail stays as it was."""
    request.lock()
    _begin(request, Right.RECTIFICATION)
    contact = _contact(request)
    if by.member is None:
        raise ActionRefused(_("A colleague of the organization does this."))
    edit_contact(contact, name=name, company=contact.company.name if contact.company else "", by=by.member)
    if not contact.is_name_chosen:  # the name was right by chance: now it is so by choice
        contact.is_name_chosen = True
        contact.save(update_fields=["is_name_chosen"])
    record(request, Verb.RECTIFIED, by=by)
    close_request(request, outcome=Outcome.DONE, letter=Kind.RECTIFICATION, by=by)


@transaction.atomic
def restrict_person(request: DataSubjectRequest, *, by: Actor) -> None:
    """Only store what there is about the person from now on, and say so."""
    request.lock()
    _begin(request, Right.RESTRICTION)
    restrict_contact(_contact(request))
    record(request, Verb.RESTRICTED, by=by)
    close_request(request, outcome=Outcome.DONE, letter=Kind.RESTRICTION, by=by, done_on=day_of(timezone.now()))


@transaction.atomic
def announce_lifting(request: DataSubjectRequest, *, reason: str, by: Actor) -> None:
    """Tell the person, a week before, that the restriction ends and why (Art. 18(3))."""
    request.lock()
    _restricted(request)
    if not reason.strip():
        raise ActionRefused(_("Say why the restriction ends. The person reads it."))
    if announced_at(request) is not None:
        raise ActionRefused(_("The person was told already."))
    ends_on = day_of(timezone.now() + NOTICE)
    write_letter(request, Kind.LIFTING, by=by, reason=reason.strip(), ends_on=ends_on)
    record(request, Verb.ANNOUNCED, by=by, details=reason.strip())


@transaction.atomic
def lift_restriction(request: DataSubjectRequest, *, by: Actor) -> None:
    """End the restriction: never before the person was told, and had a week to answer."""
    request.lock()
    contact = _restricted(request)
    told = announced_at(request)
    if told is None:
        raise ActionRefused(_("First the person has to be told."))
    if timezone.now() < told.at + NOTICE:
        raise ActionRefused(_("The person was told that it ends later. Wait until then."))
    unrestrict_contact(contact)
    record(request, Verb.LIFTED, by=by)


def announced_at(request: DataSubjectRequest) -> RequestEvent | None:
    """Return when the end of the restriction was announced, if it was and it has not ended since."""
    last = request.requestevents.filter(verb__in=[Verb.ANNOUNCED, Verb.LIFTED]).order_by("-at", "-pk").first()
    return last if last is not None and last.verb == Verb.ANNOUNCED else None


@transaction.atomic
def object_for_person(request: DataSubjectRequest, *, purpose: str, by: Actor) -> None:
    """Stop using the person's data for a purpose, at once; whether a stronger ground speaks against it comes after."""
    request.lock()
    _begin(request, Right.OBJECTION)
    if purpose in BY_CONSENT:
        raise ActionRefused(_("That rests on consent: it is withdrawn, not objected to."))
    contact = _contact(request)
    begin_choice(
        contact.pk,
        kind=PurposeChoice.Kind.OBJECTION,
        purpose=purpose,
        organization_id=request.organization_id,
    )
    said = str(PurposeChoice.Purpose(purpose).label)
    record(request, Verb.OBJECTED, by=by, details=said)
    close_request(
        request, outcome=Outcome.DONE, letter=Kind.OBJECTION, by=by, purpose=said, done_on=day_of(timezone.now()),
        reason="",
    )  # fmt: skip


@transaction.atomic
def outweigh_objection(request: DataSubjectRequest, *, purpose: str, reason: str, by: Actor) -> None:
    """Go on with a purpose after all, for a compelling ground, and tell the person. Never with advertising."""
    request.lock()
    if purpose in ABSOLUTE:
        raise ActionRefused(_("Nothing outweighs an objection to advertising."))
    if not reason.strip():
        raise ActionRefused(_("Say which ground is stronger. The person reads it."))
    contact = _contact(request)
    if end_choice(contact.pk, kind=PurposeChoice.Kind.OBJECTION, purpose=purpose):
        record(request, Verb.NOTED, by=by, details=reason.strip())
        said = str(PurposeChoice.Purpose(purpose).label)
        write_letter(request, Kind.REFUSAL, by=by, reason=f"{said}: {reason.strip()}", purpose=said)


@transaction.atomic
def withdraw_for_person(request: DataSubjectRequest, *, purpose: str, by: Actor) -> None:
    """End a consent at once; that there was one stays as proof."""
    request.lock()
    _begin(request, Right.WITHDRAWAL)
    contact = _contact(request)
    end_choice(contact.pk, kind=PurposeChoice.Kind.CONSENT, purpose=purpose)
    said = str(PurposeChoice.Purpose(purpose).label)
    record(request, Verb.WITHDRAWN, by=by, details=said)
    close_request(
        request, outcome=Outcome.DONE, letter=Kind.WITHDRAWAL, by=by, purpose=said, done_on=day_of(timezone.now())
    )


def _begin(request: DataSubjectRequest, right: str) -> None:
    refuse_unproven(request)
    if request.right != right:
        raise ActionRefused(_("This case asks for something else."))


def _contact(request: DataSubjectRequest) -> Contact:
    contact = Contact.objects.filter(pk=request.contact_id).first() if request.contact_id else None
    if contact is None:
        raise ActionRefused(_("Nothing is known here under this address."))
    return contact.merged_into or contact


def _restricted(request: DataSubjectRequest) -> Contact:
    contact = _contact(request)
    if contact.restricted_at is None:
        raise ActionRefused(_("The contact is not restricted."))
    return contact
