"""Variables of canned replies: words of ours in braces, filled from the ticket at hand, with what to say otherwise.

`{first_name|there}` is the contact's first name, or "there". A value is put in once and never read again, and nothing
is looked up by attribute or format: a name that looks like a variable stays a name.
"""

import re
from collections.abc import Mapping

from mailbox.addresses import one_line

VARIABLES = ("first_name", "contact", "number", "subject", "agent", "organization", "mailbox")
_VARIABLE = re.compile(r"\{([a-z_]{1,30})(?:\|([^{}\n]{0,80}))?\}")


def fill(text: str, values: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return the text with its variables filled, and which were empty without a word to stand in for them.

    Where a variable is empty, what would be left of it goes too: "Dear {first_name}," becomes "Dear,".
    """
    empty: dict[str, None] = {}

    def value(found: re.Match[str]) -> str:
        name, instead = found[1], found[2]
        if name not in VARIABLES:
            return found[0]
        if said := one_line(values.get(name, "")) or (instead or "").strip():
            return said
        empty[name] = None
        return _GAP

    filled = _VARIABLE.sub(value, text)
    return re.sub(rf" ?{_GAP}", "", filled), list(empty)


def unknown(text: str) -> list[str]:
    """Return the words in braces that are no variables, each once."""
    return [name for name in dict.fromkeys(found[1] for found in _VARIABLE.finditer(text)) if name not in VARIABLES]


_GAP = "\ue000"
