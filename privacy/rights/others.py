"""Other requests of the same person in the same queue, and those that say the opposite."""

from django.db.models import Q

from privacy.models import DataSubjectRequest

Right = DataSubjectRequest.Right
# What has to be answered before a person is erased: afterwards there is nothing left to do it with.
BEFORE_ERASURE = (Right.ACCESS, Right.PORTABILITY, Right.RECTIFICATION, Right.RESTRICTION)


def same_person(request: DataSubjectRequest) -> list[DataSubjectRequest]:
    """Return the other cases of this person in this queue, the newest first; never another organization's."""
    same = DataSubjectRequest.objects.filter(queue=request.queue, organization=request.organization_id)
    if request.user_id:
        same = same.filter(user=request.user_id)
    else:
        who = Q(address_digest=request.address_digest) if request.address_digest else Q(pk=None)
        same = same.filter(who | Q(contact_id=request.contact_id) if request.contact_id else who)
    return list(same.exclude(pk=request.pk).order_by("-received_at")[:20])


def conflicting(request: DataSubjectRequest) -> list[DataSubjectRequest]:
    """Return the open cases of this person that say the opposite of this one, or would be lost by it."""
    unfinished = [one for one in same_person(request) if not one.is_closed]
    if request.right == Right.ERASURE:
        return [one for one in unfinished if one.right in BEFORE_ERASURE]
    if request.right in BEFORE_ERASURE:
        return [one for one in unfinished if one.right == Right.ERASURE]
    return []
