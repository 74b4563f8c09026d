"""SECURITY 16 and 17, over the bytes that leave: nothing typed adds a header or an address, and all of it reads back.

Every mail is read twice, by Python's own parser and by ours: whoever gets it sees what was meant.
"""

# ruff: noqa: E501 - tables of samples read best unbroken

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import getaddresses
from types import SimpleNamespace
from typing import Any

import idna
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.errors import ActionRefused
from accounts.ids import uuid7
from mailbox import compose as composing
from mailbox.addresses import CannotBeSentTo, one_line, sendable
from mailbox.bodies import Body
from mailbox.compose import MAX_NAME, MAX_SUBJECT, compose
from tickets.mail import parse
from tickets.mail.file_names import safe_name

MAILBOX: Any = SimpleNamespace(address="help@acme.example", organization_id=uuid7())
HEADERS = ["from", "to", "cc", "bcc", "subject", "date", "message-id", "in-reply-to", "references",
           "x-deskhero-marker", "mime-version", "content-type"]  # fmt: skip
CAROL = "carol@customer.example"

# What people and programs have tried, in names, subjects, file names and ids.
TRICKS = [
    "plain",
    "two  blanks",
    "a\r\nBcc: evil@evil.example",
    "a\nBcc: evil@evil.example",
    "a\rBcc: evil@evil.example",
    "a\r\n\r\n<h1>another body</h1>",
    "a\r\n bcc: folded@evil.example",
    "a\x00b",
    "a\x0bb\x0cc\x1cd\x1de\x1ef\x85g",
    "a\u2028Bcc: evil@evil.example\u2029b",
    "\ufeffa\u200bb\u202egnp.exe",
    "=?utf-8?q?a=0D=0ABcc:_evil=40evil.example?=",
    "=?utf-8?b?YQ0KQmNjOiBldmlsQGV2aWwuZXhhbXBsZQ==?=",
    "=?utf-8?q?a?= =?utf-8?q?b?=",
    "=?unknown-charset?q?x?= tail =?",
    'Lee, Ann; Bo <evil@evil.example>, "Q" (c) [d] \\',
    '"><evil@evil.example>, x',
    "evil@evil.example",
    "evil@evil.example>,<b@evil.example",
    "undisclosed-recipients:;",
    "group: a@evil.example, b@evil.example;",
    "ends with backslash \\",
    '"',
    '\\"',
    "a" * 5000,
    "ö" * 5000,
    "word " * 1000,
    '" ' * 600,
    "(" * 4000,
    "😀漢字" * 400,
    "é" + "a" * 70 + "é",
    "'; filename=evil.exe; x='",
    'a"; filename="evil.exe',
    "..\\..\\evil.txt",
    "../../etc/passwd",
    "CON.txt",
    "%0d%0aBcc:evil@evil.example",
    "a*0*=utf-8''b",
    "\ud800 broken \udcff",
    "",
    " ",
]
ADDRESS_TRICKS = [
    "a@b.example\r\nBcc: evil@evil.example",
    "a@b.example\nBcc: evil@evil.example",
    "a@b.example\u2028",
    "a@b.example\x00",
    "a@b.example,evil@evil.example",
    "a@b.example;evil@evil.example",
    "a@b.example evil@evil.example",
    "a@b.example>,<evil@evil.example",
    "<a@b.example>",
    "A <a@b.example>",
    "g:a@b.example,evil@evil.example;",
    "(c)a@b.example",
    "a@b.example(c)",
    '"a,evil"@b.example',
    '"a\\"b"@b.example',
    '"a b"@b.example',
    "=?utf-8?q?evil=40evil.example=3E?=@b.example",
    "=?x?q?=41=42collab=40evil.example=3e=00?=foo@b.example",
    "ü@b.example",
    "a@evil.example@b.example",
    "@evil.example:a@b.example",
    "a@[127.0.0.1]",
    "a@localhost",
    "a@b..example",
    "a@-b.example",
    "a@b.example.",
    ".a@b.example",
    "a..b@b.example",
    "a@",
    "@b.example",
    "",
    "a" * 65 + "@b.example",
    "a@" + "b" * 64 + ".example",
    "a@" + "b." * 130 + "example",
    "a@evil.example℀.b.example",
]  # fmt: skip
NASTY = st.text(st.sampled_from("ab ,\"\\()<>[]@:;.%*'öÅ漢😀\u202e\u2028\x85\x00\t\r\n=?_-/q"), max_size=90)
ANY = st.text(max_size=300)
PROPERTY = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "make_message_id", lambda _, e, domain: f"<{e.hex}.{'a' * 16}@{domain}>")


