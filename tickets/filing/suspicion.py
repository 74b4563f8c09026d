"""What the mailbox's provider calls spam: where it waits, and who is known well enough not to wait there.

The provider's word is taken for one mail at a time. What somebody here says of a sender holds in their organization
alone: nothing is counted, learned or shared beyond it.
"""

from django.db.models import Exists, OuterRef, Q

from tickets.filing.incoming import Incoming
from tickets.filing.trust import is_denied
from tickets.models import Contact, Event, Message

SPAM = "spam"  # the sort of such a mail (tickets.mail.classify)


def waits_under_spam(incoming: Incoming, contact: Contact) -> bool:
    """Return whether a mail that opens a ticket waits under Spam until somebody looks at it.

    Old mail that is imported does not, and neither does mail of somebody whom colleagues have answered, or whose mail
    they said is no spam, unless the provider denies that it is theirs. Asked only where a provider called it spam.
    """
    if incoming.is_answer or incoming.is_history or incoming.classification.kind != SPAM:
        return False
    return is_denied(incoming.mail) or not _is_wanted(contact)


def _is_wanted(contact: Contact) -> bool:
    answers = Message.objects.filter(ticket=OuterRef("pk"), direction=Message.Direction.OUTBOUND, author__isnull=False)
    rescued = Event.objects.filter(ticket=OuterRef("pk"), verb=Event.Verb.NOT_SPAM, by__isnull=False)
    return contact.tickets.filter(Q(Exists(answers)) | Q(Exists(rescued))).exists()
