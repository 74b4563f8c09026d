"""The bar under a list: one thing done to the chosen tickets or to all that match, its progress, and the way back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access_log import contentless, saw
from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.models import Membership
from accounts.notices import confirm
from accounts.requests import DeskRequest
from tickets import sleeping
from tickets.actions.bulk import MOST, carry_on, change_all, change_tickets
from tickets.actions.undo_bulk import undo_change
from tickets.models import BulkChange, Ticket
from tickets.views.filters import asked
from tickets.views.narrowed import options
from tickets.views.shell import shell
from tickets.views.words import PRIORITY_LABELS, SLEEP_LABELS

Verb = BulkChange.Verb
Choices = list[tuple[str, SafeString]]


@require_POST
@answering_only
def bulk(request: DeskRequest) -> HttpResponse:
    """Do what was chosen to the chosen tickets, or with `all` to everything the list holds."""
    verb, details = _chosen(request.POST.get("do") or request.POST.get("other", ""))
    wanted, me = asked(request.GET), request.membership
    if request.POST.get("all"):
        change = change_all(wanted, verb=verb, details=details, by=me)
        saw(request, (), amount=change.total)
    else:
        numbers = [int(one) for one in request.POST.getlist("ticket") if one.isascii() and one.isdigit()][:1000]
        found = Ticket.objects.workable_by(me).filter(number__in=numbers).order_by("number")
        saw(request, tickets := list(found))
        change = change_tickets(tickets, verb=verb, details=details, by=me)
        say(request, change)
    query = request.GET.copy()
    query["change"] = str(change.pk)
    there = reverse("tickets:queue", args=[request.organization.slug])
    return redirect(f"{there}?{query.urlencode()}")


@require_safe
@contentless("counts: how far a change has come")
def change(request: DeskRequest, change_id: UUID) -> HttpResponse:
    """Show how far a change of one's own has come; with htmx only that."""
    found = get_object_or_404(BulkChange, pk=change_id, by=request.membership)
    context = {"change": _shown(request, found)}
    if request.htmx:
        response = render(request, "tickets/_bulk_progress.html", context)
        if not found.is_running:
            response["HX-Trigger"] = "changed"
        return response
    return render(request, "tickets/bulk_change.html", context | shell(request))


@require_POST
@answering_only
def undo(request: DeskRequest, change_id: UUID) -> HttpResponse:
    """Take a change of one's own back: at once where it is small, else a worker does."""
    from tickets.tasks import carry_out

    found = get_object_or_404(BulkChange, pk=change_id, by=request.membership)
    saw(request, (), amount=found.changed)
    undo_change(found, by=request.membership)
    if found.total > 100:
        carry_out.delay_on_commit(str(found.organization_id), str(found.pk))
    else:
        while carry_on(found.pk):
            pass
        found.refresh_from_db()
        say(request, found)
    if request.htmx:
        response = render(request, "components/_notices.html")
        response["HX-Trigger"] = "changed"
        return response
    back = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect("tickets:change", request.organization.slug, found.pk)


def say(request: DeskRequest, change: BulkChange, told: str = "") -> None:
    """Confirm what became of a change, with the way back while there is one."""
    undo = reverse("tickets:undo_change", args=[request.organization.slug, change.pk])
    confirm(request, told or outcome(change), undo=undo if change.changed and change.can_be_undone else "", stays=True)


def change_shown(request: DeskRequest) -> dict[str, Any] | None:
    """Return the change that the list's address names, where it is the reader's own."""
    try:
        pk = UUID(request.GET["change"])
    except (KeyError, ValueError):
        return None
    found = BulkChange.objects.filter(pk=pk, by=request.membership).first()
    return _shown(request, found) if found else None


def bulk_choices(around: Mapping[str, Any], people: Sequence[Any], me: Membership) -> Choices:
    """Return what can be done to many tickets, in groups, as `do` says it."""
    others = [one for one in people if str(one.member) != str(me.pk)]
    colleagues = [(f"assign:{one.member}", one.display_name) for one in sorted(others, key=_by_name)]
    sleeps = [(f"snooze:{key}", str(SLEEP_LABELS[key])) for key in (*sleeping.KEYS, sleeping.REPLY)]
    groups = [
        (_("Assign"), [(f"assign:{me.pk}", _("To you")), ("assign:", _("To nobody")), *colleagues]),
        (_("Snooze"), sleeps),
        (_("Priority"), [(f"priority:{one.value}", str(label)) for one, label in PRIORITY_LABELS.items()]),
        (_("Tag"), [(f"tag:{one.pk}", one.name) for one in around["tags"]]),
        (_("Team"), [*((f"team:{one.pk}", one.name) for one in around["teams"]), ("team:", _("No team"))]),
        (_("State"), [("reopen", _("Open again")), ("spam", _("Spam")), ("not_spam", _("Not spam"))]),
    ]
    return [
        (label, options((value, f"{label}: {name}") for value, name in choices))
        for label, choices in groups
        if choices and not (label == _("Team") and len(choices) == 1)
    ]


def outcome(change: BulkChange) -> str:
    """Return what became of a change, in a sentence or two."""
    if change.is_too_much:
        return _("This list holds more than %(count)d tickets, so nothing was changed. Narrow it first.") % {
            "count": MOST
        }
    if change.undone_at is not None:
        told = ngettext("%(count)d ticket is as before.", "%(count)d tickets are as before.", change.taken_back)
        kept = change.changed - change.taken_back
        more = ngettext("%(count)d was changed since and stays.", "%(count)d were changed since and stay.", kept)
        return _joined(told % {"count": change.taken_back}, more % {"count": kept} if kept else "")
    told = ngettext("%(count)d ticket was changed.", "%(count)d tickets were changed.", change.changed)
    more = ngettext("%(count)d could not be.", "%(count)d could not be.", change.refused)
    return _joined(told % {"count": change.changed}, more % {"count": change.refused} if change.refused else "")


def _joined(*sentences: str) -> str:
    return " ".join(one for one in sentences if one)


def _shown(request: DeskRequest, change: BulkChange) -> dict[str, Any]:
    """Return a change as the page shows it."""
    return {
        "pk": change.pk,
        "is_running": change.is_running,
        "done": change.done,
        "total": change.total,
        "is_undone": change.undone_at is not None,
        "outcome": outcome(change),
        "can_be_undone": change.can_be_undone and bool(change.changed or change.finished_at is None),
    }


def _by_name(person: Any) -> str:
    return str(person.display_name).casefold()


def _chosen(text: str) -> tuple[str, dict[str, Any]]:
    """Return what a choice means; 404 for what nobody offered."""
    verb, _sep, value = text.partition(":")
    if not text:
        raise ActionRefused(_("Choose what to do with these tickets."))
    try:
        return Verb(verb).value, _DETAILS[Verb(verb)](value) if Verb(verb) in _DETAILS else {}
    except (KeyError, ValueError):
        raise Http404 from None


def _id(value: str) -> str:
    return str(UUID(value)) if value else ""


def _priority(value: str) -> dict[str, Any]:
    return {"priority": Ticket.Priority(int(value)).value}


def _until(value: str) -> dict[str, Any]:
    return {"until": None if value == sleeping.REPLY else sleeping.until(value).isoformat()}


_DETAILS: dict[str, Callable[[str], dict[str, Any]]] = {
    Verb.ASSIGN: lambda value: {"assignee": _id(value)},
    Verb.TEAM: lambda value: {"team": _id(value)},
    Verb.TAG: lambda value: {"tag": str(UUID(value))},
    Verb.PRIORITY: _priority,
    Verb.SNOOZE: _until,
}
