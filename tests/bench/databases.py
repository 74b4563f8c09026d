"""Scratch databases of the bench: filled once, kept as templates, copied for every run. Never the developer's data."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from deskhero.embedded import ensure_services
from deskhero.environment import env

HOME = Path(__file__).resolve().parents[2]
DATA = Path(env("DESKHERO_BENCH_DATA", str(HOME / ".data" / "bench")))
REDIS_DATABASE = 15
MULTIPLIED = 100_000  # tickets; more than these are copies of them, made in SQL
RUN, VAULT = "deskhero_bench_run", "deskhero_bench_vault"


def on(url: str, name: str) -> str:
    """Return the address of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


class Databases:
    """One Postgres with the bench's own databases, and the environment that points at them."""

    def __init__(self) -> None:
        """Start embedded servers, unless DATABASE_URL and REDIS_URL name some."""
        DATA.mkdir(parents=True, exist_ok=True)
        services = None if env("DATABASE_URL") and env("REDIS_URL") else ensure_services(DATA)
        self.server = env("DATABASE_URL") or services.database_url  # type: ignore[union-attr]
        self.redis = on(env("REDIS_URL") or services.redis_url, str(REDIS_DATABASE))  # type: ignore[union-attr]

    def environment(self, database: str = RUN) -> dict[str, str]:
        """Return the variables for a process of the product on that database."""
        return {
            **os.environ,
            "DATABASE_URL": on(self.server, database),
            "VAULT_URL": on(self.server, VAULT),
            "REDIS_URL": self.redis,
            "DESKHERO_DATA": str(DATA),
            "DJANGO_SETTINGS_MODULE": "deskhero.settings",
            "DESKHERO_LOG_LEVEL": "WARNING",
        }

    def template(self, tickets: int) -> str:
        """Return the name of a database with that many tickets, made if it is missing or out of date."""
        name = f"deskhero_bench_{tickets}"
        if self._mark_of(name) == self._fingerprint():
            return name
        self._drop(name)
        if tickets == 0:
            self._drop(VAULT)
            self._create(VAULT)
            self._create(name)
            self.run(name, "tests.bench.world")
        elif tickets > MULTIPLIED:
            self._create(name, template=self.template(MULTIPLIED))
            self.run(name, "tests.bench.multiply", str(tickets // MULTIPLIED))
            self._execute(sql.SQL("VACUUM ANALYZE"), name)
        else:
            smaller = max(size for size in (0, 1_000, 10_000) if size < tickets)
            self._create(name, template=self.template(smaller))
            self._fill(name, smaller, tickets)
        self._mark(name)
        return name

    def fresh(self, tickets: int) -> None:
        """Make RUN a copy of the database with that many tickets."""
        template = self.template(tickets)
        self._drop(RUN)
        self._create(RUN, template=template)
        self._execute(sql.SQL("ANALYZE"), RUN)

    def run(self, database: str, module: str, *arguments: str) -> str:
        """Run a module of ours on that database and return what it printed."""
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(
            command, env=self.environment(database), cwd=HOME, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def _fill(self, name: str, start: int, end: int) -> None:
        middle = (start + end) // 2
        fillers = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.bench.fill", str(first), str(last)], env=self.environment(name), cwd=HOME
            )
            for first, last in ((start, middle), (middle, end))
        ]
        if any([filler.wait() for filler in fillers]):  # noqa: C419 - wait for both
            raise SystemExit("The bench's database could not be filled.")
        self._execute(sql.SQL("VACUUM ANALYZE"), name)

    def _create(self, name: str, template: str = "template0") -> None:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._execute(statement.format(sql.Identifier(name), sql.Identifier(template)))

    def _drop(self, name: str) -> None:
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _mark(self, name: str) -> None:
        self._execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(self._fingerprint()))
        )

    def _mark_of(self, name: str) -> str:
        with psycopg.connect(on(self.server, "postgres"), autocommit=True) as connection:
            row = connection.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
            ).fetchone()
        return str(row[0]) if row else ""

    def _execute(self, statement: sql.SQL | sql.Composed, database: str = "postgres") -> None:
        with psycopg.connect(on(self.server, database), autocommit=True) as connection:
            connection.execute(statement)

    def _fingerprint(self) -> str:
        """Return what changes when the filled databases no longer suit the code or the root key."""
        digest = hashlib.sha256()
        sources = [*HOME.glob("*/migrations/*.py"), *HOME.glob("*/*/migrations/*.py")]
        sources += [HOME / "tickets" / "search" / name for name in ("words.py", "stems.py", "documents.py")]
        sources += [
            Path(__file__).with_name(name) for name in ("fill.py", "world.py", "copying.py", "mails.py", "multiply.py")
        ]
        for path in sorted(sources):
            digest.update(path.read_bytes())
        key = DATA / "root.key"
        digest.update(key.read_bytes() if key.exists() else env("DESKHERO_ROOT_KEY").encode())
        return digest.hexdigest()[:16]
