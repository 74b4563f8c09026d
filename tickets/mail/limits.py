"""How much of a mail is read. What lies beyond is kept in the original, and the mail's error says so."""

MAIL_BYTES = 60 * 1024 * 1024  # larger mail is not taken apart; providers stop at 25 to 35 MB
HEADER_BYTES = 256 * 1024  # of one block of headers
HEADERS = 1000  # lines in one block
HEADER_VALUE = 64 * 1024  # of one header
ADDRESSES = 500  # in one header
PARTS = 200
DEPTH = 30  # multiparts within multiparts
PARAMETERS = 60  # of one Content-Type or Content-Disposition
TEXT_CHARS = 4 * 1024 * 1024  # of the readable text
HTML_CHARS = 8 * 1024 * 1024
QUOTE_LINES = 20_000  # lines in which quoted history is looked for; the rest counts as new
REFERENCES = 200
WRAPPED = 4  # signed mails within signed mails

# The child process for mail that looks hostile.
CHILD_CPU_SECONDS = 4
CHILD_MEMORY_BYTES = 1024 * 1024 * 1024


class Notes:
    """Collects, once each, what could not be read."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.wrapped = 0

    def add(self, line: str) -> None:
        """Remember one thing that could not be read."""
        if line not in self.lines and len(self.lines) < 8:
            self.lines.append(line)

    def text(self) -> str | None:
        """Return all of it as one line, or None."""
        return "; ".join(self.lines) or None
