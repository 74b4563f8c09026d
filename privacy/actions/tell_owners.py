"""Mails to the owners of an organization about its deletions: ids, dates and decisions, never what was in a mail."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from privacy.models import Certificate, EarlyDecision


def tell_decision(organization_id: UUID, decision_id: UUID) -> None:
    """Mail the decision about an earlier deletion once, with its reason and the way to complain."""
    with organization_scope(organization_id):
        decision = EarlyDecision.objects.select_related("job").filter(pk=decision_id, noticed_at=None).first()
        said = {"decision": decision, "job": decision.job} if decision else {}
        mails = list(_to_owners(organization_id, "early_decision", **said)) if decision else []
    for mail in mails:
        mail.send()
    with organization_scope(organization_id):
        EarlyDecision.objects.filter(pk=decision_id, noticed_at=None).update(noticed_at=timezone.now())


def tell_certificate(organization_id: UUID, certificate_id: UUID) -> None:
    """Mail the owners where the certificate is, once; nothing where the organization itself was erased.

    Certificates are the installation's to write, so the note that it was mailed is made outside the scope.
    """
    with organization_scope(organization_id):
        certificate = Certificate.objects.filter(pk=certificate_id, mailed_at=None).first()
        mails = list(_to_owners(organization_id, "certificate", certificate=certificate)) if certificate else []
    if not mails:
        return
    for mail in mails:
        mail.send()
    Certificate.objects.filter(pk=certificate_id, mailed_at=None).update(mailed_at=timezone.now())


def _to_owners(organization_id: UUID, template: str, **context: Any) -> Iterator[EmailMessage]:
    organization = Organization.objects.filter(pk=organization_id).first()
    owners = Membership.objects.reachable().filter(role=Membership.Role.OWNER).select_related("user")
    for owner in owners if organization else []:
        with translation.override(owner.user.language):
            said = context | {"organization": organization, "url": _url(organization, context)}  # type: ignore[arg-type]
            subject = " ".join(render_to_string(f"privacy/email/{template}_subject.txt", said).split())
            body = render_to_string(f"privacy/email/{template}_message.txt", said)
        yield EmailMessage(subject, body, to=[owner.user.email])


def _url(organization: Organization, context: dict[str, Any]) -> str:
    if certificate := context.get("certificate"):
        return settings.URL + reverse("privacy:certificate", args=[organization.slug, certificate.number])
    if organization.closed_at:
        return settings.URL + reverse("closing", args=[organization.pk])
    return settings.URL + reverse("privacy:deletion", args=[organization.slug, context["job"].pk])
