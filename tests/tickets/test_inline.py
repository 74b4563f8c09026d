"""Pictures in their place and every other file in the list (L9); SECURITY 12: a drawing or a page is no picture."""

import re

import pytest
from django.urls import reverse

from accounts.tenancy import organization_scope
from tests.factories import make_message
from tests.mails import arrive
from tests.security.strangers import PNG
from tickets import inline
from tickets.actions.attach import NewFile, attach_files
from tickets.inline import placed

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"
PAGE = b"<!doctype html><script>alert(1)</script>"


@pytest.fixture
def carry(ticket, acme):
    """Makes a message of this HTML with these files: (name, type, content, Content-ID)."""

    def carried(html, *files):
        message = make_message(ticket, text="Hello", html=html)
        new = [NewFile(name, kind, content, cid, inline=f"cid:{cid}" in html) for name, kind, content, cid in files]
        with organization_scope(acme):
            attach_files(message, new)
            message.attachment_count = sum(not one.inline for one in new)
            message.save(update_fields=["attachment_count"])
        return message

    return carried


@pytest.fixture
def look(as_alice):
    """Returns what the ticket's page lists of the last message, and what its frame shows."""

    def looked(message):
        args = ["acme", message.ticket.number]
        page = as_alice.get(reverse("tickets:ticket", args=args))
        listed = [str(file["name"]) for file in page.context["timeline"][-1].attachments]
        frame = as_alice.get(reverse("tickets:body", args=[*args, message.pk])).content.decode()
        return listed, re.findall(r"<img[^>]*>", frame)

    return looked


def test_a_picture_stands_where_the_mail_put_it_and_nowhere_else(carry, look):
    listed, shown = look(carry("<p>See <img src='cid:a@x'></p>", ("a.png", "image/png", PNG, "a@x")))

    assert listed == []
    assert [one[:30] for one in shown] == ['<img src="data:image/png;base6']


@pytest.mark.parametrize(
    "html",
    [
        "<p>No picture in the text</p>",
        "<p style='background:url(cid:a@x)'>As a background</p>",
        "<!-- <img src='cid:a@x'> --><p>In a comment</p>",
        "<title><img src='cid:a@x'></title><p>Where nobody sees it</p>",
        "<video poster='cid:a@x'></video><p>As a poster</p>",
        "<v:imagedata src='cid:a@x'/><p>For Outlook alone</p>",
        "<img src='cid:other@x'>",
        "<b>" * 2000 + "<img src='cid:a@x'>",
    ],
)
def test_a_picture_that_is_not_in_the_text_is_in_the_list(html, carry, look):
    listed, shown = look(carry(html, ("a.png", "image/png", PNG, "a@x")))

    assert listed == ["a.png"]
    assert not [one for one in shown if "data:" in one]


@pytest.mark.parametrize(
    ("name", "declared", "content"),
    [
        ("a.svg", "image/svg+xml", SVG),
        ("a.png", "image/png", SVG),
        ("a.png", "image/png", PAGE),
        ("a.html", "text/html", PAGE),
        ("a.gif", "image/gif", b"%PDF-1.4"),
        ("a.png", "image/png", b""),
    ],
)
def test_12_what_is_no_picture_is_not_shown_as_one_whatever_it_is_called(name, declared, content, carry, look):
    listed, shown = look(carry("<p><img src='cid:a@x' alt='A logo'></p>", (name, declared, content, "a@x")))

    assert listed == [name]
    assert shown == ['<img alt="A logo">']


def test_a_second_file_of_the_same_id_is_in_the_list(carry, look):
    files = [("a.png", "image/png", PNG, "a@x"), ("b.png", "image/png", PNG, "a@x")]
    listed, shown = look(carry("<img src='cid:a@x'><img src='CID:%3Ca%40x%3E'>", *files))

    assert listed == ["b.png"]
    assert len(shown) == 2


def test_what_is_too_large_for_the_text_is_in_the_list(carry, look, monkeypatch):
    monkeypatch.setattr(inline, "MAX_PICTURE", 200)
    monkeypatch.setattr(inline, "MAX_PICTURES", 300)
    files = [
        ("large.png", "image/png", PNG + b"\0" * 200, "large@x"),
        *((f"{n}.png", "image/png", PNG + b"\0" * 50, f"{n}@x") for n in range(4)),
    ]
    html = "<img src='cid:large@x'>" + "".join(f"<img src='cid:{n}@x'>" for n in range(4))
    listed, shown = look(carry(html, *files))

    assert listed == ["large.png", "2.png", "3.png"]
    assert sum("data:" in one for one in shown) == 2


def test_a_mail_that_is_only_a_file_shows_it(acme, mailbox, as_alice):
    with organization_scope(acme):
        message = arrive(mailbox, text="", files=[("only.pdf", "application/pdf", b"%PDF-1.4")])
    page = as_alice.get(reverse("tickets:ticket", args=["acme", message.ticket.number]))

    assert [str(file["name"]) for file in page.context["timeline"][-1].attachments] == ["only.pdf"]
    assert "This mail has no text." in page.content.decode()


def test_files_from_before_files_were_looked_at_are_shown_by_what_they_said(carry, acme):
    message = carry(
        "<img src='cid:a@x'><img src='cid:b@x'>", ("a", "image/png", PNG, "a@x"), ("b", "image/svg+xml", SVG, "b@x")
    )
    with organization_scope(acme):
        files = list(message.attachments.all())
    for one in files:
        del one.details["kind"]

    assert [one.name for one in placed(message.html, files)] == ["a"]
