"""SECURITY 48: requests to addresses that others chose go to public hosts, and only to the address that was checked."""

import ast
import ipaddress
import socket
import time
from pathlib import Path

import pytest

from accounts.egress import EgressRefused, Limits, destination, fetch
from accounts.egress.addresses import is_public
from tests.security.strangers import PNG, Stranger, drips, says

ROOT = Path(__file__).parents[2]
SMALL = Limits(size=1000, seconds=2)
PUBLIC = "93.184.216.34"


@pytest.fixture
def names(monkeypatch):
    """A name server under our hand: what each host resolves to, one list after another where it changes its mind."""
    known: dict[str, list[list[str]]] = {}
    asked: list[str] = []

    def getaddrinfo(host, port, *args, **kwargs):
        asked.append(host)
        if host not in known:
            raise socket.gaierror(-2, "unknown")
        answers = known[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        family = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(family[":" in one], socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr("accounts.egress.addresses.socket.getaddrinfo", getaddrinfo)
    known["asked"] = asked  # type: ignore[assignment]
    return known


def refused(url: str) -> str:
    with pytest.raises(EgressRefused) as caught:
        destination(url)
    return caught.value.why


PRIVATE = [
    "127.0.0.1", "127.255.0.9", "0.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.127.255.254", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.7", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "192.88.99.1", "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
    "fe80::1", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1",
    "2002:7f00:1::", "2001::1", "2001:db8::1", "100::1", "3fff::1", "5f00::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_48_no_address_of_ours_is_public(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_48_addresses_of_the_internet_are_public(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PRIVATE)
def test_48_a_name_that_leads_to_us_is_refused(address, names):
    names["evil.example.com"] = [[address]]

    assert refused("https://evil.example.com/x") == "private address"


def test_48_one_private_address_among_public_ones_is_enough(names):
    names["evil.example.com"] = [[PUBLIC, "10.0.0.1"]]

    assert refused("https://evil.example.com/x") == "private address"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "2130706433", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "127.1", "127.0.1", "017700000001",
        "127.0.0.01", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[fe80::1%25eth0]", "１２７.0.0.1",
        "127。0。0。1", "①②⑦.0.0.1", "127.0.0.1.", "localhost", "LOCALHOST", "localhost.", "foo.localhost",
        "printer", "router.local",
        "db.internal", "intranet.corp", "metadata.google.internal", "169.254.169.254", "[64:ff9b::7f00:1]",
        "999.1.1.1", "", "a..b.com", "-x.com", "[v1.fe80]",
    ],
)  # fmt: skip
def test_48_a_host_that_is_ours_in_any_spelling_is_refused(host):
    assert refused(f"http://{host}/") in {
        "private address",
        "private name",
        "number in disguise",
        "malformed host",
        "malformed address",
    }


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://example.com/x", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://example.com/", "scheme"),
        ("//example.com/x", "scheme"),
        ("example.com", "scheme"),
        ("https://user@example.com/", "user in the address"),
        ("https://user:word@example.com/", "user in the address"),
        ("https://example.com@127.0.0.1/", "user in the address"),
        ("https://example.com:22/", "port"),
        ("https://example.com:6379/", "port"),
        ("http://example.com:8080/", "port"),
        ("https://example.com:99999/", "malformed address"),
        ("https://example.com\\@evil.example/", "malformed address"),
        ("https://example.com/a b", "malformed address"),
        ("https://example.com/\r\nHost: x", "malformed address"),
        ("https://example.com/\x00", "malformed address"),
        ("https://example.com/" + "a" * 5000, "malformed address"),
        ("https://unknown.example.com/", "unknown host"),
    ],
)
def test_48_what_is_no_plain_web_address_is_refused(url, why, names):
    names["example.com"] = [[PUBLIC]]

    assert refused(url) == why


def test_48_a_plain_address_passes(names):
    names["example.com"] = [[PUBLIC]]
    place = destination("HTTPS://Example.COM:443/a/b?c=d#e")

    assert (place.scheme, place.host, place.port, place.target) == ("https", "example.com", 443, "/a/b?c=d")
    assert place.addresses == (PUBLIC,)
    assert place.authority == "example.com"


def test_48_the_connection_goes_to_the_address_that_was_checked(names, monkeypatch):
    """DNS rebinding: the second answer of the name server is never asked for."""
    names["evil.example.com"] = [[PUBLIC], ["127.0.0.1"]]
    connected = []

    def create_connection(address, timeout):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr("accounts.egress.fetching.socket.create_connection", create_connection)
    with pytest.raises(EgressRefused):
        fetch("http://evil.example.com/x", SMALL)

    assert connected == [(PUBLIC, 80)]
    assert names["asked"] == ["evil.example.com"]


def test_48_loopback_is_closed_unless_the_settings_of_a_test_open_it(tracker: Stranger):
    with pytest.raises(EgressRefused):
        fetch(tracker.url(), SMALL)
    assert tracker.paths == []


