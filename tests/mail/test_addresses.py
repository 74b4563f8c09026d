"""Who a header names."""

import pytest

from tickets.mail import Address, parse
from tickets.mail.addresses import parse_addresses
from tickets.mail.limits import ADDRESSES, Notes

CASES = [
    ("carol@customer.example", [("", "carol@customer.example")]),
    ("Carol Jones <carol@customer.example>", [("Carol Jones", "carol@customer.example")]),
    ('"Jones, Carol" <carol@customer.example>', [("Jones, Carol", "carol@customer.example")]),
    ("Jones, Carol <carol@customer.example>", [("Jones, Carol", "carol@customer.example")]),
    ("carol@customer.example (Carol Jones)", [("Carol Jones", "carol@customer.example")]),
    ("carol@customer.example (Carol (the boss) Jones)", [("the boss", "carol@customer.example")]),
    ("<carol@customer.example>", [("", "carol@customer.example")]),
    ("Carol Jones carol@customer.example", [("Carol Jones", "carol@customer.example")]),
    ("Carol Jones [mailto:carol@customer.example]", [("Carol Jones", "carol@customer.example")]),
    ("'carol@customer.example' <carol@customer.example>", [("carol@customer.example", "carol@customer.example")]),
    ("'Carol Jones' <carol@customer.example>", [("Carol Jones", "carol@customer.example")]),
    ('"\'Carol Jones\'" <carol@customer.example>', [("Carol Jones", "carol@customer.example")]),
    ("Carol < carol@customer.example >", [("Carol", "carol@customer.example")]),
    ("Carol <<carol@customer.example>>", [("Carol", "carol@customer.example")]),
    ("Carol <mailto:carol@customer.example>", [("Carol", "carol@customer.example")]),
    ("Carol <carol@customer.example", [("Carol", "carol@customer.example")]),
    ("Carol <carol @ customer.example>", [("Carol", "carol@customer.example")]),
    ("Carol <carol@customer.example.>", [("Carol", "carol@customer.example")]),
    ("Carol <@relay.example:carol@customer.example>", [("Carol", "carol@customer.example")]),
    ("a@x.example, b@y.example; c@z.example", [("", "a@x.example"), ("", "b@y.example"), ("", "c@z.example")]),
    ("Friends: a@x.example, Bob <b@y.example>;", [("", "a@x.example"), ("Bob", "b@y.example")]),
    ("undisclosed-recipients:;", []),
    ("undisclosed recipients", []),
    ('"Carol \\"CJ\\" Jones" <carol@customer.example>', [('Carol "CJ" Jones', "carol@customer.example")]),
    ('Carol "CJ" Jones <carol@customer.example>', [("Carol CJ Jones", "carol@customer.example")]),
    ("Carol@Work <carol@customer.example>", [("Carol@Work", "carol@customer.example")]),
    ('"carol jones"@customer.example', [("", '"carol jones"@customer.example')]),
    ("=?utf-8?q?Carol_=C3=85berg?= <carol@customer.example>", [("Carol Åberg", "carol@customer.example")]),
    ('"=?utf-8?q?=C3=85berg=2C_Carol?=" <carol@customer.example>', [("Åberg, Carol", "carol@customer.example")]),
    ("=?utf-8?q?Carol_=3Ccarol=40customer=2Eexample=3E?=", [("Carol", "carol@customer.example")]),
    ("=?utf-8?q?boss=40acme=2Eexample?= <mallory@evil.example>", [("boss@acme.example", "mallory@evil.example")]),
    (
        "=?utf-8?q?=22boss=22_=3Cboss=40acme=2Eexample=3E=2C?= <mallory@evil.example>",
        [('"boss" <boss@acme.example>,', "mallory@evil.example")],
    ),
    ("boss@acme.example <mallory@evil.example>", [("boss@acme.example", "mallory@evil.example")]),
    ("Käthe <kaethe@müller.example>", [("Käthe", "kaethe@müller.example")]),
    ("Carol <carol@[192.0.2.1]>", [("Carol", "carol@[192.0.2.1]")]),
    ("MAILER-DAEMON", []),
    ("", []),
    ("@", []),
    ("<>", []),
    ("Carol &lt;carol@customer.example&gt;", [("Carol", "carol@customer.example")]),
    ("Carol <carol@customer.example>, ", [("Carol", "carol@customer.example")]),
    (",,; ,carol@customer.example", [("", "carol@customer.example")]),
    ('Carol "unclosed <carol@customer.example>', [("Carol unclosed", "carol@customer.example")]),
    ("Carol (unclosed <carol@customer.example>", [("Carol (unclosed", "carol@customer.example")]),
    ("carol+tag@customer.example", [("", "carol+tag@customer.example")]),
    ("o'brien@customer.example", [("", "o'brien@customer.example")]),
    ("Carol Jones via List <list@lists.example>", [("Carol Jones via List", "list@lists.example")]),
    ("Carol <carol@customer.example> (at work)", [("Carol", "carol@customer.example")]),
    ("carol(comment)@customer.example", [("comment", "carol@customer.example")]),
    ("C. Jones <c.jones@customer.example>, D. Smith <d@customer.example>",
     [("C. Jones", "c.jones@customer.example"), ("D. Smith", "d@customer.example")]),
    ("Acme: Support <help@acme.example>", [("Support", "help@acme.example")]),
    ("Dr. Jones; Carol <carol@customer.example>", [("Dr. Jones, Carol", "carol@customer.example")]),
]  # fmt: skip


@pytest.mark.parametrize(("header", "people"), CASES)
def test_everybody_in_a_header_is_found(header, people):
    assert parse_addresses(header) == [Address(*person) for person in people]


def test_a_header_with_too_many_people_is_cut_and_says_so():
    notes = Notes()

    people = parse_addresses(", ".join(f"a{n}@x.example" for n in range(2000)), notes)

    assert len(people) == ADDRESSES
    assert "more than 500 addresses" in notes.text()


@pytest.mark.parametrize(
    ("headers", "email"),
    [
        (b"From: \r\nReply-To: carol@x.example", "carol@x.example"),
        (b"Sender: carol@x.example\r\nReturn-Path: <bounce@x.example>", "carol@x.example"),
        (b"Return-Path: <carol@x.example>", "carol@x.example"),
        (b"From: nobody\r\nFrom: Carol <carol@x.example>", "carol@x.example"),
        (b"From: a@x.example, b@x.example", "a@x.example"),
        (b"from : carol@x.example", "carol@x.example"),
    ],
)
def test_somebody_is_the_author_even_when_from_names_nobody(headers, email):
    assert parse(headers + b"\r\n\r\nHello").from_.email == email


def test_a_mail_without_any_person_has_no_author():
    assert parse(b"From: MAILER-DAEMON\r\nReturn-Path: <>\r\n\r\nHello").from_ is None
