"""Requests at the data protection officer's desk: the operator's cases whole, organizations' as states and dates.

A case of an organization shows neither who asks nor what: that is the organization's, which answers it.
"""

from collections.abc import Callable
from datetime import datetime
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

from accounts.admin import ReadOnlyAdmin
from accounts.admin_cells import NOTHING
from accounts.errors import ActionRefused
from accounts.models import User
from privacy.actions.requests import close_request, extend, forward, identity, of_users
from privacy.actions.requests.open_request import open_operator_request
from privacy.actions.requests.package import begin_package
from privacy.lines import case_line
from privacy.models import DataSubjectRequest, IdentityEvidence, RequestEvent
from privacy.request_forms import AddressField
from privacy.rights.history import Actor

Right = DataSubjectRequest.Right
STATES = ["case_number", "queue", "right", "source", "identity", "received_at", "due_at", "extended_at", "paused_at",
          "outcome", "closed_at", "organization_slug"]  # fmt: skip
SOON = 5  # days
WHOLE = ["person_shown", "said_shown", "evidence_shown", "letters_shown", "history_shown"]


class OperatorRequestForm(forms.ModelForm):
    """A request that reached the operator by letter, telephone or its privacy address."""

    right = forms.ChoiceField(choices=Right)
    address = AddressField(max_length=254)
    name = forms.CharField(max_length=200, required=False)
    said = forms.CharField(max_length=20_000, required=False, widget=forms.Textarea)
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    received_at = forms.SplitDateTimeField(widget=AdminSplitDateTime, initial=timezone.now)

    class Meta:
        model = DataSubjectRequest
        fields: list[str] = []

    def _post_clean(self) -> None:
        """Leave the row to the action that makes it."""


class ReasonForm(forms.Form):
    """What the person reads, or what was seen."""

    text = forms.CharField(widget=forms.Textarea, max_length=5_000)


Act = Callable[[DataSubjectRequest, str, Actor], Any]


def _evidence(*, is_the_person: bool) -> Act:
    def act(case: DataSubjectRequest, text: str, by: Actor) -> None:
        way = IdentityEvidence.Way.OTHER
        identity.add_evidence(case, way=way, is_the_person=is_the_person, text=text, by=by)

    return act


# What can be done with a case of the operator's queue: its title, whether it needs words, and what does it.
ACTS: dict[str, tuple[str, bool, Act]] = {
    "confirm": ("It is the person…", True, _evidence(is_the_person=True)),
    "doubt": ("It is not the person…", True, _evidence(is_the_person=False)),
    "ask": (
        "Ask who it is (stops the clock)…",
        True,
        lambda case, text, by: identity.ask_question(case, text=text, is_about_identity=True, by=by),
    ),
    "pack": ("Make the package", False, lambda case, _text, by: begin_package(case, by=by)),
    "erase": ("Erase the account", False, lambda case, _text, by: of_users.erase_user(case, by=by)),
    "refer": ("Refer to the organization", False, lambda case, _text, by: close_request.refer_elsewhere(case, by=by)),
    "forward": (
        "Forward to the organization named (its address here)…",
        True,
        lambda case, text, by: forward.forward_request(case, slug=text, by=by),
    ),
    "extend": ("Extend…", True, lambda case, text, by: extend.extend_request(case, reason=text, by=by)),
    "refuse": ("Refuse…", True, lambda case, text, by: close_request.refuse_request(case, reason=text, by=by)),
    "take-back": ("The person took it back", False, lambda case, _text, by: close_request.take_back(case, by=by)),
}


