"""The simulator as a Django app."""

from django.apps import AppConfig


class SimulatorConfig(AppConfig):
    """Simulated mailboxes, grants and mail, kept in SQLite."""

    name = "mailbox.simulator"
    label = "simulator"
    default_auto_field = "django.db.models.BigAutoField"
