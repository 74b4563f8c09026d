"""The vault app: wrapped keys in a database of their own."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Only what is here lives in the database `vault`."""

    name = "accounts.vault"
    label = "vault"
    verbose_name = "Key vault"
