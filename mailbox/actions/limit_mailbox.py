"""A mailbox is kept to some, and opened to all again."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import tell_access_changed
from accounts.actions.governing import hold_organization, refuse_unless_admin
from accounts.errors import ActionRefused
from accounts.models import Membership, Team
from mailbox.models import Mailbox, MailboxAccess


@transaction.atomic
def limit_mailbox(
    mailbox: Mailbox, *, teams: Sequence[Team] = (), members: Sequence[Membership] = (), by: Membership
) -> int:
    """Let only these teams and members see a mailbox, and admins, whoever was named before.

    Naming nobody leaves it to admins. Returns how many tickets nobody has now, because their holder lost sight of them.
    """
    refuse_unless_admin(by)
    if any(one.organization_id != mailbox.organization_id for one in (*teams, *members)):
        raise ActionRefused(_("They do not belong to this desk."))
    hold_organization(mailbox.organization)
    mailbox.lock()
    MailboxAccess.objects.filter(mailbox=mailbox).delete()
    owned = {"organization_id": mailbox.organization_id, "mailbox": mailbox}
    MailboxAccess.objects.bulk_create(
        [MailboxAccess(team=team, **owned) for team in teams]
        + [MailboxAccess(member=member, **owned) for member in members]
    )
    mailbox.is_limited = True
    mailbox.save(update_fields=["is_limited"])
    return tell_access_changed(mailbox.organization_id, by=by)


@transaction.atomic
def open_mailbox(mailbox: Mailbox, *, by: Membership) -> int:
    """Let every member see a mailbox; nobody loses a ticket by it, so this returns none."""
    refuse_unless_admin(by)
    hold_organization(mailbox.organization)
    mailbox.lock()
    MailboxAccess.objects.filter(mailbox=mailbox).delete()
    mailbox.is_limited = False
    mailbox.save(update_fields=["is_limited"])
    return tell_access_changed(mailbox.organization_id, by=by)
