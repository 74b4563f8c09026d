"""The form of a row's custom fields: what was seen goes along, so that nobody's newer value is lost unseen."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.custom_fields import MAX_LENGTH, BadValue, Values, read_value, value_of
from tickets.models import CustomField


class FieldsForm(forms.Form):
    """One input for each field in use, in their order."""

    def __init__(self, data: Any = None, *, fields: Iterable[CustomField], values: Values | None) -> None:
        """Ask for these fields of a row that has these values now."""
        super().__init__(data, auto_id="field_%s")
        self.asked = {f"v_{field.pk.hex}": field for field in fields}
        for name, field in self.asked.items():
            current = value_of(field, values)
            self.fields[name] = _input(field, current)
            self.fields[name].initial = current
            seen = f"seen_{field.pk.hex}"
            self.fields[seen] = forms.CharField(required=False, widget=forms.HiddenInput, initial=current)

    def clean(self) -> dict[str, Any]:
        """Say beside each field what is wrong with it."""
        cleaned = super().clean() or {}
        for name, field in self.asked.items():
            typed, seen = cleaned.get(name, ""), cleaned.get(f"seen_{field.pk.hex}", "")
            try:
                if typed != seen:  # what stood there may stay
                    read_value(field, typed)
            except BadValue as fault:
                self.add_error(name, str(fault))
        return cleaned

    def changes(self) -> Mapping[CustomField, tuple[str, str]]:
        """Return what was typed over, each with what was seen before."""
        pairs = {
            field: (self.cleaned_data[f"seen_{field.pk.hex}"], self.cleaned_data[name])
            for name, field in self.asked.items()
        }
        return {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}

    def inputs(self) -> list[forms.BoundField]:
        """Return the inputs, without the hidden ones."""
        return [self[name] for name in self.asked]


def _input(field: CustomField, current: str) -> forms.Field:
    label = field.name
    if field.kind == CustomField.Kind.CHOICE:
        words = [*field.words, *([current] if current and current not in field.words else [])]
        return forms.CharField(
            label=label, required=False, widget=forms.Select(choices=[("", _("None")), *zip(words, words, strict=True)])
        )
    attributes = {
        CustomField.Kind.NUMBER: {"inputmode": "decimal", "autocomplete": "off"},
        CustomField.Kind.DATE: {"type": "date"},
    }.get(CustomField.Kind(field.kind), {"autocomplete": "off", "maxlength": str(MAX_LENGTH)})
    return forms.CharField(label=label, required=False, widget=forms.TextInput(attrs=attributes))
