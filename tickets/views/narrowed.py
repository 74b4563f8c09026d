"""What narrows a list, in words: the chips above it, the filter that asks for more, and the form that saves it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from typing import Any

from django import forms
from django.db.models import F
from django.http import Http404
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.forms import OneLine
from accounts.models import Membership, User
from accounts.requests import DeskRequest
from accounts.rows import Rows, opened
from accounts.sealing.keys import Kind, keys
from tickets.lists import VIEWS
from tickets.narrowing import MAX_TAGS, MY, NARROWERS, NOBODY, Asked, asked_by
from tickets.newest import ORDERS
from tickets.views.words import ORDER_LABELS, PRIORITY_FILTERS

AGES = (1, 2, 3, 7, 14, 30, 90)  # days that the form offers; an address may say any other
FIELD_LABELS = {
    "mailbox": gettext_lazy("Mailbox"),
    "team": gettext_lazy("Team"),
    "assignee": gettext_lazy("Assignee"),
    "priority": gettext_lazy("Priority"),
    "older": gettext_lazy("Nothing happened for"),
    "tag": gettext_lazy("Tags, all of them"),
}
_WORDS = FIELD_LABELS | {"older": gettext_lazy("Quiet for"), "tag": gettext_lazy("Tag")}


class SavedViewForm(forms.Form):
    """A list under a name. Offered is what stands around the page anyway, so it costs no query."""

    name = OneLine(label=gettext_lazy("Name"), max_length=60)
    is_shared = forms.BooleanField(
        label=gettext_lazy("Share it with everybody here"),
        help_text=gettext_lazy("Each sees in it what they may see. You and the admins can change it."),
        required=False,
    )
    view = forms.ChoiceField(label=gettext_lazy("List"))
    mailbox = forms.ChoiceField(label=FIELD_LABELS["mailbox"], required=False)
    team = forms.ChoiceField(label=FIELD_LABELS["team"], required=False)
    assignee = forms.ChoiceField(label=FIELD_LABELS["assignee"], required=False)
    priority = forms.ChoiceField(label=FIELD_LABELS["priority"], required=False)
    older = forms.ChoiceField(label=FIELD_LABELS["older"], required=False)
    tag = forms.MultipleChoiceField(label=FIELD_LABELS["tag"], required=False)
    sort = forms.ChoiceField(label=gettext_lazy("Order"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        around: Mapping[str, Any],
        people: Sequence[Any],
        me: Membership,
        initial: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> None:
        """Offer what the reader may choose from; `initial` is what an address says."""
        given = dict(initial or {})
        given["tag"] = [one for one in str(given.get("tag", "")).split(",") if one]
        super().__init__(data, initial=given, **more)
        for name, choices in offered(names_of(around, people, me), str(given.get("older", ""))).items():
            self.fields[name].choices = list(choices.items())  # type: ignore[attr-defined]
        self.fields["view"].choices = [(key, one.label) for key, one in VIEWS.items()]  # type: ignore[attr-defined]
        self.fields["sort"].choices = [(key, ORDER_LABELS[key]) for key in ORDERS]  # type: ignore[attr-defined]

    def clean_tag(self) -> list[str]:
        """Return the tags, as many as a list can ask for."""
        tags: list[str] = self.cleaned_data["tag"]
        if len(tags) > MAX_TAGS:
            raise forms.ValidationError(_("Choose %(count)d tags at most.") % {"count": MAX_TAGS})
        return tags

    def clean(self) -> dict[str, Any]:
        """Refuse what could not be quick, and say why."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and (reason := self.asked().slow_because()):
            raise forms.ValidationError(reason)
        return cleaned

    def asked(self) -> Asked:
        """Return the list that was asked for."""
        said = {name: value for name, value in self.cleaned_data.items() if value and name != "tag"}
        return asked_by(said | {"tag": ",".join(self.cleaned_data.get("tag", []))})


