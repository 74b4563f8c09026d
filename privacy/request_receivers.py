"""What requests do when mail is filed, leaves, or does not."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from accounts.suppression import is_anything_suppressed
from mailbox.models import InboundEmail, OutboundEmail
from mailbox.signals import mail_failed, mail_left
from privacy.actions.requests.from_mail import answer_by_mail, open_from_mail
from privacy.actions.requests.letters import forget_outgoing, letter_failed
from privacy.rights.erasing.again import black_out_erased, empty_copies
from tickets.models import Message
from tickets.signals import mail_filed, mail_written


@receiver(mail_written)
def leave_out_who_was_erased(messages: Sequence[Message], copies: Sequence[InboundEmail], **kwargs: Any) -> None:
    """Take people who were erased out of others' old mail, as it comes in again."""
    if (messages or copies) and is_anything_suppressed():
        black_out_erased(messages)
        empty_copies(copies)


@receiver(mail_filed)
def read_what_was_filed(messages: Sequence[Message], **kwargs: Any) -> None:
    """Open a case for what came to a privacy address; note what answers a letter of a case."""
    inbound = [one for one in messages if not one.is_outbound and one.may_autorespond]
    if inbound:
        answered = {one.pk for one in inbound if answer_by_mail(one)}
        open_from_mail([one for one in inbound if one.pk not in answered])


@receiver(mail_left)
def empty_the_outbox(email: OutboundEmail, **kwargs: Any) -> None:
    """Keep a letter once, in its case."""
    forget_outgoing(email)


@receiver(mail_failed)
def show_that_a_letter_failed(email: OutboundEmail, **kwargs: Any) -> None:
    """Put a letter that will not leave on the board."""
    letter_failed(email)
