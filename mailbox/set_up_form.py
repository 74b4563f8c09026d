"""How a mailbox writes, as a form: names, signature, quoted history, and an answer that leaves by itself."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import OneLine
from mailbox.addresses import CannotBeSentTo, sendable
from mailbox.bodies import text_of
from mailbox.signatures import ACKNOWLEDGEMENT_VARIABLES, SIGNATURE_VARIABLES, unknown_variables

MAX_LINES = 15  # of a signature or an automatic answer: what mail programs still take for a signature
MAX_ALIASES = 20


class VariablesField(forms.CharField):
    """Some lines of text with variables; a word in braces that is none is named."""

    widget = forms.Textarea

    def __init__(self, *, variables: Sequence[str], **kwargs: Any) -> None:
        """Take the names that may stand in braces."""
        super().__init__(**kwargs)
        self.variables = variables

    def clean(self, value: Any) -> str:
        """Return the text with plain line ends."""
        text = text_of(super().clean(value) or "")
        if text.count("\n") >= MAX_LINES:
            raise ValidationError(_("That is more than %(count)d lines."), params={"count": MAX_LINES})
        if unknown := unknown_variables(text, self.variables):
            known = " ".join(f"{{{name}}}" for name in self.variables)
            raise ValidationError(
                _("{%(word)s} is nothing we could fill in; there are %(known)s."),
                params={"word": unknown[0], "known": known},
            )
        return text


class AddressesField(forms.CharField):
    """Addresses, one on each line."""

    widget = forms.Textarea

    def clean(self, value: Any) -> list[str]:
        """Return each as mail is sent from it; the first that is none is named."""
        named = re.split(r"[\s,;]+", super().clean(value) or "")
        found = [one for one in named if one]
        if len(found) > MAX_ALIASES:
            raise ValidationError(_("That is more than %(count)d addresses."), params={"count": MAX_ALIASES})
        try:
            return [sendable(one) for one in found]
        except CannotBeSentTo as reason:
            raise ValidationError(str(reason)) from None


class MailboxForm(forms.Form):
    """How a mailbox writes: names, signature, quoted history, and an answer that leaves by itself."""

    sender_name = OneLine(
        label=_("Sender name"),
        required=False,
        max_length=120,
        help_text=_("Customers see it beside the address. Empty: the name of whoever answers."),
    )
    aliases = AddressesField(
        label=_("Other addresses of this mailbox"),
        required=False,
        help_text=_("One on each line. Whoever wrote to one of them gets the answer from it."),
    )
    privacy_address = OneLine(
        label=_("Privacy address"),
        required=False,
        max_length=254,
        help_text=_("One of these addresses: who writes to it asks for their rights, and gets a case and a receipt."),
    )
    signature = VariablesField(
        label=_("Signature"),
        required=False,
        max_length=2000,
        variables=SIGNATURE_VARIABLES,
        help_text=_(
            "Stands below every answer. {agent} becomes the name of whoever answers, {sender} the sender name."
        ),
    )
    quotes_history = forms.BooleanField(
        label=_("Quote the mail that is answered"),
        required=False,
        help_text=_("Below the signature, without its pictures and files. Whoever answers can leave it out."),
    )
    acknowledges = forms.BooleanField(
        label=_("Answer every new ticket at once, by itself"),
        required=False,
        help_text=_(
            "One automatic answer, in the customer’s thread, to a person who opens a ticket by mail. At most one a day "
            "for each sender. Never to newsletters, other automatic mail, spam, colleagues or old mail. The ticket "
            "stays open and waits for one of you."
        ),
    )
    acknowledgement = VariablesField(
        label=_("What it says"),
        required=False,
        max_length=2000,
        variables=ACKNOWLEDGEMENT_VARIABLES,
        help_text=_(
            "{number} becomes the number of the ticket, {sender} the sender name, {hours} your working hours, {back} "
            "when somebody is there, such as “tomorrow at 09:00”. The signature follows."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for words where something is to be said."""
        said = super().clean() or {}
        if said.get("acknowledges") and not said.get("acknowledgement") and "acknowledgement" not in self.errors:
            self.add_error("acknowledgement", _("Write what the automatic answer says, or switch it off."))
        return said
