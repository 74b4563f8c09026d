"""Who is to know of something: never who did it, never who may not see it, and by the ways each has chosen."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from accounts.live import publish
from accounts.models import Membership
from mailbox.access import members_who_see
from mailbox.models import Mailbox
from tickets.models import Following, Notification, NotificationChoice, Ticket

Kind = Notification.Kind


def tell_of_ticket(ticket: Ticket, kind: str, member_ids: Iterable[UUID], *, by: Membership | None) -> None:
    """Tell these members, as far as they may see the ticket; what they have not read yet becomes new again."""
    ids = set(member_ids) - ({by.pk} if by else set())
    if ids:
        _tell(kind, members_who_see(ticket.mailbox).filter(pk__in=ids), ticket=ticket, by=by)


def tell_of_mailbox(mailbox: Mailbox) -> None:
    """Tell the admins that a mailbox is in trouble, once until they have read it."""
    waiting = Notification.objects.filter(mailbox=mailbox, kind=Kind.MAILBOX).unread().values("member_id")
    admins = members_who_see(mailbox).filter(role__in=[Membership.Role.OWNER, Membership.Role.ADMIN])
    _tell(Kind.MAILBOX, admins.exclude(pk__in=waiting), mailbox=mailbox)


def listeners(tickets: Iterable[Ticket]) -> dict[UUID, set[UUID]]:
    """Return for each ticket who is to hear of answers: whoever has it, and who follows it. One query."""
    heard = {ticket.pk: {ticket.assignee_id} if ticket.assignee_id else set() for ticket in tickets}
    following = Following.objects.filter(ticket__in=list(heard)).on() if heard else Following.objects.none()
    for ticket_id, member_id in following.values_list("ticket_id", "member_id"):
        heard[ticket_id].add(member_id)
    return heard


def _tell(
    kind: str,
    members: Iterable[Membership],
    *,
    ticket: Ticket | None = None,
    mailbox: Mailbox | None = None,
    by: Membership | None = None,
) -> None:
    wanted = {member.pk: NotificationChoice.default(member, kind) for member in members}
    own = NotificationChoice.objects.filter(member__in=list(wanted), kind=kind) if wanted else ()
    wanted |= {choice.member_id: choice for choice in own}
    asked = [one for one in wanted.values() if one.in_app or one.in_browser or one.by_mail]
    subject = {"kind": kind, "ticket": ticket, "mailbox": mailbox}
    # Ten answers to one ticket are one line: the newest stands for those that were not read.
    Notification.objects.filter(**subject, member__in=[one.member_id for one in asked]).unread().delete()
    now = timezone.now()
    rows = [
        Notification(
            organization_id=one.organization_id,
            member_id=one.member_id,
            by=by,
            at=now,
            in_app=one.in_app,
            by_mail=one.by_mail,
            **subject,
        )
        for one in asked
    ]
    Notification.objects.bulk_create([one for one in rows if one.in_app or one.by_mail])
    source = mailbox or (ticket.mailbox if ticket else None)
    for choice, row in zip(asked, rows, strict=True):
        publish(
            row.organization_id,
            "notice",
            member=row.member_id,
            notice=row.pk,
            kind=kind,
            number=ticket.number if ticket else "",
            mailbox=source.pk if source else "",
            app="1" if choice.in_app else "",
            browser="1" if choice.in_browser else "",
        )
