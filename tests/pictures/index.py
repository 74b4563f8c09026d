"""The list of the pictures, written beside them: a line for each page, a link for each size and scheme."""

from pathlib import Path

KINDS = ("wide-light", "wide-dark", "phone-light", "phone-dark")
PARTS = {"desk": "The desk", "public": "Before signing in", "admin": "The operator's desk"}


def write_index(folder: Path) -> int:
    """Write README.md in the folder and return how many pictures it lists; repeats safely."""
    files = {path.stem for path in folder.glob("*.webp")}
    names = sorted({stem.removesuffix(f"-{kind}") for stem in files for kind in KINDS if stem.endswith(kind)})
    lines = [
        "# Every page",
        "",
        "Made by `make pictures` from a running desk with its sample, light and dark, wide and phone.",
        "",
        "![The queue](queue-wide-light.webp)",
    ]
    for part, title in PARTS.items():
        own = [name for name in names if _part_of(name) == part]
        if own:
            lines += ["", f"## {title}", "", "| page | light | dark | phone | phone, dark |", "|---|---|---|---|---|"]
            lines += [
                f"| {name.removeprefix('admin-').removeprefix('public-')} | {_links(name, files)} |" for name in own
            ]
    (folder / "README.md").write_text("\n".join(lines) + "\n")
    return len(files)


def _part_of(name: str) -> str:
    first = name.partition("-")[0]
    return first if first in PARTS else "desk"


def _links(name: str, files: set[str]) -> str:
    cells = (f"[see]({name}-{kind}.webp)" if f"{name}-{kind}" in files else "–" for kind in KINDS)
    return " | ".join(cells)
