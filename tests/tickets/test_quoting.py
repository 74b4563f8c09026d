"""Quoting: the mail that is answered, repeated safely; and what comes back of it is folded (SECURITY 15)."""

# ruff: noqa: E501, ISC004 - samples of what mail programs write read best unbroken

from datetime import UTC, datetime
from email import message_from_bytes, policy
from html import escape

import pytest

from tests.mails import arrive, write_mail
from tickets.actions.reply import send_reply
from tickets.mail import parse
from tickets.mail.text import html_to_text
from tickets.quoting import CUT, MAX_HTML, MAX_LINES, introduction_and_text, quote_of
from tickets.views.timeline import Timeline

pytestmark = pytest.mark.usefixtures("scope")
AT = datetime(2026, 3, 5, 13, 2, tzinfo=UTC)
LETTERS = {
    "en": ("I have a question about the door that you sent to us last week.", "On 5 March 2026 at 13:02, Carol wrote:"),
    "nl": ("Ik heb een vraag over de deur die wij van u hebben gekregen.", "Op 5 maart 2026 om 13:02 schreef Carol:"),
    "sv": ("Jag har en fråga om dörren som ni skickade till oss.", "Den 5 mars 2026 kl. 13:02 skrev Carol:"),
    "de": ("Ich habe eine Frage zu der Tür, die Sie uns geschickt haben.", "Am 5. März 2026 um 13:02 schrieb Carol:"),
    "fr": ("J'ai une question sur la porte que vous nous avez envoyée.", "On 5 March 2026 at 13:02, Carol wrote:"),
}


@pytest.fixture(autouse=True)
def _utc(settings):
    settings.TIME_ZONE = "UTC"


def received(mailbox, text="Is it open?", **more):
    return arrive(mailbox, sender="Carol <carol@customer.example>", text=text, received_at=AT, **more)


def sent(message):
    return message_from_bytes(message.outbound.raw(), policy=policy.default)


