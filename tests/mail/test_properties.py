"""What holds for every mail there can be: a result, in bounded time; and what was written is read."""

import base64
import binascii
import json
import time
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from accounts.ids import uuid7
from mailbox import compose as composing
from mailbox.addresses import one_line
from mailbox.bodies import Body, text_of
from tests.mail.letters import letters
from tickets.mail import classify, parse
from tickets.mail.addresses import parse_addresses
from tickets.mail.dates import parse_date
from tickets.mail.file_names import safe_name
from tickets.mail.guarded import parse_in_child
from tickets.mail.identifiers import message_ids
from tickets.mail.model import as_json, from_json
from tickets.mail.parameters import parse_parameters
from tickets.mail.text import html_to_text
from tickets.mail.words import decode_words

SECONDS = 5.0
MAILBOX: Any = SimpleNamespace(address="help@acme.example", organization_id=uuid7())
RAWS = [letter.raw for letter in letters()]
PIECES = st.sampled_from(
    [
        b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\0", b"\xff", b"\xc3", b"=?utf-8?q?", b"=?utf-8?b?", b"?=",
        b"--b", b"--b--", b'"', b"(", b")", b"<", b">", b"\\", b";", b"=", b"=\r\n", b"begin 644 a\r\n", b"end\r\n",
        b"Content-Type: ", b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Type: text/html\r\n",
        b"Content-Type: message/rfc822\r\n", b"Content-Transfer-Encoding: base64\r\n", b"charset=utf-7",
        b"filename*0*=utf-8''", b"<html>", b"<blockquote>", b"<table><tr><td>", b"\x1b$B", b"\x78\x9f\x3e\x22",
        b"-----BEGIN PGP SIGNED MESSAGE-----\r\n", b"BEGIN:VEVENT\r\n",
    ]
)  # fmt: skip
ANY_BYTES = st.one_of(
    st.binary(max_size=2000),
    st.lists(st.one_of(PIECES, st.binary(max_size=20)), max_size=60).map(b"".join),
)


@st.composite
def damaged_letters(draw: st.DrawFn) -> bytes:
    """Return a letter of the corpus with a few stretches of it replaced, doubled or taken out."""
    raw = bytearray(draw(st.sampled_from(RAWS)))
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 40)))
        raw[start:end] = draw(st.one_of(PIECES, st.binary(max_size=8), st.just(bytes(raw[start:end] * 3))))
    return bytes(raw)


def check(raw: bytes) -> None:
    """Read a mail and see that the result is whole."""
    begun = time.process_time()
    mail = parse(raw)
    kind = classify(mail)
    assert time.process_time() - begun < SECONDS
    assert not mail.error or "fully" not in mail.error
    said = json.dumps(as_json(mail))
    assert "\\u0000" not in said
    assert kind.reason
    assert all(attachment.name == safe_name(attachment.name) for attachment in mail.attachments)
    assert all("@" in person.email for person in [*mail.to, *mail.cc, *mail.reply_to])
    assert mail.date is None or mail.date.tzinfo
    assert from_json(json.loads(said), mail.attachments) == mail


@given(ANY_BYTES)
def test_any_bytes_give_a_result(raw: bytes) -> None:
    check(raw)


@given(damaged_letters())
def test_a_damaged_letter_gives_a_result(raw: bytes) -> None:
    check(raw)


def test_a_child_reads_every_letter_as_the_parent_does() -> None:
    for raw in RAWS[::40]:
        assert parse_in_child(raw) == parse(raw)


SIGNS = st.text(st.sampled_from("ab1 ,;:\"'\\()<>[]@.=?_-*%/öé漢😀\u202e\x00\t\r\n\x7f\ud800"), max_size=80)


