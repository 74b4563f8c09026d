"""The mail that is answered, repeated below the answer: its words, and nothing in it that acts, loads or hangs on."""

import re

from django.utils import dateformat
from django.utils.timezone import localtime
from django.utils.translation import override

from mailbox.addresses import one_line
from mailbox.bodies import Quote, text_of
from tickets.mail.html import clean_html
from tickets.mail.language import language_of
from tickets.mail.text import text_to_html
from tickets.models import Message

MAX_LINES, MAX_CHARS, MAX_HTML = 400, 20_000, 120_000
CUT = "[…]"
_LONGEST_NAME = 80
# Day, clock and writer, as mail programs of that language say them; our own reader and theirs know them as such.
_INTRODUCTIONS = {
    "en": ("j F Y", "On {day} at {clock}, {name} wrote:"),
    "nl": ("j F Y", "Op {day} om {clock} schreef {name}:"),
    "sv": ("j F Y", "Den {day} kl. {clock} skrev {name}:"),
    "de": ("j. F Y", "Am {day} um {clock} schrieb {name}:"),
}
_PICTURE = re.compile(r'<img(?:\s+[^\s"=<>/]+="[^"]*")*\s*/?>', re.IGNORECASE)


def quote_of(answered: Message | None) -> Quote | None:
    """Return the quote of a mail, its HTML cleaned anew; None where there is none to make."""
    said = introduction_and_text(answered)
    if answered is None or said is None:
        return None
    introduction, text = said
    return Quote(introduction, text, html_to_repeat(answered.html) or text_to_html(text))


def introduction_and_text(answered: Message | None) -> tuple[str, str] | None:
    """Return what a quote of this mail says; None where it says nothing, or not its writer's words alone.

    Of a mail that a colleague passed on, their own words to us stand in it as well: it is never repeated outside.
    """
    if answered is None or answered.headers.get("forwarded_by"):
        return None
    text = _cut(text_of(answered.whole_text or answered.new_text))
    return (_introduction(answered), text) if text.strip() else None


def _introduction(answered: Message) -> str:
    language = language_of(answered.new_text)
    day, sentence = _INTRODUCTIONS.get(language) or _INTRODUCTIONS["en"]
    name, address = next(iter(answered.people("from")), ("", ""))
    moment = localtime(answered.at)
    with override(language if language in _INTRODUCTIONS else "en"):
        return sentence.format(
            day=dateformat.format(moment, day),
            clock=dateformat.format(moment, "H:i"),
            name=one_line(name or address)[:_LONGEST_NAME].strip() or "?",
        )


def _cut(text: str) -> str:
    lines = text.split("\n")
    kept = "\n".join(lines[:MAX_LINES])[:MAX_CHARS].rstrip()
    return kept if kept == text.rstrip() else f"{kept}\n{CUT}"


def html_to_repeat(html: str | None) -> str:
    """Return the HTML cleaned, without pictures of any kind; nothing where it is too much to repeat."""
    if not html or len(html) > 4 * MAX_HTML:
        return ""
    cleaned = _PICTURE.sub("", clean_html(html).html)
    return cleaned if len(cleaned) <= MAX_HTML and "<img" not in cleaned.lower() else ""
