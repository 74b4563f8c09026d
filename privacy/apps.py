"""The privacy app."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """The promises: what personal data there is, and later requests, holds, deletion and proof."""

    name = "privacy"

    def ready(self) -> None:
        """Listen to the apps below."""
        from privacy import receivers  # noqa: F401 - connects at import
