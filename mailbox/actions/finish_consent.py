"""Back from the provider."""

from contextlib import closing

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from accounts.sealing.digests import address_digest, fold_address
from accounts.tenancy import organization_scope
from mailbox.actions.begin_consent import fingerprint
from mailbox.actions.connect_mailbox import connect_mailbox
from mailbox.actions.reconnect_mailbox import reconnect_mailbox
from mailbox.models import ConsentRequest, Mailbox
from mailbox.providers import identity_of, provider_for
from mailbox.providers.base import MailProviderError
from mailbox.providers.consent import Grant

BEGIN_AGAIN = "This consent was not begun here, took too long, or was used before. Please begin again."


def finish_consent(provider: str, answer: dict[str, str], *, session_key: str, by: Membership) -> Mailbox:
    """Connect or reconnect the mailbox that was announced; whatever is wrong, ActionRefused says it, nothing is saved.

    `answer` is what the provider put into the address. The state counts once, even if what follows fails. Opens
    scopes of its own, because the provider is asked in between.
    """
    request = _take(provider, answer.get("state", ""), session_key=session_key, by=by)
    details = request.details
    grant: Grant = identity_of(provider).finish(details["kept"], answer)
    _check_account(provider, details["address"], grant, by=by)
    with organization_scope(by.organization_id):
        mailbox = request.mailbox or _that_can_come_back(provider, details["address"], by=by)
        if mailbox is None:
            return connect_mailbox(provider, address=details["address"], days=details["days"], grant=grant, by=by)
        reconnect_mailbox(mailbox, grant=grant, by=by)
        return mailbox


def _that_can_come_back(provider: str, address: str, *, by: Membership) -> Mailbox | None:
    """Return the mailbox of this address that was disconnected lately: the same consent again undoes that."""
    digest = address_digest(by.organization_id, address)
    gone = Mailbox.objects.filter(provider=provider, address_digest=digest, state=Mailbox.State.DISCONNECTED)
    return gone.filter(deletion_begun_at=None).order_by("-disconnected_at").first()


def _take(provider: str, state: str, *, session_key: str, by: Membership) -> ConsentRequest:
    with organization_scope(by.organization_id):
        requests = ConsentRequest.objects.select_for_update().filter(
            provider=provider, state_hash=fingerprint(state), session_hash=fingerprint(session_key), by=by
        )
        request = requests.first()
        now = timezone.now()
        if request is None or request.used_at is not None or request.expires_at <= now:
            raise ActionRefused(BEGIN_AGAIN)
        request.used_at = now
        request.save(update_fields=["used_at"])
        return request


def _check_account(provider: str, announced: str, grant: Grant, *, by: Membership) -> None:
    """Ask the provider whose mailbox was opened; another than the announced one is refused (L37)."""
    name = Mailbox.Provider(provider).label
    opened = Mailbox(organization_id=by.organization_id, provider=provider, credentials=grant.credentials)
    try:
        with closing(provider_for(opened)) as asked:
            addresses = asked.address()
    except MailProviderError as error:
        raise ActionRefused(
            _("%(provider)s gave the permission, but lets us into no mailbox (%(code)s). Does this account have one?")
            % {"provider": name, "code": error.code}
        ) from None
    if fold_address(announced) not in {fold_address(address) for address in addresses}:
        given = min(addresses, default=_("another account"))
        raise ActionRefused(
            _(
                "You announced %(announced)s, but agreed with %(given)s. Sign out of that account at %(provider)s, or "
                "choose the right one there."
            )
            % {"announced": announced, "given": given, "provider": name}
        )
