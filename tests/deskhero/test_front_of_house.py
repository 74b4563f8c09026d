"""What a newcomer reads is true: links lead somewhere, commands exist, decisions are listed."""

import re
from pathlib import Path

import pytest

from tests import whole

HOME = Path(__file__).resolve().parent.parent.parent
PAGES = [HOME / "README.md", *sorted((HOME / "docs").rglob("*.md"))]
TARGETS = set(re.findall(r"^([a-z]+):", (HOME / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOME)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOME)))
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(), re.MULTILINE)) <= TARGETS


def test_every_decision_is_in_the_index() -> None:
    index = (HOME / "docs" / "adr" / "README.md").read_text()
    for page in (HOME / "docs" / "adr").glob("0*.md"):
        assert f"({page.name})" in index, page.name


def recipe_of(target: str) -> str:
    """The lines below a target of the Makefile."""
    recipe = re.search(rf"^{target}:.*?(?=^\S)", (HOME / "Makefile").read_text(), re.MULTILINE | re.DOTALL)
    assert recipe, target
    return recipe[0]


def test_the_gate_calls_make_check_and_make_check_holds_everything() -> None:
    assert "make check" in (HOME / ".ci" / "run").read_text()
    for tool in ("ruff check", "ruff format --check", "mypy", "lint-imports", "makemigrations --check"):
        assert tool in recipe_of("check"), tool
    assert re.search(r"\$\(MAKE\).* test$", recipe_of("check"), re.MULTILINE)


def test_the_two_halves_of_make_test_leave_no_test_out() -> None:
    assert "-m tests.whole" in recipe_of("test")
    assert [half[half.index("-m") + 1] for half in (whole.CODE, whole.BROWSERS)] == ["not browser", "browser"]
    assert "--ignore" not in whole.CODE
    assert not any("mark.browser" in path.read_text() for path in (HOME / "tests" / "mail").rglob("*.py"))


def test_no_page_and_no_lock_names_a_machine_or_an_index() -> None:
    for page in [*PAGES, *sorted((HOME / "requirements").glob("*.txt"))]:
        assert not re.search(r"(^|[^\w.])/(work|root)/|(index-url|find-links)", page.read_text()), page
