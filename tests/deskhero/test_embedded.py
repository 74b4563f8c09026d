"""The servers of a laptop: on demand, shared, left by nobody, never lost to kill -9."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from deskhero.embedded import EmbeddedError, Services, ensure_services, release_services, stop_services
from deskhero.embedded.common import Layout, is_locked
from deskhero.embedded.owner import ServerUser

HOME = Path(__file__).resolve().parent.parent.parent
USER = """
import sys, time
from pathlib import Path
from deskhero.embedded import ensure_services
print(ensure_services(Path(sys.argv[1]), durable=False).database_url, flush=True)
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    yield folder
    stop_services(folder)


def use(data: Path, seconds: float = 0) -> "subprocess.Popen[str]":
    """Another process that uses the servers for a while."""
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(data), str(seconds)], cwd=HOME, stdout=subprocess.PIPE, text=True
    )


def servers(data: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if str(data) in " ".join(process.cmdline()) or process.cwd() == str(data / "redis"):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def wait_until(happened: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def answers(services: Services) -> bool:
    for url in (services.database_url, services.vault_url):
        with psycopg.connect(url) as connection:
            connection.execute("SELECT 1")
    return bool(redis.Redis.from_url(services.redis_url).ping())


def test_two_databases_and_redis_answer_and_the_owner_is_no_superuser(data: Path) -> None:
    services = ensure_services(data, durable=False)

    assert answers(services)
    with psycopg.connect(services.database_url) as connection:
        row = connection.execute("SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user").fetchone()
        assert row == (False, True)
        for extension in ("btree_gin", "pg_trgm"):
            connection.execute(f"CREATE EXTENSION {extension}")
    assert services.vault_url.endswith("/deskhero_vault")


def test_asking_again_gives_the_same_servers(data: Path) -> None:
    assert ensure_services(data, durable=False) == ensure_services(data, durable=False)


def test_four_processes_at_once_share_one_pair(data: Path) -> None:
    users = [use(data, 1) for _ in range(4)]
    urls = {user.communicate(timeout=60)[0] for user in users}

    assert len(urls) == 1
    assert all(user.returncode == 0 for user in users)
    assert Layout(data).log("postgres").read_text().count("starting PostgreSQL") == 1


def test_the_last_user_leaves_nothing_running_even_when_killed(data: Path) -> None:
    user = use(data, 600)
    assert user.stdout
    user.stdout.readline()
    assert servers(data)

    user.kill()
    user.communicate()

    wait_until(lambda: not servers(data))


def test_data_survives_the_stop(data: Path) -> None:
    with psycopg.connect(ensure_services(data).database_url) as connection:
        connection.execute("CREATE TABLE kept (id int)")
    stop_services(data)

    with psycopg.connect(ensure_services(data).database_url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_after_kill_9_of_everything_the_next_start_serves_the_data(data: Path) -> None:
    with psycopg.connect(ensure_services(data).database_url) as connection:
        connection.execute("CREATE TABLE kept (id int)")
    for process in servers(data):
        process.kill()
    wait_until(lambda: not is_locked(Layout(data).keeper_lock))

    with psycopg.connect(ensure_services(data).database_url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_when_the_keeper_is_killed_its_servers_go_too_and_come_back(data: Path) -> None:
    ensure_services(data, durable=False)
    os.kill(int(Layout(data).keeper_pid.read_text()), signal.SIGKILL)
    wait_until(lambda: not is_locked(Layout(data).keeper_lock))

    assert answers(ensure_services(data, durable=False))


def test_a_pid_file_whose_number_was_given_away_does_not_stop_the_start(data: Path) -> None:
    ensure_services(data, durable=False)
    stop_services(data)
    (data / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{data}/postgres\n1\n5432\n\n\n\n")

    assert answers(ensure_services(data, durable=False))


@pytest.mark.parametrize("name", ["a" * 110, "with space, comma and ü", "100%25"])
def test_long_and_odd_folder_names_work(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    try:
        assert answers(ensure_services(folder, durable=False))
    finally:
        stop_services(folder)


def test_two_folders_have_servers_of_their_own(data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    try:
        one, two = ensure_services(data, durable=False), ensure_services(other, durable=False)

        assert {one.database_url, one.redis_url}.isdisjoint({two.database_url, two.redis_url})
        release_services(data)
        assert answers(two)
    finally:
        stop_services(other)


def test_nobody_else_reaches_the_servers(data: Path) -> None:
    services = ensure_services(data, durable=False)

    assert stat.S_IMODE((data / "socket").stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "run" / "services.json").stat().st_mode) == 0o600
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=int(services.redis_url.rsplit(":", 1)[1].split("/")[0])).ping()
    listening = {
        connection.laddr.ip
        for process in servers(data)
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {"127.0.0.1"}
    assert "requirepass" not in " ".join(" ".join(process.cmdline()) for process in servers(data))


def test_the_postgres_log_holds_no_values(data: Path) -> None:
    with psycopg.connect(ensure_services(data, durable=False).database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE once (word text UNIQUE)")
        connection.execute("INSERT INTO once VALUES ('canary-7f21')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO once VALUES ('canary-7f21')")

    log = Layout(data).log("postgres").read_text()
    assert "violates unique constraint" in log
    assert "canary" not in log


def test_an_ephemeral_folder_goes_with_its_last_user(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    ensure_services(folder, durable=False, ephemeral=True)
    release_services(folder)

    wait_until(lambda: not folder.exists())


def test_a_cluster_of_another_postgres_is_named_not_touched(data: Path) -> None:
    (data / "postgres").mkdir(parents=True)
    (data / "postgres" / "PG_VERSION").write_text("9\n")

    with pytest.raises(EmbeddedError, match="written by Postgres 9"):
        ensure_services(data)
    assert (data / "postgres" / "PG_VERSION").read_text() == "9\n"


def test_servers_in_use_can_be_spared(data: Path) -> None:
    ensure_services(data, durable=False)
    user = use(data, 600)
    assert user.stdout
    user.stdout.readline()

    assert stop_services(data, if_unused=True) is False
    user.kill()
    user.communicate()
    assert stop_services(data, if_unused=True) is True


def test_stopping_what_does_not_run_changes_nothing(data: Path) -> None:
    assert stop_services(data) is False


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends Postgres a user")
def test_the_lent_user_reaches_programs_in_a_closed_folder_and_asks_first_as_initdb_does(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    program = folder / "program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    user = ServerUser.for_paths(program)
    asked = "import os, sys; print(os.getuid() != 0, os.access(sys.argv[1], os.X_OK), os.access(sys.argv[1], os.W_OK))"

    done = subprocess.run(
        [sys.executable, "-c", asked, str(program)], preexec_fn=user.become, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["True", "True", "False"]
