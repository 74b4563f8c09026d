"""The lock of a restore, from the side of the restore: made before the first row, dropped after the last check."""

from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg import sql

from deskhero.restoring import TABLE
from privacy.backups.errors import RestoreRefused
from privacy.backups.postgres import Parameters

BEGUN, LOADED = "begun", "loaded"
_TABLE = sql.Identifier(TABLE)


@dataclass(frozen=True)
class Held:
    """Which backup is being brought back, and how far that is."""

    backup_id: UUID
    stage: str


def held(parameters: Parameters) -> Held | None:
    """Return what an earlier run left; None where no restore has begun."""
    with psycopg.connect(**parameters) as connection:
        found = connection.execute("SELECT to_regclass(%s)", [f"public.{TABLE}"]).fetchone()
        if not found or found[0] is None:
            return None
        row = connection.execute(sql.SQL("SELECT backup_id, stage FROM {}").format(_TABLE)).fetchone()
        if row is None:
            raise RestoreRefused("The lock of a restore is empty: somebody changed it. Begin with an empty database.")
        return Held(row[0], row[1])


def take(parameters: Parameters, backup_id: UUID) -> None:
    """Lock an empty database."""
    with psycopg.connect(**parameters) as connection:
        connection.execute(sql.SQL("CREATE TABLE {} (backup_id uuid NOT NULL, stage text NOT NULL)").format(_TABLE))
        connection.execute(sql.SQL("INSERT INTO {} VALUES (%s, %s)").format(_TABLE), [backup_id, BEGUN])


def note_loaded(parameters: Parameters) -> None:
    """Remember that the data is there, so that a run that was killed goes on with what comes after."""
    with psycopg.connect(**parameters) as connection:
        connection.execute(sql.SQL("UPDATE {} SET stage = %s").format(_TABLE), [LOADED])


def release(parameters: Parameters) -> None:
    """Let web, worker and beat start."""
    with psycopg.connect(**parameters) as connection:
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(_TABLE))