def test_48_what_is_asked_tells_nothing_of_who_asks(open_tracker: Stranger):
    answer = fetch(open_tracker.url("/a/ü.png?x=1"), SMALL, accept="image/png")

    assert answer.content == PNG
    ((path, headers),) = open_tracker.asked
    assert path == "/a/%C3%BC.png?x=1"
    assert set(headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
    assert headers["Host"] == f"127.0.0.1:{open_tracker.port}"
    assert "desk" not in headers["User-Agent"].lower()


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.1:1/x", "http://169.254.169.254/latest/meta-data/", "http://localhost/x", "//10.0.0.1/", "file:///x",
     "ftp://example.com/", "http://2130706433/", "http://user@example.com/", "javascript:1"],
)  # fmt: skip
def test_48_a_redirect_is_checked_as_if_it_had_been_asked(location, open_tracker: Stranger):
    open_tracker.answers["/go"] = says(302, b"", location=location)

    with pytest.raises(EgressRefused):
        fetch(open_tracker.url("/go"), SMALL)
    assert open_tracker.paths == ["/go"]


def test_48_a_redirect_to_where_one_may_go_is_followed_a_few_times(open_tracker: Stranger):
    open_tracker.answers["/go"] = says(302, b"", location="/picture.png")
    open_tracker.answers["/round"] = says(301, b"", location="/round")

    assert fetch(open_tracker.url("/go"), SMALL).content == PNG
    with pytest.raises(EgressRefused, match="too many redirects"):
        fetch(open_tracker.url("/round"), SMALL)
    assert open_tracker.paths.count("/round") == SMALL.redirects + 1


def test_48_a_redirect_never_leaves_encryption(names, monkeypatch):
    from accounts.egress import Answer, fetching

    names["example.com"] = [[PUBLIC]]
    monkeypatch.setattr(fetching, "_ask", lambda *_: Answer(302, {"location": "http://example.com/x"}, b""))
    with pytest.raises(EgressRefused, match="less safe"):
        fetch("https://example.com/x", SMALL)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (says(200, b"x" * 1001), "too large"),
        (says(200, b"x" * 5000, content_length=""), "too large"),
        (says(200, b"x" * 10, content_encoding="gzip"), "packed answer"),
        (says(200, b"x" * 10, content_length="500"), "unreachable"),
        (lambda handler: handler.wfile.write(b"not http at all\r\n\r\n"), "unreachable"),
        (lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 500 + b"\r\n"), "unreachable"),
        (lambda handler: handler.wfile.flush(), "unreachable"),  # it hangs up
    ],
)
def test_48_an_answer_that_is_too_much_or_none_is_not_taken(answer, why, open_tracker: Stranger):
    open_tracker.answers["/x"] = answer

    with pytest.raises(EgressRefused, match=why):
        fetch(open_tracker.url("/x"), SMALL)


def test_48_an_answer_that_drips_ends_with_the_time(open_tracker: Stranger):
    open_tracker.answers["/slow"] = drips(8)
    started = time.monotonic()

    with pytest.raises(EgressRefused, match="too slow"):
        fetch(open_tracker.url("/slow"), Limits(size=100_000, seconds=0.6))
    assert time.monotonic() - started < 3


def test_48_a_certificate_of_another_name_is_not_believed(monkeypatch, settings, tmp_path):
    """TLS is checked against the name in the address, not against the number that is connected to."""
    import ssl
    import threading

    from accounts.egress import fetching
    from tests.security.certificates import certificate_for

    bundle, key, authority = certificate_for("other.example.com", tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(bundle, key)
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    settings.EGRESS_OPEN_FOR_TESTS = {("127.0.0.1", port)}
    monkeypatch.setattr(fetching, "_tls", lambda: ssl.create_default_context(cafile=authority))

    def serve():
        for _ in range(2):
            line, _address = listener.accept()
            try:
                with context.wrap_socket(line, server_side=True) as secure:
                    secure.recv(4096)
                    secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            except OSError:
                continue

    threading.Thread(target=serve, daemon=True).start()
    resolved = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr("accounts.egress.addresses.socket.getaddrinfo", lambda *_, **__: resolved)

    assert fetch(f"https://other.example.com:{port}/", SMALL).content == b"ok"
    with pytest.raises(EgressRefused):
        fetch(f"https://bank.example.com:{port}/", SMALL)
    listener.close()


def test_48_production_knows_no_open_addresses(tracker: Stranger, settings):
    settings.EGRESS_OPEN_FOR_TESTS = {("127.0.0.1", tracker.port)}
    settings.PRODUCTION = True

    with pytest.raises(EgressRefused):
        fetch(tracker.url(), SMALL)
    assert "EGRESS_OPEN_FOR_TESTS" not in (ROOT / "deskhero" / "settings.py").read_text()


def test_48_nobody_reaches_past_the_guard():
    """Other modules of the product open no line of their own to addresses that users gave."""
    own = {ROOT / "mailbox" / "providers", ROOT / "mailbox" / "simulator", ROOT / "accounts" / "egress"}
    own.add(ROOT / "accounts" / "clamd.py")  # its address is the operator's, and in production a socket of this machine
    modules = [path for app in ("accounts", "mailbox", "tickets", "privacy") for path in (ROOT / app).rglob("*.py")]
    others = [path for path in modules if not own & {path, *path.parents}]

    assert [str(path.relative_to(ROOT)) for path in others if _opens_lines(path)] == []
    assert _opens_lines(ROOT / "accounts" / "egress" / "fetching.py")


def _opens_lines(path: Path) -> bool:
    names = {"socket", "http", "urllib", "requests", "httplib2", "httpx", "aiohttp"}
    for node in ast.walk(ast.parse(path.read_text())):
        modules = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [f"{node.module}"]
            if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
        if any(
            m.partition(".")[0] in names and m not in ("urllib.parse", "http", "requests.exceptions") for m in modules
        ):
            return True
    return False
