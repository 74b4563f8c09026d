"""mbox: mails one after another in one file, each behind a line that begins with `From ` (RFC 4155).

Read line by line, since such files grow to many gigabytes. A line that begins so inside a mail is escaped with `>` by
most programs (mboxo, mboxrd); some trust a length instead, so the line must also look like what stands between mails.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

BEGINS = b"From "
PIECE = 64 * 1024  # of a line read at once
LONGEST = 1000  # characters of a line between mails
_CLOCK = re.compile(rb"\s\d{1,2}:\d\d(?::\d\d)?(?=\s)")
_YEAR = re.compile(rb"\s(?:19|20)\d\d(?=\s)")
_SENDER = re.compile(rb"From (?:\S+@\S+|-|MAILER-DAEMON)\s*$", re.IGNORECASE)
_FIELD = re.compile(rb"[!-9;-~]{1,76}:|>?From ")
_ESCAPED = re.compile(rb">+From ")


class TooLarge(Exception):
    """A mail in the file is larger than anybody reads."""


Mail = tuple[bytes, bytes]  # the line before it, and the mail


def mails_in(file: BinaryIO, *, limit: int) -> Iterator[Mail | TooLarge]:
    """Yield the mails of an mbox file in order; in the place of one larger than `limit`, that it is."""
    reader = _Reader(file, limit)
    for line in _lines(file):
        if (mail := reader.take(line)) is not None:
            yield mail
    if (mail := reader.finish()) is not None:
        yield mail


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield lines; one without end comes in pieces, of which only the last may end with a line end."""
    while line := file.readline(PIECE):
        yield line


class _Reader:
    """Collects the lines of one mail after another."""

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self.limit = limit
        self.start: bytes | None = None
        self.lines: list[bytes] = []
        self.size = 0
        self.after_blank = self.at_line_start = True
        self.candidate: bytes | None = None  # looks like a beginning, and the next line decides

    def take(self, line: bytes) -> Mail | TooLarge | None:
        """Take a line, and return the mail that it ends."""
        done = None
        if self.candidate is not None:
            candidate, self.candidate = self.candidate, None
            if _FIELD.match(line):
                done = self._begin(candidate)
            else:
                self._add(candidate)
        if self.at_line_start and self.after_blank and line.startswith(BEGINS) and len(line) <= LONGEST:
            if _CLOCK.search(line) and _YEAR.search(line):
                done = self._begin(line) or done
            elif _SENDER.match(line):
                self.candidate = line
            else:
                self._add(line)
        else:
            self._add(line)
        self.after_blank = self.at_line_start and line in (b"\n", b"\r\n")
        self.at_line_start = line.endswith(b"\n")
        return done

    def finish(self) -> Mail | TooLarge | None:
        """Return the last mail."""
        if self.candidate is not None:
            self._add(self.candidate)
            self.candidate = None
        return self._mail()

    def _begin(self, line: bytes) -> Mail | TooLarge | None:
        done = self._mail()
        self.start, self.lines, self.size = line, [], 0
        return done

    def _add(self, line: bytes) -> None:
        if self.start is None and not line.strip():
            return  # before the first mail
        self.start = self.start if self.start is not None else b""
        self.size += len(line)
        if self.size <= self.limit:
            self.lines.append(line[1:] if self.at_line_start and _ESCAPED.match(line) else line)
        else:
            self.lines.clear()

    def _mail(self) -> Mail | TooLarge | None:
        if self.start is None:
            return None
        if self.size > self.limit:
            return TooLarge()
        if self.lines and self.lines[-1] in (b"\n", b"\r\n"):  # belongs to the file, not to the mail
            self.lines.pop()
        return self.start, b"".join(self.lines)
