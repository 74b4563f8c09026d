"""Keys go to the vault, everything else to the data; no relation crosses."""

from typing import Any

from django.db.models import Model


class VaultRouter:
    """Send the models of accounts.vault to the database `vault`."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        """Return the vault for its models."""
        return "vault" if model._meta.app_label == "vault" else None

    db_for_write = db_for_read

    def allow_relation(self, obj1: Model, obj2: Model, **hints: Any) -> bool | None:
        """Refuse references between the two databases."""
        return None if (obj1._meta.app_label == "vault") == (obj2._meta.app_label == "vault") else False

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Keep each table in one database."""
        return (db == "vault") == (app_label == "vault")
