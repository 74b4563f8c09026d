"""A whole organization: at least one row in every table that belongs to it."""

from dataclasses import dataclass, field
from datetime import timedelta
from secrets import token_bytes
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.access_log.chain import START, signature_of
from accounts.access_log.sealing import seal_organization
from accounts.actions.choose_purpose import begin_choice
from accounts.models import (
    AccessAlert,
    AccessCheckpoint,
    AccessEvent,
    AccessGrant,
    Invitation,
    Membership,
    Organization,
    Team,
    TeamMember,
    WorkingHours,
)
from accounts.sealing.digests import address_digest, message_id_digest, name_digest
from accounts.sealing.keys import Kind, make_key
from accounts.suppression import MESSAGE_ID, keep
from accounts.tenancy import organization_scope
from mailbox.models import ConsentRequest, InboundEmail, Mailbox, MailboxAccess, MailboxAuthorization, OutboundEmail
from privacy.actions.place_hold import place_hold
from privacy.actions.requests.identity import add_evidence, ask_question
from privacy.actions.requests.open_request import open_request
from privacy.actions.set_rule import said
from privacy.models import (
    DataSubjectRequest,
    DeletionCount,
    DeletionJob,
    DeletionTarget,
    HeldItem,
    IdentityEvidence,
    LegalHold,
    RequestFinding,
    RequestPackage,
    RequestQuestion,
    RetentionChange,
    RetentionRule,
    RetentionRun,
)
from privacy.rights.history import NOBODY
from tests import factories
from tests.guards.promises import Promises, certify, verified_job
from tickets.actions.attach import NewFile, attach_files
from tickets.actions.canned import save_canned
from tickets.actions.contacts.addresses import add_address
from tickets.actions.contacts.company import make_company
from tickets.actions.contacts.import_contacts import upload_contacts
from tickets.actions.contacts.merge import merge_contacts
from tickets.actions.contacts.note import add_contact_note
from tickets.actions.draft import attach_to_draft, new_draft, save_draft
from tickets.actions.draft_letter import Place, attach_to_letter, save_letter
from tickets.models import (
    Attachment,
    BulkChange,
    BulkTicket,
    CannedFile,
    CannedReply,
    Company,
    Contact,
    ContactAddress,
    ContactImport,
    ContactMerge,
    ContactNote,
    CustomField,
    Draft,
    DraftFile,
    Event,
    Following,
    Mention,
    Message,
    Note,
    Notification,
    NotificationChoice,
    RefileRun,
    SavedView,
    Seen,
    Tag,
    ThreadKey,
    Ticket,
    TicketLink,
    TicketTag,
)

RAW = b"From: c@customer.example\r\nSubject: A question\r\nMessage-ID: <1@customer.example>\r\n\r\nGood morning\r\n"


@dataclass
class World:
    """One organization and what it has, by the names that addresses use."""

    organization: Organization
    owner: Membership
    agent: Membership
    viewer: Membership
    invitation: Invitation
    mailbox: Mailbox
    consent: ConsentRequest
    authorization: MailboxAuthorization
    inbound: InboundEmail
    outbound: OutboundEmail
    contact: Contact
    ticket: Ticket
    message: Message
    answer: Message
    attachment: Attachment
    note: Note
    team: Team
    tag: Tag
    linked: Ticket
    link: TicketLink
    field: CustomField
    address: ContactAddress
    contact_note: ContactNote
    merge: ContactMerge
    company: Company
    contact_import: ContactImport
    view: SavedView
    change: BulkChange
    notification: Notification
    draft_file: DraftFile
    new_mail_file: DraftFile
    forward_file: DraftFile
    scheduled: Draft
    canned: CannedReply
    canned_file: CannedFile
    request: DataSubjectRequest
    question: RequestQuestion
    evidence: IdentityEvidence
    finding: RequestFinding
    alert: AccessAlert
    grant: AccessGrant
    hold: LegalHold
    held_item: HeldItem
    rule: RetentionRule
    promises: Promises = field(init=False)


