"""Reading a CSV file whoever wrote it: any charset, any usual separator, and no row stops the rest."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from tickets.mail.charsets import decode

MAX_BYTES = 8 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 60
MAX_CELL = 4_000  # characters; more than one cell of an address book ever has
SEPARATORS = (",", ";", "\t", "|")
_SAMPLE = 20  # lines that say what separates them


class NotASheet(ValueError):
    """The file is no table; the text says why, in plain words."""


@dataclass(frozen=True)
class Row:
    """One line of a sheet by its number, as a spreadsheet counts; `problem` where it could not be read."""

    number: int
    cells: list[str] = field(default_factory=list)
    problem: str = ""

    def cell(self, column: int) -> str:
        """Return what stands in a column; nothing where the row is shorter."""
        return self.cells[column] if column < len(self.cells) else ""


class Sheet:
    """A file as rows: its first row says what the columns are called."""

    def __init__(self, content: bytes) -> None:
        """Read charset and separator."""
        text = decode(content)
        self.separator, self.text = _separator(text)
        head = next(self._rows(), None)
        self.head = head.cells[:MAX_COLUMNS] if head else []

    def rows(self) -> Iterator[Row]:
        """Yield every row below the head that is not empty, those that cannot be read with their reason."""
        rows = self._rows()
        next(rows, None)
        yield from rows

    def _rows(self) -> Iterator[Row]:
        """Read row by row: the csv module stops at a row it cannot read, and goes on with the next one when asked."""
        csv.field_size_limit(131_072)
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.separator)
        while True:
            number = reader.line_num + 1
            try:
                cells = [_tidy(cell) for cell in next(reader)]
            except StopIteration:
                return
            except csv.Error:
                yield Row(number, problem="unreadable")
                continue
            if any(len(cell) > MAX_CELL for cell in cells) or len(cells) > MAX_COLUMNS * 5:
                yield Row(number, problem="too_long")
            elif any(cells):
                yield Row(number, cells)


def _separator(text: str) -> tuple[str, str]:
    """Return what separates the cells, and the text without the line in which Excel says so."""
    first, _end, rest = text.partition("\n")
    said = first.strip().strip('"')
    if len(said) == 5 and said.lower().startswith("sep=") and said[4] in SEPARATORS:
        return said[4], rest
    if not text.strip():
        raise NotASheet("empty")
    lines = [_outside_quotes(line) for line in text.splitlines()[:_SAMPLE] if line.strip()]
    head = lines[0]
    best = max(SEPARATORS, key=lambda one: (head.count(one), sum(line.count(one) for line in lines)))
    return best, text


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _tidy(cell: str) -> str:
    """Return a cell on its own; the apostrophe that keeps a formula from being one is no part of it."""
    cell = cell.strip().strip("\ufeff\u200b").strip()
    return cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+-@") else cell
