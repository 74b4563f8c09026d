"""Who may see which contact and company: the one rule for lists, pages, counts, look-ups and conflicts.

Admins see all. Others see a contact that wrote in a mailbox they may see, or that has no mail at all: one that a
colleague added. A contact whose data is only stored (Art. 18) is seen by nobody. Whoever may see a contact sees all its
addresses and notes, and of its tickets those in mailboxes they may see. A company is seen by whoever may see one of its
people; one without people by everybody.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import Membership
from mailbox import access
from mailbox.models import Mailbox
from tickets.models import Company, Contact, Message, Ticket


def contacts_for(me: Membership) -> QuerySet[Contact]:
    """Return the contacts this member may see; those merged into another are none any more."""
    if not me.is_active:
        return Contact.objects.none()
    own = Contact.objects.filter(
        organization_id=me.organization_id, merged_into=None, is_nobody=False, restricted_at=None
    )
    if me.sees_every_mailbox:
        return own
    mailboxes = access.mailboxes_for(me)
    # Asked once for the whole statement: who may see every mailbox may see every contact, whatever there is of them.
    hidden = Mailbox.objects.filter(organization_id=me.organization_id).exclude(pk__in=mailboxes.values("pk"))
    tickets, mails = Ticket.objects.filter(contact=OuterRef("pk")), Message.objects.filter(sender=OuterRef("pk"))
    looked_at = own.alias(
        a_ticket=_one(tickets),
        a_mail=_one(mails),
        a_ticket_seen=_one(tickets.filter(mailbox__in=mailboxes.values("pk"))),
        a_mail_seen=_one(mails.filter(mailbox__in=mailboxes.values("pk"))),
    )
    seen = Q(a_ticket_seen__isnull=False) | Q(a_mail_seen__isnull=False)
    return looked_at.filter(Q(~Exists(hidden)) | seen | Q(a_ticket__isnull=True, a_mail__isnull=True))


def _one(rows: QuerySet[Any]) -> Subquery:
    """Return one of these rows, if there is any. For an EXISTS Postgres may first read every ticket there is."""
    return Subquery(rows.order_by().values("pk")[:1])


def companies_for(me: Membership) -> QuerySet[Company]:
    """Return the companies this member may see."""
    if not me.is_active:
        return Company.objects.none()
    own = Company.objects.filter(organization_id=me.organization_id)
    if me.sees_every_mailbox:
        return own
    people = Contact.objects.filter(company=OuterRef("pk"), merged_into=None)
    return own.filter(Exists(contacts_for(me).filter(company=OuterRef("pk"))) | ~Exists(people))
