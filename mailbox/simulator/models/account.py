"""A simulated mailbox: a company's at Google or Microsoft, or a customer's."""

import uuid
from typing import Any

from django.db import models

from mailbox.simulator.models.base import Kept


class Account(Kept):
    """One address and who owns it; addresses are unique without regard to case."""

    class Provider(models.TextChoices):
        GOOGLE = "google", "Google"
        MICROSOFT = "microsoft", "Microsoft"
        CUSTOMER = "customer", "a customer"

    provider = models.CharField(max_length=9, choices=Provider)
    address = models.CharField(max_length=320, unique=True)
    name = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=100, blank=True)
    subject = models.UUIDField(default=uuid.uuid4, editable=False)
    tenant = models.UUIDField(default=uuid.uuid4, editable=False)
    send_as = models.JSONField(default=list, blank=True)
    is_disabled = models.BooleanField(default=False)
    needs_mfa = models.BooleanField(default=False)
    history_floor = models.BigIntegerField(default=0)
    delta_epoch = models.IntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.provider} account {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the address in lower case, so that look-ups need no care."""
        self.address = self.address.strip().lower()
        is_new = self._state.adding
        super().save(*args, **kwargs)
        if is_new:
            self.begin_history()

    def begin_history(self) -> None:
        """Put the floor behind every id given out so far: a line that is taken out again uses one up."""
        line = self.changes.create(message_number=0, thread=0, kind="messageAdded")
        Account.objects.filter(pk=self.pk).update(history_floor=line.pk)
        self.history_floor = line.pk
        line.delete()

    @property
    def is_company(self) -> bool:
        return self.provider != self.Provider.CUSTOMER

    @property
    def label(self) -> str:
        return self.name or self.address

    @property
    def initials(self) -> str:
        words = [word for word in self.label.replace("@", " ").replace(".", " ").split() if word[:1].isalnum()]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"

    @property
    def hue(self) -> int:
        return sum(self.address.encode()) % 8 + 1

    def may_send_as(self, address: str) -> bool:
        """Whether mail may leave with this address in From."""
        return address.lower() in {self.address, *(entry.lower() for entry in self.send_as)}
