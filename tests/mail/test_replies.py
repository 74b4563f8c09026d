"""What is new in a reply: every case of tests/mail/replies, the HTML of mail programs, and what holds for any text."""

# ruff: noqa: E501 - samples read best unbroken

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.replies import Reply, replies
from tickets.mail import parse
from tickets.mail.marks import strip_marks
from tickets.mail.quotes import QUOTE, new_part, split_quotes
from tickets.mail.text import html_to_marked_text

CASES = replies()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_only_what_is_new_is_shown(case: Reply):
    assert new_part(case.body, case.subject)[0] == case.new


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_line_of_a_reply_is_lost(case: Reply):
    split = split_quotes(case.body, case.subject)

    assert split.source() == case.body
    assert len(split.kinds) == len(split.lines)


def test_there_are_replies_of_every_language_and_program():
    names = {case.name for case in CASES}
    languages = {name.partition(",")[0] for name in names if ", " in name}

    assert len(names) == len(CASES) >= 800
    assert {
        "english", "dutch", "german", "french", "spanish", "italian", "portuguese", "polish", "russian", "ukrainian", "swedish",
        "danish", "norwegian", "finnish", "czech", "turkish", "vietnamese", "japanese", "chinese",
    } <= languages  # fmt: skip


def html(body: str, subject: str = "Re: Printer") -> bytes:
    """Return a mail that has only an HTML form."""
    return f"From: carol@x.example\nSubject: {subject}\nContent-Type: text/html; charset=utf-8\n\n{body}".encode()


