"""The key of each backup. Those of data and files live in the vault; the vault's own cannot.

They lie, wrapped by the root key, in a ring beside the erasure ledger and its copy: whoever brings a system back needs
the ledger anyway. A new machine opens with the root key the ring, with the ring the vault, with the vault the data.
"""

import base64
import json
import secrets
from pathlib import Path
from uuid import UUID

from accounts.sealing.envelope import seal, unseal_under_root
from accounts.sealing.errors import KeyMissing
from accounts.sealing.keys import Key, Kind, destroy_key, keys, make_key, root_key
from privacy.ledger import files
from privacy.models import Backup

NAME = "vault-backups.keys"


def new_key(kind: str, backup_id: UUID) -> Key:
    """Make and keep the key of a backup."""
    if kind != Backup.Kind.VAULT:
        return make_key(Kind.BACKUP, backup_id)
    secret = secrets.token_bytes(32)
    with files.alone():
        ring = _ring()
        ring[str(backup_id)] = base64.b64encode(seal(root_key(), _place(backup_id), secret)).decode()
        _keep(ring)
    return _key(backup_id, secret)


def key_of(kind: str, backup_id: UUID) -> Key:
    """Return the key of a backup; KeyDestroyed or KeyMissing where nobody can open it any more."""
    if kind != Backup.Kind.VAULT:
        return keys.current(Kind.BACKUP, backup_id)
    with files.alone():
        wrapped = _ring().get(str(backup_id))
    if wrapped is None:
        raise KeyMissing("There is no key for this backup of the vault: it was destroyed, or the ring is another's.")
    return _key(backup_id, unseal_under_root(_place(backup_id), base64.b64decode(wrapped)))


def end_key(kind: str, backup_id: UUID) -> None:
    """Destroy the key of a backup, for good; destroying it again changes nothing."""
    if kind != Backup.Kind.VAULT:
        destroy_key(Kind.BACKUP, backup_id)
        return
    with files.alone():
        ring = _ring()
        if ring.pop(str(backup_id), None) is not None:
            _keep(ring)


def rewrap() -> None:
    """Wrap the ring under the present root key."""
    with files.alone():
        ring = {
            name: base64.b64encode(
                seal(root_key(), _place(UUID(name)), unseal_under_root(_place(UUID(name)), base64.b64decode(wrapped)))
            ).decode()
            for name, wrapped in _ring().items()
        }
        _keep(ring)


def _ring() -> dict[str, str]:
    for path in files.paths(NAME):
        if path.exists():
            return dict(json.loads(path.read_bytes()))
    return {}


def _keep(ring: dict[str, str]) -> None:
    text = json.dumps(ring, indent=1, sort_keys=True).encode()
    path: Path
    for path in files.paths(NAME):
        files.replace(path, [text])


def _key(backup_id: UUID, secret: bytes) -> Key:
    return Key(Kind.BACKUP, backup_id, 1, secret)


def _place(backup_id: UUID) -> str:
    return f"deskhero vault backup|{backup_id}"
