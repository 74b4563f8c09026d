"""Who takes part in a mail, by digests of their addresses."""

from collections.abc import Iterable
from uuid import UUID

from accounts.sealing.digests import address_digest

MAX_PARTICIPANTS = 100  # of one mail; a mail to more is a mailing, and its readers are not known by it


def digests_of(organization_id: UUID, addresses: Iterable[str], *, but: Iterable[bytes] = ()) -> list[bytes]:
    """Return the digests of these addresses, each once, without those in `but`."""
    left_out = set(but)
    digests = dict.fromkeys(address_digest(organization_id, address) for address in addresses if address)
    return [digest for digest in digests if digest not in left_out][:MAX_PARTICIPANTS]
