"""The keeper of one data folder's servers: starts both, watches them, and stops them once nobody uses them.

`python -m deskhero.embedded.keeper DATA [--fast] [--ephemeral]`; it goes to the background by itself.
"""

import json
import os
import shutil
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path
from types import FrameType

from deskhero.embedded.common import EmbeddedError, Layout, Services, try_lock
from deskhero.embedded.postgres import PostgresServer
from deskhero.embedded.redis import RedisServer

IDLE_SECONDS = 2.0  # commands in a row find the servers warm


class Keeper:
    """Both servers of one folder, from start to stop."""

    def __init__(self, layout: Layout, *, durable: bool, ephemeral: bool) -> None:
        self.layout = layout
        self.ephemeral = ephemeral
        self.postgres = PostgresServer(layout, durable=durable)
        self.redis = RedisServer(layout, durable=durable)
        self.stopping = False

    def run(self) -> int:
        """Serve until the last user is gone, a stop is asked for, or a server dies."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            redis_url = self.redis.start()
            self.postgres.start()
            self._publish(redis_url)
            code = self._watch()
        except EmbeddedError as error:
            self.layout.failure.write_text(str(error))
            code = 1
        self.layout.addresses.unlink(missing_ok=True)
        self.redis.stop()
        self.postgres.stop()
        if self.ephemeral:
            shutil.rmtree(self.layout.data, ignore_errors=True)
        return code

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _publish(self, redis_url: str) -> None:
        database = self.postgres.url
        services = Services(database("deskhero"), database("deskhero_vault"), redis_url)
        draft = self.layout.run / "services.new"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(asdict(services)))
        draft.rename(self.layout.addresses)

    def _watch(self) -> int:
        start = os.open(self.layout.start_lock, os.O_RDWR | os.O_CREAT, 0o600)
        users = os.open(self.layout.users_lock, os.O_RDWR | os.O_CREAT, 0o600)
        idle_since = time.monotonic()
        while not self.stopping:
            time.sleep(0.25)
            for server in (self.postgres, self.redis):
                if (code := server.ended()) is not None:
                    print(f"{server.name} ended by itself with code {code}.", flush=True)
                    return 1
            # Newcomers count themselves while they hold the start lock, so nobody slips in between question and answer.
            if not try_lock(start):
                idle_since = time.monotonic()
            elif not try_lock(users):
                idle_since = time.monotonic()
                _unlock(start)
            elif time.monotonic() - idle_since > IDLE_SECONDS:
                self.layout.addresses.unlink(missing_ok=True)
                return 0
            else:
                _unlock(users)
                _unlock(start)
        return 0


def _unlock(descriptor: int) -> None:
    import fcntl

    fcntl.flock(descriptor, fcntl.LOCK_UN)


def main(arguments: list[str]) -> int:
    """Take the keeper's lock, leave the caller, and keep."""
    layout = Layout(Path(arguments[0]))
    layout.failure.unlink(missing_ok=True)
    lock = os.open(layout.keeper_lock, os.O_RDWR | os.O_CREAT, 0o600)
    if not try_lock(lock):
        print("Another keeper serves this folder.", flush=True)
        return 1
    if os.fork():
        os._exit(0)  # the lock lives on in the child
    layout.keeper_pid.write_text(str(os.getpid()))
    keeper = Keeper(layout, durable="--fast" not in arguments, ephemeral="--ephemeral" in arguments)
    return keeper.run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
