"""How long things are kept: the rules of an organization, what each would do, and what each has done."""

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import admins_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from privacy.actions.set_rule import NeedsAgreement, rule_of, said, set_rule
from privacy.hold_forms import LookAheadForm, RuleForm
from privacy.holds.shown import Names
from privacy.models import RetentionRule, RetentionRun
from privacy.retention import wording
from privacy.retention.due import Preview, preview
from tickets.contacts.finding import addresses_of, name_of
from tickets.models import Contact, Message, Ticket

Kind = RetentionRule.Kind
RUNS, CHANGES = 20, 50
ICONS = {Kind.CLOSED: "state-closed", Kind.SPAM: "block", Kind.FILES: "clip", Kind.CONTACTS: "users"}


@require_safe
@admins_only
def retention(request: DeskRequest) -> HttpResponse:
    """List the kinds of things, how long each is kept, what is due now, and the last run."""
    rules = [
        _card(rule_of(request.organization.pk, kind)) for kind in (Kind.CLOSED, Kind.SPAM, Kind.FILES, Kind.CONTACTS)
    ]
    return render(request, "privacy/retention.html", _about(request, rules=rules))


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def rule(request: DeskRequest, kind: str) -> HttpResponse:
    """Show one rule with its runs and its history; look ahead to a day; change it, after agreeing to the number."""
    if kind not in Kind.values:
        raise Http404
    found = rule_of(request.organization.pk, kind)
    form, needs = RuleForm(request.POST or None, rule=found), None
    if request.method == "POST" and form.is_valid():
        try:
            set_rule(found, **form.cleaned_data, by=request.membership, agreed=_agreed(request))
        except NeedsAgreement as asked:
            needs = {"count": asked.count, "words": wording.counted(kind, asked.count)}
        except ActionRefused as refusal:
            form.add_error("amount", str(refusal))
        else:
            messages.success(request, _("Saved. It is carried out with the next nightly run."))
            return redirect("privacy:rule", request.organization.slug, kind)
        found = rule_of(request.organization.pk, kind)  # as it is, not as it was typed
    ahead = LookAheadForm(request.GET if request.GET.get("on") else None)
    on = ahead.cleaned_data["on"] if ahead.is_bound and ahead.is_valid() else timezone.localdate()
    context = _about(
        request,
        kind=kind,
        title=wording.title(kind),
        form=form,
        needs=needs,
        card=_card(found),
        ahead=ahead if ahead.is_bound else LookAheadForm(initial={"on": on}),
        seen=_seen(request, preview(_asked(found, form), _moment(on))),
        runs=[] if found._state.adding else list(found.runs.order_by("-started_at")[:RUNS]),
        changes=_changes(request, found),
    )
    return render(request, "privacy/rule.html", context, status=422 if form.errors or needs or ahead.errors else 200)


def _asked(rule: RetentionRule, form: RuleForm) -> RetentionRule:
    """Return the rule as it was typed, so that the preview beside the question is about what is asked."""
    if not (form.is_bound and form.is_valid()):
        return rule
    words = form.cleaned_data
    return RetentionRule(
        organization_id=rule.organization_id,
        kind=rule.kind,
        amount=words["amount"],
        unit=words["unit"],
        does=words["does"],
    )


def _moment(on: Any) -> datetime:
    """Return now for today, else the end of that day."""
    if on == timezone.localdate():
        return timezone.now()
    return timezone.make_aware(datetime.combine(on, time.max))


def _agreed(request: DeskRequest) -> int | None:
    told = request.POST.get("agreed", "")
    return int(told) if told.isascii() and told.isdigit() else None


def _card(rule: RetentionRule) -> dict[str, Any]:
    is_new = rule._state.adding
    last: RetentionRun | None = None if is_new else rule.runs.order_by("-started_at").first()
    now = preview(rule, timezone.now()) if rule.is_enabled else None
    return {
        "kind": rule.kind,
        "icon": ICONS[Kind(rule.kind)],
        "title": wording.title(rule.kind),
        "sentence": wording.sentence(rule.kind, said(rule)),
        "is_on": rule.is_enabled,
        "due": wording.counted(rule.kind, now.going) if now else "",
        "held": now.held if now else 0,
        "last": last,
    }


def _seen(request: DeskRequest, seen: Preview) -> dict[str, Any]:
    return {
        "before": seen.before,
        "at": seen.at,
        "going": wording.counted(seen.kind, seen.going),
        "count": seen.going,
        "held": seen.held,
        "more": seen.going - len(seen.samples),
        "samples": [_sample(request, one) for one in seen.samples],
    }


def _sample(request: DeskRequest, one: Any) -> dict[str, Any]:
    slug = request.organization.slug
    if isinstance(one, Contact):
        name = name_of(one, addresses_of(one)) or _("Unknown sender")
        return {"words": name, "url": reverse("tickets:contact", args=[slug, one.pk]), "at": one.created_at}
    ticket: Ticket = one.ticket if isinstance(one, Message) else one
    at = one.at if isinstance(one, Message) else one.closed_at or one.last_activity_at
    words = f"#{ticket.number} {ticket.subject}".strip()
    return {"words": words, "url": reverse("tickets:ticket", args=[slug, ticket.number]), "at": at}


def _changes(request: DeskRequest, rule: RetentionRule) -> list[dict[str, Any]]:
    if rule._state.adding:
        return []
    names = Names.of(request.organization.pk)
    found = []
    for one in rule.changes.select_related("by").order_by("-version")[:CHANGES]:
        old, new = wording.said_before_and_after(rule.kind, one.before, one.after)
        who = names.name(one.by.user_id if one.by else None, is_operators=False) or _("A former colleague")
        agreed = wording.counted(rule.kind, one.agreed_to) if one.agreed_to is not None else ""
        found.append({"version": one.version, "at": one.at, "who": who, "old": old, "new": new, "agreed": agreed})
    return found


def _about(request: DeskRequest, **more: Any) -> dict[str, Any]:
    return {"organization": request.organization, "membership": request.membership, **more}
