"""manage.py parse_mail: what Deskhero understands of mails in files, one JSON object a line."""

import hashlib
import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from tickets.mail import ParsedMail, classify, parse


class Command(BaseCommand):
    """Reads files only; needs no database and ends without a traceback."""

    help = "Print what Deskhero understands of each mail, as one JSON object a line."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take any number of paths; --json is what it does anyway."""
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a mail in a file, or a folder of them")
        parser.add_argument("--json", action="store_true", help="print JSON (the default)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each file, in the order given."""
        for path in _files(options["paths"]):
            self.stdout.write(json.dumps(_understood(path), ensure_ascii=True))


def _files(paths: list[str]) -> list[Path]:
    files: list[Path] = []
    for path in map(Path, paths):
        files += sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    return files


def _understood(path: Path) -> dict[str, Any]:
    try:
        mail = parse(path.read_bytes())
    except OSError as error:
        mail = ParsedMail(error=f"the file could not be read: {error.strerror or type(error).__name__}")
    return describe(path.name, mail)


def describe(name: str, mail: ParsedMail) -> dict[str, Any]:
    """Return the object that the contract states for one mail."""
    found = classify(mail)
    return {
        "id": name,
        "from_email": mail.from_.email if mail.from_ else "",
        "from_name": mail.from_.name if mail.from_ else "",
        "to": [a.email for a in mail.to],
        "cc": [a.email for a in mail.cc],
        "subject": mail.subject,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "references": mail.references,
        "date": mail.date.isoformat() if mail.date else None,
        "body_text": mail.text,
        "reply_text": mail.reply_text,
        "attachments": [
            {
                "name": a.name,
                "content_type": a.content_type,
                "size": a.size,
                "sha256": hashlib.sha256(a.content).hexdigest(),
                "inline": a.inline or a.disposition == "inline",
            }
            for a in mail.attachments
        ],
        "is_auto_reply": found.automatic,
        "is_bounce": found.kind == "bounce",
        "kind": found.kind,
        "reason": found.reason,
        "may_autorespond": found.may_autorespond,
        "about": asdict(found.bounce) if found.bounce else None,
        "error": mail.error,
    }
