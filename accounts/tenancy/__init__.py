"""One organization at a time: owned models, their row policies, and the only door to their rows."""

from accounts.tenancy.scope import OutsideScope, current_organization_id, organization_scope

__all__ = ["OutsideScope", "current_organization_id", "organization_scope"]
