"""The pieces of `make run`: ports, parts that live and die together, what the children are told, reset."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskhero.embedded.common import Layout, is_locked
from deskhero.run.desk import Desk
from deskhero.run.parts import PartEnded, Parts
from deskhero.run.ports import PortTaken, claim_web_port, is_free, simulator_ports
from deskhero.run.prepare import fingerprint
from deskhero.run.surroundings import adopt, publish, surroundings
from tests.deskhero.test_environment import names_settings_read

HOME = Path(__file__).resolve().parent.parent.parent
PORTS = {"https": 20001, "http": 20002, "smtp": 20003}


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path / "data")
    layout.make()
    return layout


@pytest.fixture
def parts(layout: Layout) -> Iterator[Parts]:
    parts = Parts(layout)
    yield parts
    parts.stop()


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@contextlib.contextmanager
def somebody_holds(file: Path) -> Iterator[None]:
    """Another process that holds a lock, as a running launcher does."""
    code = f"import fcntl, time; f = open({str(file)!r}, 'w'); fcntl.flock(f, 2); print(1, flush=True); time.sleep(60)"
    holder = subprocess.Popen(script(code), stdout=subprocess.PIPE)
    assert holder.stdout
    holder.stdout.readline()
    yield
    holder.kill()
    holder.communicate()


def script(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_taken_port_is_named_with_another_to_try(taken_port: int) -> None:
    with pytest.raises(PortTaken, match=rf"Port {taken_port} is taken .* make run PORT=80\d0"):
        claim_web_port(taken_port)


def test_the_launcher_says_so_before_it_starts_anything(taken_port: int, tmp_path: Path) -> None:
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "deskhero.run", "--port", str(taken_port)],
        cwd=HOME,
        env=os.environ | {"DESKHERO_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "is taken by another program. Try another one: make run PORT=" in done.stdout
    assert not (tmp_path / "data" / "postgres").exists()
    assert time.monotonic() - begun < 20


def test_a_second_launcher_in_the_same_folder_is_refused(layout: Layout) -> None:
    with somebody_holds(layout.launcher_lock):
        done = subprocess.run(
            [sys.executable, "-m", "deskhero.run", "--port", "0"],
            cwd=HOME,
            env=os.environ | {"DESKHERO_DATA": str(layout.data)},
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 2
    assert "already runs" in done.stdout


def test_the_simulator_keeps_its_ports_until_somebody_takes_one(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = simulator_ports(file)

    assert len(set(first.values())) == 3
    assert simulator_ports(file) == first
    with socket.socket() as thief:
        thief.bind(("127.0.0.1", first["http"]))
        thief.listen()
        second = simulator_ports(file)
        assert not is_free(first["http"])
    assert second["http"] != first["http"]
    assert second["https"] == first["https"]


def test_a_port_lost_at_the_last_moment_costs_another_try(
    layout: Layout, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(layout, parts, 8010)
    tries = iter(
        ["raise SystemExit('could not listen')", "import time; print('simulator ready', flush=True); time.sleep(60)"]
    )
    monkeypatch.setattr(desk, "_launch_simulator", lambda: parts.start("simulator", script(next(tries)), {}))

    desk._start_simulator()

    assert [part.name for part in parts.running] == ["simulator"]
    assert set(desk.ports) == {"https", "http", "smtp"}


def test_a_part_that_dies_is_named_with_its_last_lines_and_without_addresses(parts: Parts) -> None:
    parts.start("web", script("import time; time.sleep(60)"), {})
    dying = parts.start("worker", script("print('cannot go on with carol@customer.example'); raise SystemExit(3)"), {})
    dying.process.wait(20)

    with pytest.raises(PartEnded, match=r"(?s)worker” ended with code 3.*cannot go on with \[address\]") as death:
        parts.check()
    assert "carol" not in str(death.value)


def test_stopping_ends_every_part_and_kills_what_does_not_listen(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deskhero.run.parts.PATIENCE_SECONDS", 1)
    good = parts.start("good", script("import time; time.sleep(60)"), {})
    stubborn = parts.start(
        "stubborn",
        script(
            "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
            "print('up', flush=True); time.sleep(60)"
        ),
        {},
    )
    parts.wait_until(lambda: "up" in stubborn.last_lines(), "stubborn", seconds=20)

    parts.stop()

    assert good.process.returncode == -signal.SIGTERM
    assert stubborn.process.returncode == -signal.SIGKILL


def test_parts_do_not_outlive_a_launcher_that_was_killed(layout: Layout) -> None:
    launcher = subprocess.Popen(
        script(
            "import sys, time; from pathlib import Path\n"
            "from deskhero.embedded.common import Layout; from deskhero.run.parts import Parts\n"
            "sleep = [sys.executable, '-c', 'import time; time.sleep(60)']\n"
            f"part = Parts(Layout(Path({str(layout.data)!r}))).start('part', sleep, {{}})\n"
            "print(part.process.pid, flush=True); time.sleep(60)"
        ),
        cwd=HOME,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert launcher.stdout
    pid = int(launcher.stdout.readline())
    launcher.kill()
    launcher.communicate()

    end = time.monotonic() + 15
    while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1][:3]:
        assert time.monotonic() < end, "the part is still there"
        time.sleep(0.05)


def test_a_step_that_fails_stops_the_start(parts: Parts) -> None:
    with pytest.raises(PartEnded, match="seed” ended with code 1"):
        parts.finish("seed", script("raise SystemExit(1)"), {})


def test_the_children_are_told_names_the_settings_know(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOOGLE_CLIENT_ID", "MICROSOFT_CLIENT_ID", "EMAIL_HOST", "PROVIDER_CA_BUNDLE", "DESKHERO_URL"):
        monkeypatch.delenv(name, raising=False)

    told = surroundings(layout, 8010, PORTS)

    assert set(told) <= set(names_settings_read())
    assert told["DESKHERO_URL"] == "http://127.0.0.1:8010"
    assert told["GRAPH_API_ROOT"] == "https://127.0.0.1:20001/graph/v1.0"


def test_a_provider_of_the_operators_own_is_left_alone(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_CLIENT_ID", "a-real-client")

    told = surroundings(layout, 8010, PORTS)

    assert not [name for name in told if name.startswith(("GOOGLE", "GMAIL"))]
    assert "GRAPH_API_ROOT" in told


def test_commands_in_another_shell_find_the_running_desk_and_only_a_running_one(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPH_API_ROOT", "")
    monkeypatch.delenv("GRAPH_API_ROOT")
    publish(layout, {"GRAPH_API_ROOT": "https://127.0.0.1:20001/graph/v1.0"})

    adopt(layout.data)
    assert "GRAPH_API_ROOT" not in os.environ

    with somebody_holds(layout.launcher_lock):
        assert is_locked(layout.launcher_lock)
        adopt(layout.data)
    assert os.environ["GRAPH_API_ROOT"].endswith("/graph/v1.0")


def test_static_files_are_collected_again_only_when_they_change(tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "base.txt").write_text("django==5.2")
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "desk.css").write_text("a {}")
    first = fingerprint(tmp_path)

    assert fingerprint(tmp_path) == first
    (tmp_path / "static" / "desk.css").write_text("a { color: red }")
    assert fingerprint(tmp_path) != first


def test_reset_empties_what_is_ours_and_leaves_the_rest(layout: Layout) -> None:
    (layout.data / "files").mkdir()
    (layout.data / "files" / "sealed").write_text("x")
    (layout.data / "notes.txt").write_text("not ours")

    done = subprocess.run(
        [sys.executable, "-m", "deskhero.run.reset"],
        cwd=HOME,
        env=os.environ | {"DESKHERO_DATA": str(layout.data)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    assert [path.name for path in layout.data.iterdir()] == ["notes.txt"]
