"""What the tests of deletion share: steps that other parts bring are left out as long as they are not there."""

import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import pytest

from privacy.deletion import order


def _missing(name: str) -> bool:
    try:
        return find_spec(name) is None
    except ModuleNotFoundError:
        return True


STAND_INS: dict[str, dict[str, Any]] = {
    "privacy.holding": {
        "exclude_held": lambda rows: rows,
        "is_secured": lambda _job: True,
        "take_turn": lambda _organization_id: None,
        "held_counts": lambda _job: {},
    },
    "privacy.certificates": {},
    "privacy.certificates.parts": {"note_keys": lambda *_: 0},
    "privacy.actions.end_holds": {"end_released_holds": lambda *_, **__: []},
    "privacy.actions.run_rules": {"run_rules": lambda *_, **__: {}},
    "privacy.backups": {},
    "privacy.backups.expire": {"expire": lambda *_, **__: {}},
}


@pytest.fixture(autouse=True)
def _parts_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, words in STAND_INS.items():
        if _missing(name):
            module = ModuleType(name)
            vars(module).update(words)
            monkeypatch.setitem(sys.modules, name, module)
    there = tuple(name for name in order.ORDER if not _missing(f"privacy.deletion.steps.{name}"))
    monkeypatch.setattr("privacy.actions.run_job.ORDER", there)