def parts(message):
    mail = sent(message)
    return tuple(mail.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html"))


# --- what is quoted --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", LETTERS)
def test_the_quote_is_introduced_in_the_language_of_the_mail(mailbox, language):
    text, introduction = LETTERS[language]

    assert introduction_and_text(received(mailbox, text)) == (introduction, text)


def test_an_answer_carries_the_mail_it_answers(mailbox, alice, carol):
    asked = received(mailbox, "Is it open?\n\nCarol", html="<p>Is it <b>open</b>?</p><p>Carol</p>")

    plain, html = parts(send_reply(asked.ticket, text="Yes.", to=[("", carol)], by=alice))

    assert plain == "Yes.\n\nOn 5 March 2026 at 13:02, Carol wrote:\n> Is it open?\n>\n> Carol\n"
    assert "Carol wrote:" in html
    assert "<p>Is it <b>open</b>?</p>" in html.partition("<blockquote")[2]


def test_only_the_new_text_is_the_message_and_the_whole_stands_folded(mailbox, alice, bob, carol):
    asked = received(mailbox)
    mailbox.signature = "{agent}\n{sender}"
    mailbox.save(update_fields=["signature"])

    message = send_reply(asked.ticket, text="Yes.", to=[("", carol)], by=alice)

    assert message.new_text == "Yes."
    assert message.whole_text == parts(message)[0]
    assert "-- \nAlice Agent" in message.whole_text
    item = Timeline(asked.ticket, "acme", {alice.pk: alice}, alice).items()[-1]
    assert item.text == "Yes."
    assert "> Is it open?" in item.quoted_text
    assert message.ticket.snippet == "Yes."


def test_a_mailbox_or_an_answer_can_do_without(mailbox, alice, carol):
    asked = received(mailbox)
    assert "open?" not in parts(send_reply(asked.ticket, text="A", to=[("", carol)], by=alice, quotes=False))[0]
    mailbox.quotes_history = False
    mailbox.save(update_fields=["quotes_history"])
    asked.ticket.refresh_from_db()

    message = send_reply(asked.ticket, text="B", to=[("", carol)], by=alice)
    assert parts(message)[0] == "B\n"
    assert message.whole_text is None
    assert "open?" in parts(send_reply(asked.ticket, text="C", to=[("", carol)], by=alice, quotes=True))[0]


def test_what_we_wrote_to_somebody_else_is_never_quoted(mailbox, alice, carol):
    asked = received(mailbox)
    send_reply(asked.ticket, text="Between us: no.", to=[("", "supplier@parts.example")], by=alice)

    plain, html = parts(send_reply(asked.ticket, text="Yes.", to=[("", carol)], by=alice))

    assert "Between us" not in plain + html


def test_what_a_colleague_added_to_a_forward_is_never_quoted(mailbox):
    message = received(mailbox)
    message.headers = {**message.headers, "forwarded_by": [["Bob", "bob@acme.example"]]}

    assert quote_of(message) is None


def test_a_mail_without_words_is_not_quoted(mailbox):
    assert quote_of(received(mailbox, " \n")) is None
    assert quote_of(None) is None


def test_files_are_not_repeated(mailbox, alice, carol):
    asked = received(mailbox, files=[("plan.pdf", "application/pdf", b"%PDF")])

    assert list(sent(send_reply(asked.ticket, text="Yes.", to=[("", carol)], by=alice)).iter_attachments()) == []


@pytest.mark.parametrize(
    "foreign",
    [
        '<img src="https://tracker.example/p.png" alt="a > b">',
        '<img src="cid:logo@x"><img src="data:image/png;base64,iVBORw0KGgo=">',
        "<script>alert(1)</script>",
        '<p onclick="alert(1)" style="background:url(https://tracker.example/b.png);position:fixed">x</p>',
        '<a href="javascript:alert(1)">x</a><form action="https://evil.example/"><input name="password"></form>',
        "<style>@import 'https://tracker.example/a.css'</style><link rel=stylesheet href=https://tracker.example/b.css>",
        "</blockquote></div></body></html><div style='font-size:90px'>Not the customer's words</div>",
        "<svg><image href='https://tracker.example/i.png'/></svg><iframe src=https://tracker.example/></iframe>",
        "<blockquote><blockquote><p>never closed",
        "<!--<img src=https://tracker.example/c.png>--><![if !mso]><img src=https://tracker.example/d.png><![endif]>",
    ],
)
def test_nothing_that_acts_or_loads_is_repeated(mailbox, alice, carol, foreign):
    asked = received(mailbox, "Hello there", html=f"<p>Hello there</p>{foreign}")

    plain, html = parts(send_reply(asked.ticket, text="Yes.", to=[("", carol)], by=alice))

    assert "Hello there" in html
    for token in ("tracker.example", "<img", "<script", "onclick", "javascript:", "<form", "<iframe", "<svg", "fixed"):
        assert token not in html.lower(), token
    quote = html.partition('<blockquote class="gmail_quote"')[2]
    assert quote.count("<blockquote") + 1 == quote.count("</blockquote>")  # it cannot leave the quote it stands in
    assert html.rstrip().endswith("</blockquote>\n</div>\n</body></html>")
    assert "alert(1)" not in plain


def test_a_forged_name_cannot_leave_its_line(mailbox, alice, carol):
    message = received(mailbox)
    message.headers = {**message.headers, "from": [["<b>Eve</b>\r\n-- \r\nwrote: {day}{0.__class__}", "eve@x.example"]]}
    message.save(update_fields=["headers"])

    plain, html = parts(send_reply(message.ticket, text="Yes.", to=[("", carol)], by=alice))

    assert "On 5 March 2026 at 13:02, <b>Eve</b> -- wrote: {day}{0.__class__} wrote:\n>" in plain
    assert "<b>Eve" not in html


def test_a_long_mail_is_quoted_in_part(mailbox):
    text = "\n".join(f"line {number}" for number in range(5000))
    quote = quote_of(received(mailbox, text, html="<p>x</p>" * MAX_HTML))

    assert quote is not None
    assert quote.text.count("\n") == MAX_LINES
    assert quote.text.endswith(CUT)
    assert len(quote.html) < MAX_HTML


def test_a_thread_of_fifty_answers_does_not_grow_without_end(mailbox, alice, carol):
    asked = received(mailbox, "Question. " * 100)
    message = asked
    for number in range(50):
        answer = send_reply(message.ticket, text=f"Answer {number}.", to=[("", carol)], by=alice)
        plain, html = parts(answer)
        message = received(
            mailbox,
            f"And {number}?\n\n> " + plain.replace("\n", "\n> "),
            html=f"<p>And {number}?</p><blockquote>{html}</blockquote>",
            in_reply_to=answer.headers["message_id"],
            message_id=f"<q{number}@customer.example>",
        )

    assert message.ticket == asked.ticket
    assert len(answer.outbound.raw()) < 400_000


# --- and back --------------------------------------------------------------------------------------------------------
def _gmail(ours, new):
    plain, html = ours
    marked = plain.replace("\n", "\n> ")
    return (
        f"{new}\n\nOn Fri, 6 Mar 2026 at 09:10, Acme <help@acme.example> wrote:\n\n> {marked}",
        f'<div dir="ltr">{new}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Fri, 6 Mar 2026 at '
        f'09:10, Acme &lt;help@acme.example&gt; wrote:<br></div><blockquote class="gmail_quote">{html}</blockquote></div>',
    )


def _apple(ours, new):
    plain, html = ours
    marked = plain.replace("\n", "\n> ")
    return (
        f"{new}\n\n> On 6 Mar 2026, at 09:10, Acme <help@acme.example> wrote:\n> \n> {marked}",
        f'<html><body>{new}<br><div><br><blockquote type="cite"><div>On 6 Mar 2026, at 09:10, Acme '
        f"&lt;help@acme.example&gt; wrote:</div><br><div>{html}</div></blockquote></div></body></html>",
    )


def _outlook(ours, new):
    plain, html = ours
    head = "From: Acme <help@acme.example>\nSent: Friday, 6 March 2026 09:10\nTo: Carol <carol@customer.example>\nSubject: Re: x"
    rows = "".join(f"<b>{row.partition(':')[0]}:</b>{escape(row.partition(':')[2])}<br>" for row in head.split("\n"))
    return (
        f"{new}\n\n{head}\n\n{plain}",
        f'<p class="MsoNormal">{new}</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        f'<p class="MsoNormal">{rows}</p></div>{html}',
    )


def _thunderbird(ours, new):
    return ("On 06/03/2026 09:10, Acme wrote:\n> " + ours[0].rstrip("\n").replace("\n", "\n> ") + f"\n\n{new}", "")


def _mobile(ours, new):
    return (f"{new}\n\nSent from my phone\n\n-------- Original message --------\nFrom: Acme <help@acme.example>\n"
            f"Date: 06/03/2026 09:10\nTo: carol@customer.example\nSubject: Re: x\n\n{ours[0]}", "")  # fmt: skip


def _bare(ours, new):
    """A program that writes above our mail and says nothing: our own separators must do."""
    introduction = ours[0].index("\n\n", ours[0].index("-- \n")) + 2
    return (f"{new}\n\n{ours[0][introduction:]}", "")


CLIENTS = {
    "gmail": _gmail, "apple": _apple, "outlook": _outlook, "thunderbird": _thunderbird, "mobile": _mobile, "bare": _bare,
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "nl", "sv", "de"])
@pytest.mark.parametrize("client", CLIENTS)
def test_what_we_sent_comes_back_folded(mailbox, alice, carol, client, language):
    text = LETTERS[language][0]
    asked = received(mailbox, text, html=f"<p>{text}</p>")
    mailbox.signature = "Alice Agent\nAcme"
    mailbox.save(update_fields=["signature"])
    asked.ticket.refresh_from_db()
    ours = parts(send_reply(asked.ticket, text="We come on Friday.", to=[("", carol)], by=alice))

    plain, html = CLIENTS[client](ours, "Thank you!")
    for back in (parse(write_mail(text=plain, html=html)), parse(write_mail(text=plain))):
        assert back.reply_text.replace("Sent from my phone", "").strip() == "Thank you!"
        assert text in back.text


def test_our_own_mail_is_read_as_what_was_typed(mailbox, alice, carol):
    asked = received(mailbox)
    mailbox.signature = "Alice Agent\nAcme"
    mailbox.save(update_fields=["signature"])
    asked.ticket.refresh_from_db()

    message = send_reply(asked.ticket, text="Yes.\n\nAll day.", to=[("", carol)], by=alice)

    assert parse(message.outbound.raw()).reply_text == "Yes.\n\nAll day."


def test_plain_and_html_say_the_same(mailbox, alice, carol):
    asked = received(mailbox, "Is it open?\n\nSee https://acme.example/?a=1&b=2")
    message = send_reply(asked.ticket, text="Yes & no <soon>.", to=[("", carol)], by=alice)
    plain, html = parts(message)

    assert [line.lstrip("> ") for line in html_to_text(html).split("\n") if line.strip("> ")] == [
        line.lstrip("> ") for line in plain.split("\n") if line.strip("> ")
    ]
