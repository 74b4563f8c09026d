"""The privacy app."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """The promises: what personal data there is, its deletion, its backups and the proof."""

    name = "privacy"

    def ready(self) -> None:
        """Connect the receivers."""
        from privacy import receivers, request_receivers, request_tasks  # noqa: F401
