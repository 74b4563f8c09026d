"""The web server's door: `uvicorn deskhero.asgi:application --lifespan off`."""

import os
from typing import Any

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhero.settings")

from django.conf import settings

from deskhero.restoring import refuse_while_restoring

TOO_LARGE = "This is larger than mail can carry. Go back, and leave some of the files out.\n"


class Handler(ASGIHandler):
    """Django's own, with a request's whole way through the middleware in one thread.

    Django's leaves the thread for every hook of a middleware around a view and comes back to it, which costs more than
    the hooks do. All our middleware is synchronous; a view that streams leaves the thread once, for itself.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        """Load it as a synchronous server would."""
        super().load_middleware(is_async=False)
        chain: Any = self._middleware_chain  # type: ignore[has-type]
        self._middleware_chain = sync_to_async(chain, thread_sensitive=True)


class _TooLarge(Exception):
    pass


class BodyLimit:
    """Refuse a body larger than MAX_REQUEST_BYTES before Django keeps any of it.

    What passes fits into memory, so that no upload is ever spooled to a disk, plain as it is.
    """

    def __init__(self, application: Any) -> None:
        """Take what answers."""
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Count the body on its way in."""
        if scope["type"] != "http":
            return await self.application(scope, receive, send)
        declared = dict(scope["headers"]).get(b"content-length", b"")
        left = settings.MAX_REQUEST_BYTES
        if declared.isdigit() and int(declared) > left:
            return await _refuse(send)

        async def counted() -> dict[str, Any]:
            nonlocal left
            message: dict[str, Any] = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise _TooLarge
            return message

        try:
            await self.application(scope, counted, send)
        except _TooLarge:
            await _refuse(send)


async def _refuse(send: Any) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": TOO_LARGE.encode()})


django.setup(set_prefix=False)
application = BodyLimit(Handler())
refuse_while_restoring()
