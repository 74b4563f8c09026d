"""A search in an address: sealed, so that what somebody looked for stands in no log, history or Referer.

Bound to the member, so that the address says nothing to anybody else, signed in or not.
"""

import base64
import binascii

from accounts.models import Membership
from accounts.sealing.envelope import OVERHEAD, seal, unseal, version_of
from accounts.sealing.errors import SealingError
from accounts.sealing.keys import Kind, keys

MAX_SEALED = 4_000


def sealed_search(me: Membership, text: str) -> str:
    """Return what stands for this search of this member in an address."""
    key = keys.current(Kind.ORGANIZATION, me.organization_id)
    return base64.urlsafe_b64encode(seal(key, _place(me), text.encode("utf-8", "surrogatepass"))).decode().rstrip("=")


def opened_search(me: Membership, sealed: str) -> str | None:
    """Return the search that this stands for; None where it is nobody's, or another member's."""
    if len(sealed) > MAX_SEALED:
        return None
    try:
        data = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars="-_", validate=True)
        if len(data) < OVERHEAD:
            return None
        key = keys.version(Kind.ORGANIZATION, me.organization_id, version_of(data))
        return unseal(key, _place(me), data).decode("utf-8", "surrogatepass")
    except (binascii.Error, ValueError, SealingError):
        return None


def _place(me: Membership) -> str:
    return f"{me.organization_id}|search|{me.pk}"
