"""What the pages share that ask before something is done to a ticket."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.requests import DeskRequest
from tickets.models import Ticket
from tickets.views.shell import shell
from tickets.views.ticket import address_of


def act_page(request: DeskRequest, ticket: Ticket) -> dict[str, Any]:
    """Return the shell, and the way back to the ticket."""
    back = {
        "label": _("ticket %(number)s") % {"number": ticket.number},
        "url": address_of(request, ticket.number).partition("?")[0],
    }
    return shell(request) | {"ticket": ticket, "back": back, "no_subject": _("No subject")}
