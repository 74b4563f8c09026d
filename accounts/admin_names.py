"""What the things of the operator's desk are called, and in which order it shows them: words, not names of tables."""

from collections.abc import Callable
from typing import Any

# Heading → model → (its list, one of it). What is not named here stands under "More".
GROUPS: dict[str, dict[str, tuple[str, str]]] = {
    "Rights": {
        "privacy.datasubjectrequest": ("Requests", "Request"),
        "privacy.legalhold": ("Legal holds", "Legal hold"),
        "privacy.deletionjob": ("Deletion jobs", "Deletion job"),
        "privacy.approval": ("Second persons", "Second person's decision"),
    },
    "Proof": {
        "privacy.certificate": ("Certificates", "Certificate"),
        "privacy.certificatekey": ("Keys of certificates", "Key of certificates"),
        "privacy.backup": ("Backups", "Backup"),
        "privacy.drill": ("Drills", "Drill"),
    },
    "Access": {
        "accounts.accessevent": ("Access log", "Line of the access log"),
        "accounts.accessalert": ("Alerts", "Alert"),
        "accounts.accessgrant": ("Grants to look in", "Grant to look in"),
    },
    "Customers": {
        "accounts.organization": ("Organizations", "Organization"),
        "accounts.user": ("People", "Person"),
        "accounts.membership": ("Places", "Place"),
    },
    "Mail": {
        "mailbox.mailbox": ("Mailboxes", "Mailbox"),
        "mailbox.mailboxauthorization": ("Permissions", "Permission"),
        "mailbox.inboundemail": ("Mail that came", "Mail that came"),
        "mailbox.outboundemail": ("Mail that leaves", "Mail that leaves"),
    },
}
NAMES = {label: names for group in GROUPS.values() for label, names in group.items()}


def list_name(model: Any) -> str:
    """Return what the list of a model is called."""
    return NAMES.get(model._meta.label_lower, (str(model._meta.verbose_name_plural).capitalize(), ""))[0]


def one_name(model: Any) -> str:
    """Return what one of them is called."""
    return NAMES.get(model._meta.label_lower, ("", str(model._meta.verbose_name).capitalize()))[1]


def arranged(apps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return Django admin's list of what a person may see, in our groups and words."""
    there = {one["model"]._meta.label_lower: one for app in apps for one in app["models"]}
    found = []
    for heading, names in GROUPS.items():
        models = [there.pop(label) | {"name": said[0]} for label, said in names.items() if label in there]
        found.append({"name": heading, "app_label": heading.lower(), "models": models})
    found.append({"name": "More", "app_label": "more", "models": list(there.values())})
    return [group for group in found if group["models"]]


PLACES: list[Callable[[str], str]] = []  # what says in words where somebody was, given by the app that knows


def place_said(route: str) -> str:
    """Return a page of the product in words; a page of this desk by the name of its list."""
    table, _, kind = route.removeprefix("admin:").rpartition("_")
    names = NAMES.get(table.replace("_", ".", 1)) if route.startswith("admin:") else None
    if names and kind in {"changelist", "change", "history", "add"}:
        return names[0] if kind == "changelist" else names[1]
    return next((said for one in PLACES if (said := one(route))), route)
