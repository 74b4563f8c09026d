"""A person's rights: `python -m tests.bench.rights MESSAGES` finds, packs and erases a person of so many mails."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import django

ADDRESS, NAME = "wilma@heavy.example", "Wilma Heavywriter"
MAILS_OF_A_TICKET = 6  # every second one is an answer of ours


def main() -> None:
    """Fill, measure, and print one JSON object."""
    django.setup()
    from accounts.models import Organization
    from accounts.tenancy import organization_scope
    from privacy.actions.requests.find_person import find_some, look_for_person
    from privacy.actions.requests.open_request import open_request
    from tests.bench.world import SLUG

    count = int(sys.argv[1])
    organization = Organization.objects.get(slug=SLUG)
    with organization_scope(organization):
        tickets = fill(organization, count)
        case = proven(open_request(organization, right="access", source="hand", address=ADDRESS, name=NAME))
        look_for_person(case)
    found: dict[str, Any] = {"messages": count, "tickets": tickets}
    with measured(found, "find"):
        batches(organization, lambda: find_some(case.pk))
    with organization_scope(organization):
        case.refresh_from_db()
        found["places"] = case.requestfindings.count()
        decide(case, "include")
    with measured(found, "pack"), organization_scope(organization):
        pack(case)
    with organization_scope(organization):
        erasure = proven(open_request(organization, right="erasure", source="hand", address=ADDRESS, name=NAME))
        look_for_person(erasure)
    batches(organization, lambda: find_some(erasure.pk))
    erase(organization, erasure, found)
    print(json.dumps(found))


def fill(organization: Any, count: int) -> int:
    """Give one person so many mails in tickets of a few each; return how many tickets."""
    from django.utils import timezone

    from mailbox.models import Mailbox
    from tests import factories
    from tickets.models import Message, Ticket, TicketSequence
    from tickets.people import digests_of
    from tickets.search.keeping import keep_messages

    mailbox = Mailbox.objects.order_by("pk")[0]
    contact = factories.make_contact(organization, name=NAME, address=ADDRESS)
    number = max(count // MAILS_OF_A_TICKET, 1)
    first, now = TicketSequence.take(organization.pk, number), timezone.now()
    owned = {"organization": organization, "mailbox": mailbox}
    tickets = Ticket.objects.bulk_create(
        Ticket(number=first + n, contact=contact, subject=f"Order {n}", last_activity_at=now, **owned)
        for n in range(number)
    )
    people = digests_of(organization.pk, [ADDRESS])
    text = "The harbour is closed and the delivery is late. " * 20
    messages = []
    for n in range(count):
        is_ours = n % 2 == 1
        pairs = {"from": [[NAME, ADDRESS]], "to": [["", mailbox.address]]}
        if is_ours:
            pairs = {"from": [["Bench", mailbox.address]], "to": [[NAME, ADDRESS]]}
        messages.append(
            Message(
                ticket=tickets[n // MAILS_OF_A_TICKET % number],
                direction="outbound" if is_ours else "inbound",
                sender=None if is_ours else contact,
                at=now - timedelta(minutes=count - n),
                headers={**pairs, "cc": [], "subject": f"Order {n}"},
                new_text=f"{'Dear Wilma, ' if is_ours else ''}number {n}. {text}",
                participants=people,
                **owned,
            )
        )
    Message.objects.bulk_create(messages, batch_size=500)
    for start in range(0, count, 500):
        keep_messages(messages[start : start + 500])
    return number


def proven(case: Any) -> Any:
    """Confirm the address."""
    from privacy.actions.requests.identity import confirm_address

    confirm_address(bytes(case.token_hash))
    case.refresh_from_db()
    return case


def batches(organization: Any, some: Callable[[], bool]) -> None:
    """Go on until nothing is left, each batch in a transaction of its own, as the worker does."""
    from accounts.tenancy import organization_scope

    more = True
    while more:
        with organization_scope(organization):
            more = some()


def decide(case: Any, decision: str) -> None:
    """Decide what is open."""
    case.requestfindings.filter(decision="open").update(decision=decision)


def pack(case: Any) -> None:
    """Make the package."""
    from privacy.actions.requests.package import begin_package, pack_some

    pack_some(begin_package(case).pk)


def erase(organization: Any, case: Any, found: dict[str, Any]) -> None:
    """Approve and carry out."""
    from accounts.tenancy import organization_scope
    from privacy.actions.requests.erase_person import approve_plan, erase_some
    from privacy.rights.history import Actor

    with organization_scope(organization):
        case.refresh_from_db()
        decide(case, "redact")
        approve_plan(case, by=Actor())
    with measured(found, "erase"):
        batches(organization, lambda: erase_some(case.pk))
    case.refresh_from_db()
    found["is_done"] = case.is_closed


@contextmanager
def measured(found: dict[str, Any], name: str) -> Iterator[None]:
    """Note how many seconds the block takes."""
    begun = time.perf_counter()
    yield
    found[name] = time.perf_counter() - begun


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhero.settings")
    main()