@admin.register(DataSubjectRequest)
class RequestAdmin(ReadOnlyAdmin):
    """Every request by its due date; what stands still and what is closed comes after what waits."""

    called = "Rights requests"
    list_display = ["case_number", "right", "organization_slug", "line", "left", "due", "identity", "outcome"]
    list_filter = ["queue", "right", "outcome", "identity", ("closed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["organization"]
    search_fields = ["=id", "=organization__slug"]
    search_help_text = "The id of a case, or the address of an organization"
    ordering = ["closed_at", "due_at"]
    date_hierarchy = "received_at"
    change_form_template = "admin/privacy/datasubjectrequest/change_form.html"

    class Media:
        css = {"all": ["css/admin-privacy.css"]}

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
        return STATES if obj.is_of_organization else [*STATES, *WHOLE]

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
        is_ours = case is not None and not case.is_of_organization and not case.is_closed
        acts = (
            [{"name": name, "title": ACTS[name][0], "weight": _weight(name, case)} for name in ACTS] if is_ours else []
        )
        more: dict[str, Any] = {"acts": acts}
        if case is not None:
            title = f"{case.get_right_display()}, {case.case_number}"
            more |= {"title": title, "subtitle": None, "clock": {"line": self.line(case), "left": self.left(case)}}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def act(self, request: HttpRequest, request_id: Any, name: str) -> HttpResponse:
        """Do one thing with a case of the operator's queue; what needs words asks for them first."""
        case = DataSubjectRequest.objects.of_the_operator().filter(pk=request_id).first()
        if case is None or name not in ACTS or not self.has_view_permission(request, case):
            raise Http404
        title, asks, act = ACTS[name]
        form = ReasonForm(request.POST if request.method == "POST" and asks else None)
        back = redirect("admin:privacy_datasubjectrequest_change", case.pk)
        if request.method == "POST" and (not asks or form.is_valid()):
            try:
                act(case, form.cleaned_data["text"] if asks else "", Actor(staff=_staff(request)))
                self.log_change(request, case, f"Did: {name}.")
                messages.success(request, "Done.")
            except ActionRefused as refusal:
                messages.error(request, str(refusal))
            return back
        context = {**self.admin_site.each_context(request), "title": title, "form": form, "asks": asks, "case": case}
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
        return case.organization.slug if case.organization else "the operator"

    @admin.display(description="first day to last", ordering="due_at")
    def line(self, case: DataSubjectRequest) -> SafeString:
        """Draw where it stands between its coming in and its promised day."""
        return case_line(case, timezone.now())

    @admin.display(description="due", ordering="due_at")
    def due(self, case: DataSubjectRequest) -> str:
        """Return the promised day."""
        return f"{timezone.localtime(case.due_at):%d %b %Y}"

    @admin.display(description="left")
    def left(self, case: DataSubjectRequest) -> SafeString:
        """Return how many days are left, in a word where there are none."""
        if case.is_closed:
            return format_html('<span class="left good">{}</span>', "answered")
        if case.is_paused:
            return format_html('<span class="left">{}</span>', "clock stopped")
        days = case.clock.days_left(timezone.now())
        tone, words = ("bad", f"{-days} days late") if days < 0 else ("warn" if days < SOON else "", f"{days} days")
        return format_html('<span class="left {}">{}</span>', tone, words)

    @admin.display(description="person")
    def person_shown(self, case: DataSubjectRequest) -> str:
        """Return who asks the operator."""
        return f"{case.name} <{case.address}>"

    @admin.display(description="said")
    def said_shown(self, case: DataSubjectRequest) -> str:
        """Return what the person wrote to the operator."""
        return case.said or NOTHING

    @admin.display(description="evidence")
    def evidence_shown(self, case: DataSubjectRequest) -> SafeString:
        """Return what shows who asks."""
        evidence = case.identityevidences.order_by("pk")
        rows = ((_when(one.at), one.get_way_display(), one.text) for one in evidence)
        return format_html_join("", "<div>{} · {} {}</div>", rows) or format_html(NOTHING)

    @admin.display(description="letters")
    def letters_shown(self, case: DataSubjectRequest) -> SafeString:
        """Return the letters, each folded."""
        letters = case.requestletters.order_by("pk")
        rows = ((one.subject, one.get_state_display(), one.text) for one in letters)
        said = '<details class="letter"><summary>{} <span class="left">{}</span></summary><pre>{}</pre></details>'
        return format_html_join("", said, rows) or format_html(NOTHING)

    @admin.display(description="history")
    def history_shown(self, case: DataSubjectRequest) -> SafeString:
        """Return what was done."""
        events = case.requestevents.select_related("by__user", "staff").order_by("at", "pk")
        rows = ((_when(one.at), one.get_verb_display(), _actor(one), one.details) for one in events)
        said = "<li><time>{}</time> <b>{}</b> <span>{}</span><p>{}</p></li>"
        return format_html('<ol class="history">{}</ol>', format_html_join("", said, rows))


def case_url(case: DataSubjectRequest) -> str:
    """Return the page of a case here."""
    return reverse("admin:privacy_datasubjectrequest_change", args=[case.pk])


def _weight(name: str, case: DataSubjectRequest) -> str:
    """Return "first" for what an open case waits for, "hard" for what cannot be taken back."""
    if case.identity != DataSubjectRequest.Identity.CONFIRMED:
        return "first" if name == "confirm" else "hard" if name in {"erase", "refuse"} else ""
    waited = {Right.ACCESS: "pack", Right.PORTABILITY: "pack", Right.ERASURE: "erase"}.get(Right(case.right), "")
    return "first" if name == waited else "hard" if name in {"erase", "refuse"} else ""


def _when(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d %b %Y, %H:%M}"


def _actor(event: RequestEvent) -> str:
    """Return who did it: staff by name, a member of an organization as such, the program as nobody."""
    return event.staff.display_name if event.staff else "a member" if event.by_id else ""


def _staff(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
