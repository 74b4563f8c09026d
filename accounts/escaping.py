"""Escaping, as often as a page needs it."""

from html import escape
from typing import Any

from django.utils.html import conditional_escape


def escaped(value: Any) -> str:
    """Return a value as text of a page: escaped unless it is markup already.

    It does as Django's `conditional_escape`, without its wrapper for lazy texts: a page has hundreds of values.
    """
    return escape(value) if type(value) is str else str(conditional_escape(value))
