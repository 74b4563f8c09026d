"""Expressions: what a row must hold, in terms; and the same in codes, as Postgres asks for it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Union

from tickets.search.codes import Codes

Expression = Union[str, "All", "Either"]  # a term, or others joined


@dataclass(frozen=True, slots=True)
class All:
    """Every one of them, in the same row."""

    of: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of them."""

    of: tuple[Expression, ...]


def all_of(parts: Iterable[Expression]) -> Expression:
    """Return what holds where all of them hold."""
    found = tuple(parts)
    return found[0] if len(found) == 1 else All(found)


def either(parts: Iterable[Expression]) -> Expression:
    """Return what holds where one of them holds."""
    found = tuple(dict.fromkeys(parts))
    return found[0] if len(found) == 1 else Either(found)


def terms_in(expression: Expression) -> Iterator[str]:
    """Yield every term of an expression."""
    if isinstance(expression, str):
        yield expression
    else:
        for part in expression.of:
            yield from terms_in(part)


def rows_of(expression: Expression, books: Iterable[Codes], shares: Mapping[str, float]) -> float:
    """Return about how many rows have it, by what is known of common codes: of others nothing is known, so 0."""
    return sum(_rows(expression, codes, shares) for codes in books)


def _rows(expression: Expression, codes: Codes, shares: Mapping[str, float]) -> float:
    if isinstance(expression, str):
        return shares.get(codes.code(expression), 0.0)
    parts = [_rows(part, codes, shares) for part in expression.of]
    return min(parts) if isinstance(expression, All) else sum(parts)


def as_query(expression: Expression, books: Iterable[Codes]) -> str:
    """Return the expression as a tsquery that holds under any of these keys: a row has the codes of one."""
    return " | ".join(_in_codes(expression, codes) for codes in books)


def _in_codes(expression: Expression, codes: Codes) -> str:
    if isinstance(expression, str):
        return f"'{codes.code(expression)}'"
    sign = " & " if isinstance(expression, All) else " | "
    return f"({sign.join(_in_codes(part, codes) for part in expression.of)})"
