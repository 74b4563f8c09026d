"""Styles speak of beginning and end, never of left and right, so that a language from right to left needs no more."""

import re
from pathlib import Path

import pytest
from django.conf import settings

SHEETS = sorted(path for path in (Path(settings.BASE_DIR) / "static" / "css").glob("*.css") if path.stem != "simulator")
SIDES = re.compile(
    r"(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)\b"
    r"|(?<![-\w])(?:left|right)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
)
FOUR = re.compile(r"(?<![-\w])(margin|padding|inset)\s*:\s*([^;{}]+)")
VALUE = re.compile(r"(?:[^\s()]|\((?:[^()]|\([^()]*\))*\))+")


def sides(sheet: str) -> list[str]:
    """Return what a style sheet says about left or right, also as the second and fourth of four values."""
    plain = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    found = [one[0] for one in SIDES.finditer(plain)]
    for name, said in FOUR.findall(plain):
        values = VALUE.findall(said.replace("!important", ""))
        if len(values) == 4 and values[1] != values[3]:
            found.append(f"{name}: {said.strip()}")
    return found


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.stem)
def test_a_style_sheet_knows_no_left_and_right(sheet: Path) -> None:
    assert sides(sheet.read_text()) == []


@pytest.mark.parametrize(
    "rule",
    [
        "a { margin-left: 1px }",
        "a { left: 0 }",
        "a { text-align: right; }",
        "a { padding: 1px var(--a) 1px calc(2px + (1px * 2)) }",
        "a { border-top-left-radius: 2px }",
    ],
)
def test_a_side_is_found(rule: str) -> None:
    assert sides(rule)


def test_both_ends_alike_are_left_alone() -> None:
    assert (
        sides("a { margin: 1px 2px 3px 2px; inset: 0; inset-inline: 0 auto; background-position: left 2px top }") == []
    )
