"""How the simulator behaves, where real providers differ or surprise."""

from typing import Any

from django.db import models

from mailbox.simulator.models.base import Kept

DEFAULTS: dict[str, Any] = {
    "clock_offset_seconds": 0,
    "rewrite_message_id": False,  # Gmail gives mail it sends a Message-ID of its own
    "page_size": 0,  # when above 0, no list or delta page holds more
    "empty_first_page": False,  # a delta round begins with an empty page that has a next link
    "repeat_rows": False,  # delta pages carry their first row twice, in reverse order
    "lose_returned_items": False,  # under immutable ids, an item moved out and back stays away
    "drop_large_mime": False,  # raw MIME over 2.2 MB is answered 200 and not sent
    "admin_consent_required": False,  # Microsoft asks for an administrator
    "app_secret_expired": False,  # the application's own secret is refused
    "concurrent_calls": 0,  # when above 0, more calls at once for a mailbox are answered 429
    "units_per_minute": 0,  # when above 0, Gmail's unit quota for a mailbox
}


class Option(Kept):
    """One behaviour that was changed from its default."""

    name = models.CharField(max_length=50, primary_key=True)
    value = models.JSONField()

    _read: dict[str, Any] | None = None

    @classmethod
    def read(cls, name: str) -> Any:
        """The value in force; one process writes, so what was read once stays true."""
        if Option._read is None:
            Option._read = {**DEFAULTS, **dict(cls.objects.values_list("name", "value"))}
        return Option._read[name]

    @classmethod
    def write(cls, name: str, value: Any) -> None:
        """Change a behaviour from now on."""
        cls.objects.update_or_create(name=name, defaults={"value": value})
        Option._read = None

    @classmethod
    def forget(cls) -> None:
        """Return to the defaults."""
        cls.objects.all().delete()
        Option._read = None

    @classmethod
    def all_values(cls) -> dict[str, Any]:
        """Every option with the value in force."""
        return {name: cls.read(name) for name in DEFAULTS}