def make_world(name: str) -> World:
    """Return an organization of that name with rows in every table."""
    organization = factories.make_organization(name)
    agent = factories.make_membership(organization, factories.make_user(name=f"Agent of {name}"))
    viewer = factories.make_membership(organization, role=Membership.Role.VIEWER)
    mailbox = factories.make_mailbox(organization)
    contact = factories.make_contact(organization, name=f"Customer of {name}")
    twin = factories.make_contact(organization, name=f"Twin of {name}", address=f"twin@firm-{name.lower()}.example")
    ticket = factories.make_ticket(organization, mailbox=mailbox, contact=contact, subject=f"A question to {name}")
    linked = factories.make_ticket(organization, mailbox=mailbox, contact=contact, subject=f"Once more to {name}")
    inbound = factories.make_inbound_email(mailbox, RAW)
    _undone_deletion(organization)
    erased = message_id_digest(organization.pk, "erased@customer.example")
    keep(organization.pk, MESSAGE_ID, [erased], job_id=None, before=timezone.now())
    grant = _grant(organization, agent, ticket)
    with organization_scope(organization):
        owner = Membership.objects.select_related("user").get(role=Membership.Role.OWNER)
        owned = {"organization": organization}
        outbound = OutboundEmail(mailbox=mailbox, conversation=ticket.pk, **owned)
        outbound.keep_raw(RAW)
        outbound.save()
        message = factories.make_message(ticket, inbound=inbound, html="<p>Good <b>morning</b></p>")
        answer = factories.make_message(ticket, by=agent, outbound=outbound)
        (attachment,) = attach_files(message, [NewFile("plan.txt", "text/plain", b"a plan")])
        now = timezone.now()
        note = Note.objects.create(ticket=ticket, mailbox=mailbox, author=agent, text="A remark", at=now, **owned)
        Event.objects.create(ticket=ticket, verb=Event.Verb.ASSIGNED, by=agent, assignee=agent, **owned)
        digest = message_id_digest(organization.pk, "1@customer.example")
        ThreadKey.objects.create(ticket=ticket, message=message, digest=digest, **owned)
        RefileRun.objects.create(by=owner, finished_at=now, **owned)
        WorkingHours.objects.create(week=[["09:00", "17:00"]] * 7, holidays={}, **owned)
        job = verified_job(organization, owner)
        world = World(
            owner=owner,
            agent=agent,
            viewer=viewer,
            invitation=_invitation(organization, owner),
            mailbox=mailbox,
            consent=_consent(organization, owner),
            authorization=MailboxAuthorization.objects.create(mailbox=mailbox, scopes=["read"], by=owner, **owned),
            inbound=inbound,
            outbound=outbound,
            contact=contact,
            ticket=ticket,
            message=message,
            answer=answer,
            attachment=attachment,
            note=note,
            team=_team(organization, agent, mailbox),
            tag=_tag(organization, ticket),
            linked=linked,
            link=TicketLink.objects.create(ticket=ticket, other=linked, by=agent, **owned),
            field=_field(organization),
            company=make_company(name=f"Firm of {name}", domains=[f"firm-{name.lower()}.example"], by=owner),
            address=add_address(contact, address=f"second@firm-{name.lower()}.example", by=owner),
            contact_note=add_contact_note(contact, text="Likes doors", by=agent),
            merge=merge_contacts(twin, into=contact, by=owner),
            contact_import=upload_contacts(organization, content=b"Name,E-mail\nNora,nora@n.example\n", by=owner),
            view=_view(ticket, agent),
            change=_change(ticket, agent),
            notification=_notification(note, agent),
            draft_file=_draft_file(ticket, agent),
            new_mail_file=_letter_file(Place(agent), mailbox),
            forward_file=_letter_file(Place(agent, message), mailbox),
            scheduled=_scheduled(ticket, agent),
            canned=(canned := _canned(agent)),
            canned_file=canned.files.get(),
            hold=(placed := _hold(linked, owner)),
            held_item=placed.items.get(),
            rule=_rule(owner),
            alert=AccessAlert.objects.create(organization_id=organization.pk, rule="export", window=now),
            grant=grant,
            organization=organization,
            **_request(organization, contact, message),
        )
    world.promises = certify(job)
    return world


def _undone_deletion(organization: Organization) -> None:
    now, owned = timezone.now(), {"organization_id": organization.pk}
    terms = {"requested_at": now, "run_after": now, "due_at": now, "cancelled_at": now}
    with organization_scope(organization):
        job = DeletionJob.objects.create(
            scope="contact", target_id=uuid4(), cause="requested", state="cancelled", **terms, **owned
        )
        job.step("stop")
        DeletionCount.objects.create(job=job, place="tickets.Contact", **owned)
        DeletionTarget.objects.create(job=job, place="tickets.Contact", row_id=job.target_id, **owned)


def _grant(organization: Organization, agent: Membership, ticket: Ticket) -> AccessGrant:
    """Return a grant that waits for an admin, beside a log with a sealed line and a checkpoint."""
    kept = {"organization_id": organization.pk}
    with organization_scope(organization):
        AccessEvent.objects.create(
            user_id=agent.user_id, verb="read", page="tickets:ticket", object_id=ticket.pk, ip="203.0.113.1", **kept
        )
        signed = signature_of("retention", organization.pk, 0, START)
        AccessCheckpoint.objects.create(reason="retention", number=0, hash=START, signature=signed, **kept)
    seal_organization(organization.pk)
    return AccessGrant.objects.create(
        staff_id=agent.user_id, purpose="support", reason="A mail is missing", hours=2, needs_admin=True, **kept
    )


def _request(organization: Organization, contact: Contact, message: Message) -> dict[str, Any]:
    case = open_request(organization, right="access", source="hand", address="c@customer.example")
    question = ask_question(case, text="Which order?", is_about_identity=False, by=NOBODY)
    evidence = add_evidence(case, way="document", is_the_person=True, text="Seen", file=("id.txt", "", b"an id"))
    owned = {"organization": organization, "request": case}
    finding = RequestFinding.objects.create(model="tickets.Message", row_id=message.pk, role="own", **owned)
    RequestPackage.objects.create(state=RequestPackage.State.EXPIRED, **owned)
    begin_choice(contact.pk, kind="objection", purpose="surveys", organization_id=organization.pk)
    return {"request": case, "question": question, "evidence": evidence, "finding": finding}


