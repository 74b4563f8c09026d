"""Correction, restriction, objection and withdrawal: each really done, then told."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.choose_purpose import begin_choice, end_choice
from accounts.errors import ActionRefused
from accounts.models import PurposeChoice
from accounts.purposes import ABSOLUTE, BY_CONSENT
from privacy.actions.requests.carrying_out import announce, begin, done, refuse_untold
from privacy.actions.requests.letters import write_letter
from privacy.models import DataSubjectRequest, RequestLetter
from privacy.rights.clock import day_of
from privacy.rights.history import Actor, Verb, record
from tickets.actions.contacts.edit import edit_contact
from tickets.actions.contacts.restrict import restrict_contact, unrestrict_contact
from tickets.models import Contact

Right, Kind = DataSubjectRequest.Right, RequestLetter.Kind


@transaction.atomic
def rectify_person(request: DataSubjectRequest, *, name: str, by: Actor) -> None:
    """Write down the name the person says is right: later mail changes it no more, and old mail stays as it was."""
    begin(request, Right.RECTIFICATION)
    contact = _contact(request)
    if by.member is None:
        raise ActionRefused(_("A colleague of the organization does this."))
    edit_contact(contact, name=name, company=contact.company.name if contact.company else "", by=by.member)
    if not contact.is_name_chosen:  # the name was right by chance: now it is so by choice
        contact.is_name_chosen = True
        contact.save(update_fields=["is_name_chosen"])
    done(request, Verb.RECTIFIED, Kind.RECTIFICATION, by=by)


@transaction.atomic
def restrict_person(request: DataSubjectRequest, *, by: Actor) -> None:
    """Only store what there is about the person from now on, and say so."""
    begin(request, Right.RESTRICTION)
    restrict_contact(_contact(request))
    done(request, Verb.RESTRICTED, Kind.RESTRICTION, by=by, done_on=day_of(timezone.now()))


@transaction.atomic
def announce_lifting(request: DataSubjectRequest, *, reason: str, by: Actor) -> None:
    """Tell the person, a week before, that the restriction ends and why (Art. 18(3))."""
    request.lock()
    _restricted(request)
    announce(request, reason=reason, by=by)


@transaction.atomic
def lift_restriction(request: DataSubjectRequest, *, by: Actor) -> None:
    """End the restriction: never before the person was told, and had a week to answer."""
    request.lock()
    contact = _restricted(request)
    refuse_untold(request)
    unrestrict_contact(contact)
    record(request, Verb.LIFTED, by=by)


@transaction.atomic
def object_for_person(request: DataSubjectRequest, *, purpose: str, by: Actor) -> None:
    """Stop using the person's data for a purpose, at once; whether a stronger ground speaks against it comes after."""
    begin(request, Right.OBJECTION)
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
    today = day_of(timezone.now())
    done(request, Verb.OBJECTED, Kind.OBJECTION, by=by, details=said, purpose=said, done_on=today, reason="")


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
    begin(request, Right.WITHDRAWAL)
    contact = _contact(request)
    end_choice(contact.pk, kind=PurposeChoice.Kind.CONSENT, purpose=purpose)
    said = str(PurposeChoice.Purpose(purpose).label)
    today = day_of(timezone.now())
    done(request, Verb.WITHDRAWN, Kind.WITHDRAWAL, by=by, details=said, purpose=said, done_on=today)


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
