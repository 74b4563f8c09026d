"""Rights of people who sign in, in the operator's queue: done by themselves where nobody has to decide."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.choose_purpose import begin_choice, end_choice
from accounts.actions.end_sessions import end_sessions
from accounts.errors import ActionRefused
from accounts.models import Membership, PurposeChoice, User
from accounts.purposes import BY_CONSENT, OF_USERS
from accounts.sealing.keys import Kind, destroy_key
from privacy.actions.requests.change_request import refuse_guessed
from privacy.actions.requests.close_request import close_request
from privacy.actions.requests.erase_person import BACKUPS_CAP
from privacy.actions.requests.identity import refuse_unproven
from privacy.models import DataSubjectRequest, RequestLetter
from privacy.rights.clock import day_of
from privacy.rights.history import Actor, Verb, record

Right, Outcome = DataSubjectRequest.Right, DataSubjectRequest.Outcome


@transaction.atomic
def choose(user: User, *, purpose: str, allowed: bool) -> None:
    """Take a person's choice about one purpose, at once: consent as easily withdrawn as given."""
    if purpose not in OF_USERS:
        raise ActionRefused(_("There is no such choice."))
    if purpose in BY_CONSENT:
        kind, stands = PurposeChoice.Kind.CONSENT, allowed
    else:
        kind, stands = PurposeChoice.Kind.OBJECTION, not allowed
    if stands:
        begin_choice(user.pk, kind=kind, purpose=purpose)
    else:
        end_choice(user.pk, kind=kind, purpose=purpose)


@transaction.atomic
def erase_user(request: DataSubjectRequest, *, by: Actor) -> None:
    """Erase an account that has no active place any more: row, sessions, second steps, and the key of its profile."""
    request.lock()
    refuse_unproven(request)
    refuse_guessed(request)
    if request.right != Right.ERASURE or request.is_of_organization:
        raise ActionRefused(_("This case asks for something else."))
    user = request.user
    if user is None:
        raise ActionRefused(_("There is no such account any more."))
    if Membership.objects.filter(user=user, is_active=True, organization__closed_at=None).exists():
        raise ActionRefused(_("The person still has a place in an organization: that is for the organization to end."))
    end_sessions(user)
    profile = user.pk
    user.delete()
    transaction.on_commit(lambda: destroy_key(Kind.PROFILE, profile))
    record(request, Verb.ERASED, by=by)
    today = day_of(timezone.now())
    close_request(
        request, outcome=Outcome.DONE, letter=RequestLetter.Kind.ERASURE, by=by, kept="", done_on=today,
        backups_until=day_of(timezone.now() + BACKUPS_CAP),
    )  # fmt: skip
