"""What an answer says, as plain text and as simple HTML: what was typed, the signature, the mail that is answered."""

import re
from dataclasses import dataclass

from django.utils.html import conditional_escape, urlize

from mailbox.addresses import separates, whole

DELIMITER = "-- "  # a blank after it: how mail programs know that a signature follows (RFC 3676, 4.3)
_GAP = re.compile(r"\n{2,}")


@dataclass(frozen=True, slots=True)
class Quote:
    """The mail that is answered: one line that introduces it, its text, and its HTML, cleaned by who made the quote."""

    introduction: str
    text: str
    html: str
    is_forward: bool = False  # passed on as it is, not answered: nothing is indented


@dataclass(frozen=True, slots=True)
class Body:
    """Everything an answer says."""

    text: str
    signature: str = ""
    quote: Quote | None = None
    html: str = ""  # the same text with its layout, cleaned by who wrote the body; empty for plain text

    def as_text(self) -> str:
        """Return it as plain text: a delimiter before the signature, > before each quoted line."""
        parts = [text_of(self.text)]
        if signature := text_of(self.signature):
            parts.append(f"{DELIMITER}\n{signature}")
        if self.quote:
            lines = text_of(self.quote.text).split("\n")
            if not self.quote.is_forward:
                lines = [f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines]
            parts.append("\n".join([_one_line(self.quote.introduction), *lines]))
        return "\n\n".join(part for part in parts if part) + "\n"

    def as_html(self) -> str:
        """Return it as HTML without styles; nothing of what was typed as plain text is read as markup."""
        said = f"{self.html}\n" if self.html else paragraphs(self.text)
        parts = [f'<div dir="auto">\n{said}</div>\n']
        if signature := text_of(self.signature):
            parts.append(f'<div dir="auto">{DELIMITER}<br>\n{_lines(signature)}</div>\n')
        if self.quote:
            tag = "div" if self.quote.is_forward else "blockquote"
            kind = ' class="gmail_quote" type="cite"' if tag == "blockquote" else ""
            # Gmail and others fold what carries these names; Apple Mail and Thunderbird draw type="cite" as a quote.
            parts.append(
                '<div class="gmail_quote">\n'
                f'<div dir="auto" class="gmail_attr">{_linked(_one_line(self.quote.introduction))}</div>\n'
                f"<{tag}{kind}>\n{self.quote.html}\n</{tag}>\n</div>\n"
            )
        inner = "".join(parts)
        return f'<!doctype html>\n<html><head><meta charset="utf-8"></head><body>\n{inner}</body></html>\n'


def paragraphs(text: str) -> str:
    """Return plain text as HTML paragraphs with line ends and links."""
    return "".join(f"<p>{_lines(paragraph)}</p>\n" for paragraph in _GAP.split(text_of(text)))


def text_of(text: str) -> str:
    """Return a text as it can leave: lines without blanks at their ends, and no control character but tabs in them."""
    lines = whole(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ("".join(c for c in line if c in "\t\u2028\u2029" or not separates(c)) for line in lines)
    return "\n".join(line.rstrip() for line in kept).strip("\n")


def _lines(text: str) -> str:
    return _linked(text).replace("\n", "<br>\n")


def _linked(text: str) -> str:
    return str(urlize(conditional_escape(text), nofollow=True, autoescape=False))


def _one_line(text: str) -> str:
    return " ".join(text_of(text).split())
