"""On the way to the provider."""

import base64
import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from accounts.sealing.digests import address_digest
from mailbox.models import ConsentRequest, Mailbox
from mailbox.providers import identity_of

LIFE = timedelta(hours=1)
_CLIENT_IDS = {Mailbox.Provider.GOOGLE: "GOOGLE_CLIENT_ID", Mailbox.Provider.MICROSOFT: "MICROSOFT_CLIENT_ID"}


@transaction.atomic
def begin_consent(
    provider: str, *, address: str, days: int, session_key: str, by: Membership, mailbox: Mailbox | None = None
) -> str:
    """Return the provider's page where the admin agrees; only this browser session can finish, once, within an hour.

    With `mailbox` the consent renews that mailbox's permission, for its own address.
    """
    if not getattr(settings, _CLIENT_IDS[Mailbox.Provider(provider)]):
        raise ActionRefused(
            _("%(provider)s is not set up on this installation of Deskhero.")
            % {"provider": Mailbox.Provider(provider).label}
        )
    if mailbox is not None:
        address = mailbox.address
    elif Mailbox.objects.connected().filter(address_digest=address_digest(by.organization_id, address)).exists():
        raise ActionRefused(_("This mailbox is connected already."))
    state = new_state(by.organization_id)
    consent = identity_of(provider).begin(state=state, redirect_uri=redirect_uri(provider), address=address)
    ConsentRequest.objects.create(
        organization_id=by.organization_id,
        provider=provider,
        state_hash=fingerprint(state),
        session_hash=fingerprint(session_key),
        by=by,
        mailbox=mailbox,
        details={"kept": consent.kept, "address": address, "days": days},
        expires_at=timezone.now() + LIFE,
    )
    return str(consent.url)


def forget_old_consents() -> int:
    """Delete what was begun in the open scope and can no longer be finished."""
    return ConsentRequest.objects.filter(expires_at__lt=timezone.now()).delete()[0]


def redirect_uri(provider: str) -> str:
    """Return the address registered with the provider, to which it sends the browser back."""
    return f"{settings.URL}/oauth/{provider}/callback/"


def new_state(organization_id: UUID) -> str:
    """Return a state nobody can guess; it names the organization, because the way back has no other address."""
    return base64.urlsafe_b64encode(organization_id.bytes + secrets.token_bytes(32)).decode("ascii")


def organization_of(state: str) -> UUID | None:
    """Return the organization a state names, or None where it is none of ours."""
    try:
        packed = base64.urlsafe_b64decode(state.encode("ascii"))
    except ValueError:
        return None
    return UUID(bytes=packed[:16]) if len(packed) == 48 else None


def fingerprint(secret: str) -> bytes:
    """Return what is stored in place of a secret that only has to be recognized."""
    return hashlib.sha256(secret.encode("utf-8")).digest()
