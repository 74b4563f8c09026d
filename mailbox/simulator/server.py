"""Run the simulator: HTTPS, HTTP and SMTP in one process, until it is told to stop or its parent is gone."""

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from django.core.management import call_command

from mailbox.simulator.certificates import ensure_certificates
from mailbox.simulator.service_post import post_box

READY = "simulator ready"
GRACE_SECONDS = 0.5  # for answers under way when it stops


class QuietServer(uvicorn.Server):
    """A uvicorn server that leaves signals to the one who runs several."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signal."""
        yield


def listen(port: int) -> socket.socket:
    """A socket on loopback; port 0 takes a free one."""
    # Without the protocol asyncio does not turn Nagle off, and every answer waits 40 ms.
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind(("127.0.0.1", port))
    found.listen(256)
    return found


def config(**options: object) -> uvicorn.Config:
    """How both web servers are set up."""
    return uvicorn.Config(
        "mailbox.simulator.asgi:application",
        lifespan="off",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ws="none",
        **options,  # type: ignore[arg-type]
    )


async def serve(folder: Path, https_port: int, http_port: int, smtp_port: int, parent: int) -> None:
    """Serve until a signal comes or the parent process is gone."""
    certificate, key = ensure_certificates(folder)
    tls, plain, smtp = listen(https_port), listen(http_port), listen(smtp_port)
    https = QuietServer(config(ssl_certfile=str(certificate), ssl_keyfile=str(key)))
    http = QuietServer(config())
    taken = smtp.getsockname()[1]
    smtp.close()
    box = post_box(taken)
    box.start()
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    servers = [asyncio.create_task(https.serve([tls])), asyncio.create_task(http.serve([plain]))]
    while not (https.started and http.started):
        if any(task.done() for task in servers):
            raise SystemExit("The simulator could not start its web servers.")
        await asyncio.sleep(0.01)
    ports = {"https": tls.getsockname()[1], "http": plain.getsockname()[1], "smtp": taken, "pid": os.getpid()}
    (folder / "simulator.json").write_text(json.dumps(ports))
    print(READY, flush=True)
    while not stop.is_set() and not (parent and is_gone(parent)):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 0.5)
    https.should_exit = http.should_exit = True
    asyncio.get_running_loop().call_later(GRACE_SECONDS, hang_up, https, http)
    await asyncio.gather(*servers)
    box.stop()


def hang_up(*servers: uvicorn.Server) -> None:
    """Wait no longer for connections that clients keep open."""
    for server in servers:
        server.force_exit = True


def is_gone(pid: int) -> bool:
    """Whether the process that started us has ended."""
    return os.getppid() != pid


def prepare(folder: Path) -> None:
    """Make the data folder and bring its database up to date."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    call_command("migrate", verbosity=0, interactive=False)
