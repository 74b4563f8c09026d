"""The least that is valid, real and sealed. Each returns a saved row and opens the scope it needs by itself."""

from datetime import datetime
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone

from accounts.actions.create_organization import create_organization
from accounts.models import Membership, Organization, User
from accounts.sealing.digests import address_digest
from accounts.sealing.keys import Kind, make_key
from accounts.tenancy import organization_scope
from mailbox.models import InboundEmail, Mailbox
from tickets.contacts.codes import recode
from tickets.contacts.domains import new_address
from tickets.models import Contact, Message, Ticket, TicketSequence

PASSWORD = "four plain words here"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

_numbers = count(1)


def make_user(
    email: str = "", *, name: str = "", password: str = PASSWORD, second_step: bool = False, **fields: Any
) -> User:
    """Return a user whose address is verified; with an authenticator app and recovery codes if asked for."""
    email = email or f"person{next(_numbers)}@people.example"
    user = User.objects.create_user(email, password, name=name, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if second_step:
        TOTP.activate(user, TOTP_SECRET)
        RecoveryCodes.activate(user)
        user.refresh_from_db()
    return user


def make_organization(name: str = "", *, owner: User | None = None) -> Organization:
    """Return an organization with its keys and an owner, who has a second step."""
    owner = owner or make_user(second_step=True)
    return create_organization(name or f"Company {next(_numbers)}", by=owner).organization


def make_membership(
    organization: Organization, user: User | None = None, *, role: str = Membership.Role.AGENT, is_active: bool = True
) -> Membership:
    """Return a place in the organization; admins and owners made here have a second step."""
    admin = role in {Membership.Role.OWNER, Membership.Role.ADMIN}
    user = user or make_user(second_step=admin)
    with organization_scope(organization):
        return Membership.objects.create(organization=organization, user=user, role=role, is_active=is_active)


def make_mailbox(
    organization: Organization, *, address: str = "", provider: str = Mailbox.Provider.GOOGLE, **fields: Any
) -> Mailbox:
    """Return a connected mailbox with a key of its own and no credentials; no provider knows it."""
    address = address or f"help{next(_numbers)}@{organization.slug}.example"
    mailbox = Mailbox(organization=organization, provider=provider, address=address, **fields)
    mailbox.address_digest = address_digest(organization.pk, address)
    make_key(Kind.MAILBOX, mailbox.pk, organization=organization.pk)
    with organization_scope(organization):
        mailbox.save(force_insert=True)
    return mailbox


def make_contact(organization: Organization, *, name: str = "", address: str = "") -> Contact:
    """Return a contact with one address."""
    address = address or f"customer{next(_numbers)}@customers.example"
    with organization_scope(organization):
        contact = Contact.objects.create(organization=organization, name=name)
        row = new_address(organization.pk, address, address_digest(organization.pk, address))
        row.contact = contact
        row.save(force_insert=True)
        recode([contact])
    return contact


def make_ticket(
    organization: Organization,
    *,
    mailbox: Mailbox | None = None,
    contact: Contact | None = None,
    subject: str = "A question",
    last_activity_at: datetime | None = None,
    **fields: Any,
) -> Ticket:
    """Return a ticket with the next number and no message."""
    mailbox = mailbox or make_mailbox(organization)
    contact = contact or make_contact(organization)
    with organization_scope(organization):
        return Ticket.objects.create(
            organization=organization,
            number=TicketSequence.next(organization.pk),
            mailbox=mailbox,
            contact=contact,
            subject=subject,
            last_activity_at=last_activity_at or timezone.now(),
            **fields,
        )


def make_message(
    ticket: Ticket, *, text: str = "Good morning", subject: str = "", by: Membership | None = None, **fields: Any
) -> Message:
    """Return a message of the ticket: its contact's, or a member's answer where `by` names one."""
    direction = Message.Direction.OUTBOUND if by else Message.Direction.INBOUND
    with organization_scope(ticket.organization_id):
        subject = subject or ticket.subject
        headers = {"from": [], "to": [["", ticket.mailbox.address]], "cc": [], "reply_to": [], "subject": subject}
        fields.setdefault("headers", headers)
        fields.setdefault("at", timezone.now())
        fields.setdefault("sender", None if by else ticket.contact)
        message = Message.objects.create(
            organization_id=ticket.organization_id,
            ticket=ticket,
            mailbox=ticket.mailbox,
            direction=direction,
            author=by,
            new_text=text,
            **fields,
        )
        ticket.message_count += 1
        ticket.save(update_fields=["message_count"])
    return message


def make_inbound_email(mailbox: Mailbox, raw: bytes, *, provider_id: str = "", **fields: Any) -> InboundEmail:
    """Return a mail as sync stores it: raw, sealed, not filed."""
    email = InboundEmail(
        organization_id=mailbox.organization_id,
        mailbox=mailbox,
        provider_id=provider_id or f"provider-{next(_numbers)}",
        **{"received_at": timezone.now(), **fields},
    )
    email.keep_raw(raw)
    with organization_scope(mailbox.organization_id):
        email.save(force_insert=True)
    return email
