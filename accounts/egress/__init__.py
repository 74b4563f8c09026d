"""Requests to addresses that somebody else chose: a mail, a member, a customer's setting (DESIGN 2b, Egress).

Their purpose is "user-directed": no sub-processor stands behind them, so the guard is the address itself. It must be a
public host on 80 or 443, every address it resolves to must be public, and the connection goes to the address that was
checked, so that a second answer of the name server changes nothing (SECURITY.md 48).
"""

from accounts.egress.addresses import Destination, destination
from accounts.egress.errors import EgressRefused
from accounts.egress.fetching import Answer, Limits, fetch

__all__ = ["Answer", "Destination", "EgressRefused", "Limits", "destination", "fetch"]
