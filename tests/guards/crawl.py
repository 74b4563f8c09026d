"""What the crawl asks of every address: arguments that exist, and the state of everything before and after."""

import hashlib
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from accounts.tenancy import current_organization_id
from tests.guards import catalog
from tests.guards.routes import Route
from tests.guards.world import World
from tickets.models import DraftFile

DOORS = "accounts/tenancy/doors.py"
# A body that every form of ours takes for something, so that a POST reaches what it would change.
FORM = {
    "text": "A text",
    "to": "somebody@customer.example",
    "name": "A name",
    "email": "somebody@people.example",
    "role": "agent",
    "provider": "google",
    "days": "7",
    "confirm": "on",
    "language": "en",
    "reopen_days": "30",
    "requires_mfa": "on",
    "who": "some",
    "time_zone": "Europe/Stockholm",
    "from_0": "09:00",
    "to_0": "17:00",
    "hue": "1",
    "kind": "text",
    "way": "up",
    "view": "open",
    "do": "close",
    "until": "tomorrow",
    "priority": "urgent",
    "q": "question",
    "right": "access",
    "address": "somebody@customer.example",
    "said": "What do you have?",
    "received_at": "2026-01-01T12:00",
    "reason": "A reason",
    "answer": "An answer",
    "verdict": "yes",
    "purpose": "learning",
    "decision": "include",
}


def arguments(route: Route, world: World) -> dict[str, Any]:
    """Return arguments that name things of this world; a parameter nobody knows fails, so that it is added here."""
    known: dict[str, Callable[[], Any]] = {
        "organization": lambda: world.organization.slug,
        "number": lambda: world.ticket.number,
        "message_id": lambda: world.message.pk,
        "attachment_id": lambda: world.attachment.pk,
        "member_id": lambda: world.agent.pk,
        "invitation_id": lambda: world.invitation.pk,
        "email_id": lambda: world.inbound.pk,
        "mailbox_id": lambda: world.mailbox.pk,
        "team_id": lambda: world.team.pk,
        "tag_id": lambda: world.tag.pk,
        "link_id": lambda: world.link.pk,
        "field_id": lambda: world.field.pk,
        "contact_id": lambda: world.contact.pk,
        "address_id": lambda: world.address.pk,
        "note_id": lambda: world.contact_note.pk,
        "merge_id": lambda: world.merge.pk,
        "company_id": lambda: world.company.pk,
        "import_id": lambda: world.contact_import.pk,
        "view_id": lambda: world.view.pk,
        "change_id": lambda: world.change.pk,
        "notification_id": lambda: world.notification.pk,
        "draft_file_id": lambda: _draft_file(route, world).pk,
        "scheduled_id": lambda: world.scheduled.pk,
        "canned_id": lambda: world.canned.pk,
        "canned_file_id": lambda: world.canned_file.pk,
        "alert_id": lambda: world.alert.pk,
        "grant_id": lambda: world.grant.pk,
        "request_id": lambda: world.request.pk,
        "question_id": lambda: world.question.pk,
        "evidence_id": lambda: world.evidence.pk,
        "finding_id": lambda: world.finding.pk,
        "provider": lambda: world.mailbox.provider,
        "job_id": lambda: world.promises.job.pk,
        "serial": lambda: world.promises.certificate.number,
        "export_id": lambda: world.promises.export.pk,
        "hold_id": lambda: world.hold.pk,
        "item_id": lambda: world.held_item.pk,
        "kind": lambda: world.rule.kind,
    }
    return {name: known[name]() for name in route.parameters}


def _draft_file(route: Route, world: World) -> DraftFile:
    """Return a file of the draft that is written at this address: of a new mail, a mail passed on, or an answer."""
    letters = {"tickets:new_": world.new_mail_file, "tickets:forward_": world.forward_file}
    return next((file for start, file in letters.items() if route.name.startswith(start)), world.draft_file)


def address(route: Route, world: World, **changed: Any) -> str:
    """Return the address of a route in this world."""
    return reverse(route.name, kwargs={**arguments(route, world), **changed})


def crossed(route: Route, here: World, there: World) -> Iterator[str]:
    """Yield addresses in `here` that name things of `there`: all of them, and each mixture with own ones."""
    own, foreign = arguments(route, here), arguments(route, there)
    names = [n for n in route.parameters if isinstance(own[n], UUID | int)]
    for choice in product((own, foreign), repeat=len(names)):
        if foreign in choice:
            picked = {name: source[name] for name, source in zip(names, choice, strict=True)}
            yield reverse(route.name, kwargs={**own, **picked})


def ask(client: Client, method: str, url: str) -> HttpResponseBase:
    """Ask as a browser would, and read a stream of bytes to its end."""
    response: HttpResponseBase = client.get(url) if method == "GET" else client.post(url, FORM)
    if response.streaming and not response.is_async:  # type: ignore[attr-defined]
        b"".join(response)  # type: ignore[arg-type]
    return response


# What looking may write: how far the reader has read, which is theirs alone, and its line in the access log.
LOG = {"accounts_accessevent"}
WRITTEN_BY_LOOKING = {"tickets_seen"} | LOG


def state(*, but: set[str] | frozenset[str] = frozenset()) -> str:
    """Return a digest of every row of every organization and every person: what a request may have changed."""
    parts = [
        str(catalog.rows(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"))  # noqa: S608
        for table in [*sorted(set(catalog.declared()) - but), "account_emailaddress", "mfa_authenticator"]
    ]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


@contextmanager
def statements_outside_a_scope() -> Iterator[list[str]]:
    """Collect statements on owned tables that ran as the owner of all tables, outside the named doors."""
    found: list[str] = []
    owned = {f'"{table}"' for table in catalog.declared() if table not in {"accounts_user", "accounts_organization"}}

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if current_organization_id() is None and any(table in sql for table in owned):
            frames = [frame.filename for frame in traceback.extract_stack()]
            if not any(name.endswith(DOORS) for name in frames):
                ours = [name for name in frames if "/site-packages/" not in name and "/lib/python" not in name]
                found.append(f"{ours[-2:]}: {sql[:160]}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found
