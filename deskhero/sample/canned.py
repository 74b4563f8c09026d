"""The canned replies of the sample companies."""

import tomllib
from pathlib import Path

from accounts.models import Membership
from accounts.tenancy import organization_scope
from tickets.actions.canned import save_canned
from tickets.models import CannedReply

FILE = Path(__file__).parent / "canned.toml"


def keep_canned(company: str, admin: Membership) -> None:
    """Keep the canned replies of a company, for everybody in it; where it has some already, nothing changes."""
    with organization_scope(admin.organization):
        if CannedReply.objects.exists():
            return
        for one in tomllib.loads(FILE.read_text()).get(company, []):
            save_canned(None, name=one["name"], text=one["text"], by=admin, shared=True)
