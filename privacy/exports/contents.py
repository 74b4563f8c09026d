"""What stands in an export, entry by entry. Every batch of rows is read in a short scope of its own."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from accounts.models import Membership
from accounts.sealing.errors import SealingError
from accounts.sealing.files import SealedFile
from accounts.tenancy import organization_scope
from mailbox.models import InboundEmail, Mailbox, OutboundEmail
from privacy.declarations import declaration
from privacy.exports.archive import Entry
from privacy.exports.rows import BATCH, as_json, exported_models, rows_of

Moved = Callable[[int], None]  # told how many more rows are done, inside the scope
MAILS = ((InboundEmail, "received_at"), (OutboundEmail, "queued_at"))

READ_ME = """This is everything the desk of this organization holds, made at {at}.

data/people.jsonl      the members with their roles, names and addresses
data/APP.Model.jsonl   every table, one row a line, as JSON in UTF-8; ids name rows of other tables
mail/ADDRESS.mbox      every mail as it came and as it left, for any mail program (mboxrd)
files/                 attachments and other files, in folders named by the row they belong to
could-not-be-read.txt  ids of what was damaged, if anything was

Left out: passwords, tokens of the providers, keyed digests, search codes, and what belongs to a mailbox that is being
erased.
"""


class Contents:
    """The content of one organization's export; read outside any scope, once."""

    def __init__(self, organization_id: UUID, *, at: datetime, moved: Moved) -> None:
        """Take whose it is, the moment to name, and whom to tell of the progress."""
        self.organization_id, self.at, self.moved = organization_id, at, moved
        self.unreadable: list[str] = []

    def total(self) -> int:
        """Return how many rows there are to write."""
        with organization_scope(self.organization_id):
            return sum(rows_of(model).count() for model in exported_models())

    def entries(self) -> Iterator[Entry]:
        """Yield every file of the archive."""
        yield "READ-ME.txt", [READ_ME.format(at=self.at.isoformat(timespec="minutes")).encode()]
        yield "data/people.jsonl", self._people()
        for model in exported_models():
            yield f"data/{model._meta.label}.jsonl", self._lines(model)
        with organization_scope(self.organization_id):
            mailboxes = [(one.pk, one.address) for one in rows_of(Mailbox)]
        for mailbox_id, address in mailboxes:
            yield f"mail/{_safe(address)}.mbox", self._mbox(mailbox_id)
        for model in exported_models():
            data = declaration(model)
            for name in sorted(data.files) if data and model not in (InboundEmail, OutboundEmail) else []:
                yield from self._files(model, name)
        if self.unreadable:
            yield "could-not-be-read.txt", ["\n".join([*self.unreadable, ""]).encode()]

    def _batches(self, model: type[models.Model], **only: Any) -> Iterator[list[Any]]:
        """Yield rows in batches, each inside a scope that is closed before the next begins."""
        last = None
        while True:
            with organization_scope(self.organization_id):
                found = list(rows_of(model, last).filter(**only)[:BATCH])
                yield found
            if len(found) < BATCH:
                return
            last = found[-1].pk

    def _people(self) -> Iterator[bytes]:
        with organization_scope(self.organization_id):
            for one in Membership.objects.select_related("user").order_by("pk"):
                said = {"member": str(one.pk), "role": one.role, "is_active": one.is_active}
                said |= {"name": one.display_name, "email": one.user.email}
                yield json.dumps(said, ensure_ascii=False).encode() + b"\n"

    def _lines(self, model: type[models.Model]) -> Iterator[bytes]:
        for found in self._batches(model):
            text = b"".join(as_json(row) for row in found)
            self.moved(len(found))
            yield text

    def _mbox(self, mailbox_id: UUID) -> Iterator[bytes]:
        for model, moment in MAILS:
            for found in self._batches(model, mailbox_id=mailbox_id):
                for row in found:  # a large original is read when its turn comes
                    yield as_mbox(self._raw(row), getattr(row, moment))

    def _raw(self, row: Any) -> bytes:
        try:
            return bytes(row.raw())
        except (SealingError, FileNotFoundError):
            self.unreadable.append(f"mail {row.pk}")
            return b"Subject: (could not be read)\n"

    def _files(self, model: type[models.Model], name: str) -> Iterator[Entry]:
        for found in self._batches(model):
            for row in found:
                file = getattr(row, name)
                if file.exists():
                    called = _safe(str(getattr(row, "name", "") or "file"))
                    yield f"files/{model._meta.label}/{row.pk}/{called}", self._content(file)

    def _content(self, file: SealedFile) -> Iterator[bytes]:
        try:
            yield from file.read()
        except (SealingError, FileNotFoundError):
            self.unreadable.append(f"file {file.file_id}")


def as_mbox(raw: bytes, at: datetime | None) -> bytes:
    """Return one mail as mboxrd has it: lines that look like a beginning are quoted, so that readers can undo it."""
    lines = raw.replace(b"\r\n", b"\n").split(b"\n")
    quoted = [b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in lines]
    stamp = f"{at:%a %b %d %H:%M:%S %Y}" if at else "Thu Jan 01 00:00:00 1970"
    return f"From - {stamp}\n".encode() + b"\n".join(quoted).rstrip(b"\n") + b"\n\n"


def _safe(name: str) -> str:
    kept = "".join(c if c.isalnum() or c in "@.-_ " else "_" for c in name).strip(". ")
    return kept[:120] or "file"
