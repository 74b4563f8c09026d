"""The running text of an HTML document: lines, paragraphs, lists, table rows and quotes."""

import re

from tickets.mail import limits
from tickets.mail.marks import ATTRIBUTION

_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")
_INVISIBLE = {ord(char): None for char in "\u200b\ufeff\u00ad\u034f\u2060\u180e"}
_LINE, _PARAGRAPH = 1, 2


class Flow:
    """Collects text in reading order; breaks wait until the next text, so that empty blocks leave no holes."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.current: list[str] = []
        self.size = 0
        self.breaks = 0
        self.wants_blank = False
        self.depth = 0  # of quotes
        self.quotes: list[bool] = []
        self.lists: list[int] = []  # next number, or -1 for bullets
        self.bullet = ""
        self.preformatted = 0
        self.attributing = 0
        self.new_row = False
        self.separator = False
        self.fresh_cell = False  # nothing written in this cell yet: its first paragraph begins on the line
        self.row_line = 0
        self.links: list[int] = []

    def write(self, text: str) -> None:
        """Add running text."""
        if self.size > limits.TEXT_CHARS:
            return
        if not text.isascii():
            text = text.translate(_INVISIBLE)
        if self.preformatted and "\n" in text:
            self._write_lines(text)
            return
        if not self.preformatted:
            text = _SPACE.sub(" ", text)
        if not text or text == " ":
            if text and self.current and not self.breaks and not self.current[-1].endswith(" "):
                self.current.append(" ")
            return
        self._open_line()
        if not self.preformatted and text[0] == " " and (not self.current or self.current[-1].endswith(" ")):
            text = text[1:]
        self.current.append(text)
        self.size += len(text)

    def _write_lines(self, text: str) -> None:
        for number, line in enumerate(text.replace("\r", "").split("\n")):
            if number:
                self._commit()
                self._end_line()
            if line:
                self._open_line()
                self.current.append(line)
                self.size += len(line)

    def _open_line(self) -> None:
        if self.breaks:
            self._commit()
        elif self.separator and self.current:
            self.current.append(" | ")
        self.separator = self.new_row = self.fresh_cell = False
        if self.bullet and not self.current:
            self.current.append(self.bullet)
            self.bullet = ""

    def _commit(self) -> None:
        if self.breaks:
            if self.current:
                self._end_line()
            if self.breaks == _PARAGRAPH:
                self.wants_blank = True
            self.breaks = 0

    def _end_line(self) -> None:
        text = "".join(self.current).rstrip()
        self.current.clear()
        if not text:
            self.wants_blank = True
            return
        if self.wants_blank and self.lines:
            self.lines.append(">" * self.depth)
        self.wants_blank = False
        prefix = ">" * self.depth + " " if self.depth else ""
        self.lines.append(f"{ATTRIBUTION if self.attributing else ''}{prefix}{text}")

    def line_break(self) -> None:
        """Begin a new line; twice leaves one empty."""
        self._commit()
        self._end_line()

    def block(self) -> None:
        """Let what follows begin on a line of its own."""
        if self.fresh_cell:
            return
        self.breaks = max(self.breaks, _LINE)

    def paragraph(self) -> None:
        """Let what follows begin after an empty line."""
        if self.fresh_cell:
            return
        self.breaks = _PARAGRAPH

    def row(self) -> None:
        """Begin a table row."""
        self.fresh_cell = self.separator = False
        self.block()
        self._commit()  # what stands before the table is none of its lines
        self.new_row = True
        self.row_line = len(self.lines) + (self.wants_blank and bool(self.lines))

    def cell(self) -> None:
        """Begin a cell: beside the one before when that was one line, else below it."""
        if self.new_row or not self.current:
            self.fresh_cell = self.new_row
            return
        if len(self.lines) > self.row_line + 1:
            self.block()
            return
        self.breaks = 0
        self.separator = self.fresh_cell = True

    def cell_end(self) -> None:
        """End a cell."""
        self.fresh_cell = False
        self.breaks = _LINE

    def enter_list(self, first: int) -> None:
        """Begin a list that counts from `first`, or has bullets when that is negative."""
        if len(self.lists) < 20:
            self.lists.append(first)
        self.breaks = _LINE if len(self.lists) > 1 else _PARAGRAPH

    def leave_list(self) -> None:
        """End the innermost list."""
        if self.lists:
            self.lists.pop()
        self.bullet = ""
        self.breaks = max(self.breaks, _LINE if self.lists else _PARAGRAPH)

    def item(self) -> None:
        """Begin a list item."""
        self.block()
        self._commit()
        number = self.lists[-1] if self.lists else -1
        sign = "- " if number < 0 else f"{number}. "
        if number >= 0:
            self.lists[-1] += 1
        self.bullet = "  " * max(0, len(self.lists) - 1) + sign

    def enter_quote(self, *, indented: bool) -> None:
        """Begin a quotation; one that is only set in is no quotation."""
        self.paragraph()
        self._commit()
        if self.lines and self.lines[-1].strip(">"):
            self.lines.append(">" * self.depth)
        self.wants_blank = False
        self.quotes.append(indented)
        if not indented and self.depth < 20:
            self.depth += 1
        elif not indented:
            self.quotes[-1] = True

    def leave_quote(self) -> None:
        """End the innermost quotation."""
        self.block()
        self._commit()
        if self.quotes and not self.quotes.pop():
            self.depth -= 1
        self.wants_blank = False
        self.breaks = _PARAGRAPH

    def mark(self, sign: str) -> None:
        """Leave a mark between lines."""
        self.block()
        self._commit()
        self.lines.append(sign)

    def begin_attribution(self) -> None:
        """Mark the lines that follow as the introduction of a quote."""
        self.block()
        self._commit()
        self.attributing += 1

    def end_attribution(self) -> None:
        """End what `begin_attribution` began."""
        self.block()
        self._commit()
        self.attributing -= 1

    def link(self, href: str, start: int) -> None:
        """Write where a link leads, unless its text says so already."""
        href = href.strip()
        scheme = href[:8].lower()
        if not href or not scheme.startswith(("http:", "https:", "mailto:", "tel:", "ftp:")):
            return
        shown = "".join(self.current[start:]) if start <= len(self.current) else ""
        target = href.partition(":")[2].partition("?")[0] if scheme.startswith(("mailto:", "tel:")) else href
        bare = target.partition("://")[2].removeprefix("www.").rstrip("/").lower() or target.lower()
        if not shown.strip() or bare in shown.lower() or len(target) > 2000:
            return
        self.write(f" <{target}>")

    def text(self) -> str:
        """Return everything written."""
        self.block()
        self._commit()
        return "\n".join(self.lines)
