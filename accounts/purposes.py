"""For what a person's data may be used: asked by whatever uses it, answered from what the person chose.

What the contract needs is not asked here. The rest rests on a legitimate interest, and stops where somebody objects
(Art. 21), or on consent, and does not begin without it (Art. 6(1)(a), 7).
"""

from uuid import UUID

from accounts.models import PurposeChoice

Purpose, Kind = PurposeChoice.Purpose, PurposeChoice.Kind
BY_CONSENT = frozenset({Purpose.NEWS})
ABSOLUTE = frozenset({Purpose.MARKETING})  # who objects to advertising need not say why, and no ground outweighs it
OF_CONTACTS = (Purpose.LEARNING, Purpose.SURVEYS, Purpose.MARKETING)
OF_USERS = (Purpose.ANALYSIS, Purpose.NEWS)


def may_process(person_id: UUID, purpose: str) -> bool:
    """Return whether a person's data may be used for this: consented to where that is needed, not objected to else."""
    choices = PurposeChoice.objects.filter(person_id=person_id, purpose=purpose, ended_at=None)
    if purpose in BY_CONSENT:
        return choices.filter(kind=Kind.CONSENT).exists()
    return not choices.filter(kind=Kind.OBJECTION).exists()
