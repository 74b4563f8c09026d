"""Texts of a mailbox with variables: the signature, and what an automatic answer says.

A variable is a word of ours in braces, replaced by a value; nothing is looked up by attribute or format.
"""

import re
from collections.abc import Collection, Mapping

from mailbox.addresses import one_line
from mailbox.models import Mailbox

SIGNATURE_VARIABLES = ("agent", "sender")
HOURS_VARIABLES = ("hours", "back")  # when the people of the organization are there: accounts.hours
ACKNOWLEDGEMENT_VARIABLES = ("number", "sender", *HOURS_VARIABLES)
_VARIABLE = re.compile(r"\{([^\W\d]\w{0,29})\}", re.ASCII)


def fill_in(text: str, values: Mapping[str, object]) -> str:
    """Return the text with values for its variables; a line that says nothing without one that is empty is left out.

    Values are put in once and never read again: a name that looks like a variable stays a name.
    """
    lines = []
    for line in text.splitlines():
        named = [name for name in _VARIABLE.findall(line) if name in values]
        filled = _VARIABLE.sub(lambda found: one_line(str(values.get(found[1], found[0]))), line)
        if filled.strip() or not named:
            lines.append(filled.rstrip())
    return "\n".join(lines).strip("\n")


def unknown_variables(text: str, known: Collection[str]) -> list[str]:
    """Return the words in braces that are no variables, each once."""
    return [name for name in dict.fromkeys(_VARIABLE.findall(text)) if name not in known]


def signature_of(mailbox: Mailbox, *, agent: str, sender: str) -> str:
    """Return the signature of a mailbox as this agent sends it under this name; automatic mail has no agent."""
    return fill_in(mailbox.signature or "", {"agent": agent, "sender": sender})
