"""The processes the launcher starts: their output goes to the data folder, their end ends everything."""

import collections
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deskhero.embedded.common import Layout
from deskhero.embedded.owner import end_with_parent
from deskhero.logs import scrub

LAST_LINES = 15
LOG_BYTES = 5 * 1024 * 1024
PATIENCE_SECONDS = 12


class PartEnded(Exception):
    """A part ended by itself or did not come up; the text is for the person at the shell."""


@dataclass
class Part:
    """One running process."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def last_lines(self) -> str:
        """Return the end of the log."""
        with self.log.open(errors="replace") as lines:
            return scrub("".join(collections.deque(lines, LAST_LINES))).rstrip()


class Parts:
    """All of them."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.home = Path(__file__).resolve().parent.parent.parent
        self.running: list[Part] = []

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> Part:
        """Start a part in a process group of its own, so that Ctrl-C reaches only us."""
        log = self.layout.log(name)
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.unlink()
        with log.open("ab") as output:
            process = subprocess.Popen(
                list(command),
                cwd=self.home,
                env=os.environ | environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                process_group=0,
                preexec_fn=end_with_parent,
            )
        part = Part(name, process, log)
        self.running.append(part)
        return part

    def finish(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Run a part to its end; raise PartEnded if it fails, or if another one ends meanwhile."""
        part = self.start(name, command, environment)
        self.wait_until(lambda: part.process.poll() is not None, name, seconds=1800, but=part)
        self.running.remove(part)
        if part.process.returncode:
            raise PartEnded(_obituary(part))

    def wait_until(
        self,
        happened: Callable[[], bool],
        name: str,
        *,
        seconds: float,
        pause: float = 0.05,
        but: Part | None = None,
    ) -> None:
        """Wait for something; raise PartEnded when a part ends first or the time is over."""
        end = time.monotonic() + seconds
        while not happened():
            self.check(but)
            if time.monotonic() > end:
                raise PartEnded(f"{name} did not answer within {seconds:.0f} seconds; see {self.layout.log(name)}.")
            time.sleep(pause)

    def check(self, but: Part | None = None) -> None:
        """Raise PartEnded if a part has ended."""
        for part in self.running:
            if part is not but and part.process.poll() is not None:
                raise PartEnded(_obituary(part))

    def stop(self) -> None:
        """Ask all to stop, last one first, and kill those that do not within their time."""
        alive = [part for part in reversed(self.running) if part.process.poll() is None]
        for part in alive:
            part.process.send_signal(signal.SIGTERM)
        end = time.monotonic() + PATIENCE_SECONDS
        for part in alive:
            try:
                part.process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(part.process.pid, signal.SIGKILL)
                part.process.wait()
        self.running.clear()


def _obituary(part: Part) -> str:
    code = part.process.returncode
    how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
    return f"The part “{part.name}” {how}, so everything stops. The end of {part.log}:\n\n{part.last_lines()}\n"
