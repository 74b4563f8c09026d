"""Graph's ids: the default one changes when an item moves, the immutable one does not."""

import base64
import json
from typing import Any

from django.http import HttpRequest

from mailbox.simulator.microsoft.errors import not_found, refuse
from mailbox.simulator.models import Account, Message


def wants_immutable(request: HttpRequest) -> bool:
    """Whether the call asks for immutable ids."""
    return 'idtype="immutableid"' in request.headers.get("Prefer", "").replace(" ", "").lower()


def encode(number: int, moves: int, immutable: bool) -> str:
    """The id of a message in one of the two forms."""
    text = f"i:{number:012d}:mailbox-item" if immutable else f"d:{number:012d}:{moves:04d}:mailbox-item"
    return ("AAkALgAA" if immutable else "AAMkADAA") + base64.urlsafe_b64encode(text.encode()).decode()


def id_of(request: HttpRequest, message: Message) -> str:
    """A message's id in the form the call asks for."""
    return encode(message.pk, message.moves, wants_immutable(request))


def find(account: Account, identifier: str) -> Message:
    """The message an id names; a default id from before a move names nothing."""
    try:
        parts = base64.urlsafe_b64decode(identifier[8:].encode()).decode().split(":")
        kind, number = parts[0], int(parts[1])
        moves = int(parts[2]) if kind == "d" else None
    except (ValueError, IndexError):
        refuse(400, "ErrorInvalidIdMalformed", "Id is malformed.")
    found = Message.objects.select_related("original", "account").filter(account=account, pk=number).first()
    if found is None or (moves is not None and moves != found.moves):
        not_found()
    return found


def thread_id(message: Message) -> str:
    """The conversation id, local to the mailbox."""
    text = f"conversation:{message.account_id}:{message.thread:012d}"
    return "AAQkADAA" + base64.urlsafe_b64encode(text.encode()).decode()


def seal(state: dict[str, Any]) -> str:
    """A paging or delta token: opaque to the client."""
    return base64.urlsafe_b64encode(json.dumps(state, separators=(",", ":")).encode()).decode().rstrip("=")


def unseal(token: str) -> dict[str, Any] | None:
    """What a token holds; None when it is not one of ours."""
    try:
        state = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except ValueError:
        return None
    return state if isinstance(state, dict) else None


def unseal_thread(identifier: str) -> int:
    """The thread a conversation id names; 0 when it names none."""
    try:
        return int(base64.urlsafe_b64decode(identifier[8:].encode()).decode().rpartition(":")[2])
    except ValueError:
        return 0
