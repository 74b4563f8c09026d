"""Other people's data: masked in what a person gets, each place listed with its reason (Art. 15(4))."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.sealing.digests import fold_address
from privacy.rights.traces import MARK, Traces

_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+")


@dataclass
class Masker:
    """Masks everybody but the person and the organization, and remembers where."""

    traces: Traces
    ours: Collection[str]  # addresses of the organization's own mailboxes, folded
    redactions: list[dict[str, str]] = field(default_factory=list)

    def people(self, pairs: Collection[tuple[str, str]], where: str) -> list[str]:
        """Return who stands in a header: the person and the organization by address, others as a mark."""
        shown, masked = [], 0
        for name, address in pairs:
            if self.traces.is_person(address, name) or fold_address(address) in self.ours:
                shown.append(address or name)
            else:
                shown.append(MARK)
                masked += 1
        if masked:
            self.note(where, _("%(count)d other people in the headers") % {"count": masked}, other_people())
        return shown

    def text(self, text: str, where: str, names: Collection[str] = ()) -> str:
        """Return a text in which addresses and names of other people are marks."""
        found = 0

        def mask(match: re.Match[str]) -> str:
            nonlocal found
            address = match[0].rstrip(".")
            if self.traces.is_person(address) or fold_address(address) in self.ours:
                return match[0]
            found += 1
            return MARK

        masked = _ADDRESS.sub(mask, text)
        for name in sorted({one for one in names if len(one.split()) > 1}, key=len, reverse=True):
            pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
            masked, count = pattern.subn(MARK, masked)
            found += count
        if found:
            self.note(where, _("%(count)d places in the text") % {"count": found}, other_people())
        return masked

    def note(self, where: str, what: str, reason: str) -> None:
        """Put a place on the list."""
        self.redactions.append({"where": where, "what": what, "reason": reason})


def others_named(message: Any, masker: Masker) -> list[str]:
    """Return the names of other people in the headers of a mail."""
    found = []
    for header in ("from", "to", "cc", "reply_to", "forwarded_by"):
        for name, address in message.people(header):
            if name and not masker.traces.is_person(address, name) and fold_address(address) not in masker.ours:
                found.append(name)
    return found


def other_people() -> str:
    """Return why something about other people is not given."""
    return _("It concerns other people, whose rights must not suffer (Article 15(4) GDPR).")
