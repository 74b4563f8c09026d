"""SECURITY 7, 9, 10, 11, 13: links that leave nothing behind, files that are what they say, names without tricks."""

import re
from email.message import EmailMessage
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tenancy import organization_scope
from tests.factories import make_message
from tests.mails import arrive
from tests.streams import whole
from tickets.actions.attach import NewFile, attach_files
from tickets.files_shown import warnings_of
from tickets.mail import parse
from tickets.mail.kinds import kind_of
from tickets.paper import lay_out

PDF, PAGE = b"%PDF-1.7\n", b"<!doctype html><script>alert(1)</script>"


@pytest.fixture
def offered(as_alice, ticket, acme):
    """Returns what the desk answers when a file of a mail is asked for."""

    def asked(name, content_type, content):
        message = make_message(ticket, attachment_count=1)
        with organization_scope(acme):
            (kept,) = attach_files(message, [NewFile(name, content_type, content)])
        return as_alice.get(reverse("tickets:file", args=["acme", ticket.number, kept.pk]))

    return asked


# --- 7 ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    ["/logout", "/account/logout/", "//evil.example/x", "?next=/", "#top", "\\\\evil.example", "/\\evil.example",
     "https:/evil.example", "https:evil.example", "relative", "https://acme.example@evil.example/", "file:///etc/passwd",
     "blob:https://x", "filesystem:https://x", "intent://x", "ms-word:x", "view-source:https://x.example"],
)  # fmt: skip
def test_07_a_link_that_is_no_plain_address_leads_nowhere(address):
    assert "href" not in lay_out(f'<a href="{address}">x</a>').html


def test_07_a_link_opens_a_window_of_its_own_that_knows_nothing_of_us():
    html = lay_out('<a href="https://x.example/" target="_top" rel="opener" ping="https://t.example">x</a>').html

    assert re.search(r'target="_blank"', html)
    assert set(re.search(r'rel="([^"]*)"', html)[1].split()) == {"noopener", "noreferrer", "nofollow"}
    assert "ping" not in html


def test_07_signing_out_is_no_address_one_can_be_lured_to(as_alice):
    as_alice.get("/account/logout/")
    assert as_alice.get("/acme/").status_code == 200

    strict = Client(enforce_csrf_checks=True)
    strict.cookies = as_alice.cookies
    assert strict.post("/account/logout/").status_code == 403
    assert as_alice.get("/acme/").status_code == 200


# --- 9 ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "attribute", ["id", "name", "class", "form", "for", "slot", "is", "itemid", "data-x", "usemap"]
)
def test_09_no_element_of_a_mail_can_be_called_by_name(attribute):
    html = lay_out(
        f'<p {attribute}="getElementById">x</p><img {attribute}="body" src="cid:x"><a {attribute}="x">y</a>'
    ).html

    assert attribute not in html.replace("<p>", "").replace("</p>", "").replace("<img", "")


def test_09_hidden_and_imitating_letters_of_a_file_name_are_marked_on_the_page(as_alice, ticket, acme):
    message = make_message(ticket, attachment_count=2)
    names = ["invoice\u202efdp.exe", "invоice.pdf"]
    with organization_scope(acme):
        attach_files(message, [NewFile(name, "application/octet-stream", PDF) for name in names])
    page = as_alice.get(reverse("tickets:ticket", args=["acme", ticket.number])).content.decode()

    assert "\u202e" not in page
    assert "U+202E</span>fdp.exe" in page
    assert '<mark class="stranger" title="Cyrillic small letter o">о</mark>' in page
    assert "Its name has characters that nobody sees" in page
    assert "Its name mixes letters of two alphabets" in page


def test_09_names_of_people_and_subjects_cannot_turn_the_line(as_alice, acme, mailbox):
    with organization_scope(acme):
        message = arrive(mailbox, sender='"Carol \u202ereviewed" <carol@customer.example>', subject="Pay\u202e now")
    page = as_alice.get(reverse("tickets:ticket", args=["acme", message.ticket.number])).content.decode()

    shown = re.sub(r"<title>.*?</title>|(?:aria-label|title|value)=\"[^\"]*\"|<[^>]+hidden-sign[^>]+>", "", page)
    assert not re.search(r"<h1[^>]*>[^<]*\u202e", shown)
    assert not re.search(r'class="from"[^>]*>[^<]*\u202e', shown)


# --- 10 --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content_type", "content"),
    [
        ("a.html", "text/html", PAGE),
        ("a.xhtml", "application/xhtml+xml", PAGE),
        ("a.svg", "image/svg+xml", b"<svg onload='alert(1)'/>"),
        ("a.xml", "text/xml", b"<?xml version='1.0'?><?xml-stylesheet href='x'?><a/>"),
        ("a.mht", "message/rfc822", b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n"),
        ("a.pdf", "application/pdf", PDF + b"/OpenAction /JavaScript"),
        ("a.js", "text/javascript", b"alert(1)"),
        ("a.swf", "application/x-shockwave-flash", b"FWS"),
        ("a.hta", "application/hta", PAGE),
        ("a", "text/html; charset=utf-7", b"+ADw-script+AD4-"),
        ("a.png", "image/png\r\nX-Injected: 1", b"x"),
    ],
)
def test_10_a_file_is_for_the_disk_and_never_a_page(name, content_type, content, offered):
    response = offered(name, content_type, content)

    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Content-Type"] in {"application/octet-stream", "application/pdf"}
    assert response["Referrer-Policy"] == "no-referrer"
    assert "X-Injected" not in response
    assert whole(response) == content


