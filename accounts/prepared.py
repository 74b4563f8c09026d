"""Prepared queries: SQL that the ORM writes once, and that is run again with other values (docs/adr/0020).

To write a statement of a page takes the ORM far longer than Postgres needs to answer it, and its text is the same for
everybody of one role. So it is built with stand-ins, values nobody has, and their places are noted:

    rows = prepared(("members", me.role), [me.organization_id], lambda organization_id: Membership.objects.filter(...))

What is no value must be in the name, for it changes the text. A statement that holds an id or a moment of its own is
somebody's: it is never kept, but built anew each time.
"""

import re
import secrets
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import psycopg
import psycopg.sql
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

from accounts.models import Membership, Organization
from accounts.moments import read_moments
from accounts.requests import DeskRequest

MAX_KEPT = 500  # statements of a process; a page has a handful, in a few forms each
_PLACE = re.compile("(%s|%%)")
_FAR = datetime(8000, 1, 1, tzinfo=UTC)

STEP = 25  # values of a list: so many more of them are another statement
_Value = TypeVar("_Value")
Build = Callable[..., QuerySet[Any, Any]]


def prepared(name: Hashable, values: Sequence[Any], build: Build, *, ids: int = 0) -> list[Any]:
    """Return the rows of build(*values), by a statement that may have been written for other values of these types.

    The first `ids` of the values say who asks, and may be nowhere in the statement; the others have to be in it.
    """
    name = (name, *map(type, values))
    if name not in _kept:
        _keep(name, _write(build, values, ids))
    statement = _kept.get(name)
    return list(build(*values)) if statement is None else statement.rows(values)


def for_reader(name: str, request: DeskRequest, build: Build, *values: Any, shape: Hashable = ()) -> list[Any]:
    """Return the rows of build(request, *values) for whoever asks; `build` may ask the request who that is, and whose
    desk it is, and nothing else. Written once for each role and shape.
    """
    me, organization = request.membership, request.organization
    traits = {"first_steps_ended_at": _FAR if organization.first_steps_ended_at else None}
    rights = {"role": me.role, "is_active": me.is_active}

    def built(organization_id: Any, member_id: Any, user_id: Any, *rest: Any) -> QuerySet[Any, Any]:
        own = Organization(pk=organization_id, **traits)
        reader = Membership(pk=member_id, organization=own, user_id=user_id, **rights)
        reader.is_visitor = me.is_visitor
        return build(cast(DeskRequest, SimpleNamespace(organization=own, membership=reader)), *rest)

    key = (name, me.role, me.is_active, me.is_visitor, organization.first_steps_ended_at is None, shape)
    return prepared(key, [organization.pk, me.pk, me.user_id, *values], built, ids=3)


def padded(values: Sequence[_Value]) -> list[_Value]:
    """Return the values, the last of them repeated until there are one of a few numbers: for `IN`, whose length is part
    of the text. Without any there is nothing to ask for.
    """
    return [*values, *([values[-1]] * (-len(values) % STEP))]


def forget_prepared() -> None:
    """Forget every statement."""
    _kept.clear()


@dataclass(frozen=True, slots=True)
class _Statement:
    """A query with its text, in which $1 and so on stand for values and everything else is written out."""

    queryset: Any  # a QuerySet; what is taken from it is Django's own business
    compiler: Any
    sql: str
    places: tuple[tuple[int, type[int] | None], ...]  # of each $: which value, and the driver's sort of number
    converters: dict[int, Any]  # of the columns, as the compiler finds them

    def rows(self, values: Sequence[Any]) -> list[Any]:
        parameters = [kind(values[value]) if kind else values[value] for value, kind in self.places]
        connection = connections[self.queryset.db]
        compiler = _like(self.compiler, connection=connection, get_converters=lambda _: self.converters)
        compiler.execute_sql = lambda *_, **__: [_fetch(connection, self.sql, parameters)]
        query = _like(self.queryset.query, get_compiler=lambda *_, **__: compiler)
        asked = SimpleNamespace(
            db=self.queryset.db, model=self.queryset.model, query=query, _fields=self.queryset._fields,
            _hints=self.queryset._hints, _known_related_objects={},
        )  # fmt: skip
        return list(self.queryset._iterable_class(asked))


