"""A small clamd: the protocol of ClamAV's daemon as 1.4.6 answers it, over a socket, with three signatures of its own.

What it knows: the EICAR test file, a zip with a password, and how long a stream may be. It can go down and come back.
"""

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# In two pieces: whole, it would make scanners of other people shut this repository away.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
STREAM_MAX = 26 * 1024 * 1024


class _Line(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        command = self._until_zero()
        if command == b"zPING":
            self.request.sendall(b"PONG\0")
        elif command == b"zINSTREAM":
            self._stream()
        else:
            self.request.sendall(b"UNKNOWN COMMAND\0")

    def _until_zero(self) -> bytes:
        said = b""
        while not said.endswith(b"\0"):
            piece = self.request.recv(1)
            if not piece:
                return said
            said += piece
        return said[:-1]

    def _stream(self) -> None:
        content = b""
        while length := struct.unpack("!I", self._exactly(4))[0]:
            if len(content) + length > self.server.most:  # type: ignore[attr-defined]
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
            content += self._exactly(length)
        self.server.seen.append(content)  # type: ignore[attr-defined]
        self.request.sendall(self._said(content) + b"\0")

    def _said(self, content: bytes) -> bytes:
        if answer := self.server.answer:  # type: ignore[attr-defined]
            return bytes(answer)
        if EICAR in content:
            return b"stream: Eicar-Test-Signature FOUND"
        if content.startswith(b"PK\3\4") and content[6] & 1:
            return b"stream: Heuristics.Encrypted.Zip FOUND"
        return b"stream: OK"

    def _exactly(self, count: int) -> bytes:
        got = b""
        while len(got) < count:
            piece = self.request.recv(count - len(got))
            if not piece:
                raise ConnectionResetError
            got += piece
        return got


class _Unix(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is its own business."""


class _Tcp(_Unix, socketserver.TCPServer):
    address_family = socket.AF_INET
    allow_reuse_address = True


class Clamd:
    """The daemon. `seen` is every file it was given whole, `most` how long one may be, `answer` what it says to all."""

    def __init__(self, folder: Path) -> None:
        """Choose its place; it is not up yet."""
        self.place = folder / "clamd.sock"
        self.seen: list[bytes] = []
        self.server: _Unix | None = None

    @property
    def url(self) -> str:
        """Return what CLAMD_URL says to reach it."""
        return f"unix://{self.place}"

    def up(self, *, most: int = STREAM_MAX, answer: bytes = b"") -> None:
        """Let it answer from now on."""
        self.down()
        self._serve(_Unix(str(self.place), _Line), most, answer)

    def down(self) -> None:
        """Let nobody answer any more."""
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None
        self.place.unlink(missing_ok=True)

    def _serve(self, server: _Unix, most: int, answer: bytes) -> None:
        server.seen, server.most, server.answer = self.seen, most, answer  # type: ignore[attr-defined]
        self.server = server
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()


@contextmanager
def on_tcp() -> Iterator[str]:
    """Let one answer on a port of this machine; yields what CLAMD_URL says to reach it."""
    server = _Tcp(("127.0.0.1", 0), _Line)  # type: ignore[arg-type]
    server.seen, server.most, server.answer = [], STREAM_MAX, b""  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    try:
        host, port = server.server_address  # type: ignore[misc]
        yield f"tcp://{host!s}:{port}"
    finally:
        server.shutdown()
        server.server_close()
