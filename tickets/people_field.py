"""People as agents write them: addresses with or without names, between commas, semicolons or line ends."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.sealing.digests import fold_address
from mailbox.addresses import CannotBeSentTo, one_line, sendable

Person = tuple[str, str]
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")
_PLAIN_NAME = re.compile(r"[\w .'’&/!+-]*")


class PeopleField(forms.CharField):
    """A line that names people, and grows with them, so that nobody stands out of sight."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        """Take what a text field takes."""
        super().__init__(max_length=8000, **kwargs)

    def clean(self, value: str) -> list[Person]:
        """Return (name, address) of each, once; the first piece that is no address is named.

        What is read here is exactly what is written: a piece that would have to be guessed at is refused.
        """
        text = super().clean(value) or ""
        found: dict[str, Person] = {}
        for piece in _pieces(text):
            name, address = _person(piece)
            found.setdefault(fold_address(address), (name, address))
        if text.strip() and not found:
            raise _no_address(text.strip())
        return list(found.values())


def written(people: Sequence[Person]) -> str:
    """Return people as the field shows them, and reads them again."""
    return ", ".join(_written(name, address) for name, address in people)


def _written(name: str, address: str) -> str:
    name = one_line(name)
    if not name:
        return address
    if not _PLAIN_NAME.fullmatch(name):
        name = '"{}"'.format(name.replace("\\", "\\\\").replace('"', '\\"'))
    return f"{name} <{address}>"


def _pieces(text: str) -> Iterator[str]:
    """Cut at separators that stand outside quotation marks."""
    start, quoted, escaped = 0, False, False
    for position, character in enumerate(text):
        if escaped:
            escaped = False
        elif character == "\\" and quoted:
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character in ",;\r\n" and not quoted:
            yield from filter(None, [text[start:position].strip()])
            start = position + 1
    yield from filter(None, [text[start:].strip()])


def _person(piece: str) -> Person:
    name, address = "", piece
    if "<" in piece and piece.endswith(">"):
        name, _sign, address = piece[:-1].rpartition("<")
        name, address = name.strip(), address.strip()
    if quoted := _QUOTED.fullmatch(name):
        name = _ESCAPED.sub(r"\1", quoted[1])
    elif set(name) & set('"<>'):
        raise _no_address(piece)
    if "@" not in address:
        raise _no_address(piece)
    try:
        sendable(address)
    except CannotBeSentTo as reason:
        raise ValidationError(str(reason)) from None
    return one_line(name), address


def _no_address(text: str) -> ValidationError:
    return ValidationError(_("“%(text)s” is not an e-mail address."), params={"text": text[:80]})
