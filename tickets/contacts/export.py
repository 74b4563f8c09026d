"""Contacts as a file that a spreadsheet opens and that runs nothing there."""

import csv
import io
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.spreadsheets import harmless
from tickets.contacts.access import contacts_for
from tickets.contacts.finding import with_addresses

STEP = 500


def contacts_as_csv(me: Membership) -> bytes:
    """Return every contact the member may see: UTF-8 with its mark, so that spreadsheets read it right."""
    out = io.StringIO(newline="")
    write = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow
    write([_("Name"), _("E-mail"), _("Other e-mail"), _("Company"), _("Blocked"), _("Known since")])
    last: UUID | None = None
    while True:
        page = contacts_for(me).select_related("company").order_by("pk")
        rows = with_addresses((page if last is None else page.filter(pk__gt=last))[:STEP])
        for contact in rows:
            addresses = list(contact.addresses.all())
            cells = [
                contact.name,
                addresses[0].address if addresses else "",
                "; ".join(one.address for one in addresses[1:]),
                contact.company.name if contact.company else "",
                _("yes") if contact.blocked_at else "",
                f"{localtime(contact.created_at):%Y-%m-%d}",
            ]
            write([harmless(cell) for cell in cells])
        if len(rows) < STEP:
            return out.getvalue().encode("utf-8-sig", "replace")
        last = rows[-1].pk
