"""Custom fields of an organization: made, changed, put in order, retired and taken up again."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.governing import refuse_unless_admin
from accounts.errors import ActionRefused
from accounts.models import Membership
from accounts.sealing.digests import name_digest
from tickets.models import CustomField

MAX_FIELDS = 30  # in use, of one subject: every page of a ticket carries them
MAX_WORDS = 100  # of one choice
MAX_WORD = 100  # letters


@transaction.atomic
def make_field(*, subject: str, kind: str, name: str, words: Sequence[str] = (), by: Membership) -> CustomField:
    """Make a field, last in order; its name is used once, whatever its case."""
    refuse_unless_admin(by)
    fields = CustomField.objects.filter(organization_id=by.organization_id, subject=subject)
    _refuse_if_full(fields.in_use().count())
    last = fields.aggregate(last=Max("position"))["last"]
    field = CustomField(
        organization_id=by.organization_id, subject=subject, kind=kind, position=0 if last is None else last + 1
    )
    _write(field, name, words)
    return field


@transaction.atomic
def change_field(field: CustomField, *, name: str, words: Sequence[str] = (), by: Membership) -> None:
    """Call a field something else, or offer other words; values that were given stay as they are."""
    refuse_unless_admin(by)
    field.lock()
    _write(field, name, words)


@transaction.atomic
def shift_field(field: CustomField, *, up: bool, by: Membership) -> None:
    """Ask for a field one place earlier, or later; at the end nothing changes."""
    refuse_unless_admin(by)
    same = CustomField.objects.filter(organization_id=field.organization_id, subject=field.subject).in_use()
    fields = list(same.order_by("position", "pk").select_for_update())
    at = next((n for n, one in enumerate(fields) if one.pk == field.pk), None)
    other = None if at is None else at - 1 if up else at + 1
    if at is None or other is None or not 0 <= other < len(fields):
        return
    fields[at], fields[other] = fields[other], fields[at]
    for position, one in enumerate(fields):
        if one.position != position:
            one.position = position
            one.save(update_fields=["position"])


@transaction.atomic
def retire_field(field: CustomField, *, by: Membership) -> None:
    """Ask for a field no longer; tickets keep and show what they have of it."""
    refuse_unless_admin(by)
    field.lock()
    if not field.is_retired:
        field.retired_at = timezone.now()
        field.save(update_fields=["retired_at"])


@transaction.atomic
def take_up_field(field: CustomField, *, by: Membership) -> None:
    """Ask for a retired field again."""
    refuse_unless_admin(by)
    field.lock()
    if not field.is_retired:
        return
    same = CustomField.objects.filter(organization_id=field.organization_id, subject=field.subject)
    _refuse_if_full(same.in_use().count())
    field.retired_at = None
    field.save(update_fields=["retired_at"])


def _refuse_if_full(count: int) -> None:
    if count >= MAX_FIELDS:
        raise ActionRefused(_("There are %(count)d fields already. Retire one first.") % {"count": MAX_FIELDS})


def _write(field: CustomField, name: str, words: Sequence[str]) -> None:
    field.name = " ".join(name.split())
    if not field.name:
        raise ActionRefused(_("A field needs a name."))
    if field.kind == CustomField.Kind.CHOICE:
        field.choices = _tidy(words)
    field.name_digest = name_digest(field.organization_id, f"field of a {field.subject}", field.name)
    try:
        with transaction.atomic():
            field.save()
    except IntegrityError:
        raise ActionRefused(_("There is a field of this name already, in use or retired.")) from None


def _tidy(words: Sequence[str]) -> list[str]:
    """Return the words to choose from, each once."""
    tidy = list(dict.fromkeys(word for one in words if (word := " ".join(one.split()))))
    if not tidy:
        raise ActionRefused(_("Write at least one word to choose, one on a line."))
    if len(tidy) > MAX_WORDS or max(map(len, tidy)) > MAX_WORD:
        raise ActionRefused(
            _("A choice has %(count)d words at most, each of %(letters)d letters at most.")
            % {"count": MAX_WORDS, "letters": MAX_WORD}
        )
    return tidy
