"""Requests at the data protection officer's desk: the operator's cases whole, organizations' as states and dates.

A case of an organization shows neither who asks nor what: that is the organization's, which answers it.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.admin_lists import ReadOnlyAdmin, within
from accounts.admin_words import badge
from accounts.errors import ActionRefused
from accounts.models import User
from privacy.actions.requests.open_request import open_operator_request
from privacy.lines import life_line
from privacy.models import DataSubjectRequest, RequestEvent
from privacy.request_forms import AddressField
from privacy.rights.clock import ALARM_DAYS, ZONE
from privacy.rights.history import Actor
from privacy.staff.left import in_words, tone_of
from privacy.staff.request_acts import ACTS, acts_for

Right = DataSubjectRequest.Right
STATES = ["queue", "organization_slug", "source", "identity", "received_at", "due_at", "extended_at", "paused_at",
          "outcome", "closed_at"]  # fmt: skip
ASKED = ["person_shown", "said_shown"]
DONE = ["evidence_shown", "letters_shown", "history_shown"]
WHEN = "%-d %b %Y, %H:%M"


class NamedDateTime(AdminSplitDateTime):
    """Django admin's two inputs, each with a name of its own for who hears the page."""

    def __init__(self) -> None:
        """Name them."""
        super().__init__()
        for widget, name in zip(self.widgets, ("Received at, date", "Received at, time"), strict=True):
            widget.attrs["aria-label"] = name


class OperatorRequestForm(forms.ModelForm):
    """A request that reached the operator by letter, telephone or its privacy address."""

    right = forms.ChoiceField(choices=Right)
    address = AddressField(max_length=254)
    name = forms.CharField(max_length=200, required=False)
    said = forms.CharField(max_length=20_000, required=False, widget=forms.Textarea)
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    received_at = forms.SplitDateTimeField(widget=NamedDateTime, initial=timezone.now)

    class Meta:
        model = DataSubjectRequest
        fields: list[str] = []

    def _post_clean(self) -> None:
        """Leave the row to the action that makes it."""


class ReasonForm(forms.Form):
    """What the person reads, or what was seen."""

    text = forms.CharField(widget=forms.Textarea, max_length=5_000)


