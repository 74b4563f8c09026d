"""What agents write and choose."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.forms import OneLine
from accounts.models import Membership, Team
from tickets.models import Tag
from tickets.people_field import PeopleField, Person, written
from tickets.rich import MAX_HTML, clean_rich, text_of_rich
from tickets.uploads import check_upload

__all__ = ["PeopleField", "Person", "written"]
MAX_TEXT = 200_000


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, or none."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files as a list."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        files = [super(FilesField, self).clean(one, initial) for one in given]
        for one in files:
            check_upload(one)
        return files


class MomentField(forms.DateTimeField):
    """A day and a clock in the zone of who fills it in."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        """Take what browsers send."""
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)


class RichForm(forms.Form):
    """A text, with its layout where the editor wrote one; whatever the browser made of it, both say the same."""

    text = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 10}), max_length=MAX_TEXT)
    html = forms.CharField(required=False, max_length=MAX_HTML, widget=forms.HiddenInput)  # with layout; the editor's

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for the text only where it is not made from the layout."""
        super().__init__(*args, **kwargs)
        if self.is_bound and clean_rich(str(self["html"].value() or "")):
            self.fields["text"].required = False

    def clean_html(self) -> str:
        """Return the layout as it may be sent."""
        return clean_rich(self.cleaned_data["html"])

    def clean(self) -> dict[str, Any]:
        """Say the same in plain text."""
        said = super().clean() or self.cleaned_data
        if said.get("html"):
            said["text"] = text_of_rich(said["html"])[:MAX_TEXT]
        return said


class ReplyForm(RichForm):
    """An answer: exactly these people get exactly this text, and what the composer showed below it."""

    answered = forms.UUIDField(required=False, widget=forms.HiddenInput)  # the mail the agent had before them
    warned = forms.CharField(required=False, max_length=8000, widget=forms.HiddenInput)  # dead addresses they saw
    seen = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)  # the messages they had read
    at = MomentField(label=_("When"), required=False)
    sender = forms.ChoiceField(label=_("From"), required=False)
    to = PeopleField(label=_("To"))
    cc = PeopleField(label=_("Cc"), required=False)
    bcc = PeopleField(label=_("Bcc"), required=False)
    text = forms.CharField(label=_("Answer"), widget=forms.Textarea, max_length=MAX_TEXT, strip=True)
    quotes = forms.BooleanField(label=_("Quote their mail"), required=False)
    files = FilesField(label=_("Attach"), required=False)  # type: ignore[assignment]

    def __init__(self, *args: Any, senders: Sequence[str] = (), **kwargs: Any) -> None:
        """Offer these addresses to send from."""
        super().__init__(*args, **kwargs)
        self.fields["sender"].choices = [(one, one) for one in senders]  # type: ignore[attr-defined]

    def recipients(self) -> list[Person]:
        """Return everybody who would get it, as far as that can be read."""
        said = getattr(self, "cleaned_data", {})
        return [person for header in ("to", "cc", "bcc") for person in said.get(header, [])]


class NoteForm(forms.Form):
    """A remark for colleagues."""

    text = forms.CharField(label=_("Note"), widget=forms.Textarea, max_length=MAX_TEXT, strip=True)


class AssignForm(forms.Form):
    """Who answers: one of the colleagues who may, or nobody."""

    assignee = forms.ChoiceField(label=_("Assignee"), required=False)

    def __init__(self, *args: Any, members: Sequence[Membership], me: Membership, **kwargs: Any) -> None:
        """Offer these members, the reader first."""
        super().__init__(*args, **kwargs)
        self.members = {str(member.pk): member for member in members}
        others = sorted((one for one in members if one.pk != me.pk), key=lambda one: one.display_name.casefold())
        mine = [(str(me.pk), _("You"))] if str(me.pk) in self.members else []
        self.fields["assignee"].choices = [  # type: ignore[attr-defined]
            ("", _("Nobody yet")),
            *mine,
            *((str(one.pk), one.display_name) for one in others),
        ]

    def chosen(self) -> Membership | None:
        """Return the member that was chosen."""
        return self.members.get(self.cleaned_data["assignee"])


class TeamForm(forms.Form):
    """Which team: one of those that may see the ticket, or none."""

    team = forms.ChoiceField(label=_("Team"), required=False)

    def __init__(self, *args: Any, teams: Sequence[Team], **kwargs: Any) -> None:
        """Offer these teams, in the order given."""
        super().__init__(*args, **kwargs)
        self.teams = {str(team.pk): team for team in teams}
        choices = [("", _("No team")), *((pk, team.name) for pk, team in self.teams.items())]
        self.fields["team"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> Team | None:
        """Return the team that was chosen."""
        return self.teams.get(self.cleaned_data["team"])


class TagForm(forms.Form):
    """A tag by its name; a new name makes a new tag."""

    name = OneLine(label=_("Tag"), max_length=60)


class TagSettingsForm(TagForm):
    """What a tag is called, and its hue."""

    hue = forms.TypedChoiceField(
        label=_("Colour"), choices=Tag.Hue, coerce=int, widget=forms.RadioSelect(attrs={"class": "tick"})
    )


class MergeTagForm(forms.Form):
    """Which tag takes the place of this one."""

    into = forms.ChoiceField(label=_("Merge into"))

    def __init__(self, *args: Any, tags: Sequence[Tag], **kwargs: Any) -> None:
        """Offer these tags, in the order given."""
        super().__init__(*args, **kwargs)
        self.tags = {str(tag.pk): tag for tag in tags}
        self.fields["into"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a tag")),
            *((pk, tag.name) for pk, tag in self.tags.items()),
        ]

    def chosen(self) -> Tag:
        """Return the tag that was chosen."""
        return self.tags[self.cleaned_data["into"]]
