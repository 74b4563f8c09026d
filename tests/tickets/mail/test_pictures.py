"""Which pictures the HTML of a mail asks for."""

import time

import pytest

from tests.tickets.mail.test_html import HOSTILE
from tickets.mail.html import clean_html
from tickets.mail.pictures import content_id, own_pictures, plain_address, remote_pictures


@pytest.mark.parametrize(
    ("html", "addresses"),
    [
        ("<img src=http://t.example/1>", ["http://t.example/1"]),
        ("<IMG SRC = \"HTTP://t.example/1\">", ["HTTP://t.example/1"]),
        ("<img src=//t.example/1>", ["https://t.example/1"]),
        ("<img src='ht\ntp://t.example/my picture.png'>", ["http://t.example/my%20picture.png"]),
        ("<img src='&#x2f;&#47;t.example/1'>", ["https://t.example/1"]),
        ("<img src='http&colon;&sol;&sol;t.example/1'>", ["http://t.example/1"]),
        ("<img src='http://t.example/?a=1&amp;copy=2'>", ["http://t.example/?a=1&copy=2"]),
        ("<img src='http://t.example/?a=1&copy=2'>", ["http://t.example/?a=1&copy=2"]),
        ("<img alt='>' src='https://t.example/1'>", ["https://t.example/1"]),
        ("<img srcset='//t.example/1 1x, //t.example/2?w=3 2x'>", ["https://t.example/1", "https://t.example/2?w=3"]),
        ("<td background=//t.example/1>", ["https://t.example/1"]),
        ("<video poster='https://t.example/1' src='https://t.example/2'>", ["https://t.example/1", "https://t.example/2"]),
        ("<svg><image href='//t.example/1'/><feImage xlink:href='//t.example/2'/></svg>",
         ["https://t.example/1", "https://t.example/2"]),
        ("<!--[if mso]><v:fill src='https://t.example/1'/><v:imagedata src=\"https://t.example/2\"/><![endif]-->",
         ["https://t.example/1", "https://t.example/2"]),
        ("<bgsound src=//t.example/1>", ["https://t.example/1"]),
        ("<img lowsrc=//t.example/1 dynsrc=//t.example/2>", ["https://t.example/1", "https://t.example/2"]),
        ("<input type=image src=//t.example/1>", ["https://t.example/1"]),
        ("<p style='background:url( \"https://t.example/1\" )'>", ["https://t.example/1"]),
        ("<style>p{background:url(//t.example/1)}</style>", ["https://t.example/1"]),
        ("<p style='background:image-set(\"//t.example/1\" 1x, url(//t.example/2) 2x)'>",
         ["https://t.example/1", "https://t.example/2"]),
        ("<img src=//t.example/1><img src=//t.example/1>", ["https://t.example/1"]),
        # None of these is a picture.
        ("<a href='https://t.example/1'>x</a>", []),
        ("<a href='//t.example/1'><b>x</b></a> https://t.example/2", []),
        ("<link rel=stylesheet href=//t.example/1>", []),
        ("<script src=//t.example/1></script><iframe src=//t.example/2>", []),
        ("<style>@font-face{src:url(//t.example/1)}</style>", []),
        ("<html xmlns='http://www.w3.org/1999/xhtml' xmlns:v=\"urn:x://y\">", []),
        ("<form action='https://t.example/1'>", []),
        ("<img src='cid:a//b'><img src='data:image/png;base64,//8='><img src='/a//b'>", []),
        ("// a comment //", []),
        ("", []),
    ],
)  # fmt: skip
def test_remote_pictures_are_found_and_nothing_else(html, addresses):
    assert list(remote_pictures(html)) == addresses


@pytest.mark.parametrize("html", HOSTILE)
def test_the_quick_look_misses_nothing_that_the_close_look_finds(html):
    found = clean_html(html)

    assert set(remote_pictures(html)) == set(found.remote_urls)


@pytest.mark.parametrize(
    ("html", "cids"),
    [
        ("<img src='cid:a@b'>", {"a@b"}),
        ("<IMG alt=x SRC=\"CID:A%40B\">", {"a@b"}),
        ("<img src='http://x.example/' alt='cid:a'>", set()),
        ("<img alt=x src='http://x.example/' src='cid:a'>", set()),
        ("<p style='background:url(cid:a)'>", set()),
        ("<a href='cid:a'>x</a>", set()),
        ("<!-- <img src='cid:a'> --><img src='cid:b'>", {"b"}),
        ("<!-- <img src='cid:a'>", set()),
        ("no picture", set()),
    ],
)  # fmt: skip
def test_own_pictures_are_those_of_the_text(html, cids):
    assert own_pictures(html) == cids
    assert clean_html(html).placed == cids


@pytest.mark.parametrize("around", ["style", "noscript", "template", "title", "select", "iframe", "video", "xmp"])
def test_where_a_picture_may_be_hidden_a_closer_look_decides(around):
    html = f"<{around}><img src='cid:a'></{around}><img src='cid:b'>"

    assert own_pictures(html) is None
    assert "a" not in clean_html(html).placed


def test_a_picture_that_breaks_out_of_a_drawing_is_one_of_the_text():
    html = "<svg><img src='cid:a'></svg>"  # as browsers read it

    assert own_pictures(html) is None
    assert clean_html(html).placed == {"a"}


@pytest.mark.parametrize("html", [*HOSTILE, "<img src='cid:a'>" * 3, "<table><img src='cid:a'><td><img src='cid:b'>"])
def test_no_picture_is_taken_for_placed_that_is_not(html):
    quick = own_pictures(html + "<img src='cid:last'>")

    assert quick is None or quick <= clean_html(html + "<img src='cid:last'>").placed


def test_ids_are_the_same_in_every_spelling():
    assert {content_id(one) for one in ("<A@b>", "a@B", "a%40b", " <a@b> ", "a&#64;b")} == {"a@b"}


@pytest.mark.parametrize(
    "text", ["", "x", "/a", "ftp://x.example", "http:///x", "https://", "http://x.example/" + "a" * 3000]
)
def test_what_is_no_remote_address_is_none(text):
    assert plain_address(text) == ""


@pytest.mark.parametrize(
    "unit",
    ["//", "url(//", "image-set(\"//", "<img src=//", "<img src='//", "<img a=b src=x ", "<img cid:", "<img src=cid:",
     "<!--", "&#47;", "src=//", "\"//", "<img srcset='//a 1x, "],
)  # fmt: skip
def test_hostile_lengths_are_looked_at_in_a_bounded_time(unit):
    html = unit * (1_000_000 // len(unit))
    started = time.process_time()
    remote_pictures(html)
    own_pictures(html)

    assert time.process_time() - started < 1.5
