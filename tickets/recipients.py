"""Whom an answer goes to: everybody in the mail that is answered, none of us, and nobody else."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.sealing.digests import fold_address
from tickets.filing.ours import Ours
from tickets.models import Message

Person = tuple[str, str]
MAX_REPLY_TO = 5  # addresses; a Reply-To that names more is a list somebody made up
MAX_ALL = 30  # people; a mail to more was a mailing, and its readers did not ask for our answer
NAMED = 3  # addresses in a sentence


@dataclass
class Recipients:
    """Whom to offer in To and Cc, and what to say about that before anything is sent."""

    to: list[Person] = field(default_factory=list)
    cc: list[Person] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def recipients_of(answered: Message | None, ours: Ours, last: Message | None = None) -> Recipients:
    """Return whom an answer to this mail goes to: its writer, or who is named in Reply-To; in copy, who else got it.

    Our own addresses are left out. Where nobody wrote yet, it is who got our last mail.
    """
    if answered is None:
        people = {header: _outside(last.people(header), ours) for header in ("to", "cc")} if last else {}
        return Recipients(people.get("to", []), people.get("cc", []))
    found = Recipients()
    writers = _outside(answered.people("from"), ours)
    found.to = _addressees(writers, _outside(answered.people("reply_to"), ours), found.warnings)
    taken = {fold_address(address) for _name, address in found.to}
    others = _outside([*answered.people("to"), *answered.people("cc")], ours)
    found.cc = [person for person in others if fold_address(person[1]) not in taken]
    if len(found.cc) > MAX_ALL:
        found.warnings.append(
            _("That mail went to %(count)d more people. Only who wrote it is filled in.") % {"count": len(found.cc)}
        )
        found.cc = []
    return found


def _addressees(writers: list[Person], reply_to: list[Person], warnings: list[str]) -> list[Person]:
    if len(reply_to) > MAX_REPLY_TO:
        warnings.append(
            _("That mail asks for answers at %(count)d addresses. The answer goes only to who wrote it.")
            % {"count": len(reply_to)}
        )
        return writers or reply_to[:1]
    known = {fold_address(address) for _name, address in writers}
    if others := [address for _name, address in reply_to if fold_address(address) not in known]:
        wrote = ", ".join(address for _name, address in writers)
        warnings.append(
            ngettext(
                "The answer goes to %(others)s: that mail asks for it, though %(wrote)s wrote.",
                "The answer goes to %(others)s: that mail asks for it, though %(wrote)s wrote.",
                len(others),
            )
            % {"others": ", ".join(others[:NAMED]), "wrote": wrote}
            if wrote
            else _("The answer goes to %(others)s: that mail asks for it.") % {"others": ", ".join(others[:NAMED])}
        )
    return reply_to or writers


def _outside(people: Iterable[Person], ours: Ours) -> list[Person]:
    """Return each person once, without ourselves."""
    found: dict[str, Person] = {}
    for name, address in people:
        if address and not ours.is_mailbox(address):
            found.setdefault(fold_address(address), (name, address))
    return list(found.values())


def written_to(answered: Message | None, addresses: Iterable[str]) -> str:
    """Return which of these addresses of ours that mail was sent to, as it is spelled here; nothing where none was."""
    if answered is None:
        return ""
    named = [address for _name, address in [*answered.people("to"), *answered.people("cc")]]
    named += [str(address) for address in answered.headers.get("delivered_to", [])]
    ours = {fold_address(address): address for address in addresses}
    return next((ours[fold_address(one)] for one in named if fold_address(one) in ours), "")