# --- 11 --------------------------------------------------------------------------------------------------------------
def test_11_a_file_that_is_not_what_it_says_is_told_beside_it(as_alice, ticket, acme):
    message = make_message(ticket, attachment_count=1)
    with organization_scope(acme):
        attach_files(message, [NewFile("invoice.pdf", "application/pdf", PAGE)])
    page = as_alice.get(reverse("tickets:ticket", args=["acme", ticket.number])).content.decode()

    assert "Says PDF, is HTML." in page


def test_11_the_type_it_claims_is_not_passed_on(offered):
    assert offered("invoice.pdf", "application/pdf", PAGE)["Content-Type"] == "application/octet-stream"
    assert offered("invoice.pdf", "application/pdf", PDF)["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("name", "content_type", "content", "warning"),
    [
        ("invoice.pdf", "application/pdf", PAGE, "Says PDF, is HTML."),
        ("photo.jpg", "image/jpeg", b"MZ\x90\x00" + b"\0" * 80, "Says JPG, is a program."),
        ("invoice.pdf.exe", "application/octet-stream", b"x", "Two endings: only the last, .exe, counts."),
        ("invoice.pdf .html", "text/html", PAGE, "Two endings: only the last, .html, counts."),
        ("update.scr", "application/octet-stream", b"x", "Opening it starts a program."),
        ("a.pdf", "application/pdf", b"#!/bin/sh\n", "Opening it starts a program."),
        ("invoice.pdf\u200b.pdf", "application/pdf", PDF, "characters that nobody sees"),
        ("раypal.pdf", "application/pdf", PDF, "letters of two alphabets"),
        ("invoice.рdf", "application/pdf", PDF, "letters of two alphabets"),
    ],
)
def test_11_every_trick_has_its_sentence(name, content_type, content, warning):
    assert any(warning in one for one in warnings_of(name, content_type, kind_of(content), len(content)))


@pytest.mark.parametrize(
    ("name", "content_type", "content"),
    [
        ("invoice.pdf", "application/pdf", PDF),
        ("backup.tar.gz", "application/gzip", b"\x1f\x8b\x08"),
        ("contract.pdf.p7m", "application/pkcs7-mime", b"0\x82"),
        ("photo.final.jpg", "image/jpeg", b"\xff\xd8\xff"),
        ("отчёт.docx", "application/octet-stream", b"PK\x03\x04"),
        ("notes.txt", "text/plain", b"Hello"),
        ("empty.pdf", "application/pdf", b""),
    ],
)
def test_11_honest_files_are_left_in_peace(name, content_type, content):
    assert warnings_of(name, content_type, kind_of(content), len(content)) == []


# --- 13 --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..\\..\\windows\\system.ini", "/etc/passwd", "C:\\boot.ini", "a\x00.pdf",
     "a\r\nX-Injected: 1.pdf",
     "a" * 300 + ".pdf", "\u202efdp.exe", "con\u2028.pdf", "", ".", "..", "   ", 'a".pdf', "a;b=c.pdf", "%2e%2e%2fa"],
)  # fmt: skip
def test_13_a_name_is_safe_on_every_disk_and_in_every_header(name, offered, acme, mailbox):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "carol@customer.example", "help@acme.example", "x"
    mail.set_content("x")
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename="placeholder.pdf")
    encoded = "".join(f"%{byte:02X}" for byte in name.encode())
    raw = mail.as_bytes().replace(b'filename="placeholder.pdf"', f"filename*=utf-8''{encoded}".encode())
    (attachment,) = parse(raw).attachments
    response = offered(attachment.name, "application/pdf", PDF)
    header = response["Content-Disposition"]
    given = unquote(header.partition("filename*=utf-8''")[2]) or re.search(r'filename="(.*)"', header)[1].replace(
        "\\", ""
    )

    assert 0 < len(given.encode()) <= 240
    assert not re.search(r"[\x00-\x1f/\\:\u202e\u2028]", given)
    assert given not in {".", ".."}
    assert "X-Injected" not in response
    assert "\n" not in header
    assert "\r" not in header


@pytest.mark.parametrize(
    "name", ["invoice.pdf", "Übung für Anfänger.pdf", "отчёт 2024.docx", "報告.xlsx", "a'b (1) [2].txt"]
)
def test_13_an_honest_name_survives_the_way_there_and_back(name, offered):
    mail = EmailMessage()
    mail.set_content("x")
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename=name)
    (attachment,) = parse(mail.as_bytes()).attachments
    header = offered(attachment.name, "application/pdf", PDF)["Content-Disposition"]

    assert attachment.name == name
    assert name in (unquote(header.partition("filename*=utf-8''")[2]), header.partition('filename="')[2].rstrip('"'))
