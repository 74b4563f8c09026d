"""What the tests of a ticket's acts share: ways to read a page, a row, several rows."""

from accounts.tenancy import organization_scope
from tickets.models import Ticket


def at(ticket, name=""):
    """Return an address of a ticket at Acme."""
    return f"/acme/tickets/{ticket.number}/{name}"


def text_of(response):
    """Return a page as text."""
    return response.content.decode()


def numbers(page):
    """Return the numbers of the tickets that a page of a list shows, in its order."""
    return [int(row["number"]) for band in page.context["bands"] for row in band["rows"]]


def fresh(ticket):
    """Return a ticket as it is now."""
    with organization_scope(ticket.organization_id):
        return Ticket.objects.get(pk=ticket.pk)


def again(tickets):
    """Return tickets as they are now."""
    with organization_scope(tickets[0].organization_id):
        found = Ticket.objects.in_bulk([one.pk for one in tickets])
    return [found[one.pk] for one in tickets]


def states(tickets):
    """Return the states they are in now."""
    return [one.state for one in again(tickets)]
