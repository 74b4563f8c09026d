"""manage.py import_mail: old mail from files, filed as history."""

import json
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import ActionRefused
from accounts.sealing.digests import address_digest
from accounts.tenancy import organization_scope
from accounts.tenancy.doors import organization_ids
from mailbox.models import Mailbox
from tickets.actions.import_mail import Imported, Importer
from tickets.archives.sources import Source, sources

BATCH_MAILS, BATCH_BYTES = 50, 8 * 1024 * 1024  # what one transaction files; a larger mail is a batch of its own
TELL_EVERY = 5  # seconds between two lines of progress


class Command(BaseCommand):
    """Reads files and files what is in them; sends nothing, and repeats without duplicates."""

    help = """File old mail as history: .eml files, mbox files, Maildirs, and folders of them, in the order given.

Mail from the mailbox's own address becomes an answer of ours. Nothing is sent, and nothing is filed twice, so an
import that was interrupted can be started again. Drafts and mail marked as deleted are left out.

With --json each mail is one line: id (the path as given; of the n-th mail of an mbox file with #n after it), ticket
(its number, or null), new (it opened that ticket), direction (inbound, outbound), auto_reply, bounce, may_autorespond
(whether the desk might answer such a mail by itself), reopened (a ticket that was done, or waited for an answer, is
open again because of it), quarantined (it could not be fully read) and error (null, or one line)."""

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        """Keep the paragraphs of the help."""
        return super().create_parser(*args, formatter_class=_Help, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the mailbox and the paths."""
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a mail, an mbox file, a Maildir or a folder")
        parser.add_argument("--mailbox", required=True, metavar="ADDRESS", help="the connected mailbox it belongs to")
        parser.add_argument("--organization", metavar="SLUG", help="which, where several have connected this address")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object a mail")
        parser.add_argument(
            "--close-old", action="store_true", help="close imported tickets that are older than the reopen window"
        )

    def handle(self, *args: Any, paths: list[str], as_json: bool, close_old: bool, **options: Any) -> None:
        """Import everything, telling each mail or the progress."""
        importer = Importer(_mailbox(options["mailbox"], options["organization"]))
        counts: Counter[str] = Counter()
        told = time.monotonic()
        try:
            for batch in _batches(sources(paths)):
                for one in importer.take(batch):
                    self._tell(one, counts, as_json=as_json)
                if not as_json and time.monotonic() - told > TELL_EVERY:
                    told = time.monotonic()
                    self.stdout.write(f"… {_sum(counts)}")
        except ActionRefused as refusal:
            raise CommandError(str(refusal)) from None
        closed = importer.close_old() if close_old else 0
        if not as_json:
            self.stdout.write(_sum(counts) + (f"; {closed} tickets closed" if close_old else ""))

    def _tell(self, one: Imported, counts: Counter[str], *, as_json: bool) -> None:
        counts["mails"] += 1
        counts["opened"] += one.new
        counts["errors"] += one.error is not None
        if as_json:
            self.stdout.write(json.dumps(asdict(one)))
        elif one.error is not None:
            self.stdout.write(f"{one.id}: {one.error}".encode("utf-8", "replace").decode())


class _Help(RawDescriptionHelpFormatter):
    pass


def _mailbox(address: str, slug: str | None) -> Mailbox:
    found, connected = [], []
    for organization_id in organization_ids():
        with organization_scope(organization_id):
            for mailbox in Mailbox.objects.connected().select_related("organization").order_by("pk"):
                if slug in (None, mailbox.organization.slug):
                    connected.append(mailbox.address)
                    if bytes(mailbox.address_digest) == address_digest(organization_id, address):
                        found.append(mailbox)
    if not found:
        there = ", ".join(sorted(connected)) or "none"
        raise CommandError(f"No connected mailbox has the address {address}. Connected are: {there}.")
    if len(found) > 1:
        raise CommandError(f"More than one organization has connected {address}: name it with --organization.")
    return found[0]


def _batches(found: Iterable[Source]) -> Iterator[list[Source]]:
    batch: list[Source] = []
    size = 0
    for one in found:
        if batch and (len(batch) >= BATCH_MAILS or size + len(one.raw) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += len(one.raw)
    if batch:
        yield batch


def _sum(counts: Counter[str]) -> str:
    return f"{counts['mails']} mails: {counts['opened']} new tickets, {counts['errors']} with an error"