HTML = [
    ("gmail", ('<div dir="ltr">It works.</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Tue, Acme wrote:<br>'
     '</div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex">Does it?</blockquote></div>'), "It works."),
    ("gmail in a language of the moon", ('<div>It works.</div><div class="gmail_quote"><div class="gmail_attr">Zxy Acme qwert:<br>'
     '</div><blockquote class="gmail_quote">Does it?</blockquote></div>'), "It works."),
    ("gmail, answer below", ('<div class="gmail_quote"><div class="gmail_attr">On Tue, Acme wrote:<br></div>'
     '<blockquote class="gmail_quote">Does it?</blockquote></div><div>It works.</div>'), "It works."),
    ("gmail forward", ('<div>Look:</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>'
     'From: Bob &lt;b@y.example&gt;<br></div>Pay now</div>'),
     "Look:\n---------- Forwarded message ---------\nFrom: Bob <b@y.example>\nPay now"),
    ("outlook on the web", ('<div>It works.</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>Afsender:</b> Acme<br>'
     '<b>Xyz:</b> tirsdag</div><div>Does it?</div>'), "It works."),
    ("outlook on a desk", ('<p class="MsoNormal">It works.</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;'
     'padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> Acme &lt;help@acme.example&gt;<br><b>Sent:</b> Tuesday<br>'
     '<b>To:</b> Carol<br><b>Subject:</b> Printer</p></div></div><p class="MsoNormal">Does it?</p>'), "It works."),
    ("apple mail", ('<div>It works.</div><div><br><blockquote type="cite"><div>On 12 Mar 2024, at 10:04, Acme wrote:</div><br>'
     '<div>Does it?</div></blockquote></div>'), "It works."),
    ("thunderbird", ('<div class="moz-cite-prefix">Am 12.03.24 um 10:04 schrieb Acme:<br></div><blockquote type="cite">Geht es?'
     '</blockquote><p>Ja.</p>'), "Ja."),
    ("yahoo", ('<div>It works.</div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>On Tuesday Acme wrote:</div><div>Does it?'
     '</div></div>'), "It works."),
    ("between the lines", ('<blockquote type="cite">One?</blockquote><p>First.</p><blockquote type="cite">Two?</blockquote>'
     '<p>Second.</p>'), "First.\n\nSecond."),
    ("an indented paragraph is no quote", ('<div>Please see:</div><blockquote style="margin:0 0 0 40px;border:none;padding:0px">'
     'the list</blockquote>'), "Please see:\n\nthe list"),
    ("a ruled box is no quote", '<div>Order:</div><div style="border-top:solid #ccc 1.0pt">Two chairs</div><div>Thanks</div>',
     "Order:\nTwo chairs\nThanks"),
    ("outlook for iphone", ('<div>It works.</div><div id="ms-outlook-mobile-signature">Get Outlook for iOS</div><hr>'
     '<div id="divRplyFwdMsg"><b>From:</b> Acme<br><b>Sent:</b> Tuesday<br><b>To:</b> Carol<br><b>Subject:</b> x</div>Does it?'),
     "It works."),
    ("between the lines of apple mail, its words in the quote", ('<blockquote type="cite"><div>On 12 Mar 2024, at 10:04, Acme wrote:</div><div>One?'
     '</div></blockquote><div>First.</div><blockquote type="cite">Two?</blockquote><div>Second.</div>'), "First.\n\nSecond."),
    ("apple mail forward", ('<div>Look:</div><blockquote type="cite"><div>Begin forwarded message:</div><div><b>From: </b>Bob &lt;b@y.example&gt;</div>'
     '<div><b>Subject: </b>Pay</div><div>Pay now</div></blockquote>'), "Look:\n\n> Begin forwarded message:\n> From: Bob <b@y.example>\n> Subject: Pay\n> Pay now"),
    ("spark", ('<div name="messageBodySection">It works.</div><div name="messageReplySection">On 12 Mar 2024 Acme wrote:<blockquote type="cite">'
     'Does it?</blockquote></div>'), "It works."),
    ("zimbra", ('<div>It works.</div><div data-marker="__QUOTED_TEXT__"><b>From: </b>Acme<br><b>To: </b>Carol<br>Does it?</div>'), "It works."),
    ("gmx", ('<div>Es geht.</div><div name="quote" style="border-left:2px solid #C3D9E5"><div><b>Gesendet:</b> Dienstag, 12. März 2024 um 10:04 Uhr<br>'
     '<b>Von:</b> Acme &lt;help@acme.example&gt;<br><b>An:</b> carol@x.example<br><b>Betreff:</b> Drucker</div><div>Geht es?</div></div>'), "Es geht."),
    ("mail.ru", ('<div>Работает.</div><blockquote style="border-left:1px solid #0857A6">Вторник, 12 марта 2024, 10:04 +03:00 от Acme &lt;help@acme.example&gt;:<br>'
     '<div>Работает?</div></blockquote>'), "Работает."),
    ("yandex", ('<div>Работает.</div><div>12.03.2024, 10:04, "Acme" &lt;help@acme.example&gt;:</div><blockquote><p>Работает?</p></blockquote>'), "Работает."),
    ("qq", ('<div>好了</div><div><br></div><div style="font-size:12px">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="background:#efefef">'
     '<div><b>发件人:</b> Acme &lt;help@acme.example&gt;</div><div><b>发送时间:</b> 2024年3月12日 10:04</div><div><b>收件人:</b> Carol</div>'
     '<div><b>主题:</b> 打印机</div></div><div>好了吗</div>'), "好了"),
    ("outlook, answered below its header", ('<div><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Acme &lt;help@acme.example&gt;<br>'
     '<b>Sent:</b> Tuesday, March 12, 2024 10:04 AM<br><b>To:</b> Carol<br><b>Subject:</b> Printer</p></div></div><p>It works.</p>'), "It works."),
    ("a table stays a table", ('<div>Please order:</div><table><tr><td>Chair</td><td>2</td></tr><tr><td>Desk</td><td>1</td></tr></table>'
     '<div class="gmail_quote"><div class="gmail_attr">On Tue, Acme wrote:</div><blockquote class="gmail_quote">What?</blockquote></div>'),
     "Please order:\nChair | 2\nDesk | 1"),
    ("a pasted quotation above the history", ('<div>It says</div><blockquote>E-411</blockquote><div>On 11 Mar 2024, at 18:54, Acme &lt;help@acme.example&gt; wrote:</div>'
     '<blockquote><div>What does it say?</div></blockquote>'), "It says\n\n> E-411"),
    ("proton", ('<div>It works.</div><div class="protonmail_quote">On Tuesday, Acme wrote:<br><blockquote type="cite">Does it?'
     '</blockquote></div>'), "It works."),
]  # fmt: skip