@dataclass(frozen=True)
class Meant:
    """What a reader must find."""

    sender: str
    to: list[tuple[str, str]]
    subject: str
    file_name: str
    text: str
    in_reply_to: str


def check(*, name: str = "N", subject: str = "S", text: str = "Hi.", file_name: str = "f", named_id: str = "") -> None:
    """Compose with these words in every place they fit, and read the mail back in every way."""
    people = [(name, CAROL), ("Bo", "bo@customer.example"), (name, "xn@bücher.example")]
    raw = compose(
        email_id=uuid7(), mailbox=MAILBOX, sender_name=name, to=people, cc=people[1:2], bcc=people[:1],
        subject=subject, body=Body(text, signature=name), in_reply_to=named_id,
        references=["<first@customer.example>", named_id], attachments=[(file_name, "application/octet-stream", b"\x00\xff\r\nx")],
    )  # fmt: skip
    _is_clean(raw)
    seen = one_line(name)[:MAX_NAME].strip()
    bare = named_id.strip().strip("<>")
    meant = Meant(
        seen,
        [(seen, CAROL), ("Bo", "bo@customer.example"), (seen, "xn@xn--bcher-kva.example")],
        one_line(subject)[:MAX_SUBJECT].rstrip(),
        composing.file_name(file_name),
        Body(text, signature=name).as_text(),
        f"<{bare}>" if re.fullmatch(r"[!-;=?-~]{1,200}@[!-;=?-~]{1,200}", bare) and "=?" not in bare else "",
    )
    _python_reads(raw, meant)
    _we_read(raw, meant)


def _is_clean(raw: bytes) -> None:
    assert raw.isascii()
    assert b"\x00" not in raw
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def _python_reads(raw: bytes, meant: Meant) -> None:
    plain: Any = message_from_bytes(raw)
    named = [key.lower() for key in plain]
    assert len(named) == len(set(named))
    assert set(named) <= set(HEADERS)
    assert {"from", "to", "cc", "bcc", "subject"} <= set(named)
    assert _people(plain["From"]) == [(meant.sender, MAILBOX.address)]
    assert _people(plain["To"]) == meant.to
    mail: Any = message_from_bytes(raw, policy=policy.default)
    assert [one.addr_spec for one in mail["To"].addresses] == [address for _, address in meant.to]
    assert [one.addr_spec for one in mail["Cc"].addresses] == ["bo@customer.example"]
    assert [one.addr_spec for one in mail["Bcc"].addresses] == [CAROL]
    assert str(mail["Subject"]) == meant.subject
    assert (mail["In-Reply-To"] or "") == meant.in_reply_to
    assert mail["References"].split() == ["<first@customer.example>", *[meant.in_reply_to][: len(meant.in_reply_to)]]
    (part,) = mail.iter_attachments()
    assert part["Content-Disposition"].params["filename"] == meant.file_name
    assert part.get_payload(decode=True) == b"\x00\xff\r\nx"
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == meant.text


def _people(header: str) -> list[tuple[str, str]]:
    """Names as RFC 2047 has them; Python's newer parser leaves the blank between two encoded words of a name."""
    return [(str(make_header(decode_header(n))), a) for n, a in getaddresses([header.replace("\r\n", "")])]


def _we_read(raw: bytes, meant: Meant) -> None:
    mail = parse(raw)
    assert mail.error is None
    assert mail.from_
    assert (mail.from_.name, mail.from_.email) == (_unquoted(meant.sender), MAILBOX.address)
    assert [(one.name, one.email) for one in mail.to] == [(_unquoted(name), address) for name, address in meant.to]
    assert [one.email for one in mail.cc] == ["bo@customer.example"]
    assert mail.subject == meant.subject
    assert mail.in_reply_to.replace("'", "") == meant.in_reply_to.replace("'", "").replace('"', "")
    assert [one.name for one in mail.attachments] == [safe_name(meant.file_name, "application/octet-stream")]
    assert mail.attachments[0].content == b"\x00\xff\r\nx"
    assert mail.text.strip() == meant.text.strip()


def _unquoted(name: str) -> str:
    """As our reader shows it: it takes single quotes around a whole name for quotation marks, as some programs do."""
    for _ in range(2):
        if len(name) > 1 and name[0] == name[-1] == "'":
            name = name[1:-1].strip()
    return name


@pytest.mark.parametrize("trick", TRICKS)
def test_a_trick_in_any_place_adds_nothing_and_reads_back(trick: str) -> None:
    check(name=trick, subject=trick, text=trick, file_name=trick, named_id=trick)


