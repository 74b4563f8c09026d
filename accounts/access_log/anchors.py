"""Anchors: the head of each chain, kept where who can write in the database cannot.

The folder holds one file for an organization: a line for each day, and as its last the newest head. A file that lags
behind (another machine's) is still a witness for what it names.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.access_log.chain import is_signed, signature_of

KIND = "anchor"


@dataclass(frozen=True)
class Anchor:
    """What the chain of an organization ended with at a moment."""

    number: int
    hash: bytes
    at: str


def keep_head(organization_id: UUID, number: int, head: bytes) -> None:
    """Write the newest head beside the database once the transaction that made it has committed."""
    transaction.on_commit(lambda: _write(_folder() / f"{organization_id}.head", _line(organization_id, number, head)))


def keep_anchor(organization_id: UUID, number: int, head: bytes) -> None:
    """Add a line that stays: the anchor of a day."""
    path = _folder() / f"{organization_id}.anchors"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(_line(organization_id, number, head) + "\n")
        file.flush()
        os.fsync(file.fileno())


def anchors_of(organization_id: UUID) -> Iterator[Anchor]:
    """Yield the anchors that are signed by us, oldest first; a line that is not is no witness."""
    return (one for one in read_anchors(organization_id) if one is not None)


def read_anchors(organization_id: UUID) -> Iterator[Anchor | None]:
    """Yield every line of the anchors, oldest first: None where it is not signed by us, but was written over."""
    for suffix in ("anchors", "head"):
        path = _folder() / f"{organization_id}.{suffix}"
        for line in path.read_text(errors="replace").splitlines() if path.exists() else ():
            yield _signed(organization_id, line)


def _signed(organization_id: UUID, line: str) -> Anchor | None:
    try:
        said = json.loads(line)
        number, head = int(said["number"]), bytes.fromhex(said["hash"])
        signature = bytes.fromhex(said["signature"])
    except (ValueError, KeyError, TypeError):
        return None
    return Anchor(number, head, str(said["at"])) if is_signed(signature, KIND, organization_id, number, head) else None


def anchored_organizations() -> set[UUID]:
    """Return whose heads are kept, so that a log that is gone altogether is missed."""
    found = set()
    for path in _folder().iterdir():
        try:
            found.add(UUID(path.stem))
        except ValueError:
            continue
    return found


def forget_anchors(organization_id: UUID) -> None:
    """Let the anchors of an organization go, once retention has let go of the last row of its log."""
    for suffix in ("anchors", "head"):
        (_folder() / f"{organization_id}.{suffix}").unlink(missing_ok=True)


def _line(organization_id: UUID, number: int, head: bytes) -> str:
    signature = signature_of(KIND, organization_id, number, head)
    at = timezone.now().isoformat(timespec="seconds")
    return json.dumps({"at": at, "number": number, "hash": head.hex(), "signature": signature.hex()})


def _write(path: Path, text: str) -> None:
    """Replace a file in one step, so that nobody reads half of one."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    beside.write_text(text + "\n")
    beside.chmod(0o600)
    beside.replace(path)


def _folder() -> Path:
    folder = Path(settings.ACCESS_ANCHOR_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
