"""Imports point one way, and the product knows nothing of the simulator."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APPS = ("privacy", "tickets", "mailbox", "accounts", "deskhero")
SIMULATOR = ROOT / "mailbox" / "simulator"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))",
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the code, to spoil."""
    for app in APPS:
        shutil.copytree(ROOT / app, tmp_path / app, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_imports_point_one_way() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("lower", "line"),
    [
        ("accounts", "from tickets.models import Ticket"),
        ("accounts/sealing", "import mailbox.models"),
        ("mailbox/actions", "from privacy import inventory"),
        ("mailbox/models", "def later():\n    from tickets.models import Ticket"),
        ("tickets/views", "import privacy.inventory"),
    ],
)
def test_the_contract_is_red_when_a_lower_app_reaches_up(lower: str, line: str, copy: Path) -> None:
    (copy / lower / "guard_reaches_up.py").write_text(f'"""A guard."""\n\n{line}\n')
    done = lint(copy)
    assert done.returncode != 0
    assert "guard_reaches_up" in done.stdout


def names_simulator(path: Path) -> bool:
    """Return whether a module names the simulator: imported at its head or inside a function, or as text."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import) and any(alias.name.startswith("mailbox.simulator") for alias in node.names):
            return True
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module or ''}.{alias.name}" for alias in node.names]
            if any(name.startswith("mailbox.simulator") for name in names) or (
                node.level and node.module == "simulator"
            ):
                return True
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.startswith("mailbox.simulator")
        ):
            return True
    return False


def product() -> list[Path]:
    """Return every module of the product: not the simulator, and not what starts it beside the product on a laptop."""
    beside = {ROOT / "deskhero" / "run", ROOT / "deskhero" / "sample", SIMULATOR}
    return [path for app in APPS for path in (ROOT / app).rglob("*.py") if not beside & set(path.parents)]


def test_the_product_does_not_know_the_simulator() -> None:
    assert [str(path.relative_to(ROOT)) for path in product() if names_simulator(path)] == []
    assert len(product()) > 50


@pytest.mark.parametrize(
    "line",
    [
        "import mailbox.simulator.client",
        "from mailbox import simulator",
        "from mailbox.simulator.client import Simulator",
        "def later():\n    from mailbox.simulator import settings",
        'MODULE = "mailbox.simulator.settings"',
    ],
)
def test_a_module_that_knows_it_is_found(line: str, tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(line)
    assert names_simulator(tmp_path / "module.py")
