"""The lock of a restore: a table in the database itself, so that no process on any machine starts before it is gone.

`manage.py restore` makes it first and drops it last, once everything that was erased since the backup is erased again.
"""

import psycopg

TABLE = "deskhero_restoring"
SENTENCE = (
    "This system is being brought back from a backup, and what was erased since then is in it again. "
    "Web, worker and beat start once `manage.py restore` has come to its end."
)


def is_restoring() -> bool:
    """Ask the database of the settings; one that does not answer is no restore, and says so to whoever needs it."""
    from django.db import connections

    given = connections["default"].get_connection_params()
    wanted = ("host", "hostaddr", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey")
    try:
        with psycopg.connect(**{name: given[name] for name in wanted if given.get(name)}, connect_timeout=5) as asked:
            found = asked.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{TABLE}"]).fetchone()
            return bool(found and found[0])
    except psycopg.OperationalError:
        return False


def refuse_while_restoring() -> None:
    """End this process with a sentence while a restore is not finished."""
    if is_restoring():
        raise SystemExit(SENTENCE)
