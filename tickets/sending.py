"""What every mail an agent sends is checked for, whichever way it leaves: who gets it, from where, how much."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.sealing.digests import address_digest
from mailbox.addresses import CannotBeSentTo, sendable
from mailbox.models import Mailbox
from tickets.models import ContactAddress
from tickets.outgoing import Letter, Person

People = Sequence[Person]
MAX_RECIPIENTS = 100


def people_to_send_to(people: People) -> list[Person]:
    """Return them with their addresses as mail is sent to them; the first nothing can be sent to is named."""
    try:
        return [(name, sendable(address)) for name, address in people]
    except CannotBeSentTo as reason:
        raise ActionRefused(str(reason)) from None


def check_letter(mailbox: Mailbox, letter: Letter) -> None:
    """Decline a mail that cannot leave: nobody to get it, nothing in it, too much of it, no mailbox to send it."""
    if mailbox.is_disconnected:
        raise ActionRefused(_("This mailbox was disconnected, so no answer can leave from it."))
    if letter.sender[1] not in mailbox.addresses:
        raise ActionRefused(_("This mailbox has no such address to send from."))
    if not letter.body.text.strip() and not letter.body.html and not letter.attachments:
        raise ActionRefused(_("The answer is empty."))
    if sum(len(file.content) for file in letter.attachments) > settings.MAX_ATTACHMENT_BYTES:
        raise ActionRefused(_("The files are larger than mail can carry: 25 MB together at most."))
    if not letter.everybody:
        raise ActionRefused(_("Nobody would get this answer: name at least one recipient."))
    if len(letter.everybody) > MAX_RECIPIENTS:
        raise ActionRefused(_("An answer can go to %(count)d people at most.") % {"count": MAX_RECIPIENTS})
    refuse_restricted(mailbox, letter.everybody)


def refuse_restricted(mailbox: Mailbox, people: People) -> None:
    """Decline a mail to a contact whose data is only stored (Art. 18), and name them."""
    digests = {address_digest(mailbox.organization_id, address): address for _name, address in people}
    found = ContactAddress.objects.filter(digest__in=list(digests), contact__restricted_at__isnull=False)
    digest = found.values_list("digest", flat=True).first()
    if digest is not None:
        raise ActionRefused(
            _("%(address)s asked to have their data restricted: it is only stored, and they get no mail.")
            % {"address": digests[bytes(digest)]}
        )
