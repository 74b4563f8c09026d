"""Mail as a provider keeps it: the original bytes, the message in a mailbox, and what changed when."""

from typing import Self

from django.db import models

from mailbox.simulator.models.account import Account
from mailbox.simulator.models.base import Kept

FIRST_ID = 0x1900_0000_0000_0000
FOLDERS = ("DRAFT", "TRASH", "SPAM", "SENT", "INBOX")  # the first of these among the labels is the folder


class Original(Kept):
    """The bytes of a mail, shared by the copies that are equal."""

    content = models.BinaryField()


class MessageQuerySet(models.QuerySet):
    """Ways to choose messages."""

    def labelled(self, label: str) -> Self:
        return self.filter(labels__contains=f" {label} ")

    def without(self, *labels: str) -> Self:
        found = self
        for label in labels:
            found = found.exclude(labels__contains=f" {label} ")
        return found

    def newest_first(self) -> Self:
        return self.order_by("-received_at", "-pk")


class Message(Kept):
    """One mail in one mailbox. Labels stand between spaces: ` INBOX UNREAD `."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="messages")
    original = models.ForeignKey(Original, models.CASCADE, related_name="messages")
    labels = models.CharField(max_length=500, default=" ")
    thread = models.BigIntegerField(default=0, db_index=True)
    internet_message_id = models.CharField(max_length=1000, blank=True)
    references = models.TextField(blank=True)
    subject = models.TextField(blank=True)
    topic = models.CharField(max_length=200, blank=True)  # the subject without its reply marks
    sender_name = models.TextField(blank=True)
    sender_address = models.TextField(blank=True)
    recipients = models.JSONField(default=dict)
    snippet = models.TextField(blank=True)
    has_attachments = models.BooleanField(default=False)
    size = models.IntegerField(default=0)
    received_at = models.DateTimeField()
    moves = models.IntegerField(default=0)

    objects = MessageQuerySet.as_manager()

    class Meta(Kept.Meta):
        indexes = [
            models.Index(fields=["account", "-received_at"], name="message_by_time"),
            models.Index(fields=["account", "internet_message_id"], name="message_by_internet_id"),
            models.Index(fields=["account", "topic"], name="message_by_topic"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def raw(self) -> bytes:
        return bytes(self.original.content)

    @property
    def label_list(self) -> list[str]:
        return self.labels.split()

    def has(self, label: str) -> bool:
        """Whether the message carries this label."""
        return f" {label} " in self.labels

    @property
    def folder(self) -> str:
        return next((name for name in FOLDERS if self.has(name)), "ARCHIVE")

    @property
    def key(self) -> str:
        """Gmail's id: sixteen hexadecimal digits."""
        return f"{FIRST_ID + self.pk:016x}"

    @property
    def thread_key(self) -> str:
        return f"{FIRST_ID + self.thread:016x}"


class Change(Kept):
    """One line of a mailbox's history; its id is Gmail's historyId and the base of Graph's delta tokens."""

    class Kind(models.TextChoices):
        ADDED = "messageAdded"
        DELETED = "messageDeleted"
        LABELLED = "labelAdded"
        UNLABELLED = "labelRemoved"

    account = models.ForeignKey(Account, models.CASCADE, related_name="changes")
    message_number = models.BigIntegerField()  # no foreign key: history outlives the message
    thread = models.BigIntegerField()
    kind = models.CharField(max_length=14, choices=Kind)
    labels = models.JSONField(default=list)  # what was added or removed
    state = models.JSONField(default=list)  # the labels afterwards
    folders = models.CharField(max_length=60, default=" ")  # folders before and after
    moves = models.IntegerField(default=0)  # of the message before this change: names its default id of then

    class Meta(Kept.Meta):
        indexes = [models.Index(fields=["account", "id"], name="change_by_account")]
