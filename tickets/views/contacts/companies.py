"""Companies: the list, one with its people and tickets, and what is known of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access_log import asks, saw
from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from accounts.sealing.keys import Kind, keys
from tickets.actions.contacts.company import edit_company, make_company
from tickets.contact_forms import CompanyForm
from tickets.contacts.access import companies_for, contacts_for
from tickets.contacts.finding import with_addresses
from tickets.contacts.history import newest_change
from tickets.models import Company, Contact, Ticket
from tickets.views.contacts.common import company_or_404, cursor, in_order, many, page
from tickets.views.contacts.listing import rows_of
from tickets.views.contacts.records import history_of
from tickets.views.rows import Lines
from tickets.views.shell import COUNT_UP_TO, Counted

PAGE = 50
OPENED = 2000  # companies looked at for a word
PEOPLE, TICKETS = 50, 25


@require_http_methods(["GET", "HEAD", "POST"])
@asks
def companies(request: DeskRequest) -> HttpResponse:
    """List companies, newest first, a page at a time; or those with a posted word in their name or a domain."""
    before = cursor(request.GET.get("before", ""))
    wanted = request.POST.get("q", "").strip()[:200]
    people = contacts_for(request.membership).filter(company=OuterRef("pk")).order_by()
    found = companies_for(request.membership).order_by("-pk").prefetch_related("domains")
    found = found.annotate(people_shown=Counted(people.values("pk")[:COUNT_UP_TO]))
    if wanted:
        rows: list[Any] = [one for one in found[:OPENED] if _has(one, wanted)][:PAGE]
    else:
        rows = list((found if before is None else found.filter(pk__lt=before))[: PAGE + 1])
    saw(request, rows[:PAGE])
    base = reverse("tickets:companies", args=[request.organization.slug])
    context = page(
        request,
        rows=[
            {"id": one.pk, "name": one.name, "domains": _domains(one), "count": many(one.people_shown)}
            for one in rows[:PAGE]
        ],
        older_url=f"{base}?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
        newest_url=base if before else "",
        wanted=wanted,
    )
    return render(request, "tickets/contacts/companies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@answering_only
def new_company(request: DeskRequest) -> HttpResponse:
    """Add a company."""
    form = CompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("name", "domains")}
        try:
            made = make_company(**said, by=request.membership)
            messages.success(request, _("Added, with the contacts that write from its domains."))
            return redirect("tickets:company", request.organization.slug, made.pk)
        except ActionRefused as refusal:
            form.add_error("domains", str(refusal))
    return render(
        request, "tickets/contacts/new_company.html", page(request, form=form), status=422 if form.errors else 200
    )


@require_safe
def company(request: DeskRequest, company_id: UUID) -> HttpResponse:
    """Show a company with its people and tickets, as far as the reader may see them."""
    found, me = company_or_404(request, company_id), request.membership
    before = cursor(request.GET.get("before", ""))
    own = contacts_for(me).filter(company=found).select_related("company").order_by("-pk")
    people = with_addresses((own if before is None else own.filter(pk__lt=before))[: PEOPLE + 1])
    here = reverse("tickets:company", args=[request.organization.slug, found.pk])
    context = page(
        request,
        company=found,
        domains=_domains(found),
        people=rows_of(request, people[:PEOPLE]),
        older_url=f"{here}?before={people[PEOPLE - 1].pk}" if len(people) > PEOPLE else "",
        newest_url=here if before else "",
        tickets=_tickets(request, found),
        history=history_of(request, found),
    )
    return render(request, "tickets/contacts/company.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@answering_only
def edit(request: DeskRequest, company_id: UUID) -> HttpResponse:
    """Change name and domains; who saves on top of a colleague's change is shown it first, and keeps the text."""
    found = company_or_404(request, company_id)
    now = {"name": found.name, "domains": "\n".join(_domains(found)), "seen": newest_change(found)}
    form = CompanyForm(request.POST or None, initial=now)
    changed_since = False
    if request.method == "POST" and form.is_valid():
        if changed_since := form.cleaned_data["seen"] != now["seen"]:
            form = CompanyForm(initial=now | {name: request.POST.get(name, "") for name in ("name", "domains")})
        elif _saved(request, found, form):
            return redirect("tickets:company", request.organization.slug, found.pk)
    changed = history_of(request, found)[:3] if changed_since else []
    context = page(request, company=found, form=form, changed=changed)
    status = 409 if changed_since else 422 if form.errors else 200
    return render(request, "tickets/contacts/edit_company.html", context, status=status)


def _saved(request: DeskRequest, found: Company, form: CompanyForm) -> bool:
    said = {name: form.cleaned_data[name] for name in ("name", "domains")}
    try:
        edit_company(found, **said, by=request.membership)
    except ActionRefused as refusal:
        form.add_error("domains", str(refusal))
        return False
    messages.success(request, _("Saved."))
    return True


def _tickets(request: DeskRequest, found: Company) -> list[dict[str, Any]]:
    """Return the newest tickets of its people that the reader may see."""
    people = Contact.objects.filter(company=found, merged_into=None)
    own = Ticket.objects.visible_to(request.membership).filter(contact__in=people, merged_into=None)
    newest = in_order(own).select_related("assignee__user", "team", "contact").prefetch_related("contact__addresses")
    tickets = list(newest[:TICKETS])
    keys.warm(Kind.MAILBOX, {one.mailbox_id for one in tickets})
    keys.warm(Kind.PROFILE, {one.assignee.user_id for one in tickets if one.assignee})
    return list(map(Lines(request).of, tickets))


def _has(company: Company, wanted: str) -> bool:
    said = [company.name.casefold(), *_domains(company)]
    return any(wanted.casefold() in one for one in said)


def _domains(company: Company) -> list[str]:
    return sorted(one.domain for one in company.domains.all())
