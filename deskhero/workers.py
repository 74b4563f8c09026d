"""Keeps worker processes alive: `workers.py LISTENER PID,PID COMMAND...` waits for children this process has already.

The web server becomes this after it has loaded everything and parted its workers from itself: they share what it
loaded, and it needs nothing of that any more. So this file is run by its path and imports the standard library alone.
One that dies is replaced by the command, which gets the number of the listening socket.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

PAUSE = 1.0  # seconds before one that died is replaced, so that what cannot start does not keep a processor busy
PATIENCE = 10  # seconds for all of them to end


class Keeper:
    """So many children; a signal to this process reaches all of them."""

    def __init__(self, listener: int, children: set[int], command: list[str]) -> None:
        """Take the children, and how one is replaced."""
        self.listener, self.children, self.command = listener, children, command
        self.stopping = threading.Event()

    def run(self) -> None:
        """Keep them running until a signal says stop; then wait for them."""
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, self._stop)
        while self.children and not self.stopping.is_set():
            gone = self._wait(0)
            if gone and not self.stopping.is_set():
                time.sleep(PAUSE)
                self._replace()
        end = time.monotonic() + PATIENCE
        while self.children and time.monotonic() < end:
            self._wait(os.WNOHANG)
            time.sleep(0.02)
        self._tell(signal.SIGKILL)

    def _replace(self) -> None:
        if self.stopping.is_set():
            return
        process = subprocess.Popen([*self.command, str(self.listener)], pass_fds=[self.listener])  # noqa: S603 - ours
        process.returncode = 0  # waited for here, with the others
        self.children.add(process.pid)
        if self.stopping.is_set():  # the signal came while it was being made
            self._tell(signal.SIGTERM)

    def _wait(self, options: int) -> int:
        try:
            pid, _status = os.waitpid(-1, options)
        except ChildProcessError:
            self.children.clear()
            return 0
        self.children.discard(pid)
        return pid

    def _stop(self, _number: int, _frame: Any) -> None:
        self.stopping.set()
        self._tell(signal.SIGTERM)

    def _tell(self, number: int) -> None:
        for pid in self.children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


if __name__ == "__main__":
    Keeper(int(sys.argv[1]), {int(pid) for pid in sys.argv[2].split(",")}, sys.argv[3:]).run()
