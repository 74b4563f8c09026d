"""A page of ours around the frames of mails, served to a real browser with the very headers the desk sends.

No database and no sign-in: documents and policies are made by the code of the views, the frames by their template, and
what the middleware adds is added. Either of the two guards can be taken away, to see that the other holds alone.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.template.loader import render_to_string
from django.test import RequestFactory

from accounts.browser import BrowserPrivacyMiddleware
from tests.security.strangers import PNG
from tickets.paper import lay_out
from tickets.views.body import paper_response
from tickets.views.pictures import picture_response

PAGE = "<!doctype html><meta charset=utf-8><title>Desk</title><h1>Ticket</h1>{frames}<p>Below</p>"


@dataclass
class House:
    """What it shows, and what was asked of it."""

    port: int = 0
    mails: tuple[str, ...] = ()
    cleaned: bool = True
    guarded: bool = True
    remote: bool = False
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Return the address of the page."""
        return f"http://127.0.0.1:{self.port}/"

    def show(self, *mails: str, cleaned: bool = True, guarded: bool = True, remote: bool = False) -> None:
        """Lay mails into frames: cleaned or not, with the frame's guard or without, with remote pictures or not."""
        self.mails, self.cleaned, self.guarded, self.remote = mails, cleaned, guarded, remote
        self.asked.clear()

    def is_own(self, url: str) -> bool:
        """Return whether an address is that of the page or of a frame."""
        return url == self.url or url.startswith(f"{self.url}mail/") or url == f"{self.url}favicon.ico"

    def answer(self, path: str) -> HttpResponseBase:
        """Return what stands at a path, with every header that any page of the desk has."""
        request = RequestFactory().get(path, headers={"Host": f"127.0.0.1:{self.port}"})
        request.user = AnonymousUser()
        layers = XFrameOptionsMiddleware(lambda asked: self._answer(asked.path))  # type: ignore[arg-type]
        return SecurityMiddleware(BrowserPrivacyMiddleware(layers))(request)  # type: ignore[arg-type]

    def _answer(self, path: str) -> HttpResponse:
        if path == "/":
            return self._page()
        if path.startswith("/mail/"):
            return self._mail(self.mails[int(path.split("/")[2])])
        if path.startswith("/pictures/"):
            return picture_response("image/png", PNG)
        if path == "/favicon.ico":
            return HttpResponse(PNG, content_type="image/png")
        return HttpResponse(status=404)

    def _page(self) -> HttpResponse:
        frames = "".join(self._frame(number) for number in range(len(self.mails)))
        response = HttpResponse(PAGE.format(frames=frames))
        if self.guarded:
            directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
            response["Content-Security-Policy"] = "; ".join(f"{k} {' '.join(_plain(v))}" for k, v in directives.items())
        response.set_cookie("deskhero_session", "secret", samesite="Lax")
        return response

    def _frame(self, number: int) -> str:
        item = {"id": f"m{number}", "body_url": f"/mail/{number}/", "paper_height": "300", "frame_title": "Mail"}
        frame = render_to_string("tickets/_paper.html", {"item": item}).replace('loading="lazy"', "")  # all at once
        return frame if self.guarded else frame.replace("sandbox=", "data-was=")

    def _mail(self, html: str) -> HttpResponse:
        request = RequestFactory().get("/mail/", headers={"Host": f"127.0.0.1:{self.port}"})
        proxy = (lambda url: f"/pictures/{abs(hash(url))}/") if self.remote else None
        response = paper_response(request, lay_out(html, {}, proxy), with_remote=self.remote)
        response["X-Frame-Options"] = "SAMEORIGIN"  # as the decorator of the view says
        if not self.cleaned:
            response.content = response.content.replace(b"<body>", b"<body>" + html.encode("utf-8", "surrogatepass"))
        if not self.guarded:
            del response["Content-Security-Policy"]
        return response


def _plain(sources: list[Any]) -> list[str]:
    return [str(source) for source in sources if isinstance(source, str)]


@contextmanager
def house() -> Iterator[House]:
    """Run one until the block ends."""
    found = House()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append((self.path, dict(self.headers)))
            response = found.answer(self.path.partition("?")[0])
            self.send_response(response.status_code)
            for name, value in response.items():
                self.send_header(name, value)
            for cookie in response.cookies.values():
                self.send_header("Set-Cookie", cookie.OutputString())
            self.send_header("Content-Length", str(len(response.content)))
            self.end_headers()
            with suppress(OSError):  # the browser has gone on
                self.wfile.write(response.content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
