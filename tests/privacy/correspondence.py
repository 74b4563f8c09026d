"""What Carol left at Acme: mails of her own, mails others wrote beside her, and places that only speak of her."""

from dataclasses import dataclass
from typing import Any

from accounts.models import Membership
from mailbox.models import InboundEmail, Mailbox, OutboundEmail
from privacy.actions.requests.find_person import decide_finding, find_some, look_for_person
from privacy.actions.requests.identity import confirm_address
from privacy.actions.requests.open_request import open_request
from privacy.models import DataSubjectRequest, RequestFinding
from privacy.rights.history import Actor
from tests.mails import arrive
from tickets.actions.contacts.note import add_contact_note
from tickets.actions.note import add_note
from tickets.actions.reply import send_reply
from tickets.models import Contact, Message, Note, SearchDocument, Ticket

CAROL = "carol@customer.example"
FULL = f"Carol Customer <{CAROL}>"
SECRET = "The blue key lies under the third flower pot"
DAVE = "dave@other.example"


@dataclass
class Correspondence:
    """The rows, by what they are."""

    shared: Ticket  # opened by Carol; Dave and Alice wrote in it
    alone: Ticket  # nobody answered
    elsewhere: Ticket  # Erin's; it speaks of Carol
    first: Message
    answer: Message
    daves: Message
    erins: Message
    note: Note
    contact: Contact


def correspond(mailbox: Mailbox, alice: Membership, by: Membership) -> Correspondence:
    """Let it all happen, through the pipeline; inside the organization's scope."""
    first = arrive(
        mailbox, sender=FULL, cc=f"Dave Other <{DAVE}>", text=f"{SECRET}, as you know.\n\nCarol Customer",
        message_id="<first@customer.example>", files=[("carol-door.txt", "text/plain", b"a picture of the door")],
    )  # fmt: skip
    assert first is not None
    shared = first.ticket
    answer = send_reply(
        shared, text="Dear Carol,\n\nthank you, we come on Monday. Dave (dave@other.example) knows.",
        to=[("Carol", CAROL)], by=alice,
    )  # fmt: skip
    daves = arrive(
        mailbox, sender=f"Dave Other <{DAVE}>", to=f"help@acme.example, {FULL}", in_reply_to="<first@customer.example>",
        message_id="<second@other.example>", subject="Re: The door does not close",
        text=f"I saw the door as well.\n\nOn Tuesday, {FULL} wrote:\n> {SECRET}, as you know.\n",
        html=f"<p>I saw the <b>door</b> as well.</p><blockquote>{SECRET}, as you know.</blockquote><p>{CAROL}</p>",
    )  # fmt: skip
    single = arrive(mailbox, sender=FULL, subject="Opening hours", text="When are you open, please tell me soon?")
    erins = arrive(
        mailbox, sender="Erin Else <erin@else.example>", subject="A hint",
        text=f"Carol Customer ({CAROL}) told me about you. Carol is content.",
    )  # fmt: skip
    assert daves is not None
    assert single is not None
    assert erins is not None
    note = add_note(shared, text="Carol Customer is in a hurry. Ask Dave Other, dave@other.example.", by=alice)
    contact = Contact.objects.get(pk=first.sender_id)
    add_contact_note(contact, text="Likes doors", by=by)
    assert daves.ticket_id == shared.pk
    return Correspondence(shared, single.ticket, erins.ticket, first, answer, daves, erins, note, contact)


def proven(organization: Any, right: str, address: str = CAROL) -> DataSubjectRequest:
    """Return a case of whoever reads mail at that address."""
    case = open_request(organization, right=right, source="hand", address=address, name="Carol Customer")
    assert case.token_hash is not None
    confirm_address(bytes(case.token_hash))
    case.refresh_from_db()
    return case


def looked_through(case: DataSubjectRequest, *, decide: str = "") -> DataSubjectRequest:
    """Look everything through, as the workers do; decide what stays open where a decision is given."""
    look_for_person(case)
    while find_some(case.pk):
        pass
    case.refresh_from_db()
    for finding in case.requestfindings.filter(decision=RequestFinding.Decision.OPEN) if decide else ():
        decide_finding(finding, decision=decide, reason="looked at", by=Actor())
    return case


def everything_in_clear(organization_id: Any) -> str:
    """Return every readable text of the organization's desk: what an eraser forgot stands in it."""
    from django.apps import apps

    from accounts.sealing.errors import SealingError
    from privacy.rights.finding.words import texts_of

    found = []
    for model in apps.get_models():
        columns = {field.attname for field in model._meta.concrete_fields}
        if model._meta.app_label not in {"tickets", "mailbox"} or not {"organization_id", "id"} <= columns:
            continue
        if model is SearchDocument:  # codes, closed to the tenant role
            continue
        for row in model._base_manager.filter(organization_id=organization_id):
            try:
                found += texts_of(row)
                if isinstance(row, (InboundEmail, OutboundEmail)):
                    found.append(row.raw().decode("utf-8", "replace"))
            except (SealingError, FileNotFoundError):
                continue
    return "\n".join(found)
