"""A list gets a name, another name, and goes."""

from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from tickets.models import SavedView
from tickets.narrowing import Asked
from tickets.newest import newest

MOST = 100  # views that one member can have before them
QUICK = 400  # milliseconds a page of a view may take in the database; more is refused
PAGE = 26  # tickets


@transaction.atomic
def save_view(wanted: Asked, *, name: str, is_shared: bool, by: Membership) -> SavedView:
    """Keep a list under a name; one that cannot be quick is declined with the reason."""
    before_them = SavedView.objects.filter(Q(owner=by) | Q(is_shared=True), organization_id=by.organization_id)
    if before_them.count() >= MOST:
        raise ActionRefused(_("There are %(count)d saved views already. Delete some first.") % {"count": MOST})
    refuse_slow(wanted, by)
    return SavedView.objects.create(
        organization_id=by.organization_id, owner=by, name=name, is_shared=is_shared, query=wanted.query()
    )


@transaction.atomic
def change_view(view: SavedView, *, wanted: Asked, name: str, is_shared: bool, by: Membership) -> None:
    """Give a view another name or another list; its owner may, and admins where it is shared."""
    refuse_strangers(view, by)
    refuse_slow(wanted, by)
    view.name, view.is_shared, view.query = name, is_shared, wanted.query()
    view.save(update_fields=["name", "is_shared", "query"])


@transaction.atomic
def delete_view(view: SavedView, *, by: Membership) -> None:
    """Delete a view; its tickets stay where they are."""
    refuse_strangers(view, by)
    view.delete()


def may_change(view: SavedView, by: Membership) -> bool:
    """Return whether this member may change or delete the view."""
    return view.owner_id == by.pk or (view.is_shared and by.is_admin)


def refuse_strangers(view: SavedView, by: Membership) -> None:
    """Decline for who may not change the view."""
    view.lock()
    if not may_change(view, by):
        raise ActionRefused(_("Only who saved this view can change it, and admins where it is shared."))


def refuse_slow(wanted: Asked, by: Membership) -> None:
    """Decline a list that could never be quick, and one that is not quick now: its first page is looked for once."""
    if reason := wanted.slow_because():
        raise ActionRefused(reason)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(QUICK)])
            first = newest(wanted.mailboxes(by), wanted.narrow(by), None, PAGE, wanted.order)
            list(first.values_list("pk", flat=True)[:PAGE])
            cursor.execute("SELECT set_config('statement_timeout', '0', true)")
    except OperationalError:  # the savepoint takes the setting back, too
        raise ActionRefused(
            _(
                "Finding these tickets takes too long, so the view would be slow every day. Narrow it further: by a "
                "mailbox, a team, an assignee or a tag."
            )
        ) from None
