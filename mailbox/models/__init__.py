"""Mailboxes, and mail in and out."""

from mailbox.models.access import MailboxAccess
from mailbox.models.authorization import ConsentRequest, MailboxAuthorization
from mailbox.models.inbound import InboundEmail
from mailbox.models.mailbox import Mailbox
from mailbox.models.outbound import OutboundEmail

__all__ = ["ConsentRequest", "InboundEmail", "Mailbox", "MailboxAccess", "MailboxAuthorization", "OutboundEmail"]
