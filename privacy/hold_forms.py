"""Forms about holds and retention rules: they check shape, actions decide."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organization
from accounts.sealing.errors import SealingError
from mailbox.models import Mailbox
from privacy.models import LegalHold, RetentionRule
from privacy.models.legal_hold import REVIEW_WITHIN
from tickets.models import Contact, Ticket

Scope = LegalHold.Scope
FIRST_REVIEW = timedelta(days=90)


def day_field(**kwargs: Any) -> forms.DateField:
    """Return a field for a day, with the browser's own calendar."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def _last_day() -> str:
    return (timezone.localdate() + REVIEW_WITHIN).isoformat()


def _can_be_read(mailbox: Mailbox) -> bool:
    """Return whether its key is still there; where it is not, nothing is left to keep."""
    try:
        return bool(mailbox.address)
    except SealingError:
        return False


class ReviewForm(forms.Form):
    """Who looks at a hold next, and when."""

    review_on = day_field(label=_("Review on"), help_text=_("Within 180 days. A hold never ends by itself."))
    reviewer = forms.ChoiceField(label=_("Who reviews it"))

    def __init__(self, *args: Any, admins: Sequence[Membership], me: Membership, **kwargs: Any) -> None:
        """Offer the admins, whoever asks first."""
        super().__init__(*args, **kwargs)
        self.offered = {str(one.pk): one for one in admins}
        self.fields["reviewer"].choices = [(pk, one.display_name) for pk, one in self.offered.items()]  # type: ignore[attr-defined]
        self.fields["reviewer"].initial = str(me.pk)
        self.fields["review_on"].initial = timezone.localdate() + FIRST_REVIEW
        days = {"min": (timezone.localdate() + timedelta(days=1)).isoformat(), "max": _last_day()}
        self.fields["review_on"].widget.attrs.update(days)

    def reviewer_chosen(self) -> Membership:
        """Return the admin."""
        return self.offered[self.cleaned_data["reviewer"]]


class PlaceHoldForm(ReviewForm):
    """What is to be kept, on which basis, and why."""

    scope = forms.ChoiceField(label=_("Keep"), widget=forms.RadioSelect(attrs={"class": "tick"}))
    number = forms.IntegerField(label=_("Number of the ticket"), required=False, min_value=1, max_value=2_147_483_647)
    mailbox = forms.ChoiceField(label=_("Mailbox"), required=False)
    basis = forms.ChoiceField(label=_("Basis"), choices=LegalHold.Basis.choices)
    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Sealed, and shown to the admins of your organization only."),
    )
    field_order = ["scope", "number", "mailbox", "basis", "reason", "review_on", "reviewer"]

    def __init__(
        self, *args: Any, organization: Organization, contact: Contact | None = None, name: str = "", **kwargs: Any
    ) -> None:
        """Offer this organization's tickets and mailboxes, and a contact where one was named."""
        super().__init__(*args, **kwargs)
        self.organization, self.contact = organization, contact
        self.mailboxes = {str(one.pk): one for one in organization.mailboxes.order_by("pk") if _can_be_read(one)}
        scopes: list[tuple[str, Any]] = [(Scope.TICKET, _("A ticket, with everything in it"))]
        if contact:
            scopes.append((Scope.CONTACT, _("%(name)s, with every ticket they wrote in") % {"name": name}))
        scopes.append((Scope.MAILBOX, _("A mailbox, with everything that came through it")))
        scopes.append((Scope.ORGANIZATION, _("The whole organization")))
        self.fields["scope"].choices = scopes  # type: ignore[attr-defined]
        self.fields["mailbox"].choices = [("", "—"), *((pk, one.address) for pk, one in self.mailboxes.items())]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Find what is meant."""
        said = super().clean() or {}
        scope, self.target = said.get("scope"), None
        if scope == Scope.TICKET:
            found = Ticket.objects.filter(organization=self.organization, number=said.get("number") or 0)
            self.target = found.select_related("organization").first()
            if self.target is None and "number" not in self.errors:
                self.add_error("number", _("There is no ticket of this number."))
        elif scope == Scope.MAILBOX:
            self.target = self.mailboxes.get(said.get("mailbox") or "")
            if self.target is None:
                self.add_error("mailbox", _("Choose a mailbox."))
        elif scope:
            self.target = self.contact if scope == Scope.CONTACT else self.organization
        return said

    target: Ticket | Contact | Mailbox | Organization | None = None


class ReleaseForm(forms.Form):
    """Why something need not be kept any more."""

    reason = forms.CharField(label=_("Why it can go"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class RuleForm(forms.Form):
    """How long something is kept, and what happens then."""

    is_enabled = forms.BooleanField(label=_("This rule is on"), required=False)
    amount = forms.IntegerField(label=_("Keep for"), min_value=1, max_value=3650)
    unit = forms.ChoiceField(label=_("Days or months"), choices=RetentionRule.Unit.choices)
    does = forms.ChoiceField(
        label=_("Then"), choices=RetentionRule.Does.choices, widget=forms.RadioSelect(attrs={"class": "tick"})
    )

    def __init__(self, *args: Any, rule: RetentionRule, **kwargs: Any) -> None:
        """Begin with what the rule says; only closed tickets can be made anonymous."""
        said = {"is_enabled": rule.is_enabled, "amount": rule.amount, "unit": rule.unit, "does": rule.does}
        super().__init__(*args, **{"initial": said, **kwargs})
        if rule.kind != RetentionRule.Kind.CLOSED:
            self.fields["does"].widget = forms.HiddenInput()


class LookAheadForm(forms.Form):
    """The day for which a rule is to say what it would do."""

    on = day_field(label=_("What would go on"))
