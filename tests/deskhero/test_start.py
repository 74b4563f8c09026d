"""How processes start: commands with and without servers, the install that runs before anything is installed."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deskhero import install

HOME = Path(__file__).resolve().parent.parent.parent


def manage(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run manage.py as a person at a shell would, without the servers of this test run."""
    own = {"DATABASE_URL", "VAULT_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
    inherited = {name: value for name, value in os.environ.items() if name not in own}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=HOME,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        ([], False),
        (["check"], False),
        (["parse_mail", "letter.eml"], False),
        (["migrate", "--help"], False),
        (["migrate"], True),
        (["sync_mailboxes", "--once"], True),
    ],
)
def test_a_command_starts_servers_only_if_it_needs_them(arguments: list[str], needed: bool) -> None:
    specification = importlib.util.spec_from_file_location("manage", HOME / "manage.py")
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)

    assert module.needs_services(arguments) is needed


def test_a_command_without_servers_leaves_no_data_folder(tmp_path: Path) -> None:
    done = manage("check", DESKHERO_DATA=str(tmp_path / "data"))

    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "data" / "postgres").exists()


def test_a_command_that_needs_servers_finds_them_by_itself(tmp_path: Path) -> None:
    done = manage("showmigrations", "--database", "vault", DESKHERO_DATA=str(tmp_path / "data"))

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data" / "postgres" / "PG_VERSION").exists()


def test_a_data_folder_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    done = manage("migrate", DESKHERO_DATA=str(tmp_path / "file" / "data"))

    assert done.returncode == 1
    assert "cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_production_starts_no_servers_of_its_own(tmp_path: Path) -> None:
    done = manage("migrate", DESKHERO_ENV="production", DESKHERO_DATA=str(tmp_path / "data"))

    assert "does not start in production" in done.stderr
    assert not (tmp_path / "data").exists()


def test_install_has_nothing_to_do_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "dev.txt"
    lock.write_text("")  # nothing to install
    monkeypatch.setattr(install, "LOCK", lock)
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(install, "STAMP", tmp_path / ".venv" / "stamp")

    assert install.main() == 0
    assert "Installing" in capsys.readouterr().out
    assert install.main() == 0
    assert capsys.readouterr().out == ""

    lock.write_text("# changed")
    assert install.main() == 0
    assert "Installing" in capsys.readouterr().out


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 0))

    assert install.main() == 2
    assert "needs Python 3.11 or newer" in capsys.readouterr().out
