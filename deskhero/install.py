"""`python3 deskhero/install.py`: make .venv and install the locked dependencies, unless they are there already.

It runs before anything is installed, so it needs the standard library only.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements" / "dev.txt"
STAMP = VENV / "deskhero.stamp"


def main() -> int:
    """Install what the lock names, every file checked against its hash; a second run returns at once."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the first thing a newcomer runs, with whatever Python there is
        print(f"Deskhero needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try: make PYTHON=python3.11 ...")
        return 2
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # two `make run` in one checkout: the second finds the work done
        return _install()
    finally:
        os.close(folder)


def _install() -> int:
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted and _works():
        return 0
    begun = time.monotonic()
    print("  ...      Installing the locked dependencies into .venv (once; a few minutes on a slow line)", flush=True)
    if not _works():
        shutil.rmtree(VENV, ignore_errors=True)
        if not _make_venv():
            return 2
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "--require-hashes", "-r", str(LOCK)], cwd=ROOT, check=False)
    if done.returncode:
        print("The dependencies could not be installed; pip says why above.")
        return 2
    STAMP.write_text(wanted)
    print(f"  {time.monotonic() - begun:5.1f} s  Dependencies", flush=True)
    return 0


def _works() -> bool:
    """Tell whether .venv has a Python and pip that run; an upgrade of the system may have taken them away."""
    python = VENV / "bin" / "python"
    if not python.exists():
        return False
    return subprocess.run([str(python), "-c", "import pip"], capture_output=True, check=False).returncode == 0


def _make_venv() -> bool:
    done = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if done.returncode:
        print("This Python cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv")
        print((done.stderr or done.stdout).strip())
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
