"""The manifest: what a backup is, beside it in the store, so that a machine without a catalogue finds its way.

It holds ids, times, names of tables and counts, and a code (MAC) under the backup's own key.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from uuid import UUID

from accounts.sealing.errors import SealingError
from accounts.sealing.keys import Key, fingerprint
from privacy.backups import keyring, store
from privacy.backups.errors import BackupDamaged, RestoreRefused
from privacy.models import Backup

FOLDER = "manifests"
LOST = "No key opens it: it was taken after the backup of the vault that was brought back."


@dataclass(frozen=True)
class Manifest:
    """One backup as its store knows it."""

    id: str
    kind: str
    started_at: str
    finished_at: str
    expires_at: str
    bytes: int
    sha256: str
    location: str
    app_version: str
    ledger_position: int
    ledger_id: str  # which ledger that position is of
    counts: dict[str, int] = field(default_factory=dict)  # rows of each table; of files: files, new, bytes
    mac: str = ""

    @property
    def uuid(self) -> UUID:
        """Return its id."""
        return UUID(self.id)

    @property
    def started(self) -> datetime:
        """Return when it was begun."""
        return datetime.fromisoformat(self.started_at)

    def key(self) -> Key:
        """Return its key; a SealingError where nobody has it any more."""
        return keyring.key_of(self.kind, self.uuid)

    def sealed(self, key: Key) -> "Manifest":
        """Return it with its code."""
        return replace(self, mac=self._mac(key))

    def check(self) -> Key:
        """Return the key of the backup; BackupDamaged where the manifest was altered."""
        key = self.key()
        if not hmac.compare_digest(self.mac, self._mac(key)):
            raise BackupDamaged("The manifest of the backup was altered.")
        return key

    def _mac(self, key: Key) -> str:
        said = {name: value for name, value in asdict(self).items() if name != "mac"}
        text = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
        return hmac.new(key.subkey("manifest"), text, hashlib.sha256).hexdigest()


def name_of(backup_id: UUID) -> str:
    """Return the name of a manifest in the store."""
    return f"{FOLDER}/{backup_id}.json"


def keep(manifest: Manifest) -> None:
    """Write a manifest into the store."""
    store.replace(name_of(manifest.uuid), json.dumps(asdict(manifest), indent=1).encode())


def find(backup_id: UUID) -> Manifest:
    """Return the manifest of a backup; RestoreRefused where the store has none."""
    if not store.storage().exists(name_of(backup_id)):
        raise RestoreRefused(f"The store has no backup {backup_id}.")
    return _read(store.get(name_of(backup_id)))


def everything(kind: str = "") -> Iterator[Manifest]:
    """Yield the manifests in the store, oldest first; what cannot be read is left out."""
    found = []
    for name in store.names(FOLDER):
        try:
            found.append(_read(store.get(f"{FOLDER}/{name}")))
        except BackupDamaged:
            continue
    yield from sorted((one for one in found if kind in {"", one.kind}), key=lambda one: one.started_at)


def trusted() -> Iterator[Manifest]:
    """Yield those that carry the code of a key we have."""
    for manifest in everything():
        try:
            manifest.check()
        except (SealingError, BackupDamaged):
            continue
        yield manifest


def of(backup: Backup, counts: dict[str, int], ledger_id: str) -> Manifest:
    """Return what a finished row says, to be sealed."""
    assert backup.finished_at is not None  # noqa: S101 - only whole backups have one
    return Manifest(
        id=str(backup.pk),
        kind=backup.kind,
        started_at=backup.started_at.isoformat(),
        finished_at=backup.finished_at.isoformat(),
        expires_at=backup.expires_at.isoformat(),
        bytes=backup.bytes,
        sha256=backup.sha256,
        location=backup.location,
        app_version=backup.app_version,
        ledger_position=backup.ledger_position,
        ledger_id=ledger_id,
        counts=counts,
    )


def to_catalogue(manifest: Manifest, *, lost_at: datetime | None = None) -> Backup:
    """Write what the store knows into the catalogue of a system that was brought back.

    `lost_at`: no key opens it any more, so that it is deleted with the next run.
    """
    said = asdict(manifest)
    keep_fields = ("kind", "bytes", "sha256", "location", "app_version", "ledger_position")
    moments = {name: datetime.fromisoformat(said[name]) for name in ("started_at", "finished_at", "expires_at")}
    values = {name: said[name] for name in keep_fields} | moments
    if lost_at is None:
        values["key_reference"] = fingerprint(manifest.key())
    else:
        values |= {"key_destroyed_at": lost_at, "fault": LOST, "expires_at": min(lost_at, moments["expires_at"])}
    return Backup.objects.update_or_create(pk=manifest.uuid, defaults=values)[0]


def _read(text: bytes) -> Manifest:
    try:
        return Manifest(**json.loads(text))
    except (ValueError, TypeError):
        raise BackupDamaged("The manifest of the backup cannot be read.") from None
