"""Identifiers sort by the moment they were made and never collide."""

import time

from accounts.ids import uuid7


def test_it_is_version_7_and_carries_the_time() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7()

    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_ids_of_one_process_sort_and_differ() -> None:
    made = []
    for _ in range(1000):
        made.append(uuid7())
        time.sleep(0.000_002)

    assert made == sorted(made)
    assert len(set(made)) == 1000
