"""One line of the ledger: what it says, and the code (MAC) that nobody without the root key can make.

A line names the code of the line before it, so that none can be left out, moved or changed. It holds ids only.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from accounts.sealing.keys import Key, root_keys

BEGIN, CUT, RESTORED = "begin", "cut", "restored"  # lines about the ledger itself
KINDS = ("mailbox", "organization", "contact", "message", "field", "file", "suppression", "rule", "hold")


class LedgerFault(Exception):
    """The ledger cannot be trusted, or cannot be written; the sentence says which line, never what it is about."""


@dataclass(frozen=True)
class Entry:
    """What was erased by one stroke of a job, before it was erased."""

    seq: int
    at: str  # UTC, ISO 8601
    kind: str
    ids: tuple[str, ...]  # of rows; of a suppression, its digests written as UUIDs
    place: str = ""  # the table or column, where the kind does not say it
    organization: str = ""
    job: str = ""
    prev: str = ""  # the code of the line before
    mac: str = ""

    @property
    def uuids(self) -> list[UUID]:
        """Return its ids."""
        return [UUID(one) for one in self.ids]

    @property
    def moment(self) -> datetime:
        """Return when it was written."""
        return datetime.fromisoformat(self.at)

    def sealed(self, key: Key) -> "Entry":
        """Return the entry with its code under this root key."""
        return Entry(**{**asdict(self), "ids": self.ids, "mac": self._mac(key)})

    def line(self) -> bytes:
        """Return it as it stands in the file."""
        return _json(asdict(self)) + b"\n"

    def is_ours(self) -> bool:
        """Return whether it was written with the root key, or the one before it while that is rotated."""
        return any(hmac.compare_digest(self.mac, self._mac(key)) for key in root_keys())

    def _mac(self, key: Key) -> str:
        said = {name: value for name, value in asdict(self).items() if name != "mac"}
        return hmac.new(key.subkey("erasure ledger"), _json(said), hashlib.sha256).hexdigest()


def read_line(text: bytes, number: int) -> Entry:
    """Return the entry of a line; LedgerFault where it is not ours."""
    try:
        said = json.loads(text)
        entry = Entry(**{**said, "ids": tuple(said["ids"])})
    except (ValueError, TypeError, KeyError):
        raise LedgerFault(f"Line {number} of the erasure ledger cannot be read.") from None
    if not entry.is_ours():
        raise LedgerFault(f"Line {number} of the erasure ledger was altered, or belongs to another installation.")
    return entry


def checked(lines: Iterable[bytes]) -> Iterator[Entry]:
    """Yield the entries of a ledger, its first line included; LedgerFault at the first that does not follow."""
    before: Entry | None = None
    for number, text in enumerate(lines, 1):
        entry = read_line(text.rstrip(b"\n"), number)
        if before is None and entry.kind not in {BEGIN, CUT}:
            raise LedgerFault("The erasure ledger has lost its beginning.")
        if before is not None and (entry.seq != before.seq + 1 or entry.prev != head_of(before)):
            raise LedgerFault(f"The erasure ledger has a gap before its line {number}.")
        yield entry
        before = entry


def head_of(entry: Entry) -> str:
    """Return what the next line must name: the code of this one, or, of a cut, of the last line cut away."""
    return entry.place if entry.kind == CUT else entry.mac


def renewed(entries: Iterable[Entry], key: Key) -> Iterator[Entry]:
    """Yield the same ledger with every code made anew under another root key."""
    before: Entry | None = None
    for entry in entries:
        said = {**asdict(entry), "ids": entry.ids, "prev": head_of(before) if before else entry.prev}
        yield (before := Entry(**said).sealed(key))


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode("ascii")
