"""What an automatic answer says, its variables filled in."""

from datetime import datetime

from accounts.hours import told_to_customers
from accounts.models import Organization
from mailbox.signatures import HOURS_VARIABLES, fill_in


def automatic_text(text: str, organization: Organization, *, number: int, sender: str, at: datetime) -> str:
    """Return the text for a ticket; a line about working hours is left out where the organization has said none."""
    values: dict[str, object] = {"number": number, "sender": sender}
    if any(f"{{{name}}}" in text for name in HOURS_VARIABLES):
        told = told_to_customers(organization, at)
        unsaid = [f"{{{name}}}" for name, words in told.items() if not words]
        text = "\n".join(line for line in text.splitlines() if not any(name in line for name in unsaid))
        values |= told
    return fill_in(text, values)