@pytest.mark.parametrize(("body", "new"), [case[1:] for case in HTML], ids=[case[0] for case in HTML])
def test_html_says_itself_where_quoted_history_begins(body, new):
    assert parse(html(body, "Fwd: x" if "orwarded" in body else "Re: x")).reply_text == new


def test_the_html_form_helps_when_the_plain_form_hides_the_quote():
    raw = (
        "From: a@x.example\nSubject: Re: x\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nIt works.\n\nDoes it?\n--b\n"
        'Content-Type: text/html\n\n<div>It works.</div><blockquote type="cite">Does it?</blockquote>\n--b--\n'
    )

    understood = parse(raw.encode())

    assert understood.reply_text == "It works."
    assert understood.text == "It works.\n\nDoes it?"
    assert understood.quoted_lines == 1


PIECES = st.sampled_from(
    [
        "> ", ">", ">> old", "\n", "\n\n", "On 12 Mar 2024 a@x.example wrote:", "On Tue,", " wrote:", "<", "a@x.example", ">:", "-- ", "--", "-----",
        "----- Original Message -----", "---------- Forwarded message ---------", "From: a@x.example", "Sent: 12.03.2024 10:04", "To: b", "Subject: c",
        "Sent from my iPhone", "Carol", "It works.", " ", "\t", ":", "：", "写道：", "Am 12.03.2024 um 10:04 schrieb X:", "(http://x.example/", "____", "\u202b",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=8), max_size=40).map("".join)
SUBJECTS = st.sampled_from(["", "Re: x", "Fwd: x", "x"])


@given(text=TEXTS, subject=SUBJECTS)
def test_no_letter_of_any_text_is_lost(text: str, subject: str):
    split = split_quotes(text, subject)

    assert split.source() == text
    assert len(split.kinds) == len(split.lines)


@given(text=TEXTS, subject=SUBJECTS)
def test_new_text_keeps_its_order_and_is_never_empty(text: str, subject: str):
    text = strip_marks(text)
    new, _ = new_part(text, subject)
    rest = iter(text.replace("\n", ""))

    assert all(letter in rest for letter in new.replace("\n", ""))
    assert bool(new.strip()) == bool(text.strip())


@given(text=TEXTS)
def test_text_without_anything_that_could_be_a_quote_stays_whole(text: str):
    plain = "".join(letter for letter in text if letter.isalnum() or letter == "\n")

    assert QUOTE not in split_quotes(plain, "Printer").kinds


MEGABYTE = 1_000_000
BOMBS = [
    ">", ">\n", "> ", "On ", "On 1 a@b wrote\n", "On 12 Mar 2024 x@y.example wrote:\n", "-", "-----\n", "---- Original Message ----x\n", "From: a\n",
    "From: a\nb\n\n", "a:\n", "@", "<", "a@", "Sent from ", "Sent from my phone\n", "__\nx\n", "--\nx\n", " ", "\t\n", "\n", "1", "1:1 ", "> (http",
    "> (http\nx\n", "*", "写道", "> a\nb\n", "    > a\n", ">>> a\nx\n", "[", "https:", "主　题：", "> From: a\n> To: b\n\nx\n", "Abc " * 140 + ":\n",
    "x " * 250 + "wrote ----\n", "a " * 200 + "On 1 x wrote:\n", "> x:\n> From: a\n\n",
]  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: repr(bomb[:24]))
def test_a_megabyte_made_to_hang_a_pattern_is_read_in_time(bomb: str):
    text = bomb * (MEGABYTE // len(bomb))
    began = time.process_time()
    split = split_quotes(text, "Re: x")

    assert time.process_time() - began < 4
    assert split.source() == text


@pytest.mark.parametrize(
    "mark",
    [
        '<blockquote type="cite">',
        '<div class="gmail_quote">',
        '<div class="gmail_attr">x</div>',
        "<blockquote>x</blockquote>",
    ],
)
def test_a_megabyte_of_html_quotes_is_read_in_time(mark: str):
    html_text = mark * (MEGABYTE // len(mark))
    began = time.process_time()
    split_quotes(html_to_marked_text(html_text))

    assert time.process_time() - began < 4


def test_folded_lines_are_counted():
    assert new_part("Yes.\n\nOn 12 Mar 2024 a@x.example wrote:\n> one\n> two\n", "Re: x")[1] == 3
