"""Letters written for the tests: files of mails, one class of trouble a file, each mail with what it means.

A mail begins with `### ` and its title, written as it would arrive; `=== means` ends it, and what follows says what
must be understood. In the mail, `{cp1251:Привет}` stands for these letters in that charset, `{base64 utf-8:…}` and
`{q utf-8:…}` for their encoded form, `{hex:0d0a}` for bytes. Lines end as in mail (CR LF).
`python -m tests.mail.letters` counts what is understood in each class.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tickets.mail import Attachment, ParsedMail

FOLDER = Path(__file__).parent
_BYTES = re.compile(r"\{(base64 |q )?([a-z0-9_-]+):([^{}]*)\}")


@dataclass(frozen=True)
class Letter:
    """One mail as bytes, and what it means as lines of text under names."""

    kind: str
    title: str
    raw: bytes
    means: dict[str, str]

    def __str__(self) -> str:
        return f"{self.kind}: {self.title}"


def letters() -> list[Letter]:
    """Return every letter of every file, in order."""
    return [letter for path in sorted(FOLDER.glob("*.txt")) for letter in _read(path)]


def understood(mail: ParsedMail, names: list[str]) -> dict[str, str]:
    """Return what was understood under the given names, written as the files write it."""
    return {name: _SAID[name](mail) for name in names}


def _read(path: Path) -> Iterator[Letter]:
    kind = path.stem.replace("_", " ")
    for block in path.read_text("utf-8").split("\n### ")[1:]:
        title, _, rest = block.partition("\n")
        mail, sign, means = rest.partition("\n=== means\n")
        if not sign:
            raise ValueError(f"{path.name}: “{title}” does not say what it means")
        yield Letter(kind, title, _as_bytes(mail.replace("\n", "\r\n")), _meanings(means))


def _as_bytes(text: str) -> bytes:
    out, position = b"", 0
    for found in _BYTES.finditer(text):
        out += text[position : found.start()].encode() + _one(found[1], found[2], found[3])
        position = found.end()
    return out + text[position:].encode()


def _one(encoding: str | None, charset: str, letters: str) -> bytes:
    data = bytes.fromhex(letters) if charset == "hex" else letters.replace("\r\n", "\n").encode(charset)
    if encoding == "base64 ":
        return base64.b64encode(data)
    if encoding == "q ":
        return binascii.b2a_qp(data, quotetabs=True, header=True).replace(b"=\n", b"")
    return data


def _meanings(text: str) -> dict[str, str]:
    """Read `name: value` lines; a value of several lines follows its name, each line set in by two blanks."""
    means: dict[str, str] = {}
    name = ""
    for line in text.rstrip("\n").split("\n"):
        if line.startswith("  ") or not line:
            means[name] += ("\n" if means[name] else "") + line[2:]
        else:
            name, _, value = line.partition(":")
            means[name] = value.strip()
    return {name: value.rstrip("\n") for name, value in means.items()}


def _people(*people: object) -> str:
    return ", ".join(str(person) for person in people if person)


def _file(file: Attachment) -> str:
    inline = " inline" if file.inline else ""
    return f"{file.name} ({file.content_type}, {file.size} bytes{inline})"


_SAID = {
    "from": lambda mail: _people(mail.from_),
    "sender": lambda mail: _people(mail.sender),
    "to": lambda mail: _people(*mail.to),
    "cc": lambda mail: _people(*mail.cc),
    "reply to": lambda mail: _people(*mail.reply_to),
    "subject": lambda mail: mail.subject,
    "date": lambda mail: mail.date.isoformat() if mail.date else "",
    "id": lambda mail: mail.message_id,
    "answers": lambda mail: mail.in_reply_to,
    "references": lambda mail: " ".join(mail.references),
    "text": lambda mail: mail.text,
    "files": lambda mail: "\n".join(_file(file) for file in mail.attachments),
    "contents": lambda mail: "\n".join(file.content.decode("latin-1") for file in mail.attachments),
    "sealed": lambda mail: mail.encrypted,
    "trouble": lambda mail: mail.error or "",
}
