"""Settling: what a process has loaded when it starts to work stays as long as it does."""

import gc


def settle() -> None:
    """Leave what is loaded now out of every later search for garbage: it is none, and there is a lot of it."""
    gc.collect()
    gc.freeze()
