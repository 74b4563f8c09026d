"""The desk of one data folder: which parts it has, in which order they start, what the newcomer is told."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

from deskhero.embedded.common import Layout
from deskhero.run.parts import Part, PartEnded, Parts
from deskhero.run.ports import claim_web_port, simulator_ports
from deskhero.run.steps import say, step
from deskhero.run.surroundings import publish, simulator_folder, surroundings

QUEUES = "sync,file,send,housekeeping"


class Desk:
    """From ports to welcome."""

    def __init__(self, layout: Layout, parts: Parts, port: int) -> None:
        self.layout = layout
        self.parts = parts
        self.port = port
        self.address = f"http://127.0.0.1:{port}"

    def take_ports(self) -> None:
        """Find out before anything slow whether the web's port is free."""
        claim_web_port(self.port)
        self._choose_ports()

    def prepare(self) -> None:
        """Bring databases and static files up to date, start the simulator, fill in the sample data."""
        with step("Databases and static files are up to date"):
            self.parts.finish("prepare", [sys.executable, "-m", "deskhero.run.prepare"], self.environment)
        with step("The simulator of Google and Microsoft"):
            self._start_simulator()
        with step("Sample organizations, mailboxes and mail"):
            self.parts.finish("seed", [sys.executable, "manage.py", "seed_sample"], self.environment)

    def start(self) -> None:
        """Start web, worker and beat, and wait until they answer."""
        with step("Web, worker and beat"):
            celery = [sys.executable, "-m", "celery", "-A", "deskhero"]
            web = [sys.executable, "-m", "deskhero.web", "--port", str(self.port)]
            worker = [*celery, "worker", "-Q", QUEUES, "--concurrency", "2", "--without-gossip", "--without-mingle"]
            schedule = str(self.layout.run / "beat-schedule")
            self.parts.start("web", web, self.environment | {"DATABASE_POOL": "1"})
            self.parts.start("worker", [*worker, "-n", f"worker-{self.port}@%h"], self.environment)
            self.parts.start("beat", [*celery, "beat", "-s", schedule, "--pidfile="], self.environment)
            self.parts.wait_until(lambda: self._answers("/healthz") is not None, "web", seconds=60)
            self.parts.wait_until(self._is_ready, "worker", seconds=60, pause=0.3)

    def welcome(self) -> None:
        """Print where the desk is and who may sign in."""
        sign_ins = subprocess.run(
            [sys.executable, "manage.py", "seed_sample", "--signins"],
            cwd=self.parts.home,
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if sign_ins.returncode:
            raise PartEnded(f"The sample sign-ins could not be read; see {self.layout.log('seed')}.")
        say(f"\nDeskhero      {self.address}/")
        say(f"The customer  http://127.0.0.1:{self.ports['http']}/  (the other side's mail program, simulated)")
        say(f"\n{sign_ins.stdout.rstrip()}\n")
        say(f"Logs are in {self.layout.logs}. Ctrl-C stops everything; the data stays. `make reset` empties it.")

    def _choose_ports(self) -> None:
        self.ports = simulator_ports(self.layout.data / "ports.json")
        self.environment = surroundings(self.layout, self.port, self.ports)
        publish(self.layout, self.environment)

    def _start_simulator(self) -> None:
        """Start it and wait until it answers; a port that went to another program meanwhile costs another try."""
        for attempt in range(3):
            simulator = self._launch_simulator()
            try:
                self.parts.wait_until(lambda: "simulator ready" in simulator.last_lines(), "simulator", seconds=60)  # noqa: B023
            except PartEnded:
                if attempt == 2 or "could not listen" not in simulator.last_lines():
                    raise
                self.parts.running.remove(simulator)
                self._choose_ports()
            else:
                return

    def _launch_simulator(self) -> Part:
        command = [sys.executable, "-u", "-m", "mailbox.simulator", "--data", str(simulator_folder(self.layout))]
        for name, port in self.ports.items():
            command += [f"--{name}-port", str(port)]
        for path in json.loads((self.layout.run / "callbacks.json").read_text()):
            command += ["--redirect-uri", self.environment["DESKHERO_URL"] + path]
        command += ["--desk-url", self.environment["DESKHERO_URL"]]
        self.layout.log("simulator").unlink(missing_ok=True)  # what is waited for is this start's line
        return self.parts.start("simulator", command, {})

    def _answers(self, path: str) -> int | None:
        try:
            with urllib.request.urlopen(self.address + path, timeout=5) as answer:  # noqa: S310 - our own address
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def _is_ready(self) -> bool:
        return self._answers("/readyz") == 200
