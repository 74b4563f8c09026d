"""`python -m deskhero.run [--port 8000]`: servers, simulator, web, worker and beat, until Ctrl-C or until one ends."""

import argparse
import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from types import FrameType

from deskhero.embedded import EmbeddedError, provide_services, stop_services
from deskhero.embedded.common import Layout, is_locked, try_lock
from deskhero.environment import data_dir, env
from deskhero.run.desk import Desk
from deskhero.run.parts import PartEnded, Parts
from deskhero.run.ports import PortTaken
from deskhero.run.steps import say, step


class Stopped(Exception):
    """Somebody asked us to stop."""


def main() -> int:
    """Run the desk of one data folder; 0 after Ctrl-C, 1 when a part ended, 2 when it could not start."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--port", type=int, default=int(env("PORT", "8000")))
    port = parser.parse_args().port
    if env("DESKHERO_ENV", "development") == "production":
        say("make run is for laptops; production starts its parts one by one (docs/operations.md).")
        return 2
    layout = Layout(data_dir())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    parts = Parts(layout)
    try:
        layout.make()
        with _sole_launcher(layout):
            return _run(Desk(layout, parts, port), parts, layout)
    except Stopped:
        say("\nStopping.")
        return 0
    except (EmbeddedError, PortTaken) as error:
        say(str(error))
        return 2
    except PartEnded as error:
        say(f"\n{error}")
        return 1
    finally:
        _stop_all(parts, layout)


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


@contextlib.contextmanager
def _sole_launcher(layout: Layout) -> Iterator[None]:
    """Hold the data folder: two launchers in one folder would run every task twice."""
    lock = os.open(layout.launcher_lock, os.O_RDWR | os.O_CREAT, 0o600)
    if not try_lock(lock):
        raise EmbeddedError(
            f"Deskhero already runs in {layout.data}. Another one beside it: make run PORT=8010 DESKHERO_DATA=folder"
        )
    yield


def _run(desk: Desk, parts: Parts, layout: Layout) -> int:
    desk.take_ports()
    with step("Postgres and Redis"):
        services = provide_services(layout.data)
    desk.prepare()
    desk.start()
    desk.welcome()
    while True:
        time.sleep(0.3)
        parts.check()
        if services is not None and not is_locked(layout.keeper_lock):
            raise PartEnded(f"The embedded Postgres or Redis ended; see {layout.log('keeper')}. Everything stops.")


def _stop_all(parts: Parts, layout: Layout) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    parts.stop()
    stop_services(layout.data, if_unused=True)


if __name__ == "__main__":
    sys.exit(main())
