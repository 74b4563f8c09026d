"""Where a request may go: an address taken apart, resolved once, and checked whole."""

import ipaddress
import re
import socket
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from accounts.egress.errors import EgressRefused

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
PORTS = {"http": 80, "https": 443}
LONGEST = 4000  # characters of an address
RESOLVING = 4.0  # seconds for the name server

_NOT_IN_AN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029]")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_NEVER_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "onion", "test", "invalid", "arpa")
# What `is_global` alone would let through, or says differently from one version of Python to the next.
_NEVER = tuple(
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/3", "::/16", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        "5f00::/16", "fc00::/7", "fe80::/9", "ff00::/8",
    )
)  # fmt: skip
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # NAT64: an IPv4 address in its last four bytes
# The system's resolver knows no time limit; one that hangs holds a thread of this pool and nothing else.
_resolvers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="resolve")


@dataclass(frozen=True)
class Destination:
    """An address that may be asked, and the numbers to which a connection may be made."""

    scheme: str
    host: str
    port: int
    target: str = field(repr=False)  # path and query
    addresses: tuple[str, ...] = field(repr=False)

    @property
    def authority(self) -> str:
        """Return what the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def destination(url: str) -> Destination:
    """Return where an address leads, checked in every respect; EgressRefused where it must not be asked."""
    if len(url) > LONGEST or _NOT_IN_AN_ADDRESS.search(url):
        raise EgressRefused("malformed address")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise EgressRefused("malformed address") from None
    if parts.scheme not in PORTS:
        raise EgressRefused("scheme")
    if "@" in parts.netloc:
        raise EgressRefused("user in the address")
    host = host_of(parts)
    port = PORTS[parts.scheme] if port is None else port
    if port not in PORTS.values() and port not in {for_tests for _address, for_tests in _open_for_tests()}:
        raise EgressRefused("port")
    addresses = resolve(host, port)
    for address in addresses:
        if not is_public(ipaddress.ip_address(address)) and (address, port) not in _open_for_tests():
            raise EgressRefused("private address")
    path = parts.path or "/"
    return Destination(parts.scheme, host, port, f"{path}?{parts.query}" if parts.query else path, addresses)


def host_of(parts: SplitResult) -> str:
    """Return the host in the one form in which it is asked for: ASCII, lower case, no number in disguise."""
    host = unicodedata.normalize("NFKC", parts.hostname or "")
    if parts.netloc.startswith("["):
        return _literal(host)
    host = host.lower().rstrip(".")
    try:
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise EgressRefused("malformed host") from None
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):  # browsers and resolvers read 2130706433, 0177.1 and 0x7f.1 as addresses
        return _literal(host)
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise EgressRefused("malformed host")
    if len(labels) == 1 or labels[-1] in _NEVER_NAMES:
        raise EgressRefused("private name")
    return host


def resolve(host: str, port: int) -> tuple[str, ...]:
    """Return every address of a host, each once, in the resolver's order."""
    try:
        found = _resolvers.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM).result(RESOLVING)
    except (OSError, UnicodeError, TooSlow):
        raise EgressRefused("unknown host") from None
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses or any("%" in address for address in addresses):
        raise EgressRefused("private address" if addresses else "unknown host")
    return addresses


def is_public(address: IP) -> bool:
    """Return whether an address is somebody's on the internet, also when it hides another one inside."""
    inner = _inside(address)
    if inner is not None:
        return is_public(inner)
    if any(address in block for block in _NEVER if block.version == address.version):
        return False
    return address.is_global and not address.is_multicast


def _inside(address: IP) -> IP | None:
    """Return the IPv4 address that an IPv6 address stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped


def _literal(host: str) -> str:
    """Return a host that is a number, in its plain form; only the strict forms are read."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise EgressRefused("number in disguise") from None
    if "%" in host:  # one of our own network cards
        raise EgressRefused("private address")
    return str(address)


def _open_for_tests() -> frozenset[tuple[str, int]]:
    """Return the numbers and ports that the settings of the tests open; the product's own know no such list."""
    return frozenset() if settings.PRODUCTION else frozenset(getattr(settings, "EGRESS_OPEN_FOR_TESTS", ()))
