"""The real processes under measure: the web server and a worker, what they weigh, and a browserless client."""

import contextlib
import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.databases import HOME

QUEUES = "sync,file,send,housekeeping"


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def running(module: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process for the time of the block."""
    command = [sys.executable, "-W", "ignore", "-m", *module]
    process = subprocess.Popen(command, cwd=HOME, env=environment, stdout=sys.stderr, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def web(environment: dict[str, str], workers: int = 2) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run the web server and wait until it answers."""
    port = free_port()
    command = ["deskhero.web", "--port", str(port), "--workers", str(workers)]
    with running(command, {**environment, "DATABASE_POOL": "1"}) as process:
        end = time.monotonic() + 60
        while True:
            try:
                if get(port, "/healthz")[0] < 500:
                    break
            except OSError:
                if time.monotonic() > end or process.poll() is not None:
                    raise SystemExit("The web server did not start.") from None
                time.sleep(0.1)
        yield port, process


@contextlib.contextmanager
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run one Celery worker process."""
    command = ["celery", "-A", "deskhero", "worker", "-Q", QUEUES, "--concurrency", "1", "-n", "bench@%h"]
    with running([*command, "--without-gossip", "--without-mingle", "-l", "WARNING"], environment) as process:
        yield process


def get(port: int, path: str, cookie: str = "") -> tuple[int, bytes]:
    """Fetch a page on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        return fetch(connection, path, cookie)
    finally:
        connection.close()


def fetch(connection: http.client.HTTPConnection, path: str, cookie: str) -> tuple[int, bytes]:
    """Fetch a page on a connection that stays open."""
    connection.request("GET", path, headers={"Cookie": cookie, "Accept": "text/html"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def memory(process: subprocess.Popen[bytes]) -> float:
    """Return the proportional set size of a process and all its children, in MiB."""
    return sum(_pss(pid) for pid in family(process.pid)) / 1024


def peak(process: subprocess.Popen[bytes]) -> float:
    """Return the largest resident size any process of this family ever had, in MiB."""
    return max(_status(pid, "VmHWM") for pid in family(process.pid)) / 1024


def family(pid: int) -> list[int]:
    """Return a process and its descendants."""
    found = [pid]
    for parent in found:
        with contextlib.suppress(FileNotFoundError):
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _pss(pid: int) -> int:
    return _field(Path(f"/proc/{pid}/smaps_rollup"), "Pss")


def _status(pid: int, name: str) -> int:
    return _field(Path(f"/proc/{pid}/status"), name)


def _field(path: Path, name: str) -> int:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for line in path.read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1])
    return 0
