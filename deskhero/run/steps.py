"""What the launcher tells the person at the shell: each step, and how long it took."""

import contextlib
import sys
import time
from collections.abc import Iterator


def say(text: str = "") -> None:
    """Print at once; a terminal that has gone does not matter any more."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Name a step while it runs, and its seconds when it is done."""
    begun = time.monotonic()
    live = sys.stdout.isatty()
    if live:
        print(f"  ...      {name}", end="\r", flush=True)
    yield
    say(f"  {time.monotonic() - begun:5.1f} s  {name}")
