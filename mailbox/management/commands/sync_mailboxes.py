"""manage.py sync_mailboxes: one round now, in the foreground."""

import time
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.sealing.digests import address_digest
from accounts.tenancy import organization_scope
from accounts.tenancy.doors import organization_ids
from mailbox.actions.sync_mailbox import sync_mailbox
from mailbox.models import Mailbox


class Command(BaseCommand):
    """Sync every mailbox, or one, without the workers; what they do at the same time is left to them."""

    help = "Fetch new mail now. Without --once, go on every MAILBOX_POLL_SECONDS until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take which mailbox, and whether once."""
        parser.add_argument("--mailbox", metavar="ADDRESS", help="only this mailbox")
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *args: Any, mailbox: str | None, once: bool, **options: Any) -> None:
        """Run the rounds; a mailbox that fails does not stop the others, and makes the last line say so."""
        while True:
            found = list(_mailboxes(mailbox))
            if mailbox and not found:
                raise CommandError("No connected mailbox has this address.")
            stored = sum(_round(organization_id, mailbox_id) for organization_id, mailbox_id in found)
            troubled = sum(_is_troubled(*pair) for pair in found)
            self.stdout.write(f"{len(found)} mailboxes, {stored} new mails, {troubled} in trouble")
            if once:
                return
            time.sleep(settings.MAILBOX_POLL_SECONDS)


def _mailboxes(address: str | None) -> list[tuple[UUID, UUID]]:
    found = []
    for organization_id in organization_ids():
        with organization_scope(organization_id):
            mailboxes = Mailbox.objects.active()
            if address:
                mailboxes = mailboxes.filter(address_digest=address_digest(organization_id, address))
            found += [(organization_id, pk) for pk in mailboxes.order_by("pk").values_list("pk", flat=True)]
    return found


def _round(organization_id: UUID, mailbox_id: UUID) -> int:
    stored, more = 0, True
    while more:
        done = sync_mailbox(organization_id, mailbox_id, at_once=True)
        stored, more = stored + done.stored, done.more
    return stored


def _is_troubled(organization_id: UUID, mailbox_id: UUID) -> bool:
    with organization_scope(organization_id):
        return Mailbox.objects.filter(pk=mailbox_id).exclude(trouble="").exists()
