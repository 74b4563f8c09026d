"""Remarks for colleagues."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.decorators import answering_only
from accounts.errors import ActionRefused
from accounts.requests import DeskRequest
from tickets.actions.draft import NOTE, discard_draft
from tickets.actions.mention import said_of, whom_it_calls
from tickets.actions.note import add_note
from tickets.forms import NoteForm
from tickets.views.finding import ticket_or_404
from tickets.views.ticket import address_of, page


@require_POST
@answering_only
def note(request: DeskRequest, number: int) -> HttpResponse:
    """Keep a note; one that calls somebody who cannot be told comes back as it was typed, with the reason."""
    ticket = ticket_or_404(request, number)
    form = NoteForm(request.POST, auto_id="note_%s")
    if not form.is_valid():
        return page(request, number, note_form=form, writing="note", status=422)
    try:
        named = whom_it_calls(ticket, form.cleaned_data["text"])
    except ActionRefused as refusal:
        form.add_error("text", str(refusal))
        return page(request, number, note_form=form, writing="note", status=422)
    kept = add_note(ticket, text=form.cleaned_data["text"], by=request.membership, named=named)
    discard_draft(ticket, by=request.membership, fields=NOTE)
    for line in said_of(named):
        messages.warning(request, line)
    return redirect(address_of(request, number, f"#n-{kept.pk}"))
