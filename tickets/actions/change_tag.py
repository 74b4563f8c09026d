"""A tag is called something else, becomes another, or goes."""

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.actions.governing import refuse_unless_admin
from accounts.errors import ActionRefused
from accounts.models import Membership
from accounts.sealing.digests import name_digest
from tickets.models import Tag, TicketTag


@transaction.atomic
def change_tag(tag: Tag, *, name: str, hue: int, by: Membership) -> None:
    """Call a tag something else, or show it in another hue; it stays on its tickets."""
    refuse_unless_admin(by)
    tag.lock()
    tag.name, tag.hue = " ".join(name.split()), hue
    if not tag.name:
        raise ActionRefused(_("A tag needs a name."))
    tag.name_digest = name_digest(tag.organization_id, "tag", tag.name)
    try:
        with transaction.atomic():
            tag.save()
    except IntegrityError:
        raise ActionRefused(_("There is a tag of this name already. Merge the two instead.")) from None


@transaction.atomic
def merge_tag(tag: Tag, *, into: Tag, by: Membership) -> None:
    """Make every ticket that has this tag have the other, and delete this one."""
    refuse_unless_admin(by)
    if into.pk == tag.pk or into.organization_id != tag.organization_id:
        raise ActionRefused(_("Choose another tag to merge it into."))
    for one in sorted((tag, into), key=lambda one: one.pk):  # in one order: two admins at once do not block
        one.lock()
    has_both = TicketTag.objects.filter(tag=into, ticket=OuterRef("ticket"))
    TicketTag.objects.filter(~Exists(has_both), tag=tag).update(tag=into)
    tag.delete()


@transaction.atomic
def delete_tag(tag: Tag, *, by: Membership) -> None:
    """Take a tag off every ticket, and delete it."""
    refuse_unless_admin(by)
    tag.lock()
    tag.delete()
