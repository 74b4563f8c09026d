"""Values of custom fields: read from what people type, kept as text, shown. For tickets and for contacts alike.

A row keeps them as one sealed object, id of the field -> text: numbers as `1234.5`, dates as `2026-11-25`, a choice as
its word. A field that is retired keeps its values; a word that is no longer offered stays where it was chosen.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from tickets.models import CustomField

MAX_LENGTH = 500
MAX_DIGITS = 18
Values = Mapping[str, Any]


class BadValue(ValueError):
    """What was typed is no value of this field; its text is a sentence for who typed it."""


def value_of(field: CustomField, values: Values | None) -> str:
    """Return what a row has for a field, as text; nothing where it has none."""
    return str((values or {}).get(field.pk.hex, ""))


def with_value(field: CustomField, values: Values | None, value: str) -> dict[str, Any]:
    """Return the values with this one changed; an empty one is taken out."""
    kept = {key: one for key, one in (values or {}).items() if key != field.pk.hex}
    return kept | ({field.pk.hex: value} if value else {})


def read_value(field: CustomField, typed: str) -> str:
    """Return the value that was typed, as it is kept; nothing means none. BadValue says what is wrong."""
    typed = " ".join(typed.split())
    return _READ[CustomField.Kind(field.kind)](field, typed) if typed else ""


def shown_value(field: CustomField, value: str) -> str:
    """Return a value as people write it where the reader is at home."""
    if field.kind == CustomField.Kind.NUMBER and value:
        number = Decimal(value)
        return number_format(number, decimal_pos=max(0, -_exponent(number)), use_l10n=True, force_grouping=True)
    if field.kind == CustomField.Kind.DATE and value:
        return date_format(date.fromisoformat(value), "j F Y")
    return value


def _read_text(field: CustomField, typed: str) -> str:
    if len(typed) > MAX_LENGTH:
        raise BadValue(_("“%(field)s” takes %(count)d letters at most.") % {"field": field.name, "count": MAX_LENGTH})
    return typed


def _read_number(field: CustomField, typed: str) -> str:
    plain = typed.replace(" ", "").replace("\u202f", "").replace("−", "-")
    plain = plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain
    try:
        number = Decimal(plain) if plain.isascii() and "_" not in plain else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise BadValue(_("“%(field)s” is a number: write it like 1234.5.") % {"field": field.name})
    if len(number.as_tuple().digits) > MAX_DIGITS or abs(_exponent(number)) > MAX_DIGITS:
        raise BadValue(_("“%(field)s” takes %(count)d digits at most.") % {"field": field.name, "count": MAX_DIGITS})
    return format(number, "f")


def _read_choice(field: CustomField, typed: str) -> str:
    if typed not in field.words:
        raise BadValue(_("Choose one of the words offered for “%(field)s”.") % {"field": field.name})
    return typed


def _read_date(field: CustomField, typed: str) -> str:
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        raise BadValue(
            _("“%(field)s” is a date: year, month and day, like 2026-11-25.") % {"field": field.name}
        ) from None


def _exponent(number: Decimal) -> int:
    return int(number.as_tuple().exponent)


_READ = {
    CustomField.Kind.TEXT: _read_text,
    CustomField.Kind.NUMBER: _read_number,
    CustomField.Kind.CHOICE: _read_choice,
    CustomField.Kind.DATE: _read_date,
}
