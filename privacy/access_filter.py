"""Narrowing the access log: who, what, when, for which purpose."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AccessEvent, Membership
from tickets.models import Ticket


class AccessFilter(forms.Form):
    """What an admin asks of the log; everything may stay empty."""

    who = forms.ChoiceField(label=_("Who"), required=False)
    verb = forms.ChoiceField(label=_("What was done"), required=False)
    ticket = forms.IntegerField(label=_("Ticket"), required=False, min_value=1, max_value=2_147_483_647)
    purpose = forms.ChoiceField(label=_("Purpose"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, members: list[Membership], **kwargs: Any) -> None:
        """Offer the organization's people, past and present."""
        super().__init__(*args, **kwargs)
        everybody, people = ("", _("Everybody")), sorted(members, key=lambda one: one.display_name.casefold())
        choices: dict[str, list[tuple[str, Any]]] = {
            "who": [
                everybody,
                ("staff", _("The operator's staff")),
                *((str(p.user_id), p.display_name) for p in people),
            ],
            "verb": [("", _("Everything")), *AccessEvent.Verb.choices],
            "purpose": [("", _("Every purpose")), *AccessEvent.Purpose.choices],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def narrow(self, events: QuerySet[AccessEvent]) -> QuerySet[AccessEvent]:
        """Return the events that were asked for; nothing where the question itself is wrong."""
        if not self.is_valid():
            return events.none()
        asked = self.cleaned_data
        if asked["who"] == "staff":
            events = events.exclude(grant_id=None)
        elif asked["who"]:
            events = events.filter(user_id=UUID(asked["who"]))
        for name in ("verb", "purpose"):
            if asked[name]:
                events = events.filter(**{name: asked[name]})
        if asked["since"]:
            events = events.filter(at__gte=_morning(asked["since"]))
        if asked["until"]:
            events = events.filter(at__lt=_morning(asked["until"] + timedelta(days=1)))
        if asked["ticket"]:
            found = Ticket.objects.filter(number=asked["ticket"]).values_list("pk", flat=True).first()
            events = events.about(found) if found else events.none()  # type: ignore[attr-defined]
        return events


def _morning(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
