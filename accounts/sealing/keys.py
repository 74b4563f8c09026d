"""Keys: made, wrapped by their parent, kept in memory for a minute, destroyed once."""

import base64
import hashlib
import os
import secrets
import threading
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from accounts.sealing.errors import KeyDestroyed, KeyMissing, SealingError
from accounts.vault.models import VaultKey

Kind = VaultKey.Kind
MAX_CACHED = 20_000
REFRESH_TOGETHER = 200  # what has grown old is read again in one statement, not one by one


@dataclass(frozen=True, slots=True)
class Key:
    """One version of a key in the clear. Each use derives its own sub-key (HKDF-SHA256)."""

    kind: str
    scope: UUID
    version: int
    secret: bytes = field(repr=False)
    _derived: dict[str, object] = field(default_factory=dict, repr=False, compare=False)

    def subkey(self, label: str) -> bytes:
        """Return the 32 bytes this key gives for a use; the same label gives the same bytes."""
        name = f"bytes {label}"
        if name not in self._derived:
            info = f"deskhero {self.kind} {label}".encode()
            self._derived[name] = HKDF(SHA256(), 32, salt=None, info=info).derive(self.secret)
        return self._derived[name]  # type: ignore[return-value]

    def cipher(self, label: str) -> AESGCM:
        """Return AES-256-GCM under the sub-key of that label."""
        if label not in self._derived:
            self._derived[label] = AESGCM(self.subkey(label))
        return self._derived[label]  # type: ignore[return-value]


@cache
def root_key(encoded: str = "") -> Key:
    """Return the root key: from the settings, or on a laptop from a file that is made once (mode 0600)."""
    encoded = encoded or settings.ROOT_KEY or _laptop_root_key(settings.DATA_DIR / "root.key")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise ImproperlyConfigured("DESKHERO_ROOT_KEY must be 32 bytes in base64.")
    return Key("root", UUID(int=0), 1, secret)


def root_keys() -> list[Key]:
    """Return the root keys that may have wrapped or sealed something: the present one, and while rotating the last."""
    previous = settings.ROOT_KEY_PREVIOUS
    return [root_key(), root_key(previous)] if previous else [root_key()]


def _laptop_root_key(path: Path) -> str:
    if settings.PRODUCTION:
        raise ImproperlyConfigured("DESKHERO_ROOT_KEY or DESKHERO_ROOT_KEY_FILE is required in production.")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        deadline = time.monotonic() + 5
        while not (text := path.read_text().strip()) and time.monotonic() < deadline:
            time.sleep(0.01)
        return text
    with os.fdopen(descriptor, "w") as file:
        file.write(text := base64.b64encode(secrets.token_bytes(32)).decode())
        file.flush()
        os.fsync(file.fileno())
    return text


def fingerprint(key: Key) -> str:
    """Return a short public name of a key, as certificates and the vault show it."""
    return hashlib.sha256(b"deskhero fingerprint " + key.secret).hexdigest()[:16]


def wrap(parent: Key, row: VaultKey, secret: bytes) -> None:
    """Put the secret into the row, sealed by the parent and bound to the row's place."""
    nonce = os.urandom(12)
    row.wrapped = nonce + parent.cipher("wrap").encrypt(nonce, secret, _place(row))
    row.wrapped_by = f"root:{fingerprint(parent)}" if parent.kind == "root" else f"{parent.kind}:{parent.version}"


def unwrap(row: VaultKey) -> Key:
    """Return the key of a vault row; KeyDestroyed where nothing is left, SealingError where its parent differs."""
    if row.wrapped is None:
        raise KeyDestroyed(f"This {row.kind} key was destroyed.")
    wrapped = bytes(row.wrapped)
    for parent in _parents(row):
        try:
            secret = parent.cipher("wrap").decrypt(wrapped[:12], wrapped[12:], _place(row))
        except InvalidTag:
            continue
        return Key(row.kind, row.scope, row.version, secret)
    raise SealingError(f"This {row.kind} key is wrapped by a key we do not hold.")


def _parents(row: VaultKey) -> list[Key]:
    if _is_below_organization(row):
        return [keys.version(Kind.ORGANIZATION, _owner(row), int(row.wrapped_by.partition(":")[2]))]
    return root_keys()


def parent_for(row: VaultKey) -> Key:
    """Return the key that wraps new rows of this kind."""
    return keys.current(Kind.ORGANIZATION, _owner(row)) if _is_below_organization(row) else root_key()


def _is_below_organization(row: VaultKey) -> bool:
    return row.kind == Kind.MAILBOX or (row.kind == Kind.CASE and row.organization is not None)


