"""A hold and a backup around a job, as certificates name them; imported by the tests that ask for them."""

from typing import Any
from uuid import UUID

import pytest

from privacy.certificates import parts

HOLD = UUID("01990000-0000-7000-8000-00000000000a")
BACKUP = UUID("01990000-0000-7000-8000-00000000000b")


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one hold have kept something out, and one backup still hold ciphertext."""
    held = [{"hold": str(HOLD), "basis": "claim", "review_by": "2027-03-01"}]
    backups: list[dict[str, Any]] = [{"backup": str(BACKUP), "kind": "data", "expires_at": "2027-10-13T03:00:00Z"}]
    monkeypatch.setattr(parts, "held", lambda _job: held)
    monkeypatch.setattr(parts, "backups_left", lambda _job: backups)