@pytest.mark.parametrize(
    "trick", [*TRICKS, "message/rfc822", "multipart/mixed; boundary=x", "text/html\r\nBcc: x@y.example"]
)
def test_the_type_of_a_file_is_a_type_and_nothing_else(trick: str) -> None:
    raw = compose(
        email_id=uuid7(), mailbox=MAILBOX, sender_name="", to=[("", CAROL)], subject="", body=Body(""),
        attachments=[("a.bin", trick, b"x"), ("b.bin", f"application/{trick}", b"x")],
    )  # fmt: skip

    _is_clean(raw)
    parts = list(message_from_bytes(raw, policy=policy.default).iter_attachments())  # type: ignore[attr-defined]
    types = [part.get_content_type() for part in parts]
    assert all(re.fullmatch(r"(application|text)/[a-z0-9.+-]{1,60}", one) for one in types), types
    headers = {"content-type", "content-transfer-encoding", "content-disposition", "mime-version"}
    assert [{name.lower() for name in part} for part in parts] == [headers] * 2


@PROPERTY
@given(name=NASTY, subject=NASTY, text=NASTY, file_name=NASTY, named_id=NASTY)
@example(name="'", subject="=?", text=">", file_name=".", named_id="<@>")
def test_no_mixture_of_separators_does(name: str, subject: str, text: str, file_name: str, named_id: str) -> None:
    check(name=name, subject=subject, text=text, file_name=file_name, named_id=named_id)


@PROPERTY
@given(name=ANY, subject=ANY, text=ANY, file_name=ANY, named_id=ANY)
def test_no_other_text_does(name: str, subject: str, text: str, file_name: str, named_id: str) -> None:
    check(name=name, subject=subject, text=text, file_name=file_name, named_id=named_id)


@pytest.mark.parametrize("address", ADDRESS_TRICKS)
def test_an_address_that_is_more_or_less_than_one_is_refused(address: str) -> None:
    with pytest.raises(CannotBeSentTo):
        sendable(address)
    for header in ("to", "cc", "bcc"):
        people = {"to": [("", CAROL)], header: [("", address)]}
        with pytest.raises(ActionRefused):
            compose(email_id=uuid7(), mailbox=MAILBOX, sender_name="", subject="", body=Body(""), **people)


@PROPERTY
@given(st.one_of(NASTY, ANY, st.tuples(NASTY, NASTY).map("@".join), st.from_regex(r"[a-z,;<>@\"=?]{1,9}@b\.example")))
def test_whatever_is_taken_for_an_address_is_exactly_one(text: str) -> None:
    try:
        address = sendable(text)
    except CannotBeSentTo:
        return
    raw = compose(email_id=uuid7(), mailbox=MAILBOX, sender_name="", to=[("", text)], subject="", body=Body(""))

    assert getaddresses([message_from_bytes(raw)["To"]]) == [("", address)]
    assert [one.email for one in parse(raw).to] == [address]
    local, _, domain = address.rpartition("@")
    assert local == text.rpartition("@")[0]
    assert idna.decode(domain, uts46=True) == idna.decode(text.rpartition("@")[2], uts46=True)


@pytest.mark.parametrize(
    ("written", "leaves_as"),
    [
        ("info@bücher.example", "info@xn--bcher-kva.example"),
        ("info@straße.example", "info@xn--strae-oqa.example"),  # not strasse.example, which is somebody else's
        ("info@例え.テスト", "info@xn--r8jz45g.xn--zckzah"),
        ("Carol.O'Hara+tag%x!y@Customer.Example", "Carol.O'Hara+tag%x!y@Customer.Example"),
        ("info@ｂ.example", "info@b.example"),
    ],
)
def test_domains_in_any_language_leave_in_their_ascii_form(written: str, leaves_as: str) -> None:
    assert sendable(written) == leaves_as


def test_letters_before_the_at_are_refused_in_plain_words() -> None:
    with pytest.raises(CannotBeSentTo, match="letters before the @"):
        sendable("jörg@customer.example")


def test_a_reference_no_header_can_carry_is_left_out_and_the_others_stay() -> None:
    ids = [
        "<ok.1@customer.example>",
        "<a b@c>",
        "<å@c.example>",
        "<x@y>\r\nBcc: z@z",
        f"<{'x' * 500}@c.example>",
        "ok.2@c.example",
    ]
    raw = compose(
        email_id=uuid7(), mailbox=MAILBOX, sender_name="", to=[("", CAROL)], subject="", body=Body(""),
        in_reply_to="<a b@c>", references=ids,
    )  # fmt: skip

    mail = parse(raw)
    assert mail.references == ["<ok.1@customer.example>", "<ok.2@c.example>"]
    assert mail.in_reply_to == ""
