"""Settling: what a process has loaded when it starts to work stays as long as it does."""

import gc

BETWEEN_SEARCHES = 10_000  # new objects; a page makes one or two thousand, and little garbage that needs a search


def settle() -> None:
    """Leave what is loaded now out of every later search for garbage, and search less often than twice a page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(BETWEEN_SEARCHES)
