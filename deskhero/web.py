"""The web server: `python -m deskhero.web --port 8000`. Uvicorn, with our log lines instead of its own."""

import argparse
import contextlib
import ctypes
import os
import signal
import socket
import sys
from pathlib import Path

import uvicorn

from deskhero.restoring import refuse_while_restoring
from deskhero.settling import settle

GRACE_SECONDS = 3  # open event streams end with the process; a browser connects again by itself
_END_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def main(arguments: list[str] | None = None) -> None:
    """Serve until a signal says stop."""
    parser = argparse.ArgumentParser(prog="python -m deskhero.web", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--listener", type=int, help="the number of a socket that listens already")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhero.settings")
    refuse_while_restoring()  # here once, before several processes are told the same
    config = uvicorn.Config(
        "deskhero.asgi:application",
        host=options.host,
        port=options.port,
        lifespan="off",
        log_config=None,  # Django's LOGGING, so that no line leaves unscrubbed
        access_log=False,
        server_header=False,
        proxy_headers=False,  # Django judges X-Forwarded-Proto itself, and only behind a proxy
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    listener = socket.socket(fileno=options.listener) if options.listener else config.bind_socket()
    config.load()
    load_pages()
    settle()
    if options.workers > 1:
        part(config, listener, options.workers)
    serve(config, listener)


def load_pages() -> None:
    """Load every page's code, which otherwise the first request of each process would."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 - reading it imports them


def part(config: uvicorn.Config, listener: socket.socket, count: int) -> None:
    """Part so many workers from this process, which becomes the one that keeps them (deskhero/workers.py).

    They share the memory of what was loaded: two of them take half as much as two that load it each.
    """
    children = [_child(config, listener) for _ in range(count)]
    listener.set_inheritable(True)
    keeper = str(Path(__file__).with_name("workers.py"))
    replacement = [sys.executable, "-m", "deskhero.web", "--listener"]
    pids = ",".join(map(str, children))
    os.execv(sys.executable, [sys.executable, keeper, str(listener.fileno()), pids, *replacement])  # noqa: S606 - ours


def _child(config: uvicorn.Config, listener: socket.socket) -> int:
    if pid := os.fork():
        return pid
    with contextlib.suppress(AttributeError):  # Linux alone has it
        ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGTERM)
    serve(config, listener)
    raise SystemExit(0)


def serve(config: uvicorn.Config, listener: socket.socket) -> None:
    """Answer requests in this process until a signal says stop."""
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
