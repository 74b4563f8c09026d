"""Whom the embedded Postgres runs as. It refuses to run as root, so root lends it an ordinary user.

Where that user cannot pass the folders above (a checkout in root's home), it gets the one capability to read past
them: no mode of a folder that is not ours is changed, and no user is added to the system.
"""

import ctypes
import os
import pwd
import signal
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from deskhero.embedded.common import EmbeddedError

SET_PARENT_DEATH_SIGNAL, SET_SECURE_BITS, AMBIENT, AMBIENT_RAISE = 1, 28, 47, 2
NO_SETUID_FIXUP = 1 << 2  # without it access(2) leaves capabilities aside, and initdb asks that of its programs
DAC_OVERRIDE, DAC_READ_SEARCH, SET_CAPABILITIES = 1, 2, 8
CAPABILITY_VERSION = 0x20080522


@dataclass(frozen=True)
class ServerUser:
    """An ordinary user for a server; for an ordinary user of this process, that user itself."""

    uid: int | None = None
    gid: int | None = None
    capability: int | None = None

    @classmethod
    def for_paths(cls, *paths: Path) -> "ServerUser":
        """Choose the user, and the capability if it could not reach one of the paths."""
        if os.geteuid() != 0:
            return cls()
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            raise EmbeddedError("Postgres does not run as root, and there is no user `nobody` to lend it.") from None
        if all(_open_to_all(path) for path in paths):
            return cls(nobody.pw_uid, nobody.pw_gid)
        capability = next((one for one in (DAC_READ_SEARCH, DAC_OVERRIDE) if _permitted(one)), None)
        if capability is None or not _permitted(SET_CAPABILITIES):
            raise EmbeddedError(
                "Postgres does not run as root, and an ordinary user may not enter this folder: "
                "put the checkout and DESKHERO_DATA where everybody may pass, or work as an ordinary user."
            )
        return cls(nobody.pw_uid, nobody.pw_gid, capability)

    def make_folder(self, folder: Path) -> None:
        """Make a folder that is the server's alone."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)

    def become(self) -> None:
        """Turn this (forked) process into the server's user; it ends when its parent does."""
        if self.uid is not None and self.gid is not None:
            if self.capability is not None:
                _prctl(SET_SECURE_BITS, NO_SETUID_FIXUP)  # the change of user takes none away; what follows does
            os.setgroups([])
            os.setgid(self.gid)
            os.setuid(self.uid)
            if self.capability is not None:
                _keep_only(self.capability)
        os.umask(0o077)
        _die_with_parent(signal.SIGINT)


def end_with_parent() -> None:
    """Ask that this (forked) process ends when its parent does."""
    os.umask(0o077)
    _die_with_parent(signal.SIGTERM)


def _die_with_parent(number: signal.Signals) -> None:
    if sys.platform == "linux":
        _prctl(SET_PARENT_DEATH_SIGNAL, number)


def _open_to_all(path: Path) -> bool:
    folders = [path, *path.parents]
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)


def _permitted(capability: int) -> bool:
    try:
        status = Path("/proc/self/status").read_text()
    except FileNotFoundError:
        return False
    mask = next(line.split()[1] for line in status.splitlines() if line.startswith("CapPrm:"))
    return bool(int(mask, 16) >> capability & 1)


def _prctl(option: int, first: int, second: int = 0) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, ctypes.c_ulong(first), ctypes.c_ulong(second), 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def _keep_only(capability: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    mask = 1 << capability
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)  # effective, permitted, inheritable; low and high words
    if libc.capset(header, sets):
        raise OSError(ctypes.get_errno(), "capset")
    _prctl(AMBIENT, AMBIENT_RAISE, capability)
