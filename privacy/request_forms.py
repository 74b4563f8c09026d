"""Forms of requests: what a person asks for, and what who answers writes about it."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import OneLine
from mailbox.addresses import CannotBeSentTo, sendable
from privacy.models import DataSubjectRequest, IdentityEvidence

Right = DataSubjectRequest.Right
MAX_TEXT = 5_000


class AddressField(forms.CharField):
    """One address mail can be sent to."""

    widget = forms.EmailInput(attrs={"autocomplete": "email"})

    def clean(self, value: Any) -> str:
        """Return the address; a sentence says what is wrong with one that is none."""
        text = str(super().clean(value)).strip()
        try:
            if text:
                sendable(text)
        except CannotBeSentTo as reason:
            raise ValidationError(str(reason)) from None
        return text


class AskForm(forms.Form):
    """What anybody can ask an organization on its public page."""

    right = forms.ChoiceField(label=_("What do you ask for?"), choices=Right)
    name = OneLine(
        label=_("Your name"), required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    address = AddressField(label=_("Your e-mail address"), max_length=254)
    said = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea,
        help_text=_("For a correction: what is wrong, and what is right. For an objection: to what you object."),
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)  # people do not see it; programs fill it in


class OwnRequestForm(forms.Form):
    """What a person who is signed in asks the operator."""

    right = forms.ChoiceField(label=_("What do you ask for?"), choices=Right)
    said = forms.CharField(label=_("In your own words"), required=False, max_length=MAX_TEXT, widget=forms.Textarea)


class NewRequestForm(AskForm):
    """A request that came by telephone, by letter or in person."""

    website = None  # type: ignore[assignment]
    language = forms.ChoiceField(label=_("Language of letters"), choices=settings.LANGUAGES)
    received_at = forms.DateTimeField(
        label=_("When it came"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )

    def clean_received_at(self) -> Any:
        """Refuse a time to come: the clock counts from the day it really came."""
        at = self.cleaned_data["received_at"]
        if at > timezone.now():
            raise ValidationError(_("That is in the future."))
        return at


class ChangeForm(forms.Form):
    """What the case is about: another right, more addresses of the same person."""

    right = forms.ChoiceField(label=_("Right"), choices=Right)
    more = forms.CharField(
        label=_("More addresses of the same person"),
        required=False,
        widget=forms.Textarea,
        help_text=_("One on each line, each only if it is surely the same person's."),
    )

    def clean_more(self) -> list[str]:
        """Return each address once; the first that is none is named."""
        found = [one for one in str(self.cleaned_data["more"]).replace(",", " ").split() if one]
        try:
            return list(dict.fromkeys(sendable(one) for one in found))[:50]
        except CannotBeSentTo as reason:
            raise ValidationError(str(reason)) from None


class ReasonForm(forms.Form):
    """A reason that the person reads."""

    reason = forms.CharField(label=_("Reason"), max_length=MAX_TEXT, widget=forms.Textarea)


class QuestionForm(forms.Form):
    """A question to the person."""

    text = forms.CharField(label=_("Question"), max_length=MAX_TEXT, widget=forms.Textarea)
    is_about_identity = forms.BooleanField(
        label=_("It is about who asks"),
        required=False,
        help_text=_("Only then the clock stands still until the answer."),
    )


class AnswerForm(forms.Form):
    """What the person answered, where it did not come by mail."""

    answer = forms.CharField(label=_("Answer"), max_length=MAX_TEXT, widget=forms.Textarea)


class EvidenceForm(forms.Form):
    """What shows who asks."""

    way = forms.ChoiceField(label=_("How"), choices=IdentityEvidence.Way)
    text = forms.CharField(label=_("What you saw"), required=False, max_length=MAX_TEXT, widget=forms.Textarea)
    file = forms.FileField(label=_("A file, if there is one"), required=False)
    verdict = forms.ChoiceField(
        label=_("So it is"), choices=[("yes", _("The person")), ("no", _("Not the person"))], widget=forms.RadioSelect
    )

    def evidence(self) -> dict[str, Any]:
        """Return what the action takes."""
        data = self.cleaned_data
        upload: UploadedFile | None = data.get("file")
        file = (str(upload.name), str(upload.content_type), upload.read()) if upload else None
        return {"way": data["way"], "text": data["text"], "file": file, "is_the_person": data["verdict"] == "yes"}