@admin.register(DataSubjectRequest)
class RequestAdmin(ReadOnlyAdmin):
    """Every request by its due date; what stands still and what is closed comes after what waits."""

    list_display = ["case_number", "right", "left", "clock_line", "due", "identity", "organization_slug", "outcome"]
    list_filter = [
        "queue",
        "right",
        "outcome",
        "identity",
        ("closed_at", admin.EmptyFieldListFilter),
        within("received_at"),
    ]
    list_select_related = ["organization"]
    search_fields = ["=id", "=organization__slug"]
    add_words = "Enter a request"
    search_help_text = "The id of a case, or the address of an organization"

    class Media:
        css = {"all": ["css/admin-privacy.css"]}

    ordering = ["-closed_at", "due_at"]  # Postgres puts those that are open first
    change_form_template = "admin/privacy/datasubjectrequest/change_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Cases of the operator's queue are entered here."""
        return bool(admin.ModelAdmin.has_add_permission(self, request))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Offer what is asked when a case is entered."""
        return OperatorRequestForm if obj is None else super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show who asks, and what, only where the operator itself has to answer."""
        if obj is None:
            return ["right", "address", "name", "said", "language", "received_at"]
        return self.in_words(STATES if obj.is_of_organization else [*ASKED, *STATES, *DONE])

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show what is asked, where it stands, and what was done, each in a panel of its own."""
        if obj is None:
            return [(None, {"fields": self.get_fields(request)})]
        states = ("Where it stands", {"fields": self.in_words(STATES)})
        if obj.is_of_organization:
            return [states]
        return [("What is asked", {"fields": ASKED}), states, ("What was done", {"fields": DONE})]

    def called(self, row: Any) -> str:
        """Return its number and what is asked."""
        return f"{row.case_number} · {row.get_right_display()}"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nothing of a case is typed over."""
        return [] if obj is None else self.get_fields(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Open the case by the one action that does."""
        data = {name: form.cleaned_data[name] for name in OperatorRequestForm.base_fields}
        opened = open_operator_request(**data, by=Actor(staff=_staff(request)))
        obj.__dict__.update({k: v for k, v in opened.__dict__.items() if not k.startswith("_state")})
        obj._state.adding = False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """There is nothing beside it."""

    def get_urls(self) -> list[URLPattern]:
        """Add the acts."""
        act = path(
            "<uuid:request_id>/act/<str:name>/",
            self.admin_site.admin_view(self.act),
            name="privacy_datasubjectrequest_act",
        )
        return [act, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a case, with what can be done where it is the operator's and open."""
        case = self.get_object(request, object_id)
        acts = acts_for(case) if case is not None else []
        more = {"acts": acts, "left": self.left(case), "line": self.clock_line(case)} if case else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def act(self, request: HttpRequest, request_id: Any, name: str) -> HttpResponse:
        """Do one thing with a case of the operator's queue; what needs words asks for them first."""
        case = DataSubjectRequest.objects.of_the_operator().filter(pk=request_id).first()
        act = ACTS.get(name)
        if case is None or act is None or not self.has_view_permission(request, case):
            raise Http404
        form = ReasonForm(request.POST if request.method == "POST" and act.asks else None)
        back = redirect("admin:privacy_datasubjectrequest_change", case.pk)
        if request.method == "POST" and (not act.asks or form.is_valid()):
            try:
                act.do(case, form.cleaned_data["text"] if act.asks else "", Actor(staff=_staff(request)))
                self.log_change(request, case, f"Did: {name}.")
                messages.success(request, "Done.")
            except ActionRefused as refusal:
                messages.error(request, str(refusal))
            return back
        context = {
            **self.admin_site.each_context(request),
            "title": act.title,
            "form": form,
            "asks": act.asks,
            "hint": act.hint,
            "case": case,
        }
        return render(request, "admin/privacy/datasubjectrequest/act.html", context)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DataSubjectRequest]:
        """Leave sealed columns where they are until a case is opened."""
        found: QuerySet[DataSubjectRequest] = super().get_queryset(request)
        return found.defer("said", "asks", "reason")

    # --- what is shown ---------------------------------------------------------------------------------------------
    @admin.display(description="case", ordering="number")
    def case_number(self, case: DataSubjectRequest) -> str:
        """Return the number people say."""
        return case.case_number

    @admin.display(description="organization", ordering="organization__slug")
    def organization_slug(self, case: DataSubjectRequest) -> str:
        """Return whose queue it is in."""
        return case.organization.slug if case.organization else "–"

    @admin.display(description="left")
    def left(self, case: DataSubjectRequest) -> SafeString:
        """Return how many days are left, in a word where there are none."""
        if case.is_closed:
            return badge("answered", "good")
        if case.is_paused:
            return badge("clock stopped")
        days = case.clock.days_left(timezone.now())
        return badge(in_words(days), tone_of(days))

    @admin.display(description="clock", ordering="due_at")
    def clock_line(self, case: DataSubjectRequest) -> SafeString:
        """Draw how much of its time has passed, with the marks of the alarms."""
        return life_line(case.received_at, case.due_at, case.closed_at, timezone.now(), ALARM_DAYS)

    @admin.display(description="due", ordering="due_at")
    def due(self, case: DataSubjectRequest) -> str:
        """Return the last day, as a day."""
        return f"{timezone.localtime(case.due_at, ZONE):%a %-d %b %Y}"

    @admin.display(description="person")
    def person_shown(self, case: DataSubjectRequest) -> str:
        """Return who asks the operator."""
        return f"{case.name} <{case.address}>"

    @admin.display(description="said")
    def said_shown(self, case: DataSubjectRequest) -> str:
        """Return what the person wrote to the operator."""
        return case.said or "–"

    @admin.display(description="evidence")
    def evidence_shown(self, case: DataSubjectRequest) -> SafeString:
        """Return what shows who asks."""
        rows = ((one.at.date(), one.get_way_display(), one.text) for one in case.identityevidences.all())
        return format_html_join("", "<div>{} · {} {}</div>", rows) or format_html("{}", "–")

    @admin.display(description="letters")
    def letters_shown(self, case: DataSubjectRequest) -> SafeString:
        """Return the letters, each folded."""
        rows = ((one.subject, one.get_state_display(), one.text) for one in case.requestletters.all())
        return format_html_join("", "<details><summary>{} ({})</summary><pre>{}</pre></details>", rows)

    @admin.display(description="history")
    def history_shown(self, case: DataSubjectRequest) -> SafeString:
        """Return what was done."""
        events = case.requestevents.select_related("staff").order_by("at", "pk")
        rows = (
            (one.get_verb_display(), one.details, f"{timezone.localtime(one.at):{WHEN}}", _actor(one)) for one in events
        )
        lines = format_html_join("", "<li><b>{}</b> {}<small>{} {}</small></li>", rows)
        return format_html('<ol class="done-line">{}</ol>', lines)


def case_url(case: DataSubjectRequest) -> str:
    """Return the page of a case here."""
    return reverse("admin:privacy_datasubjectrequest_change", args=[case.pk])


def _actor(event: RequestEvent) -> str:
    """Return who did it: staff by name, a member of an organization as such, the program as nobody."""
    return f"· {event.staff.display_name}" if event.staff else "· a member" if event.by_id else ""


def _staff(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
