"""A large upload on its way: Gmail's resumable send, Graph's upload session."""

import secrets
from pathlib import Path

from django.conf import settings
from django.db import models

from mailbox.simulator.models.account import Account
from mailbox.simulator.models.base import Kept
from mailbox.simulator.models.mail import Message


def new_key() -> str:
    """A name nobody can guess: it is all that protects an upload."""
    return secrets.token_urlsafe(32)


class Upload(Kept):
    """What was received so far, and what it will become."""

    key = models.CharField(max_length=60, unique=True, default=new_key)
    account = models.ForeignKey(Account, models.CASCADE, related_name="uploads")
    draft = models.ForeignKey(Message, models.CASCADE, null=True, related_name="uploads")
    details = models.JSONField(default=dict)
    size = models.BigIntegerField(null=True)
    expires_at = models.DateTimeField()
    # The answer to the last chunk, so that a client that lost it gets it again.
    answer = models.JSONField(null=True)

    @property
    def path(self) -> Path:
        folder = Path(settings.DATA_DIR) / "uploads"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / self.key

    @property
    def received(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def append(self, chunk: bytes) -> None:
        """Add a chunk after what is already there."""
        with self.path.open("ab") as file:
            file.write(chunk)

    def take(self) -> bytes:
        """All that was received; the file is gone afterwards."""
        content = self.path.read_bytes()
        self.path.unlink()
        return content
