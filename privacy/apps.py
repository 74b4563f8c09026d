"""The privacy app."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """The promises: what personal data there is, its deletion, its backups and the proof."""

    name = "privacy"

    def ready(self) -> None:
        """Listen to the apps below."""
        from privacy import receivers  # noqa: F401 - connects at import
