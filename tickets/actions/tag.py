"""Tags come onto tickets, and off again."""

from zlib import crc32

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership, Organization
from accounts.sealing.digests import name_digest
from tickets.history import announce
from tickets.models import Tag, Ticket, TicketTag

MAX_TAGS = 20  # on one ticket
MAX_NAMES = 500  # in one organization: more is no order any more, and every page carries the list


@transaction.atomic
def tag_ticket(ticket: Ticket, *, name: str, by: Membership) -> Tag:
    """Hang a tag on a ticket, by its name; a name nobody has used makes a new tag. Twice is once."""
    tag = _called(ticket.organization, name)
    ticket.lock()
    if ticket.ticket_tags.count() >= MAX_TAGS and not ticket.ticket_tags.filter(tag=tag).exists():
        raise ActionRefused(_("A ticket can have %(count)d tags at most.") % {"count": MAX_TAGS})
    _hung, is_new = TicketTag.objects.get_or_create(
        organization_id=ticket.organization_id, ticket=ticket, tag=tag, defaults={"by": by}
    )
    if is_new:
        announce(ticket)
    return tag


@transaction.atomic
def untag_ticket(ticket: Ticket, *, tag: Tag, by: Membership) -> None:
    """Take a tag off a ticket; the tag itself stays for others."""
    count, _rows = TicketTag.objects.filter(ticket=ticket, tag=tag).delete()
    if count:
        announce(ticket)


def make_tag(organization: Organization, *, name: str, hue: int | None = None) -> Tag:
    """Make a tag, in a hue that follows from its name unless one is given; a name is used once, whatever its case."""
    name = " ".join(name.split())
    if not name:
        raise ActionRefused(_("A tag needs a name."))
    if organization.tags.count() >= MAX_NAMES:
        raise ActionRefused(_("There are %(count)d tags already. Merge or delete some first.") % {"count": MAX_NAMES})
    digest = name_digest(organization.pk, "tag", name)
    tag = Tag(organization=organization, name=name, name_digest=digest, hue=hue or crc32(digest) % 7 + 1)
    try:
        with transaction.atomic():
            tag.save()
    except IntegrityError:
        raise ActionRefused(_("There is a tag of this name already.")) from None
    return tag


def _called(organization: Organization, name: str) -> Tag:
    known = Tag.objects.filter(organization=organization, name_digest=name_digest(organization.pk, "tag", name)).first()
    return known or make_tag(organization, name=name)
