"""What the users of the embedded services and their keeper share: addresses, the folder's layout, file locks."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


class EmbeddedError(Exception):
    """The embedded services cannot serve; the text is a sentence for the person at the shell."""


@dataclass(frozen=True)
class Services:
    """Where the servers of one data folder answer."""

    database_url: str
    vault_url: str
    redis_url: str


@dataclass(frozen=True)
class Layout:
    """Where each thing of the embedded services stands in a data folder."""

    data: Path

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def cluster(self) -> Path:
        return self.data / "postgres"

    @property
    def redis(self) -> Path:
        return self.data / "redis"

    @property
    def start_lock(self) -> Path:
        return self.run / "start.lock"

    @property
    def users_lock(self) -> Path:
        return self.run / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        return self.run / "keeper.lock"

    @property
    def keeper_pid(self) -> Path:
        return self.run / "keeper.pid"

    @property
    def launcher_lock(self) -> Path:
        return self.run / "launcher.lock"

    @property
    def addresses(self) -> Path:
        return self.run / "services.json"

    @property
    def failure(self) -> Path:
        return self.run / "failure.txt"

    def log(self, name: str) -> Path:
        """Return the log file of one part."""
        return self.logs / f"{name}.log"

    def make(self) -> None:
        """Make the folders, readable by their owner alone."""
        try:
            for folder in (self.data, self.run, self.logs, self.redis):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.geteuid() == 0:
                self.data.chmod(0o711)  # Postgres refuses to run as root, so another user must pass through
        except OSError as error:
            raise EmbeddedError(f"The data folder {self.data} cannot be used: {error.strerror}.") from None


@contextlib.contextmanager
def locked(path: Path, *, timeout: float) -> Iterator[None]:
    """Hold the file's lock alone; raise EmbeddedError when it is not free in time."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        end = time.monotonic() + timeout
        while not try_lock(descriptor):
            if time.monotonic() > end:
                raise EmbeddedError(f"{path} stays locked by another process.")
            time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Take the lock alone if nobody holds it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_locked(path: Path) -> bool:
    """Tell whether a process holds this file's lock."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        return not try_lock(descriptor)
    finally:
        os.close(descriptor)
