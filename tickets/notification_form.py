"""The form that says by which ways a member wants to know what."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.models import NotificationChoice

WAYS = {"in_app": _("In the desk"), "in_browser": _("By the browser"), "by_mail": _("By mail")}


class ChoicesForm(forms.Form):
    """A box for each kind and way."""

    def __init__(self, *args: Any, choices: Sequence[NotificationChoice], **kwargs: Any) -> None:
        """Begin with what holds now."""
        super().__init__(*args, **kwargs)
        self.choices = choices
        for one in choices:
            for way, label in WAYS.items():
                self.fields[f"{one.kind}-{way}"] = forms.BooleanField(
                    label=label, required=False, initial=getattr(one, way)
                )

    def rows(self) -> list[dict[str, Any]]:
        """Return the boxes of each kind, with what the kind is called."""
        return [
            {"label": one.get_kind_display(), "boxes": [self[f"{one.kind}-{way}"] for way in WAYS]}
            for one in self.choices
        ]

    def chosen(self) -> list[NotificationChoice]:
        """Return the choices as they were made."""
        for one in self.choices:
            for way in WAYS:
                setattr(one, way, self.cleaned_data[f"{one.kind}-{way}"])
        return list(self.choices)
