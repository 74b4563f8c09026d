"""The custom fields of tickets and of contacts: what is asked for, in which order, and what no longer is."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import admins_only
from accounts.errors import ActionRefused
from accounts.forms import OneLine
from accounts.requests import DeskRequest
from tickets.actions.define_field import change_field, make_field, retire_field, shift_field, take_up_field
from tickets.models import CustomField

KINDS = {
    CustomField.Kind.TEXT: gettext_lazy("Text"),
    CustomField.Kind.NUMBER: gettext_lazy("Number"),
    CustomField.Kind.CHOICE: gettext_lazy("One of several"),
    CustomField.Kind.DATE: gettext_lazy("Date"),
}


class FieldForm(forms.Form):
    """What a field is called, and the words of a choice."""

    name = OneLine(label=gettext_lazy("Name"), max_length=60)
    words = forms.CharField(
        label=gettext_lazy("Words to choose from"),
        help_text=gettext_lazy("One on a line. Only for “One of several”."),
        required=False,
        max_length=12_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def given(self) -> dict[str, Any]:
        """Return what an action takes."""
        return {"name": self.cleaned_data["name"], "words": self.cleaned_data.get("words", "").splitlines()}


class NewFieldForm(FieldForm):
    """A field that is to be made."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=list(KINDS.items()))
    field_order = ["name", "kind", "words"]

    def given(self) -> dict[str, Any]:
        """Return what an action takes."""
        return super().given() | {"kind": self.cleaned_data["kind"]}


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def fields(request: DeskRequest) -> HttpResponse:
    """List the fields of tickets, or of contacts, in their order, and make another."""
    subject = CustomField.Subject.CONTACT if request.GET.get("of") == "contact" else CustomField.Subject.TICKET
    form = NewFieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            make_field(subject=subject, **form.given(), by=request.membership)
            of_contacts = subject == CustomField.Subject.CONTACT
            said = _("Every contact has the field now.") if of_contacts else _("Every ticket has the field now.")
            messages.success(request, said)
            return _back(request, subject)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
    every = [_told(one) for one in _of(request).filter(subject=subject).order_by("position", "pk")]
    context = {
        "subject": subject,
        "fields": [one for one in every if not one["is_retired"]],
        "retired": [one for one in every if one["is_retired"]],
        "form": form,
    }
    return _page(request, "tickets/fields.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def field(request: DeskRequest, field_id: UUID) -> HttpResponse:
    """Show one field; save its name and its words."""
    found = get_object_or_404(_of(request), pk=field_id)
    form = FieldForm(request.POST or None, initial={"name": found.name, "words": "\n".join(found.words)})
    if found.kind != CustomField.Kind.CHOICE:
        del form.fields["words"]
    if request.method == "POST" and form.is_valid():
        try:
            change_field(found, **form.given(), by=request.membership)
            messages.success(request, _("Saved. What is filled in already stays."))
            return _back(request, found.subject)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
    context = {"field": _told(found), "form": form, "subject": found.subject}
    return _page(request, "tickets/field.html", context, form)


@require_POST
@admins_only
def shift(request: DeskRequest, field_id: UUID) -> HttpResponse:
    """Move a field up or down in the order."""
    found = get_object_or_404(_of(request), pk=field_id)
    shift_field(found, up=request.POST.get("way") == "up", by=request.membership)
    return _back(request, found.subject)


@require_POST
@admins_only
def retire(request: DeskRequest, field_id: UUID) -> HttpResponse:
    """Retire a field, or take a retired one up again."""
    found = get_object_or_404(_of(request), pk=field_id)
    if request.POST.get("again"):
        take_up_field(found, by=request.membership)
        messages.success(request, _("It is asked for again."))
    else:
        retire_field(found, by=request.membership)
        messages.success(request, _("Retired. What is filled in already stays."))
    return _back(request, found.subject)


def _of(request: DeskRequest) -> Any:
    return CustomField.objects.filter(organization=request.organization)


def _back(request: DeskRequest, subject: str) -> HttpResponse:
    query = "?of=contact" if subject == CustomField.Subject.CONTACT else ""
    return redirect(reverse("tickets:fields", args=[request.organization.slug]) + query)


def _told(one: CustomField) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "name": one.name,
        "kind": KINDS[CustomField.Kind(one.kind)],
        "words": ", ".join(one.words),
        "is_retired": one.is_retired,
    }


def _page(request: DeskRequest, template: str, context: dict[str, Any], form: forms.Form) -> HttpResponse:
    about = {"organization": request.organization, "membership": request.membership}
    return render(request, template, about | context, status=422 if form.errors else 200)
