"""Step: one thing a DeletionJob does. Each is a module of privacy/deletion/steps, and their order is in order.py."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from privacy.models import DeletionJob


class StepWaits(Exception):
    """A step cannot go on now. The sentence names no person and is shown; the step is tried again by itself."""


@dataclass(frozen=True)
class Progress:
    """How far a step is, in its own unit: rows, files, keys."""

    done: int
    total: int


class Step(Protocol):
    """Work in batches that may be killed anywhere, and goes on from what it finds.

    Called outside any organization's scope. Each turn of the iterator is one batch in a transaction of its own, that
    changes nothing where it ran before. Raises StepWaits when something outside must come back first.
    """

    name: str

    def run(self, job: DeletionJob) -> Iterator[Progress]:
        """Do what is left, yielding after every batch; the end of the iterator is the end of the step."""
        ...
