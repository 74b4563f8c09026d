"""Rich text: what agents write stays, what else a browser posts does not; the mail says it in plain text as well."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.tenancy import organization_scope
from tests.tickets.writing import CAROL, PNG, answers, ask, mail_of, url
from tickets.rich import clean_rich, shown_rich, text_of_rich

WRITTEN = (
    "<p>Dear <strong>Carol</strong>,</p><ul><li><p>one</p></li><li><p>two</p></li></ul>"
    "<table><tbody><tr><td><p>Door</p></td><td><p>open</p></td></tr></tbody></table>"
    '<blockquote><p>as you said</p></blockquote><p>See <a href="https://acme.example/doors">our doors</a>.</p>'
)


@pytest.fixture
def asked(acme, mailbox):
    with organization_scope(acme):
        return ask(mailbox)


def test_what_the_toolbar_makes_stays():
    cleaned = clean_rich(WRITTEN)

    for piece in ("<strong>Carol</strong>", "<li>one</li>", "<td>Door</td>", "<blockquote>", 'href="https://acme.ex'):
        assert piece in cleaned
    assert 'border="1"' in cleaned


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script><p>x</p>",
        '<p onclick="alert(1)" style="position:fixed" class="y" id="z">x</p>',
        '<p>x<a href="javascript:alert(1)">y</a></p>',
        '<p>x<a href=" data:text/html,y">y</a></p>',
        '<p>x<img src="https://tracker.example/p.png"><img src="data:image/png;base64,AAAA"></p>',
        '<p>x<img src="/acme/tickets/1/files/0198b1f0-0000-7000-8000-000000000000/"></p>',
        "<iframe src=//e.example></iframe><form action=/x><input name=y></form><p>x</p>",
        '<svg onload="alert(1)"><a xlink:href="javascript:alert(1)">y</a></svg><p>x</p>',
        "<p>x</p><style>@import 'https://e.example'</style>",
        '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
    ],
)
def test_nothing_that_acts_or_loads_is_kept(html):
    kept = clean_rich("<p>x</p>" + html)

    assert not re.search(r"script|onclick|onload|onerror|style|class|src=|javascript|data:|iframe|form|import", kept)
    assert "x" in text_of_rich(kept)
    assert clean_rich(kept) == kept


def test_a_text_without_words_is_none():
    assert clean_rich("<p></p><p><br></p>") == ""
    assert clean_rich("<table><tr><td></td></tr></table>") == ""


def test_what_is_too_deep_or_too_long_is_none():
    assert clean_rich("<blockquote>" * 5000 + "x") == ""
    assert clean_rich("x" * 700_000) == ""


def test_only_pictures_that_are_named_are_shown():
    html = '<p><img src="cid:0198b1f000007000800000000000000a@inline.invalid">x</p>'

    assert '<img src="/there/">' in shown_rich(html, {"0198b1f000007000800000000000000a": "/there/"})
    assert "<img" not in shown_rich(html, {"": ""})


def test_the_mail_has_both_forms_and_the_page_shows_the_layout(as_alice, acme, asked):
    response = as_alice.post(url("reply", asked.ticket), {"to": CAROL, "text": "", "html": WRITTEN})
    assert response.status_code == 302, response.content.decode()

    with organization_scope(acme):
        (answer,) = answers(asked.ticket)
        mail = mail_of(answer)
    plain, html = (mail.get_body((kind,)).get_content().replace("\r", "") for kind in ("plain", "html"))
    assert plain.startswith("Dear Carol,\n\n- one\n- two\n")
    assert "Door | open" in plain
    assert "> as you said" in plain
    assert "our doors <https://acme.example/doors>" in plain
    assert "<strong>Carol</strong>" in html
    assert "<td>Door</td>" in html
    page = as_alice.get(url("ticket", asked.ticket)).content.decode()
    assert "<strong>Carol</strong>" in page


def test_text_typed_without_a_script_is_not_read_as_markup(as_alice, acme, asked):
    as_alice.post(url("reply", asked.ticket), {"to": CAROL, "text": "a <b>bold</b> claim"})

    with organization_scope(acme):
        (answer,) = answers(asked.ticket)
        assert answer.html is None
        assert "a &lt;b&gt;bold" in mail_of(answer).get_body(("html",)).get_content()


def test_a_picture_in_the_text_leaves_inside_it(as_alice, acme, asked):
    told = as_alice.post(
        url("upload", asked.ticket),
        {"file": SimpleUploadedFile("door.png", PNG, "image/png"), "inline": "1"},
        HTTP_ACCEPT="application/json",
    ).json()
    unused = SimpleUploadedFile("other.png", PNG, "image/png")
    as_alice.post(url("upload", asked.ticket), {"file": unused, "inline": "1"}, HTTP_ACCEPT="application/json")
    html = f'<p>Like this:</p><p><img src="{told["url"]}" alt="door.png"></p>'
    as_alice.post(url("reply", asked.ticket), {"to": CAROL, "text": "", "html": html})

    with organization_scope(acme):
        (answer,) = answers(asked.ticket)
        mail, attachments = mail_of(answer), list(answer.attachments.all())
    (picture,) = [part for part in mail.walk() if part.get_content_maintype() == "image"]
    cid = picture["Content-ID"].strip("<>")
    assert picture.get_content() == PNG
    assert picture.get_content_disposition() == "inline"
    assert f'src="cid:{cid}"' in mail.get_body(("html",)).get_content()
    assert [one.is_inline for one in attachments] == [True]
    assert answer.attachment_count == 0
    page = as_alice.get(url("ticket", asked.ticket)).content.decode()
    assert f'<img src="{url("file", asked.ticket, attachment_id=attachments[0].pk)}"' in page


def test_layout_of_a_draft_is_there_again(as_alice, asked):
    as_alice.post(url("save_draft", asked.ticket), {"text": "Dear Carol", "html": "<p>Dear <strong>Carol</strong></p>"})

    page = as_alice.get(url("ticket", asked.ticket))
    assert "<template data-laid-out><p>Dear <strong>Carol</strong></p></template>" in page.content.decode()
    assert page.context["reply_form"]["text"].value() == "Dear Carol"


def test_layout_comes_back_with_what_could_not_be_sent(as_alice, asked):
    html = "<p>Dear <strong>Carol</strong></p>"
    page = as_alice.post(url("reply", asked.ticket), {"to": "nobody", "text": "Dear Carol", "html": html})

    assert page.status_code == 422
    assert f"<template data-laid-out>{html}</template>" in page.content.decode()


PICTURE = '<img src="cid:0123456789abcdef0123456789abcdef@inline.invalid" alt="{}">'


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["<p>Chain</p>", f"<p>9 speed{PICTURE.format('chain.png')}</p>"], "Chain | 9 speed [chain.png]"),
        ([f"<p>{PICTURE.format('a.png')}</p><p>Chain</p>", "<p>9 speed</p>"], "[a.png] Chain | 9 speed"),
        (["<p>Chain<br>new</p>", f"<p>{PICTURE.format('')}</p>", "<p>9</p>"], "Chain new | – | 9"),
        (["<p></p>", "<p>Monday</p>"], "– | Monday"),
    ],
)
def test_a_row_of_a_table_is_one_line_whatever_its_cells_hold(cells, said):
    row = "".join(f'<td colspan="1" rowspan="1">{cell}</td>' for cell in cells)
    before = "<p>See:</p><ul><li><p>these</p></li></ul>"
    html = clean_rich(f"{before}<table><tbody><tr>{row}</tr></tbody></table>")

    assert text_of_rich(html) == f"See:\n\n- these\n\n{said}"
