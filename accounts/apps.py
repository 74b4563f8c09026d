"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, organizations, memberships, tenancy and sealing."""

    name = "accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        """Listen to the sign-in library."""
        from accounts import receivers  # noqa: F401 - connects at import
