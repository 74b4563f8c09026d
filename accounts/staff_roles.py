"""What the operator's staff may do in Django admin: four roles, each with the least it needs, kept by every migrate."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

OURS = ("accounts", "mailbox", "tickets", "privacy")
# Role -> permissions as app.codename; app.view_* means every model of that app.
ROLES: dict[str, tuple[str, ...]] = {
    "DPO": (
        *(f"{app}.view_*" for app in OURS),
        "privacy.add_*",
        "privacy.change_*",
        "accounts.add_accessgrant",
        "accounts.change_accessgrant",
        "accounts.change_accessalert",
    ),
    "Support": (
        "accounts.view_organization",
        "accounts.view_membership",
        "accounts.view_user",
        "accounts.change_user",
        "accounts.view_accessgrant",
        "accounts.add_accessgrant",
    ),
    "Security": (
        "accounts.view_organization",
        "accounts.view_membership",
        "accounts.view_user",
        "accounts.change_user",
        "accounts.view_accessevent",
        "accounts.view_accessalert",
        "accounts.change_accessalert",
        "accounts.view_accessgrant",
        "accounts.add_accessgrant",
        "accounts.change_accessgrant",
    ),
    "Finance": ("accounts.view_organization",),
}


def keep_roles(**kwargs: Any) -> None:
    """Give each role exactly its rights: what somebody added by hand goes, what a migration brought comes."""
    for name, wanted in ROLES.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(_any_of(wanted)))


def _any_of(wanted: tuple[str, ...]) -> Q:
    found = Q()
    for one in wanted:
        app, _dot, codename = one.partition(".")
        how = {"codename__startswith": codename[:-1]} if codename.endswith("*") else {"codename": codename}
        found |= Q(content_type__app_label=app, **how)
    return found
