"""The original of a mail: readable, inert, complete, and only for who may see the ticket."""

import re

import pytest
from django.urls import reverse

from accounts.tenancy import organization_scope
from mailbox.models import InboundEmail
from mailbox.models.inbound import INLINE_UP_TO
from tests.factories import make_inbound_email, make_message, make_ticket
from tests.sql import counted_sql
from tests.streams import pieces_of, whole
from tickets.originals import SHOWN, text_of

RAW = (
    b"From: =?utf-8?q?Carol_=C3=84?= <carol@customer.example>\r\n"
    b"Subject: =?utf-8?b?4oCuZnBkLmV4ZQ==?= <script>alert(1)</script>\r\n"
    b"X-Folded: one\r\n two\r\nX-Latin: na\xefve\r\n\r\n"
    b"<img src=x onerror=alert(2)> & caf\xc3\xa9 \xe4 \x00 \xe2\x80\xae\r\n"
)


@pytest.fixture
def came(ticket, mailbox):
    """Returns a message made of these bytes."""

    def made(raw=RAW):
        return make_message(ticket, text="x", inbound=make_inbound_email(mailbox, raw))

    return made


def url(name, message):
    return reverse(f"tickets:{name}", args=["acme", message.ticket.number, message.pk])


def test_the_ticket_leads_to_the_original_of_every_mail(as_alice, came):
    message = came()
    page = as_alice.get(reverse("tickets:ticket", args=["acme", message.ticket.number])).content.decode()

    assert page.count("/source/") == 1  # the other message was never a mail
    assert url("source", message) in page


def test_headers_are_decoded_and_what_hides_in_them_is_named(as_alice, came):
    page = as_alice.get(url("source", came())).content.decode()
    headers = dict(re.findall(r"<dt>([\w-]+)</dt><dd dir=\"auto\">(.*?)</dd>", page))

    assert headers["From"] == "Carol Ä &lt;carol@customer.example&gt;"
    assert headers["X-Folded"] == "one two"
    assert headers["X-Latin"] == "naïve"
    assert "U+202E</span>fpd.exe &lt;script&gt;" in headers["Subject"]


def test_the_bytes_are_shown_as_text_and_nothing_of_them_lives(as_alice, came):
    page = as_alice.get(url("source", came())).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "\u202e" not in page
    assert "&lt;img src=x onerror=alert(2)&gt; &amp; café \\xe4 [U+0000] [U+202E]" in page
    assert "=?utf-8?b?4oCuZnBkLmV4ZQ==?=" in page


def test_the_download_is_the_original_byte_for_byte_and_a_file_for_the_disk(as_alice, came):
    response = as_alice.get(url("source_file", came()))

    assert whole(response) == RAW
    assert response["Content-Type"] == "application/octet-stream"
    assert re.fullmatch(r'attachment; filename="mail-[\d-]{15}\.eml"', response["Content-Disposition"])
    assert response["Content-Length"] == str(len(RAW))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"


def test_of_a_large_original_the_beginning_is_shown_and_the_rest_streams(as_alice, came):
    large = b"Subject: large\r\n\r\n" + b"0123456789abcde\n" * 200_000
    message = came(large)
    page = as_alice.get(url("source", message)).content.decode()
    pieces = pieces_of(as_alice.get(url("source_file", message)))

    shown = re.search(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)[1]
    assert len(large) > INLINE_UP_TO
    assert SHOWN - 200 < len(shown) <= SHOWN
    assert "The first 256.0\xa0KB of 3.1\xa0MB; all of it is in the download." in page
    assert b"".join(pieces) == large
    assert max(len(piece) for piece in pieces) <= 1024 * 1024


def test_a_small_original_says_nothing_of_being_cut(as_alice, came):
    assert "all of it is in the download" not in as_alice.get(url("source", came())).content.decode()


@pytest.mark.parametrize(
    "raw", [b"", b"\x00" * 500, b"no header at all", b"(" * 60_000, b"A: " + b"x" * 300_000, b"\xff" * 999]
)
def test_anything_can_be_looked_at(as_alice, came, raw):
    assert as_alice.get(url("source", came(raw))).status_code == 200


def test_an_answer_of_ours_has_an_original_too(as_alice, ticket, alice, mailbox):
    from mailbox.models import OutboundEmail

    with organization_scope(ticket.organization_id):
        email = OutboundEmail(organization_id=ticket.organization_id, mailbox=mailbox, conversation=ticket.pk)
        email.keep_raw(RAW)
        email.save()
    message = make_message(ticket, by=alice, outbound=email)

    assert "as it was handed over" in as_alice.get(url("source", message)).content.decode()
    assert whole(as_alice.get(url("source_file", message))) == RAW


def test_where_there_is_no_original_there_is_no_page(as_alice, ticket, came, acme):
    never = make_message(ticket)
    gone = came(b"Subject: x\r\n\r\n" + b"x" * INLINE_UP_TO)
    with organization_scope(acme):
        InboundEmail.objects.get(pk=gone.inbound_id).raw_file.delete()

    for message in (never, gone):
        for name in ("source", "source_file"):
            assert as_alice.get(url(name, message)).status_code == 404


def test_an_original_belongs_to_its_ticket_and_its_organization(as_alice, as_mallory, came, acme, mailbox):
    message, other = came(), make_ticket(acme, mailbox=mailbox)
    for name in ("source", "source_file"):
        wrong = reverse(f"tickets:{name}", args=["acme", other.number, message.pk])
        assert as_alice.get(wrong).status_code == 404
        assert as_mallory.get(url(name, message)).status_code == 404


def test_the_page_costs_a_few_statements(as_alice, came):
    address = url("source", came())
    as_alice.get(address)
    with counted_sql() as statements:
        as_alice.get(address)

    assert len(statements) <= 6, "\n".join(statements)


def test_line_ends_are_shown_as_they_are():
    assert text_of(b"a\r\nb\nc\rd") == "a\nb\nc[U+000D]d"
