"""Providers: Gmail and Microsoft Graph behind one small interface."""

from types import ModuleType

from mailbox.models import Mailbox
from mailbox.providers import google_identity, microsoft_identity
from mailbox.providers.base import MailProvider
from mailbox.providers.gmail import Gmail
from mailbox.providers.graph import Graph


def provider_for(mailbox: Mailbox) -> MailProvider:
    """Return the mailbox's provider, ready to be asked."""
    return Gmail(mailbox) if mailbox.provider == Mailbox.Provider.GOOGLE else Graph(mailbox)


def identity_of(provider: str) -> ModuleType:
    """Return the module that takes an admin through this provider's consent: begin() and finish()."""
    return google_identity if provider == Mailbox.Provider.GOOGLE else microsoft_identity
