"""What the simulator remembers between two starts."""

from mailbox.simulator.models.access import AuthorizationCode, Grant, Token
from mailbox.simulator.models.account import Account
from mailbox.simulator.models.call import Call
from mailbox.simulator.models.fault import Fault
from mailbox.simulator.models.mail import Change, Message, Original
from mailbox.simulator.models.option import Option
from mailbox.simulator.models.service_mail import ServiceMail
from mailbox.simulator.models.upload import Upload

__all__ = [
    "Account", "AuthorizationCode", "Call", "Change", "Fault", "Grant", "Message",
    "Option", "Original", "ServiceMail", "Token", "Upload",
]  # fmt: skip
