"""The accounts app."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """Users, organizations, memberships, tenancy and sealing."""

    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        """Listen to the sign-in library, and keep the roles of staff with every migrate."""
        from accounts import receivers  # noqa: F401 - connects at import
        from accounts.staff_roles import keep_roles

        post_migrate.connect(keep_roles, sender=apps.get_app_config("auth"), dispatch_uid="staff_roles")
