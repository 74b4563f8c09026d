"""The privacy app."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """The promises: what personal data there is, and later requests, holds, deletion and proof."""

    name = "privacy"
