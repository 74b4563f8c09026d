"""The Postgres and Redis of a laptop: a pair for each data folder, started on demand, stopped after the last user.

A keeper process owns the servers. Whoever needs them holds a shared lock on one file for as long as it lives; the
keeper stops the servers once nobody holds it, so a user killed with -9 leaves nothing behind.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from deskhero.embedded.common import EmbeddedError, Layout, Services, is_locked, locked
from deskhero.environment import env

__all__ = ["EmbeddedError", "Services", "ensure_services", "provide_services", "release_services", "stop_services"]

START_SECONDS = 90  # a first start writes a database cluster, on a slow disk next to a busy build
STOP_SECONDS = 60

_held: dict[Path, tuple[int, Services]] = {}


def ensure_services(data_dir: Path, *, durable: bool = True, ephemeral: bool = False) -> Services:
    """Return addresses of running servers of this folder, starting them if need be; parallel calls are safe.

    Not durable: a crash of the machine may lose data, which suits tests. Ephemeral: the folder goes with its last user.
    """
    layout = Layout(data_dir.resolve())
    if (held := _held.get(layout.data)) and is_locked(layout.keeper_lock):
        return held[1]
    layout.make()
    with locked(layout.start_lock, timeout=START_SECONDS):
        release_services(data_dir)
        users = os.open(layout.users_lock, os.O_RDWR | os.O_CREAT, 0o600)
        _share(users)
        try:
            services = _running(layout) or _start(layout, durable=durable, ephemeral=ephemeral)
        except BaseException:
            os.close(users)
            raise
        _held[layout.data] = (users, services)
        return services


def release_services(data_dir: Path) -> None:
    """Stop counting this process as a user; the servers stop a moment later if it was the last."""
    users, _ = _held.pop(data_dir.resolve(), (None, None))
    if users is not None:
        os.close(users)


def stop_services(data_dir: Path, *, if_unused: bool = False) -> bool:
    """Stop the servers of this folder, or only if nobody uses them; return whether they were stopped."""
    layout = Layout(data_dir.resolve())
    if not layout.run.is_dir():
        return False
    release_services(data_dir)
    with locked(layout.start_lock, timeout=START_SECONDS):
        if not is_locked(layout.keeper_lock) or (if_unused and is_locked(layout.users_lock)):
            return False
        with contextlib.suppress(ProcessLookupError, ValueError, FileNotFoundError):
            os.kill(int(layout.keeper_pid.read_text()), signal.SIGTERM)
        _wait_for_end(layout)
    return True


def provide_services(data_dir: Path) -> Services | None:
    """Point DATABASE_URL, VAULT_URL and REDIS_URL at embedded servers where they name none; None when all are named."""
    own_database = not (env("DATABASE_URL") or env("DATABASE_URL_FILE"))
    own_redis = not (env("REDIS_URL") or env("REDIS_URL_FILE"))
    if not (own_database or own_redis):
        return None
    services = ensure_services(data_dir)
    if own_database:
        os.environ["DATABASE_URL"] = services.database_url
        os.environ["VAULT_URL"] = services.vault_url
    if own_redis:
        os.environ["REDIS_URL"] = services.redis_url
    return services


def _share(descriptor: int) -> None:
    import fcntl

    fcntl.flock(descriptor, fcntl.LOCK_SH)


def _running(layout: Layout) -> Services | None:
    """Return the addresses a live keeper has published; a keeper that is stopping is waited for."""
    if not is_locked(layout.keeper_lock):
        return None
    try:
        return Services(**json.loads(layout.addresses.read_text()))
    except (FileNotFoundError, ValueError):
        _wait_for_end(layout)
        return None


def _wait_for_end(layout: Layout) -> None:
    for _ in _until(STOP_SECONDS):
        if not is_locked(layout.keeper_lock):
            return
    raise EmbeddedError(f"The embedded services of {layout.data} did not stop within {STOP_SECONDS} seconds.")


def _start(layout: Layout, *, durable: bool, ephemeral: bool) -> Services:
    layout.addresses.unlink(missing_ok=True)
    options = ([] if durable else ["--fast"]) + (["--ephemeral"] if ephemeral else [])
    command = [sys.executable, "-m", "deskhero.embedded.keeper", str(layout.data), *options]
    home = Path(__file__).resolve().parent.parent.parent
    with layout.log("keeper").open("ab") as log:
        subprocess.run(  # it forks, and its first half returns at once
            command, cwd=home, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, check=False
        )
    for _ in _until(START_SECONDS):
        if layout.failure.exists():
            raise EmbeddedError(layout.failure.read_text())
        if layout.addresses.exists():
            return Services(**json.loads(layout.addresses.read_text()))
        if not is_locked(layout.keeper_lock) and not layout.failure.exists() and not layout.addresses.exists():
            raise EmbeddedError(f"The keeper of the embedded services ended; see {layout.log('keeper')}.")
    raise EmbeddedError(f"The embedded services did not start within {START_SECONDS} seconds; see {layout.logs}.")


def _until(seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(0.02)
