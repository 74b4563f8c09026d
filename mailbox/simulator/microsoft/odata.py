"""The part of OData a mail client uses: $filter, $top, $skip, $select, $orderby."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NoReturn

from django.db.models import Q
from django.http import HttpRequest

from mailbox.simulator.microsoft.errors import refuse
from mailbox.simulator.microsoft.ids import unseal_thread
from mailbox.simulator.models import Option

CLAUSE = re.compile(r"\s*([\w/]+)\s+(eq|ne|ge|gt|le|lt)\s+('(?:[^']|'')*'|[^\s()]+)\s*", re.IGNORECASE)
LOOKUPS = {"eq": "exact", "ge": "gte", "gt": "gt", "le": "lte", "lt": "lt"}
TIMES = ("receivedDateTime", "sentDateTime", "createdDateTime", "lastModifiedDateTime")


def bad_filter() -> NoReturn:
    """End the call: the filter is not understood. OData's own errors have an empty code."""
    refuse(400, "", "Invalid filter clause.")


def filtered(text: str, allowed: tuple[str, ...] | None = None) -> Q:
    """The condition of a $filter made of clauses joined by and."""
    condition = Q()
    for piece in re.split(r"\s+and\s+(?=[\w/]+\s+(?:eq|ne|ge|gt|le|lt)\s)", text.strip(), flags=re.IGNORECASE):
        match = CLAUSE.fullmatch(piece.strip("() ") if not piece.strip().endswith("'") else piece.strip())
        if not match or (allowed and match[1] not in allowed):
            bad_filter()
        condition &= _clause(match[1], match[2].lower(), match[3])
    return condition


def _clause(name: str, operator: str, value: str) -> Q:
    if name in TIMES and operator != "ne":
        try:
            moment = datetime.fromisoformat(value.strip("'"))
        except ValueError:
            bad_filter()
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return Q(**{f"received_at__{LOOKUPS[operator]}": moment})
    text = value[1:-1].replace("''", "'") if value.startswith("'") else value
    match name, text.lower():
        case "internetMessageId", _:
            found = Q(internet_message_id=text)
        case "conversationId", _:
            found = Q(thread=unseal_thread(text))
        case "subject", _:
            found = Q(subject=text)
        case "from/emailAddress/address", _:
            found = Q(sender_address=text.lower())
        case "isRead", "true" | "false":
            found = Q(labels__contains=" UNREAD ") if text.lower() == "false" else ~Q(labels__contains=" UNREAD ")
        case "isDraft", "true" | "false":
            found = Q(labels__contains=" DRAFT ") if text.lower() == "true" else ~Q(labels__contains=" DRAFT ")
        case _:
            bad_filter()
    return found if operator == "eq" else ~found


def whole_number(request: HttpRequest, name: str, default: int, most: int) -> int:
    """A paging parameter, checked."""
    text = request.GET.get(name, "")
    if not text:
        return default
    if not text.isdigit() or int(text) > most:
        refuse(400, "", f"Invalid value '{text}' for {name} query option found.")
    return int(text)


def page_size(request: HttpRequest, default: int = 10) -> int:
    """Rows on a page: $top, or Prefer: odata.maxpagesize, or ten; never above the option."""
    preferred = re.search(r"odata\.maxpagesize=(\d+)", request.headers.get("Prefer", ""))
    size = whole_number(request, "$top", int(preferred[1]) if preferred else default, 1000) or default
    return min(size, Option.read("page_size") or size)


def selected(shape: Callable[..., dict[str, Any]], select: str, *args: Any) -> dict[str, Any]:
    """A row narrowed to $select; the id and what begins with @ always stay."""
    row = shape(*args)
    wanted = {name.strip() for name in select.split(",") if name.strip()}
    return {k: v for k, v in row.items() if not wanted or k == "id" or k.startswith("@") or k in wanted}
