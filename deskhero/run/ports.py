"""The ports of one data folder: the web's is asked for, the simulator's are picked once and remembered."""

import json
import socket
import zlib
from pathlib import Path

SIMULATOR = ("https", "http", "smtp")


class PortTaken(Exception):
    """The text is a sentence for the person at the shell."""


def claim_web_port(port: int) -> None:
    """Raise PortTaken, with a free one to try, if the port is in use."""
    if is_free(port):
        return
    other = next((one for one in range(8010, 8100, 10) if is_free(one)), None)
    hint = f" Try another one: make run PORT={other}" if other else ""
    raise PortTaken(f"Port {port} is taken by another program.{hint}")


def simulator_ports(file: Path) -> dict[str, int]:
    """Return the folder's ports, picking new ones for those another program has taken meanwhile."""
    try:
        known = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        known = {}
    ports: dict[str, int] = {}
    for name in SIMULATOR:
        port = known.get(name)
        ports[name] = port if isinstance(port, int) and is_free(port) else _free_port(file, set(ports.values()))
    if ports != known:
        file.write_text(json.dumps(ports))
    return ports


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


def _free_port(file: Path, avoid: set[int]) -> int:
    """Pick below the range the kernel gives to outgoing connections, so that the port is free next time too.

    Two folders begin at different places: desks that start at the same moment do not pick the same port.
    """
    start = 20000 + zlib.crc32(str(file.resolve()).encode()) % 11000
    return next(port for port in range(start, 32000) if port not in avoid and is_free(port))
