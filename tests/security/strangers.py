"""A stranger's web server on loopback: it remembers who asked for what, and answers as badly as it is told."""

import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


# A picture of one red point.
PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\2\0\0\0")
    + _chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
    + _chunk(b"IEND", b"")
)
Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Stranger:
    """What was asked of it, and how it answers by path; unknown paths give a picture of one point."""

    port: int = 0
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def paths(self) -> list[str]:
        """Return the paths that were asked for, in order."""
        return [path for path, _headers in self.asked]

    def url(self, path: str = "/picture.png", host: str = "127.0.0.1") -> str:
        """Return an address of it."""
        return f"http://{host}:{self.port}{path}"


def says(status: int = 200, body: bytes = PNG, **headers: str) -> Answer:
    """Return an answer with these headers (`content_type` for Content-Type)."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        given = {"content_type": "image/png", "content_length": str(len(body))} | headers
        for name, value in given.items():
            if value:
                handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def drips(seconds: float, every: float = 0.05) -> Answer:
    """Return an answer that sends one byte after another, so that no read of a line ever takes long."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                handler.wfile.write(b"x")
            except OSError:
                return
            time.sleep(every)

    return answer


@contextmanager
def stranger() -> Iterator[Stranger]:
    """Run one until the block ends."""
    found = Stranger()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append((self.path, dict(self.headers)))
            found.answers.get(self.path.partition("?")[0], says())(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
