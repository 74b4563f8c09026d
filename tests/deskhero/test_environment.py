"""What the environment says, and the list of what it may say."""

import ast
import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from deskhero.environment import data_dir, env, env_bool, env_int, env_list, env_secret

HOME = Path(__file__).resolve().parent.parent.parent
READERS = {"env", "env_bool", "env_int", "env_list", "env_secret"}


def names_settings_read() -> dict[str, str]:
    """Every name the settings ask for, and through which reader."""
    found = {}
    for file in ("settings.py", "environment.py"):
        for node in ast.walk(ast.parse((HOME / "deskhero" / file).read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in READERS:
                name = node.args[0]
                if isinstance(name, ast.Constant):
                    found[str(name.value)] = node.func.id
    return found


def example() -> list[tuple[str, str]]:
    """Each name of .env.example with the line of words above it."""
    lines = (HOME / ".env.example").read_text().splitlines()
    return [
        (match[1], lines[number - 1]) for number, line in enumerate(lines) if (match := re.match(r"([A-Z_]+)=", line))
    ]


def test_the_example_and_the_settings_know_the_same_names() -> None:
    assert {name for name, _ in example()} == set(names_settings_read())
    assert len(example()) == len({name for name, _ in example()})


def test_every_name_has_a_line_of_words_and_secrets_say_that_a_file_will_do() -> None:
    readers = names_settings_read()
    for name, words in example():
        assert words.startswith("# "), name
        assert ("(file)" in words) == (readers[name] == "env_secret"), name


def test_nothing_but_the_settings_and_the_start_reads_the_environment() -> None:
    allowed = {"environment.py", "settings.py", "celery.py", "asgi.py"}
    for app in ("accounts", "mailbox", "tickets", "privacy", "deskhero"):
        for file in (HOME / app).rglob("*.py"):
            inside = file.relative_to(HOME).parts
            if {"simulator", "embedded", "run"} & set(inside) or (app == "deskhero" and file.name in allowed):
                continue
            assert not re.search(r'os\.environ(?!\.setdefault|\.get\("PATH")|os\.getenv', file.read_text()), file


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORD", "")

    assert env("WORD", "default") == "default"
    assert env_bool("WORD", default=True) is True
    assert env_int("WORD", 7) == 7
    assert env_list("WORD", "a, b") == ["a", "b"]


@pytest.mark.parametrize(("text", "value"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("false", False)])
def test_a_switch_reads_the_usual_words(monkeypatch: pytest.MonkeyPatch, text: str, value: bool) -> None:
    monkeypatch.setenv("SWITCH", text)

    assert env_bool("SWITCH") is value


def test_nonsense_stops_the_start_and_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWITCH", "perhaps")

    with pytest.raises(ImproperlyConfigured, match="SWITCH"):
        env_bool("SWITCH")
    with pytest.raises(ImproperlyConfigured, match="SWITCH"):
        env_int("SWITCH", 1)


def test_a_secret_comes_from_its_file_and_a_missing_file_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("from the file\n")
    monkeypatch.setenv("SECRET_FILE", str(tmp_path / "secret"))
    assert env_secret("SECRET") == "from the file"

    monkeypatch.setenv("SECRET", "itself")
    assert env_secret("SECRET") == "itself"

    monkeypatch.delenv("SECRET")
    monkeypatch.setenv("SECRET_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match="SECRET_FILE cannot be read"):
        env_secret("SECRET")


def test_the_data_folder_is_the_one_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DESKHERO_DATA", str(tmp_path))
    assert data_dir() == tmp_path

    monkeypatch.delenv("DESKHERO_DATA")
    assert data_dir() == HOME / ".data"
