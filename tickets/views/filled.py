"""A piece that pages have many times: its template is rendered once for each form it takes, then filled in.

What a template does with a value must be nothing but to show it, and to ask whether it is there. Values that are True,
False or a Literal are not filled in: the template may do with them what it likes, and each is a form of its own.
"""

import re
from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from accounts.escaping import escaped

# Private characters around a name: no escaping touches them, and no value is ever looked through for them.
_PLACE = re.compile("\ue000(\\w+)\ue001")

MOST_FORMS = 500  # kept; lists have some dozens


class Literal(str):
    """A word of ours that the template compares or hands on."""

    __slots__ = ()


class Filled:
    """One template in one language; it finds nothing around it but its values."""

    def __init__(self, template: str, name: str) -> None:
        """Take what the template calls its values by (`name`)."""
        self._template, self._name = get_template(template), name
        self._forms: dict[Hashable, list[str]] = {}

    def of(self, values: Mapping[str, Any]) -> SafeString:
        """Return the piece with these values; what is not there, empty or None is "not there" to the template."""
        form = (*values, *map(_kept, values.values()))
        pieces = self._forms.get(form)
        if pieces is None:
            if len(self._forms) >= MOST_FORMS:
                self._forms.clear()
            pieces = self._forms[form] = self._pieces(values)
        filled = [*pieces]
        for place in range(1, len(filled), 2):
            value = values[filled[place]]
            filled[place] = value if type(value) is SafeString else escaped(value)
        return mark_safe("".join(filled))  # noqa: S308 - each value was escaped

    def _pieces(self, values: Mapping[str, Any]) -> list[str]:
        given = {name: value if _kept(value) != _FILLED else f"\ue000{name}\ue001" for name, value in values.items()}
        return _PLACE.split(self._template.render({self._name: given}))


@cache
def everywhere(template: str, name: str, _language: str | None) -> Filled:
    """Return the template's forms as this process knows them, which are the same on every page of the language."""
    return Filled(template, name)


_FILLED = "filled in"
_FORMING = {bool, Literal}


def _kept(value: Any) -> Any:
    """Return what of a value makes the form: itself, or only that it is there."""
    return _FILLED if value and type(value) not in _FORMING else value or None