def _team(organization: Organization, member: Membership, mailbox: Mailbox) -> Team:
    owned = {"organization": organization}
    digest = name_digest(organization.pk, "team", "Billing")
    team = Team.objects.create(name="Billing", name_digest=digest, **owned)
    TeamMember.objects.create(team=team, member=member, **owned)
    MailboxAccess.objects.create(mailbox=mailbox, team=team, **owned)
    return team


def _tag(organization: Organization, ticket: Ticket) -> Tag:
    owned = {"organization": organization}
    tag = Tag.objects.create(name="Urgent", name_digest=name_digest(organization.pk, "tag", "Urgent"), **owned)
    TicketTag.objects.create(ticket=ticket, tag=tag, **owned)
    return tag


def _field(organization: Organization) -> CustomField:
    digest = name_digest(organization.pk, "field of a ticket", "Order")
    return CustomField.objects.create(
        organization=organization, kind=CustomField.Kind.TEXT, name="Order", name_digest=digest
    )


def _view(ticket: Ticket, by: Membership) -> SavedView:
    owned = {"organization_id": ticket.organization_id}
    Seen.objects.create(ticket=ticket, member=by, activity_at=ticket.last_activity_at, **owned)
    return SavedView.objects.create(owner=by, name="What waits", is_shared=True, query={"view": "open"}, **owned)


def _change(ticket: Ticket, by: Membership) -> BulkChange:
    owned = {"organization_id": ticket.organization_id}
    now = timezone.now()
    change = BulkChange.objects.create(by=by, verb=BulkChange.Verb.CLOSE, total=1, finished_at=now, **owned)
    BulkTicket.objects.create(change=change, ticket=ticket, **owned)
    return change


def _notification(note: Note, member: Membership) -> Notification:
    owned, ticket = {"organization": note.organization, "member": member}, note.ticket
    Following.objects.create(ticket=ticket, **owned)
    Mention.objects.create(note=note, **owned)
    NotificationChoice.objects.create(kind="reply", in_app=True, in_browser=False, by_mail=False, **owned)
    return Notification.objects.create(ticket=ticket, kind=Notification.Kind.REPLY, at=timezone.now(), **owned)


def _draft_file(ticket: Ticket, agent: Membership) -> DraftFile:
    save_draft(ticket, {"text": "Perhaps"}, by=agent)
    return attach_to_draft(ticket, NewFile("sketch.txt", "text/plain", b"a sketch"), by=agent)


def _letter_file(place: Place, mailbox: Mailbox) -> DraftFile:
    save_letter(place, {"to": "d@customer.example", "text": "Have a look"}, mailbox=mailbox)
    return attach_to_letter(place, NewFile("map.txt", "text/plain", b"a map"), mailbox=mailbox)


def _scheduled(ticket: Ticket, agent: Membership) -> Draft:
    draft = new_draft(ticket, agent)
    draft.said, draft.send_at = {"text": "Later", "to": "c@customer.example"}, timezone.now() + timedelta(days=1)
    draft.save()
    return draft


def _canned(agent: Membership) -> CannedReply:
    return save_canned(None, name="Thanks", text="Thank you", by=agent, files=[NewFile("terms.txt", "", b"terms")])


def _invitation(organization: Organization, by: Membership) -> Invitation:
    address = f"new@{organization.slug}.example"
    return Invitation.objects.create(
        organization=organization,
        email=address,
        email_digest=address_digest(organization.pk, address),
        token_hash=token_bytes(32),
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=7),
    )


def _consent(organization: Organization, by: Membership) -> ConsentRequest:
    return ConsentRequest.objects.create(
        organization=organization,
        provider=Mailbox.Provider.GOOGLE,
        state_hash=token_bytes(32),
        session_hash=token_bytes(32),
        by=by,
        details={},
        expires_at=timezone.now() + timedelta(hours=1),
    )


def _hold(ticket: Ticket, by: Membership) -> LegalHold:
    review_on = timezone.localdate() + timedelta(days=30)
    placed = place_hold(ticket, basis="claim", reason="A claim", review_on=review_on, reviewer=by, by=by)
    make_key(Kind.HOLD, placed.items_key_id)
    HeldItem.objects.create(
        organization_id=ticket.organization_id,
        hold=placed,
        place="tickets.Ticket",
        row_id=ticket.pk,
        ticket_id=ticket.pk,
        job_id=ticket.pk,
        hold_key_id=placed.items_key_id,
        content={"subject": "Once more"},
    )
    return placed


def _rule(by: Membership) -> RetentionRule:
    owned, now = {"organization": by.organization}, timezone.now()
    rule = RetentionRule.objects.create(kind=RetentionRule.Kind.SPAM, amount=30, unit="days", **owned)
    RetentionChange.objects.create(rule=rule, by=by, version=1, after=said(rule), **owned)
    RetentionRun.objects.create(rule=rule, version=1, due_before=now, started_at=now, moved_at=now, **owned)
    return rule
