"""The tickets app."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """The desk: tickets, messages, contacts, and what can be done with them."""

    name = "tickets"

    def ready(self) -> None:
        """Listen for mail that arrived and answers that left, and let the search follow what is saved."""
        from tickets import file_tasks, receivers  # noqa: F401 - connects at import
        from tickets.search import following  # noqa: F401 - likewise
