"""`python -m deskhero.run.reset`: stop what runs in the data folder, then empty it. Files that are not ours stay."""

import shutil
import sys

from deskhero.embedded import EmbeddedError, stop_services
from deskhero.embedded.common import Layout, is_locked
from deskhero.environment import data_dir

OURS = {
    "backups",
    "files",
    "ledger",
    "ledger-copy",
    "logs",
    "ports.json",
    "postgres",
    "postgres.new",
    "redis",
    "root.key",
    "run",
    "simulator",
    "socket",
    "static",
}


def main() -> int:
    """Empty the folder; refuse while `make run` uses it."""
    layout = Layout(data_dir())
    if is_locked(layout.launcher_lock):
        print(f"Deskhero runs in {layout.data}: stop it first (Ctrl-C in its terminal).")
        return 2
    try:
        stop_services(layout.data)
    except EmbeddedError as error:
        print(error)
        return 2
    for name in sorted(OURS):
        path = layout.data / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    print(f"{layout.data} is empty: the next `make run` starts afresh.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
