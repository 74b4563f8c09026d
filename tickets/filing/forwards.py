"""Forwards: whose mail it is that a colleague passes on.

Only what a colleague forwards is looked at, so a stranger who writes such lines stays the one who asks. That a mail is
a forward is said by the same reading that folds quotes (tickets.mail.quotes), never by a word in the subject alone.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tickets.mail import Address, Attachment, ParsedMail, parse
from tickets.mail.quote_headers import label_of
from tickets.mail.quote_words import FORWARD_SUBJECT
from tickets.mail.quotes import split_quotes
from tickets.subjects import is_answer

_QUOTE = " \t>*_|"
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]{1,64}@[^\s<>()\[\]\"',;:]{1,250}[^\W_]")
_NAME_ENDS = re.compile(r"[<(\[]|\bmailto:")
MAX_LINES = 2000  # of a mail, in which the header block of what is forwarded is looked for
BLOCK = 14  # lines of such a block, with what mail programs wrap
WANTED = 2  # labels of it besides From, so that a line in a letter is not taken for one


@dataclass(frozen=True)
class Forwarded:
    """What a forward says about the mail in it."""

    sender: Address
    message_id: str = ""  # known only where the original is attached
    text: str = field(default="", repr=False)  # likewise


def forwarded(mail: ParsedMail, is_inside: Callable[[str], bool]) -> Forwarded | None:
    """Return who wrote the mail that this one passes on: the first in it who is not one of us."""
    return _attached(mail, is_inside) or _inline(mail, is_inside)


def _attached(mail: ParsedMail, is_inside: Callable[[str], bool]) -> Forwarded | None:
    originals = [one for one in mail.attachments if _is_mail(one)]
    if len(originals) != 1 or mail.report_type:
        return None
    if mail.in_reply_to and not FORWARD_SUBJECT.match(mail.subject):
        return None  # an answer with a mail as its enclosure
    original = parse(originals[0].content)
    if original.from_ is None or is_inside(original.from_.email):
        return None
    return Forwarded(original.from_, original.message_id, original.text)


def _is_mail(attachment: Attachment) -> bool:
    return attachment.content_type == "message/rfc822" or attachment.name.lower().endswith(".eml")


def _inline(mail: ParsedMail, is_inside: Callable[[str], bool]) -> Forwarded | None:
    if is_answer(mail.subject) and not FORWARD_SUBJECT.match(mail.subject):
        return None  # what is forwarded in it was forwarded by somebody before
    if not split_quotes(mail.text, mail.subject).is_forward:
        return None
    for sender in _named_senders(mail.text.split("\n")[:MAX_LINES]):
        if not is_inside(sender.email):
            return Forwarded(sender)
    return None


def _named_senders(lines: list[str]) -> Iterator[Address]:
    """Yield who stands behind From in each block of mail headers, from the top."""
    index = 0
    while index < len(lines):
        if _label(lines[index])[0] is None:
            index += 1
            continue
        sender, end = _block(lines, index)
        if sender is not None:
            yield sender
        index = max(end, index + 1)


def _block(lines: list[str], start: int) -> tuple[Address | None, int]:
    """Return the sender that the header block beginning here names, and where the block ends."""
    values: dict[str, str] = {}
    last, end = "", start
    for index in range(start, min(start + BLOCK, len(lines))):
        label, value = _label(lines[index])
        plain = lines[index].strip(" \t>*_")
        if label is None and not plain:
            if len(values) > WANTED:
                break
            continue
        if label is not None and label not in values:
            values[label], last = value, label
        elif last:
            values[last] += f" {plain}"
        end = index + 1
    sender = _person(values["from"]) if "from" in values and len(values) > WANTED else None
    return sender, end


def _label(line: str) -> tuple[str | None, str]:
    plain = line[:500].lstrip(_QUOTE)
    label = label_of(plain)
    return label, re.split("[:：]", plain, maxsplit=1)[1].strip(" *_") if label else ""


def _person(value: str) -> Address | None:
    found = _ADDRESS.search(value.replace("mailto:", " "))
    if found is None:
        return None
    name = _NAME_ENDS.split(value, maxsplit=1)[0].strip(" \t\"'*_;,")
    return Address("" if "@" in name else name, found[0])
