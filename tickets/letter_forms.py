"""What agents fill in to write mail that answers nothing: a new mail, and one that is passed on."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import OneLine
from mailbox.models import Mailbox
from tickets.forms import MAX_TEXT, FilesField, PeopleField, RichForm
from tickets.models import Attachment
from tickets.rich import clean_rich

TYPED = frozenset({"sender", "to", "cc", "bcc", "subject", "text", "html"})


class LetterForm(RichForm):
    """Who gets it, and what it says."""

    to = PeopleField(label=_("To"))
    cc = PeopleField(label=_("Cc"), required=False)
    bcc = PeopleField(label=_("Bcc"), required=False)
    files = FilesField(label=_("Attach"), required=False)  # type: ignore[assignment]
    warned = forms.CharField(required=False, max_length=8000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Show people on as few lines as they need."""
        super().__init__(*args, **kwargs)
        for name in ("to", "cc", "bcc"):
            self.fields[name].widget.attrs |= {"rows": 1, "autocomplete": "off", "spellcheck": "false"}

    def said(self) -> dict[str, Any]:
        """Return what an action takes."""
        return {name: self.cleaned_data[name] for name in ("to", "cc", "bcc", "text", "html")}

    def typed(self) -> dict[str, Any]:
        """Return what stands in it as it was typed, right or wrong, for its draft."""
        said: dict[str, Any] = {name: str(self[name].value() or "") for name in TYPED & set(self.fields)}
        said["html"] = clean_rich(said["html"])
        return said | ({"keeping": list(self["keeping"].value() or [])} if "keeping" in self.fields else {})


class NewMailForm(LetterForm):
    """A mail that opens a ticket."""

    sender = forms.ChoiceField(label=_("From"))
    subject = OneLine(label=_("Subject"), max_length=250)
    field_order = ("sender", "to", "cc", "bcc", "subject", "text", "files")

    def __init__(self, *args: Any, mailboxes: Sequence[Mailbox], **kwargs: Any) -> None:
        """Offer every address of these mailboxes."""
        super().__init__(*args, **kwargs)
        self.mailboxes = {f"{box.pk}/{address}": (box, address) for box in mailboxes for address in box.addresses}
        choices = [(key, address) for key, (_box, address) in self.mailboxes.items()]
        self.fields["sender"].choices = choices  # type: ignore[attr-defined]

    def mailbox(self) -> Mailbox | None:
        """Return the mailbox it is to leave from as far as that is chosen; none where there is none to choose."""
        chosen = self.mailboxes.get(str(self["sender"].value() or "")) or next(iter(self.mailboxes.values()), None)
        return chosen[0] if chosen else None


class ForwardForm(LetterForm):
    """A mail passed on, with those of its attachments that are ticked."""

    sender = forms.ChoiceField(label=_("From"), required=False)
    text = forms.CharField(
        label=_("Text"), widget=forms.Textarea(attrs={"rows": 6}), max_length=MAX_TEXT, required=False
    )
    keeping = forms.MultipleChoiceField(label=_("Its attachments"), required=False, widget=forms.CheckboxSelectMultiple)
    field_order = ("sender", "to", "cc", "bcc", "text", "keeping", "files")

    def __init__(self, *args: Any, senders: Sequence[str], attachments: Sequence[Attachment], **kwargs: Any) -> None:
        """Offer these addresses to send from, and these attachments to keep."""
        super().__init__(*args, **kwargs)
        self.fields["sender"].choices = [(one, one) for one in senders]  # type: ignore[attr-defined]
        self.fields["keeping"].choices = [(str(one.pk), one.name) for one in attachments]  # type: ignore[attr-defined]
