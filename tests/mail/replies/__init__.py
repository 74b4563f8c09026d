"""Replies as people's programs write them, and what is new in each: the corpus, and its reader."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
NEW = "It works again.\n\nCarol"
OLD = "Dear Carol,\n\ndoes it work?\n\nAlice"
MARKED = "\n".join(f"> {line}" for line in OLD.split("\n"))
LETTERS = ("clients", "languages", "between", "own_words", "forwards", "signatures")


@dataclass(frozen=True)
class Reply:
    """A body, its subject, and the part of it that is new."""

    name: str
    subject: str
    body: str
    new: str

    def __str__(self) -> str:
        return self.name


def replies() -> list[Reply]:
    """Return every case, the written ones and those made from tables."""
    return [*written(), *from_introductions(), *from_headers(), *from_devices()]


def written() -> Iterator[Reply]:
    """Return the cases that are written out, each beginning with `### name | subject`."""
    for file in LETTERS:
        for block in (FOLDER / f"{file}.txt").read_text("utf-8").split("### ")[1:]:
            title, _, rest = block.partition("\n")
            body, _, new = rest.partition("=== new\n")
            name, _, subject = title.partition(" | ")
            yield Reply(f"{file}: {name}", subject, body.rstrip("\n"), new.rstrip("\n"))


def from_introductions() -> Iterator[Reply]:
    """Return, for every introduction, a reply above and one below marked lines, and one above unmarked history."""
    for name, introduction in _table("introductions"):
        sure = not name.endswith("*")
        yield Reply(f"{name}, above", "Re: x", f"{NEW}\n\n{introduction}\n\n{MARKED}", NEW)
        yield Reply(f"{name}, below", "Re: x", f"{introduction}\n{MARKED}\n\n{NEW}", NEW)
        if sure:
            yield Reply(f"{name}, no marks", "Re: x", f"{NEW}\n{introduction}\n\n{OLD}", NEW)


def from_headers() -> Iterator[Reply]:
    """Return, for every block of header lines, a reply above it with and without an empty line between."""
    for name, header in _table("headers"):
        yield Reply(f"{name}, above", "Re: x", f"{NEW}\n\n{header}\n\n{OLD}", NEW)
        yield Reply(f"{name}, tight", "Re: x", f"{NEW}\n{header}\n{OLD}", NEW)


def from_devices() -> Iterator[Reply]:
    """Return, for every line that a device signs with, a mail that ends with it and one that has it above a quote."""
    for (line,) in _rows("devices"):
        yield Reply(f"signed: {line}", "x", f"{NEW}\n\n{line}", NEW)
        quote = f"On Tue, Mar 12, 2024 at 10:04 AM Acme <help@acme.example> wrote:\n\n{MARKED}"
        yield Reply(f"signed above a quote: {line}", "Re: x", f"{NEW}\n\n{line}\n\n{quote}", NEW)


def _table(file: str) -> Iterator[tuple[str, str]]:
    for language, client, text in _rows(file):
        yield f"{language}, {client}", text.replace("⏎", "\n")


def _rows(file: str) -> Iterator[list[str]]:
    for line in (FOLDER / f"{file}.txt").read_text("utf-8").split("\n"):
        if line and not line.startswith("# "):
            yield line.split(" | ")
