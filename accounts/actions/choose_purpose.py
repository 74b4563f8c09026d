"""What a person chooses about their data: consent given and withdrawn, objections and what became of them."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import PurposeChoice


@transaction.atomic
def begin_choice(person_id: UUID, *, kind: str, purpose: str, organization_id: UUID | None = None) -> PurposeChoice:
    """Note a consent or an objection from now on; one that stands already stays as it is."""
    choice, _made = PurposeChoice.objects.get_or_create(
        person_id=person_id, kind=kind, purpose=purpose, ended_at=None, defaults={"organization_id": organization_id}
    )
    return choice


@transaction.atomic
def end_choice(person_id: UUID, *, kind: str, purpose: str) -> int:
    """End it at once, and keep that it was; return how many ended. Ending what does not stand changes nothing."""
    own = PurposeChoice.objects.filter(person_id=person_id, kind=kind, purpose=purpose, ended_at=None)
    return own.update(ended_at=timezone.now())
