"""A ledger and backups of its own for every test of these."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import redis

import privacy.ledger
from accounts.models import User
from deskhero import settings as product
from mailbox.models import Mailbox
from privacy.holds.actors import Officer, hold_role, officer
from privacy.ledger import remembering
from privacy.models import DeletionJob
from tests.privacy.holding import job_for


@pytest.fixture(autouse=True)
def outside(settings: Any, tmp_path: Path) -> Path:
    """The folders outside the database: ledger, its copy, backups, and sealed files; empty."""
    settings.LEDGER = tmp_path / "ledger"
    settings.LEDGER_COPY = tmp_path / "ledger-copy"
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    backups = {"BACKEND": "privacy.backups.folder.FolderStorage", "OPTIONS": {"location": tmp_path / "backups"}}
    settings.STORAGES = settings.STORAGES | {"default": files, "backups": backups}
    return tmp_path


@pytest.fixture
def _real_cache(settings: Any) -> None:
    """The cache of the product, in Redis, and nothing in it."""
    settings.CACHES = product.CACHES
    redis.Redis.from_url(settings.REDIS_URL).flushdb()


@pytest.fixture
def job(mailbox: Mailbox) -> DeletionJob:
    """The job that erases Acme's mailbox, its grace over."""
    return job_for(mailbox)


@pytest.fixture
def dora(staff: User) -> Officer:
    """The operator's officer, with the role for holds."""
    staff.groups.add(hold_role())
    return officer(staff)


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[UUID]]]:
    """What was written into the ledger: kind and ids, in order. The real one is written as well."""
    written: list[tuple[str, list[UUID]]] = []
    doors = [(privacy.ledger, "append", ""), (remembering, "remember_messages", "message")]
    for module, name, kind in [*doors, (remembering, "remember_contacts", "contact")]:
        real = getattr(module, name)

        def told(first: Any, ids: Any, *, _real: Any = real, _kind: str = kind, **more: Any) -> None:
            _real(first, ids, **more)
            written.append((_kind or first, list(ids)))

        monkeypatch.setattr(module, name, told)
    return written
