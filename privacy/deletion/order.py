"""The order of the steps: what is held is put aside and the ledger knows before a key goes; a key goes before rows."""

from importlib import import_module

from privacy.deletion.step import Step

ORDER = (
    "stop",
    "holds",
    "ledger",
    "keys",  # the point of no return
    "rows",
    "files",
    "caches",
    "contacts",
    "vacuum",
    "verify",
    "certificate",
)


def step_named(name: str) -> Step:
    """Return the step of that name: STEP of its module."""
    step: Step = import_module(f"privacy.deletion.steps.{name}").STEP
    return step
