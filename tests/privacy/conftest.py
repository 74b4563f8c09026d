"""What the tests of deletion share: steps that other parts bring are left out as long as they are not there."""

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from types import ModuleType

import pytest

from privacy.deletion import order


def _missing(name: str) -> bool:
    try:
        return find_spec(name) is None
    except ModuleNotFoundError:
        return True


@pytest.fixture(autouse=True)
def _parts_that_are_there(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    stand_ins = {
        "privacy.holding": {
            "exclude_held": lambda rows: rows,
            "is_secured": lambda job: True,
            "take_turn": lambda organization_id: None,
            "held_counts": lambda job: {},
        },
        "privacy.certificates": {},
        "privacy.certificates.parts": {"note_keys": lambda job, kind, scope: 0},
        "privacy.actions.end_holds": {"end_released_holds": lambda now, dry_run: []},
        "privacy.actions.run_rules": {"run_rules": lambda now, dry_run: {}},
        "privacy.backups": {},
        "privacy.backups.expire": {"expire": lambda now, dry_run: {}},
    }
    for name, words in stand_ins.items():
        if _missing(name):
            module = ModuleType(name)
            vars(module).update(words)
            monkeypatch.setitem(sys.modules, name, module)
    there = tuple(name for name in order.ORDER if not _missing(f"privacy.deletion.steps.{name}"))
    monkeypatch.setattr("privacy.actions.run_job.ORDER", there)
    yield
