"""How a mailbox writes: its name, its signature, its other addresses, and what it answers by itself."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.sealing.digests import fold_address
from mailbox.models import Mailbox


@transaction.atomic
def set_up_mailbox(
    mailbox: Mailbox,
    *,
    sender_name: str,
    signature: str,
    quotes_history: bool,
    aliases: Sequence[str],
    acknowledges: bool,
    acknowledgement: str,
    privacy_address: str = "",
) -> None:
    """Keep all of this for what is sent from now on; what lies in the outbox already leaves as it is.

    An empty sender name means the name of who answers. An address belongs to one mailbox only. The privacy address
    is one of its own.
    """
    mailbox.lock()
    if acknowledges and not acknowledgement.strip():
        raise ActionRefused(_("Write what the automatic answer says, or switch it off."))
    others = Mailbox.objects.filter(organization_id=mailbox.organization_id).connected().exclude(pk=mailbox.pk)
    taken = {fold_address(address) for other in others for address in other.addresses}
    own: dict[str, str] = {}
    for alias in aliases:
        folded = fold_address(alias)
        if folded in taken:
            raise ActionRefused(_("%(address)s belongs to another mailbox here.") % {"address": alias})
        if folded != fold_address(mailbox.address):
            own.setdefault(folded, alias)
    known = {fold_address(mailbox.address), *own}
    if privacy_address and fold_address(privacy_address) not in known:
        raise ActionRefused(_("The privacy address is none of this mailbox: add it to its other addresses first."))
    mailbox.privacy_address = privacy_address or None
    mailbox.sender_name, mailbox.signature, mailbox.quotes_history = sender_name, signature, quotes_history
    mailbox.aliases, mailbox.acknowledges, mailbox.acknowledgement = list(own.values()), acknowledges, acknowledgement
    mailbox.save(
        update_fields=[
            "sender_name", "signature", "quotes_history", "aliases", "acknowledges", "acknowledgement",
            "privacy_address",
        ]
    )  # fmt: skip
