"""The simulator as an ASGI application; it can hang up in the middle of a call."""

import os
from collections.abc import Mapping
from typing import Any

import django
from django.core.handlers.asgi import ASGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mailbox.simulator.settings")
django.setup(set_prefix=False)

from mailbox.simulator.calls import DROP  # noqa: E402 - needs the settings

_handler = ASGIHandler()
_drop = DROP.lower().encode()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer by Django; an answer that carries the drop mark closes the connection instead."""
    dropped = False

    async def send_unless_dropped(event: Mapping[str, Any]) -> None:
        nonlocal dropped
        if event["type"] == "http.response.start" and any(name.lower() == _drop for name, _ in event["headers"]):
            dropped = True
        if not dropped:
            await send(event)

    await _handler(scope, receive, send_unless_dropped)
    if dropped:
        cycle = send.__self__  # uvicorn's own request, which alone knows the socket
        cycle.disconnected = True  # else uvicorn would write its own 500
        cycle.transport.close()