def _owner(row: VaultKey) -> UUID:
    if row.organization is None:
        raise KeyMissing("A mailbox key belongs to an organization.")
    return row.organization


def _place(row: VaultKey) -> bytes:
    return f"deskhero key|{row.kind}|{row.organization or '-'}|{row.scope}|{row.version}".encode()


def make_key(kind: str, scope: UUID, *, organization: UUID | None = None, version: int = 1) -> Key:
    """Make and store a key; where that version exists already, return the one that exists."""
    row = VaultKey(kind=kind, scope=scope, organization=organization, version=version)
    wrap(parent_for(row), row, secrets.token_bytes(32))
    VaultKey.objects.bulk_create([row], ignore_conflicts=True)
    keys.forget(kind, scope)
    return keys.version(kind, scope, version)


def destroy_key(kind: str, scope: UUID) -> int:
    """Destroy every version of a key and return how many there were; this cannot be undone.

    Other processes may use their copy for KEY_CACHE_SECONDS at most.
    """
    count = VaultKey.objects.filter(kind=kind, scope=scope, destroyed_at=None).update(
        wrapped=None, destroyed_at=timezone.now()
    )
    keys.forget(kind, scope)
    return count


Versions = dict[int, "Key | SealingError"]  # of one key, by number; what cannot be opened is kept as its reason


class KeyCache:
    """The keys this process holds in the clear, each for KEY_CACHE_SECONDS at most."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._held: dict[tuple[str, UUID], tuple[float, Versions]] = {}

    def current(self, kind: str, scope: UUID) -> Key:
        """Return the newest version: the one that seals."""
        versions = self._versions(kind, scope)
        return _usable(kind, versions[max(versions)] if versions else None)

    def version(self, kind: str, scope: UUID, version: int) -> Key:
        """Return one version: the one a value names."""
        versions = self._versions(kind, scope)
        if version not in versions:  # made by another process since: rotation
            versions = self._load(kind, {scope}).get(scope, {})
        return _usable(kind, versions.get(version))

    def usable(self, kind: str, scope: UUID) -> list[Key]:
        """Return every version that can still be opened, newest first: a look-up asks under each of them."""
        versions = self._versions(kind, scope)
        return [key for _number, key in sorted(versions.items(), reverse=True) if isinstance(key, Key)]

    def warm(self, kind: str, scopes: set[UUID]) -> None:
        """Read the keys of a page in one statement, before it asks for them one by one."""
        now = time.monotonic()
        with self._lock:
            missing = {s for s in scopes if (kind, s) not in self._held or self._held[kind, s][0] <= now}
        if missing:
            self._load(kind, missing)

    def forget(self, kind: str | None = None, scope: UUID | None = None) -> None:
        """Drop one key from memory, or all."""
        with self._lock:
            if kind is None or scope is None:
                self._held.clear()
            else:
                self._held.pop((kind, scope), None)

    def _versions(self, kind: str, scope: UUID) -> Versions:
        held = self._held.get((kind, scope))
        if held is None or held[0] <= time.monotonic():
            return self._load(kind, {scope} | self._grown_old(kind)).get(scope, {})
        return held[1]

    def _grown_old(self, kind: str) -> set[UUID]:
        now = time.monotonic()
        with self._lock:
            old = [scope for (k, scope), (until, _) in self._held.items() if k == kind and until <= now]
            for scope in old[REFRESH_TOGETHER:]:
                del self._held[kind, scope]
        return set(old[:REFRESH_TOGETHER])

    def _load(self, kind: str, scopes: set[UUID]) -> dict[UUID, Versions]:
        until = time.monotonic() + settings.KEY_CACHE_SECONDS  # from before the read, so that the bound holds
        found: dict[UUID, Versions] = {}
        for row in VaultKey.objects.filter(kind=kind, scope__in=scopes):
            found.setdefault(row.scope, {})[row.version] = _opened(row)
        with self._lock:
            for scope in scopes:
                self._held.pop((kind, scope), None)
                if scope in found:
                    self._held[kind, scope] = (until, found[scope])
            while len(self._held) > MAX_CACHED:
                self._held.pop(next(iter(self._held)))
        return found


def _opened(row: VaultKey) -> "Key | SealingError":
    """A row that cannot be opened says so to whoever needs it, and to nobody whose key was read along with it."""
    try:
        return unwrap(row)
    except SealingError as error:
        return error


def _usable(kind: str, held: "Key | SealingError | None") -> Key:
    if held is None:
        raise KeyMissing(f"There is no such {kind} key.")
    if isinstance(held, SealingError):
        raise type(held)(*held.args)
    return held


keys = KeyCache()
