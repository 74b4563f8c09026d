"""What a mail that asks for a right says: who writes, and what; to an organization and to the operator alike."""

from dataclasses import dataclass
from datetime import timedelta

from tickets.models import Message

ONCE_IN = timedelta(days=1)  # a second mail of the same address within a day belongs to the case that is there
NOTED = 2_000  # characters of a further mail that a case notes


@dataclass(frozen=True)
class Asked:
    """The writer of a mail, and its words."""

    name: str
    address: str
    said: str


def asked_in(message: Message) -> Asked | None:
    """Return who asks for what in a mail; None where there is nobody to answer to."""
    people = message.people("from")
    if not people or "@" not in people[0][1]:
        return None
    name, address = people[0]
    return Asked(name, address, f"{message.headers.get('subject', '')}\n\n{message.new_text}")
