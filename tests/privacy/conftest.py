"""What the tests of the promises share: a ledger and backups of their own; steps not there yet are left out."""

import sys
from importlib.util import find_spec
from pathlib import Path
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
        "holds_inside": lambda _job: [],
    },
    "privacy.actions.end_holds": {"end_released_holds": lambda *_, **__: []},
    "privacy.actions.run_rules": {"run_rules": lambda *_, **__: {}},
    "privacy.backups": {},
    "privacy.backups.catalogue": {"ciphertext_left": lambda _organization_id: []},
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


@pytest.fixture(autouse=True)
def outside(settings: Any, tmp_path: Path) -> Path:
    """The folders outside the database: ledger, its copy, backups, and sealed files; empty."""
    settings.LEDGER = tmp_path / "ledger"
    settings.LEDGER_COPY = tmp_path / "ledger-copy"
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    backups = {"BACKEND": "privacy.backups.folder.FolderStorage", "OPTIONS": {"location": tmp_path / "backups"}}
    settings.STORAGES = settings.STORAGES | {"default": files, "backups": backups}
    return tmp_path
