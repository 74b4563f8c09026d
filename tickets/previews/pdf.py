"""Pages of a PDF as pictures: the file itself never reaches the reader's browser before it is downloaded."""

import os
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 12  # until a child is given up
MAX_PAGES = 20  # on one page of ours; the rest is in the download
AT_ONCE = 2  # children of one web process, so that a long document leaves room for others
_turn = BoundedSemaphore(AT_ONCE)


class CannotBeDrawn(Exception):
    """The file is broken, locked by a password, or asks for too much."""


def pages_of(data: bytes) -> int:
    """Return how many pages a PDF has; CannotBeDrawn where it cannot be read."""
    return _asked(data, 0)[0]


def page_of(data: bytes, number: int) -> bytes:
    """Return one page, counted from 1, as a PNG; CannotBeDrawn where there is none."""
    picture = _asked(data, number)[1]
    if not picture:
        raise CannotBeDrawn
    return picture


def _asked(data: bytes, number: int) -> tuple[int, bytes]:
    if not _turn.acquire(timeout=SECONDS):
        raise CannotBeDrawn
    try:
        done = subprocess.run(  # noqa: S603 - our own program, with a number
            [sys.executable, "-m", "tickets.previews.pdf_child", str(number)],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", "")},
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        raise CannotBeDrawn from None
    finally:
        _turn.release()
    if done.returncode or len(done.stdout) < 4:
        raise CannotBeDrawn
    return int.from_bytes(done.stdout[:4], "big"), done.stdout[4:]
