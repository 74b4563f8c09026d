"""Forms about mailboxes: they check shape, actions decide."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms import OneLine
from accounts.models import Membership, Team
from mailbox.models import Mailbox

DAYS = [
    ("0", _("Nothing: begin with the next mail")),
    ("1", _("The last day")),
    ("7", _("The last 7 days")),
    ("30", _("The last 30 days")),
    ("90", _("The last 90 days")),
]


class ConnectForm(forms.Form):
    """Which mailbox, where it lives, and how much of its past to bring in."""

    provider = forms.ChoiceField(choices=Mailbox.Provider.choices, widget=forms.HiddenInput)
    address = forms.EmailField(
        label=_("Mailbox"),
        help_text=_("The address your customers write to. Agree with this account; another one is refused."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    days = forms.TypedChoiceField(
        label=_("Bring in older mail"),
        choices=DAYS,
        coerce=int,
        initial="7",
        help_text=_("What is in the inbox already becomes tickets, too."),
    )


def ticks() -> forms.CheckboxSelectMultiple:
    """Return boxes to tick in the look of the house."""
    return forms.CheckboxSelectMultiple(attrs={"class": "tick"})


class TeamNameForm(forms.Form):
    """What a team is called."""

    name = OneLine(label=_("Name"), max_length=60)


class TeamForm(TeamNameForm):
    """What a team is called, and who is in it."""

    members = forms.MultipleChoiceField(label=_("Members"), required=False, widget=ticks())

    def __init__(self, *args: Any, members: Sequence[Membership], **kwargs: Any) -> None:
        """Offer these members, in the order given."""
        super().__init__(*args, **kwargs)
        self.offered_members = {str(one.pk): one for one in members}
        choices = [(pk, _label(one)) for pk, one in self.offered_members.items()]
        self.fields["members"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> list[Membership]:
        """Return the members that were chosen."""
        return [self.offered_members[pk] for pk in self.cleaned_data["members"]]


class AccessForm(forms.Form):
    """Who sees a mailbox: everybody, or these teams and members."""

    EVERYBODY, SOME = "everybody", "some"

    who = forms.ChoiceField(
        label=_("Who sees this mailbox"),
        choices=[(EVERYBODY, _("Everybody at this desk")), (SOME, _("Only these, and the admins"))],
        widget=forms.RadioSelect(attrs={"class": "tick"}),
    )
    teams = forms.MultipleChoiceField(label=_("Teams"), required=False, widget=ticks())
    members = forms.MultipleChoiceField(label=_("Members"), required=False, widget=ticks())

    def __init__(self, *args: Any, teams: Sequence[Team], members: Sequence[Membership], **kwargs: Any) -> None:
        """Offer these teams and members, in the order given."""
        super().__init__(*args, **kwargs)
        self.offered_teams = {str(one.pk): one for one in teams}
        self.offered_members = {str(one.pk): one for one in members}
        self.fields["teams"].choices = [(pk, one.name) for pk, one in self.offered_teams.items()]  # type: ignore[attr-defined]
        named = [(pk, one.display_name) for pk, one in self.offered_members.items()]
        self.fields["members"].choices = named  # type: ignore[attr-defined]

    @property
    def is_limited(self) -> bool:
        """Return whether only some are to see it."""
        return self.cleaned_data["who"] == self.SOME

    def chosen_teams(self) -> list[Team]:
        """Return the teams that were chosen."""
        return [self.offered_teams[pk] for pk in self.cleaned_data["teams"]]

    def chosen_members(self) -> list[Membership]:
        """Return the members that were chosen."""
        return [self.offered_members[pk] for pk in self.cleaned_data["members"]]


def _label(member: Membership) -> str:
    if member.is_active:
        return member.display_name
    return gettext("%(name)s (cannot sign in)") % {"name": member.display_name}
