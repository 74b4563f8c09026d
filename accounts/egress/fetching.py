"""One GET to a checked address: no cookies, no referrer, no proxy, within a size and a time, redirects checked anew."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urljoin

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from accounts.egress.addresses import Destination, destination
from accounts.egress.errors import EgressRefused

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PIECE = 64 * 1024
# Says that a program asks, and neither which desk nor which version.
AGENT = "Mozilla/5.0 (compatible; mail picture proxy)"
HEADERS = {"User-Agent": AGENT, "Accept-Encoding": "identity", "Connection": "close"}


@dataclass(frozen=True)
class Limits:
    """How much and how long, all redirects included."""

    size: int
    seconds: float = 10.0
    redirects: int = 3


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str] = field(repr=False)  # names in lower case
    content: bytes = field(repr=False)


def fetch(url: str, limits: Limits, *, accept: str = "*/*") -> Answer:
    """Ask an address once and return its answer; EgressRefused where it must not be asked or answers badly."""
    end = time.monotonic() + limits.seconds
    for _ in range(limits.redirects + 1):
        place = destination(url)
        answer = _ask(place, limits.size, end, accept)
        if answer.status not in REDIRECTS or "location" not in answer.headers:
            return answer
        url = _next(url, place, answer.headers["location"])
    raise EgressRefused("too many redirects")


def _next(url: str, place: Destination, location: str) -> str:
    following = urljoin(url, location.strip())
    if place.scheme == "https" and not following.lower().startswith("https:"):
        raise EgressRefused("redirect to a less safe scheme")
    return following.partition("#")[0]


def _ask(place: Destination, size: int, end: float, accept: str) -> Answer:
    try:
        with _connected(place, end) as line:
            connection = http.client.HTTPConnection(place.host, place.port)
            connection.sock = line
            connection.putrequest("GET", _quoted(place.target), skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", place.authority)
            for name, value in HEADERS.items():
                connection.putheader(name, value)
            connection.putheader("Accept", accept)
            connection.endheaders()
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            if response.status in REDIRECTS:
                return Answer(response.status, headers, b"")
            return Answer(response.status, headers, _content(response, headers, size, end))
    except (OSError, http.client.HTTPException, ValueError):  # of a refused, broken, slow or unreadable line
        raise EgressRefused("too slow" if time.monotonic() >= end else "unreachable") from None


def _content(response: http.client.HTTPResponse, headers: Mapping[str, str], size: int, end: float) -> bytes:
    if headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise EgressRefused("packed answer")  # never unpacked, so never a bomb
    if response.length is not None and response.length > size:
        raise EgressRefused("too large")
    pieces, left = [], size
    while piece := response.read(min(PIECE, left + 1)):
        left -= len(piece)
        if left < 0:
            raise EgressRefused("too large")
        pieces.append(piece)
    if time.monotonic() >= end:  # a line that was cut looks like one that ended
        raise EgressRefused("too slow")
    if response.length:
        raise EgressRefused("unreachable")
    return b"".join(pieces)


@contextmanager
def _connected(place: Destination, end: float) -> Iterator[socket.socket]:
    """Open a line to one of the checked addresses, and to nothing else; it is cut when the time is over."""
    lines = [_first_that_answers(place, end)]
    # A timeout of the socket begins anew with every byte; a watch does not.
    watch = threading.Timer(max(end - time.monotonic(), 0), lambda: _cut(lines[-1]))
    watch.daemon = True
    watch.start()
    try:
        if place.scheme == "https":
            wrapped = _tls().wrap_socket(lines[0], server_hostname=place.host, do_handshake_on_connect=False)
            lines.append(wrapped)
            wrapped.do_handshake()
        yield lines[-1]
    finally:
        watch.cancel()
        for line in lines:
            line.close()


def _first_that_answers(place: Destination, end: float) -> socket.socket:
    error: OSError = OSError("no address")
    for address in place.addresses[:4]:
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            line = socket.create_connection((address, place.port), timeout=min(left, 4.0))
        except OSError as refused:
            error = refused
            continue
        line.settimeout(max(end - time.monotonic(), 0.01))
        return line
    raise error


def _cut(line: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        socket.socket.shutdown(line, socket.SHUT_RDWR)  # below TLS: its own farewell would wait for the other side


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)


def _quoted(target: str) -> str:
    """Return path and query as they may stand in a request line."""
    return "".join(char if "!" <= char <= "~" else "".join(f"%{byte:02X}" for byte in char.encode()) for char in target)
