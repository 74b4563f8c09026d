"""Two web workers that were parted from one: one that dies is replaced, and all end together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.conf import settings

pytestmark = pytest.mark.timeout(90)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The server as the image starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": settings.DATABASE_URL,
        "REDIS_URL": settings.REDIS_URL,
        "DESKHERO_TEST_DATA": str(settings.DATA_DIR),
        "DATABASE_POOL": "1",
    }
    command = [sys.executable, "-m", "deskhero.web", "--port", str(port), "--workers", "2"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}/healthz"
    try:
        wait_until(lambda: answers(url), process)
        yield url, process
    finally:
        process.kill()
        process.wait(20)


def wait_until(is_so, process: subprocess.Popen[bytes], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "It took too long."
        assert process.poll() is None, "The server ended."
        time.sleep(0.1)


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False


def children(process: subprocess.Popen[bytes]) -> set[int]:
    return {int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()}


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def test_one_that_dies_is_replaced_and_all_end_together(server):
    url, process = server
    wait_until(lambda: len(children(process)) == 2, process)
    first = children(process)

    os.kill(min(first), signal.SIGKILL)
    wait_until(lambda: len(children(process) - first) == 1, process)
    for _ in range(20):
        assert answers(url)
    workers = children(process)

    process.terminate()
    assert process.wait(20) == 0
    assert not any(map(is_alive, workers))


def test_workers_do_not_outlive_the_one_that_keeps_them(server):
    _url, process = server
    wait_until(lambda: len(children(process)) == 2, process)
    workers = children(process)

    process.kill()
    end = time.monotonic() + 20
    while any(map(is_alive, workers)):
        assert time.monotonic() < end
        time.sleep(0.1)
