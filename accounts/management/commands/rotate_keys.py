"""manage.py rotate_keys: seal again under new keys."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Organization
from accounts.sealing.keys import Kind
from accounts.sealing.rotation import Rotation
from accounts.vault.models import VaultKey


class Command(BaseCommand):
    """Rotate one kind of key. A run that was killed goes on when started again; nothing is unreadable meanwhile."""

    help = (
        "Without options: re-wrap everything from DESKHERO_ROOT_KEY_PREVIOUS to DESKHERO_ROOT_KEY. "
        "With --organization or --mailbox: make a new version of that key and seal its values and files again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to rotate."""
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--organization", metavar="SLUG")
        which.add_argument("--mailbox", metavar="ID", type=UUID)

    def handle(self, *args: Any, organization: str | None, mailbox: UUID | None, **options: Any) -> None:
        """Rotate, tell the progress, and fail where something could not be opened."""
        rotation = Rotation(self.stdout.write)
        if organization:
            found = Organization.objects.filter(slug=organization).first()
            if found is None:
                raise CommandError("There is no organization of that address.")
            rotation.organization(found.pk)
        elif mailbox:
            key = VaultKey.objects.filter(kind=Kind.MAILBOX, scope=mailbox, wrapped__isnull=False).first()
            if key is None or key.organization is None:
                raise CommandError("There is no mailbox key of that id.")
            rotation.mailbox(mailbox, key.organization)
        else:
            rotation.root()
        if rotation.unreadable:
            raise CommandError(f"{rotation.unreadable} values could not be opened and stay as they were.")
        self.stdout.write(f"Done: {rotation.done} sealed again.")