@given(SIGNS)
def test_any_header_value_gives_a_result(value: str) -> None:
    assert all("@" in person.email and person.email.strip() for person in parse_addresses(value))
    assert all(one.startswith("<") and one.endswith(">") for one in message_ids(value))
    assert "\x00" not in decode_words(f"=?utf-8?q?{value}?=")
    moment = parse_date(value)
    assert moment is None or moment.tzinfo
    main, parameters = parse_parameters(value)
    assert isinstance(main, str)
    assert all(name == name.lower() for name in parameters)


@given(st.text(st.sampled_from("<>/=\"' \nabpdivtr&;!-#"), max_size=400))
def test_any_page_gives_a_text(html: str) -> None:
    assert "\x00" not in html_to_text(html)


@given(st.binary(max_size=3000), st.sampled_from(["base64", "quoted-printable", "x-uuencode"]))
def test_a_file_reads_back_to_the_last_byte(content: bytes, encoding: str) -> None:
    lines = [binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45)]
    encoded = {
        "base64": base64.encodebytes(content),
        "quoted-printable": binascii.b2a_qp(content, istext=False),
        "x-uuencode": b"begin 644 a\n" + b"".join(lines) + b"`\nend\n",
    }[encoding]
    head = f"From: a@b.example\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: {encoding}\n\n"

    assert parse(head.encode() + encoded).attachments[0].content == content


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Co", "Cn"]), max_size=30)
WORDS = st.text(st.sampled_from("abc ÄöŁ漢字😀 ,.!?"), min_size=1, max_size=60)
ADDRESSES = st.sampled_from(["carol@customer.example", "o'brien+tag@a-b.example", "x_y.z@sub.domain.example"])


@given(
    name=NAMES,
    address=ADDRESSES,
    subject=NAMES,
    lines=st.lists(WORDS, min_size=1, max_size=5),
    file_name=WORDS,
    content=st.binary(max_size=200),
)
def test_what_is_composed_reads_back_as_it_was_put_in(
    name: str, address: str, subject: str, lines: list[str], file_name: str, content: bytes
) -> None:
    email_id = uuid7()
    original = composing.make_message_id
    composing.make_message_id = lambda _, e, domain: f"<{e.hex}@{domain}>"  # the keys are in the database
    try:
        raw = composing.compose(
            email_id=email_id, mailbox=MAILBOX, sender_name="Alice", to=[(name, address)], subject=subject,
            body=Body("\n".join(lines)), in_reply_to="<0@customer.example>",
            references=["<a@customer.example>", "<0@customer.example>"],
            attachments=[(file_name, "application/pdf", content)],
        )  # fmt: skip
    finally:
        composing.make_message_id = original

    mail = parse(raw)

    assert (mail.from_.name, mail.from_.email) == ("Alice", "help@acme.example")
    assert [person.email for person in mail.to] == [address]
    assert mail.to[0].name == _bare(one_line(name))
    assert mail.subject == " ".join(one_line(subject).split())
    assert mail.text == text_of("\n".join(lines))
    assert mail.message_id == f"<{email_id.hex}@acme.example>"
    assert (mail.in_reply_to, mail.references) == (
        "<0@customer.example>",
        ["<a@customer.example>", "<0@customer.example>"],
    )
    assert [(a.name, a.content) for a in mail.attachments] == [
        (safe_name(composing.file_name(file_name), "application/pdf"), content)
    ]
    assert mail.error is None


def _bare(name: str) -> str:
    """Return a name without the quotes that a person put around it."""
    return parse_addresses(f'"{name.replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34))}" <a@b.example>')[
        0
    ].name


@given(st.lists(st.tuples(NAMES, ADDRESSES), min_size=1, max_size=5))
def test_people_that_the_standard_library_writes_are_read(people: list[tuple[str, str]]) -> None:
    mail = EmailMessage(policy=policy.default.clone(max_line_length=None))  # folding, it turns commas into words

    mail["To"] = [Address(name, addr_spec=address) for name, address in people]

    assert [person.email for person in parse(mail.as_bytes()).to] == [address for _, address in people]