def _like(thing: Any, **changed: Any) -> Any:
    """Return a copy of a plain object; copy.copy() asks a dozen questions first."""
    other = object.__new__(type(thing))
    other.__dict__.update(thing.__dict__, **changed)
    return other


class _Cursor(psycopg.RawCursor[Any]):
    """Postgres keeps the plan of what it runs, for each connection; to plan a page's query takes longer than to run it.

    A plan that is kept belongs to the role it was made under (row policies), so Postgres makes it anew for another.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        super().__init__(connection)
        read_moments(self)

    def execute(self, query: Any, params: Any = None, **more: Any) -> "_Cursor":
        super().execute(query, params, **{**more, "prepare": True})
        said: Any = SimpleNamespace(query=str(query).encode())
        self._query = said  # where Django looks for what it logs
        return self


def _fetch(connection: Any, sql: str, parameters: Sequence[Any]) -> list[Any]:
    connection.ensure_connection()
    with connection._prepare_cursor(_Cursor(connection.connection)) as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


_kept: OrderedDict[Hashable, _Statement | None] = OrderedDict()
_lock = threading.Lock()


def _keep(name: Hashable, statement: _Statement | None) -> None:
    with _lock:
        _kept[name] = statement
        while len(_kept) > MAX_KEPT:
            _kept.popitem(last=False)


def _write(build: Build, values: Sequence[Any], ids: int) -> _Statement | None:
    """Return the statement, or None where it has to be built each time."""
    stand_ins: list[Any] = []
    while len(stand_ins) < len(values):
        if (one := _stand_in(values[len(stand_ins)])) not in stand_ins:
            stand_ins.append(one)
    queryset: Any = build(*stand_ins)
    if queryset._prefetch_related_lookups or queryset._known_related_objects:
        return None
    compiler = queryset.query.get_compiler(queryset.db)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    text, places = _written_out(sql, parameters, stand_ins, queryset.db)
    if not {*range(ids, len(values))} <= {value for value, _ in places}:
        return None  # what was made of one of the values cannot be made of others
    converters = compiler.get_converters([column[0] for column in compiler.select[0 : compiler.col_count]])
    return _Statement(queryset, compiler, text, tuple(places), converters) if text else None


def _written_out(
    sql: str, parameters: Sequence[Any], stand_ins: Sequence[Any], database: str
) -> tuple[str, list[tuple[int, type[int] | None]]]:
    """Return the text with $1 and so on for the stand-ins, and which; no text where another value is somebody's.

    Everything else is written out, for the planner chooses indexes by it.
    """
    places: list[tuple[int, type[int] | None]] = []
    following = iter(parameters)
    pieces = []
    connections[database].ensure_connection()
    for piece in _PLACE.split(sql):
        if piece != "%s":
            pieces.append("%" if piece == "%%" else piece)
            continue
        parameter = next(following)
        same = (n for n, one in enumerate(stand_ins) if isinstance(parameter, type(one)) and parameter == one)
        if (value := next(same, -1)) >= 0:
            place = (value, type(parameter) if isinstance(parameter, int) else None)  # Int4, Int8
            if place not in places or isinstance(parameter, str):  # the sort of a text depends on where it stands
                places.append(place)
            at = len(places) if isinstance(parameter, str) else places.index(place) + 1
            pieces.append(f"${at}")
        elif _is_somebodys(parameter, stand_ins):
            return "", []
        else:
            pieces.append(psycopg.sql.Literal(parameter).as_string(connections[database].connection))
    return "".join(pieces), places


def _is_somebodys(parameter: Any, stand_ins: Sequence[Any]) -> bool:
    """Return whether a parameter depends on who asks, or when, in a way that cannot be followed."""
    if not isinstance(parameter, str | int | float | timedelta | None):
        return True
    return isinstance(parameter, str) and any(str(one) in parameter for one in stand_ins)


def _stand_in(value: Any) -> Any:
    """Return a value of this type that nobody has."""
    if isinstance(value, uuid.UUID):
        return uuid.uuid4()
    if isinstance(value, datetime):
        return _FAR + timedelta(microseconds=secrets.randbits(48))
    if isinstance(value, int) and not isinstance(value, bool):
        return 30_000 + secrets.randbelow(2_768)  # of every column of numbers, and no limit or count of ours
    if isinstance(value, str):
        return f"stand-in-{uuid.uuid4().hex}"
    raise TypeError(f"A {type(value).__name__} is no value of a statement: put it in its name.")
