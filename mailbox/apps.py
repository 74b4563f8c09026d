"""The mailbox app."""

from django.apps import AppConfig


class MailboxConfig(AppConfig):
    """Mail in and out: mailboxes, what arrived, what is to leave, and the providers."""

    name = "mailbox"
