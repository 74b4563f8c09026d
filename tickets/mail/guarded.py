"""Parsing with a net: mail that looks hostile is read in a child process that may die without harm."""

import json
import logging
import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tickets.mail import limits
from tickets.mail.limits import Notes
from tickets.mail.model import Attachment, ParsedMail, as_json, from_json
from tickets.mail.parser import headers_only, parse_here

ROOT = Path(__file__).resolve().parents[2]
_HEAD_END = re.compile(rb"\r?\n\r?\n")
logger = logging.getLogger(__name__)


def parse(raw: bytes) -> ParsedMail:
    """Return what a mail says, within a few seconds and a bounded memory; trouble is named in `error`."""
    return parse_in_child(raw) if looks_hostile(raw) else parse_here(raw)


def looks_hostile(raw: bytes) -> bool:
    """Tell, in a few microseconds, whether a mail has more of something than people send."""
    found = _HEAD_END.search(raw, 0, limits.HEADER_BYTES)
    head_end = found.start() if found else min(len(raw), limits.HEADER_BYTES)
    if head_end > 64 * 1024:
        return True
    if raw.count(b"(", 0, head_end) > 400 or raw.count(b",", 0, head_end) > 1500 or raw.count(b'"', 0, head_end) > 1500:
        return True
    if raw.count(b"=?", 0, head_end) > 1000 or raw.count(b"<", 0, head_end) > 2000:
        return True
    window = min(len(raw), 2 * 1024 * 1024)
    if raw.count(b"\n--", head_end, window) > 600 or raw.count(b"multipart/", 0, window) > 12:
        return True
    return raw.count(b"<", head_end, window) > 40_000 or raw.count(b"\n>", head_end, window) > 20_000


def parse_in_child(raw: bytes) -> ParsedMail:
    """Read a mail in a process of its own; if that dies or takes too long, return the headers and say so."""
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", ""), "PYTHONHASHSEED": "random"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tickets.mail.guarded"],
            input=raw,
            capture_output=True,
            timeout=limits.CHILD_CPU_SECONDS + 4,
            cwd=ROOT,
            env=environment,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError, MemoryError):
        return _given_up(raw, "reading the mail took too long")
    if done.returncode != 0:
        logger.warning("a child that read a mail ended with %s", done.returncode)
        return _given_up(raw, "reading the mail took too much time or memory")
    try:
        return _unpack(done.stdout)
    except (ValueError, KeyError, TypeError, IndexError):
        return _given_up(raw, "the mail could not be fully read")


def _given_up(raw: bytes, why: str) -> ParsedMail:
    notes = Notes()
    notes.add(why)
    return headers_only(raw[: 64 * 1024], notes)


def _pack(mail: ParsedMail) -> Iterator[bytes]:
    """Yield one line of JSON and then the attachments' bytes, one after another."""
    values = as_json(mail)
    values["attachments"] = [
        [a.name, a.content_type, len(a.content), a.content_id, a.inline, a.disposition] for a in mail.attachments
    ]
    yield json.dumps(values).encode() + b"\n"
    for attachment in mail.attachments:
        yield attachment.content


def _unpack(data: bytes) -> ParsedMail:
    newline = data.index(b"\n")
    values = json.loads(data[:newline])
    position = newline + 1
    attachments: list[Attachment] = []
    for name, content_type, size, content_id, inline, disposition in values["attachments"]:
        content = data[position : position + size]
        attachments.append(Attachment(name, content_type, content, content_id, inline, disposition))
        position += size
    return from_json(values, attachments)


def _limit_this_process() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limits.CHILD_CPU_SECONDS, limits.CHILD_CPU_SECONDS + 1))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limits.CHILD_MEMORY_BYTES, limits.CHILD_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _limit_this_process()
    for piece in _pack(parse_here(sys.stdin.buffer.read())):
        sys.stdout.buffer.write(piece)
