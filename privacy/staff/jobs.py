"""Deletion jobs for the data protection officer: due dates on a line, steps, decisions, and a second person."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.db.models import OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.admin_lists import ReadOnlyAdmin, counted
from accounts.errors import ActionRefused
from accounts.ids import id_or_none
from privacy.actions.approve import approve, ask_approval, decline
from privacy.actions.decide_early import decide_early
from privacy.lines import due_line, scale
from privacy.models import Approval, DeletionJob, DeletionStep, EarlyDecision
from privacy.showing import JobShown

ALARM_AFTER = timedelta(days=25)
ACTS = "privacy.change_deletionjob"
AHEAD = 60  # jobs drawn on the time line above the list


class UrgencyFilter(admin.SimpleListFilter):
    """How a job stands against its date."""

    title = "urgency"
    parameter_name = "urgency"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [
            ("late", "Late"),
            ("alarm", "Day 25 passed"),
            ("waits", "Waits for something"),
            ("open", "Not finished"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[DeletionJob]) -> QuerySet[DeletionJob]:
        """Narrow the list."""
        now = timezone.now()
        unfinished = ~Q(state__in=[DeletionJob.State.CERTIFIED, DeletionJob.State.CANCELLED])
        narrowed = {
            "late": unfinished & Q(due_at__lt=now),
            "alarm": unfinished & Q(requested_at__lt=now - ALARM_AFTER),
            "waits": unfinished & ~Q(waits_for=""),
            "open": unfinished,
        }.get(self.value() or "")
        return queryset.filter(narrowed) if narrowed is not None else queryset


class DecisionForm(forms.Form):
    """An answer to a request to erase earlier."""

    outcome = forms.ChoiceField(choices=EarlyDecision.Outcome.choices, widget=forms.RadioSelect)
    basis = forms.ChoiceField(choices=EarlyDecision.Basis.choices, label="Ground")
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text="In sentences the owner can understand; it is mailed to the owners with the decision.",
    )


@admin.register(DeletionJob)
class DeletionJobAdmin(ReadOnlyAdmin):
    """Jobs by date, drawn on a line; what each did and what is left of it."""

    list_display = ["named", "scope", "organization_id", "state", "line", "due", "progress", "waits_for"]
    list_filter = [UrgencyFilter, "state", "scope", "cause"]
    search_fields = ["=id", "=organization_id", "=target_id"]
    search_help_text = "Id of a job, an organization, or of what is erased"
    ordering = ["-due_at"]
    change_list_template = "admin/privacy/deletion_jobs.html"
    change_form_template = "admin/privacy/deletion_job.html"

    class Media:
        css = {"all": ["css/admin-privacy.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeletionJob]:
        """Count the steps of each row of the page, in the same statement."""
        steps = DeletionStep.objects.filter(job=OuterRef("pk"))
        done = steps.filter(finished_at__isnull=False)
        return super().get_queryset(request).annotate(step_count=counted(steps, "job"), done_count=counted(done, "job"))

    @admin.display(description="job", ordering="pk")
    def named(self, job: DeletionJob) -> SafeString:
        """Return the end of its id, by which people tell jobs apart."""
        return format_html('<span title="{}, {}">{}</span>', job.pk, job.get_cause_display(), str(job.pk)[-12:])

    @admin.display(description="due", ordering="due_at")
    def due(self, job: DeletionJob) -> str:
        """Return the promised day."""
        return f"{timezone.localtime(job.due_at):%d %b %Y}"

    def called(self, row: Any) -> str:
        """Return what it erases, by the end of its id."""
        return f"Deletion of {str(row.get_scope_display()).lower()} · {str(row.pk)[-8:]}"

    @admin.display(description="steps")
    def progress(self, job: Any) -> SafeString:
        """Return a bar of the steps done."""
        if not job.step_count:
            return mark_safe('<span class="quiet">not begun</span>')
        return format_html(
            '<progress max="{0}" value="{1}" title="{1} of {0} steps">{1} of {0}</progress>',
            max(job.step_count, 1),
            job.done_count,
        )

    @admin.display(description="day 0 to 30", ordering="due_at")
    def line(self, job: DeletionJob) -> SafeString:
        """Draw where it stands between request and promise."""
        return due_line(job, timezone.now())

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Put the due dates of what is not finished on one line above the list."""
        jobs = list(DeletionJob.objects.unfinished().order_by("due_at")[:AHEAD])
        waiting = Approval.objects.waiting().select_related("job")
        context = {"scale": scale(jobs, timezone.now()), "approvals": waiting, "title": "Deletion jobs"}
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show steps, counts, holds and decisions of one job."""
        job = DeletionJob.objects.filter(pk=object_id).first() if id_or_none(object_id) else None
        context: dict[str, Any] = {}
        if job is not None:
            context = {
                "shown": JobShown(job),
                "counts": job.counts.order_by("place"),
                "decisions": job.early_decisions.order_by("decided_at"),
                "approvals": job.approvals.order_by("asked_at"),
                "waiting": job.approvals.waiting().first(),
                "line": due_line(job, timezone.now()),
            }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        """Add the acts on a job, each for those who may change jobs: the role of the data protection officer."""

        def wrap(view: Any) -> Any:
            return self.admin_site.admin_view(permission_required(ACTS, raise_exception=True)(view))

        return [
            path("<uuid:job_id>/decide/", wrap(self.decide), name="privacy_deletionjob_decide"),
            path("<uuid:job_id>/run-now/", wrap(self.run_now), name="privacy_deletionjob_run_now"),
            path("approvals/<uuid:approval_id>/", wrap(self.answer), name="privacy_deletionjob_answer"),
            *super().get_urls(),
        ]

    def decide(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """Answer a request to be erased earlier; without a reason nothing is decided."""
        job = get_object_or_404(DeletionJob, pk=job_id)
        form = DecisionForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                decide_early(job, **form.cleaned_data, by=request.user)  # type: ignore[arg-type]
            except ActionRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                self.log_change(request, job, "Decided on an earlier deletion.")
                self.message_user(request, "Decided. The owners are told by mail.")
                return redirect(_page(job))
        context = self.admin_site.each_context(request) | {"form": form, "job": job, "title": "Earlier deletion"}
        context |= {"opts": self.model._meta, "media": self.media + form.media}
        return TemplateResponse(request, "admin/privacy/decide.html", context, status=422 if form.errors else 200)

    def run_now(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """Ask for a second person to end the grace of a job now."""
        job = get_object_or_404(DeletionJob, pk=job_id)
        if request.method == "POST":
            self._try(request, job, "Asked to run it now.", lambda: ask_approval(job, act="run_now", by=request.user))  # type: ignore[arg-type]
        return redirect(_page(job))

    def answer(self, request: HttpRequest, approval_id: UUID) -> HttpResponse:
        """Approve or decline what a colleague asked for."""
        approval = get_object_or_404(Approval.objects.select_related("job"), pk=approval_id)
        if request.method == "POST":
            act = approve if request.POST.get("answer") == "approve" else decline
            word = "Approved" if act is approve else "Declined"
            self._try(request, approval.job, f"{word} running it now.", lambda: act(approval, by=request.user))  # type: ignore[arg-type]
        return redirect(_page(approval.job))

    def _try(self, request: HttpRequest, job: DeletionJob, done: str, act: Any) -> None:
        try:
            act()
        except ActionRefused as refusal:
            self.message_user(request, str(refusal), level="ERROR")
        else:
            self.log_change(request, job, done)
            self.message_user(request, done)


@admin.register(Approval)
class ApprovalAdmin(ReadOnlyAdmin):
    """What needed two people, who asked and who decided."""

    list_display = ["id", "act", "state", "job_id", "asked_by_id", "asked_at", "decided_by_id", "decided_at"]
    list_filter = ["state", "act"]
    fields = ["id", "act", "state", "job_id", "asked_by_id", "asked_at", "decided_by_id", "decided_at"]
    readonly_fields = ["job_id"]
    search_fields = ["=id", "=job__id"]


def _page(job: DeletionJob) -> str:
    return reverse("admin:privacy_deletionjob_change", args=[job.pk])
