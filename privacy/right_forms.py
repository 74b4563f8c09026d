"""Forms of single rights."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import OneLine
from accounts.models import PurposeChoice
from accounts.purposes import OF_CONTACTS
from privacy.models import RequestFinding
from privacy.request_forms import MAX_TEXT

Decision = RequestFinding.Decision


class RectifyForm(forms.Form):
    """The name that is right."""

    name = OneLine(label=_("The right name"), max_length=200)


class PurposeForm(forms.Form):
    """For what the data is not to be used."""

    purpose = forms.ChoiceField(
        label=_("For what"), choices=[(one.value, one.label) for one in PurposeChoice.Purpose if one in OF_CONTACTS]
    )


class LiftForm(forms.Form):
    """Why a restriction ends."""

    reason = forms.CharField(label=_("Why it ends"), max_length=MAX_TEXT, widget=forms.Textarea)


class DecideForm(forms.Form):
    """What becomes of one place."""

    decision = forms.ChoiceField(choices=Decision)
    reason = forms.CharField(required=False, max_length=MAX_TEXT)