def names_of(around: Mapping[str, Any], people: Sequence[Any], me: Membership) -> dict[str, dict[str, str]]:
    """Return what lists can be narrowed to, by id: mailboxes, teams, people and tags the reader knows of."""
    others = sorted(
        (one for one in people if str(one.member) != str(me.pk)), key=lambda one: one.display_name.casefold()
    )
    return {
        "mailbox": {one["id"]: one["address_short"] for one in around["navigation"]["mailboxes"]},
        "team": {str(one.pk): one.name for one in around["teams"]},
        "assignee": {MY: _("You"), NOBODY: _("Nobody yet")} | {str(one.member): one.display_name for one in others},
        "tag": {str(one.pk): one.name for one in around["tags"]},
    }


def offered(names: Mapping[str, Mapping[str, str]], older: str = "") -> dict[str, dict[str, str]]:
    """Return what each narrower can be, by what an address says."""
    ages = sorted({*AGES, *([int(older)] if older else [])})
    return {
        "mailbox": {"": _("Every mailbox"), **names["mailbox"]},
        "team": {"": _("Any team or none"), **names["team"]},
        "assignee": {"": _("Anybody"), **names["assignee"]},
        "priority": {"": _("Any priority"), **{key: str(label) for key, label in PRIORITY_FILTERS.items()}},
        "older": {"": _("Any time"), **{str(days): days_said(days) for days in ages}},
        "tag": dict(names["tag"]),
    }


def narrowers(wanted: Asked, names: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    """Return the fields of the filter above a list, without those that have nothing to choose or could not be quick.

    They are finished pieces and no form, because every page of the list has them and a desk can have hundreds of tags.
    """
    fields = []
    for name, choices in offered(names, wanted.older).items():
        is_slow = wanted.view.is_done and name in ("assignee", "priority")
        if is_slow or len(choices) < (1 if name == "tag" else 2):
            continue
        chosen = wanted.tags if name == "tag" else [getattr(wanted, name)]
        fields.append({"name": name, "label": FIELD_LABELS[name], "options": options(choices.items(), chosen)})
    return fields


def options(choices: Iterable[tuple[str, str]], chosen: Collection[str] = ()) -> SafeString:
    """Return the options of a select."""
    lines = [
        f'<option value="{escape(value)}"{" selected" if value in chosen else ""}>{escape(label)}</option>'
        for value, label in choices
    ]
    return mark_safe("".join(lines))  # noqa: S308 - each part was escaped


def people_of(rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return the people that the shell's query carried, ready to be named."""
    people = opened(User, rows)
    keys.warm(Kind.PROFILE, {one.pk for one in people})
    return people


def people_carried(me: Membership) -> Rows:
    """Return who may be given tickets, to be carried by the shell's query."""
    answering = Membership.objects.answering().filter(organization_id=me.organization_id)
    people = User.objects.filter(memberships__in=answering).order_by("pk")
    return Rows(people.values("id", "name", "email", member=F("memberships__id")))


def along_people(request: DeskRequest) -> dict[str, Rows]:
    """Return them under the name `people`, for a page that needs nothing else."""
    return {"people": people_carried(request.membership)}


def chips(names: Mapping[str, Mapping[str, str]], wanted: Asked, me: Membership, slug: str) -> list[dict[str, Any]]:
    """Return what narrows the list, by name, with the address that takes it away; 404 where it is not the reader's."""
    known = offered(names, wanted.older)
    known["assignee"] |= {str(me.pk): _("You")}
    found = []
    for narrower in NARROWERS:
        for chosen in wanted.tags if narrower == "tag" else [getattr(wanted, narrower)]:
            if chosen and chosen not in known[narrower]:
                raise Http404
            if chosen:
                rest = ",".join(one for one in wanted.tags if one != chosen) if narrower == "tag" else ""
                clear = wanted.but(**{narrower: rest}).url(slug)
                found.append({"word": _WORDS[narrower], "name": known[narrower][chosen], "clear_url": clear})
    return found


def days_said(days: int) -> str:
    """Return a number of days in words."""
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
