"""What is being erased, for pages of the apps below: they cannot ask for it in Python, since imports point one way."""

from collections.abc import Iterable

from django import template

from mailbox.models import Mailbox
from privacy.showing import JobShown, deletions_of

register = template.Library()


@register.simple_tag
def show_deletions(*lists: Iterable[Mailbox]) -> str:
    """Give every mailbox of these lists its `deletion` (a JobShown, or nothing), in one statement; shows nothing."""
    mailboxes = [mailbox for one in lists for mailbox in one]
    found = deletions_of(mailboxes)
    for mailbox in mailboxes:
        job = found.get(mailbox.pk)
        mailbox.deletion = JobShown(job) if job else None  # type: ignore[attr-defined]
    return ""
