"""Start a simulator for a test, a seed or a bench, and stop it again."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mailbox.simulator.client import Simulator

READY = "simulator ready"


class SimulatorDidNotStart(Exception):
    """The process ended or stayed silent; the text is what it wrote."""


@contextmanager
def running_simulator(
    data_dir: str | Path,
    redirect_uris: Iterable[str],
    *,
    https_port: int = 0,
    http_port: int = 0,
    smtp_port: int = 0,
    wait_seconds: float = 60,
) -> Iterator[Simulator]:
    """A simulator on free ports (or those named) that ends with the block, and with this process whatever happens."""
    folder = Path(data_dir)
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "mailbox.simulator", "--data", str(folder), "--exit-with-parent"]
    for name, port in (("https", https_port), ("http", http_port), ("smtp", smtp_port)):
        command += [f"--{name}-port", str(port)]
    for uri in redirect_uris:
        command += ["--redirect-uri", uri]
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])}
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
            command, stdout=subprocess.PIPE, stderr=errors, env=environment, cwd=root, text=True
        )
        try:
            if not _is_ready(process, wait_seconds):
                errors.seek(0)
                raise SimulatorDidNotStart(errors.read() or "nothing was written")
            ports = json.loads((folder / "simulator.json").read_text())
            simulator = Simulator(
                f"https://127.0.0.1:{ports['https']}",
                folder / "bundle.pem",
                http_url=f"http://127.0.0.1:{ports['http']}",
                smtp_port=ports["smtp"],
            )
            with simulator.session:
                yield simulator
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout:
                process.stdout.close()


def _is_ready(process: "subprocess.Popen[str]", wait_seconds: float) -> bool:
    said: list[str] = []

    def listen() -> None:
        said.append(process.stdout.readline() if process.stdout else "")

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    listener.join(wait_seconds)
    return bool(said) and said[0].strip() == READY
