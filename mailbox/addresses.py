"""Addresses mail can be sent to, as mail servers know them: ASCII before the @, an IDNA domain after it."""

import re
import unicodedata

import idna
from django.utils.translation import gettext as _

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")  # RFC 5321, Dot-string: what every provider takes
_HOST = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))+")
MAX_LOCAL, MAX_ADDRESS = 64, 254  # RFC 5321, 4.5.3.1
SHOWN = 80  # characters of a wrong address in a sentence about it


class CannotBeSentTo(ValueError):
    """No mail can go to this address; the text says why, in plain words."""


def sendable(address: str) -> str:
    """Return the address as it stands in the mail that leaves; CannotBeSentTo where no provider could deliver it.

    A domain in letters of any language becomes its ASCII form: another spelling of the same domain, never another one.
    """
    local, sign, domain = address.rpartition("@")
    shown = one_line(address)[:SHOWN]
    if any(character.isspace() or separates(character) for character in address):
        raise CannotBeSentTo(_("“%(address)s” has a line end or a blank in it.") % {"address": shown})
    if not (local and sign and domain):
        raise CannotBeSentTo(_("“%(address)s” is not an e-mail address.") % {"address": shown})
    if not local.isascii():
        raise CannotBeSentTo(
            _("“%(address)s” has letters before the @ that mail cannot be sent to yet: only a to z without accents.")
            % {"address": shown}
        )
    host = _host(domain)
    if not _LOCAL.fullmatch(local) or "=?" in local or not host:
        raise CannotBeSentTo(_("“%(address)s” is not an e-mail address.") % {"address": shown})
    if len(local) > MAX_LOCAL or len(local) + 1 + len(host) > MAX_ADDRESS:
        raise CannotBeSentTo(_("“%(address)s…” is longer than an e-mail address can be.") % {"address": shown})
    return f"{local}@{host}"


def host_of(address: str) -> str:
    """Return the ASCII domain of an address of ours, for ids: one that is none still gives the same word every time."""
    return _host(address.rpartition("@")[2]) or "mailbox.invalid"


def one_line(text: str) -> str:
    """Return a text on one line: line ends, control characters and separators become single blanks."""
    return " ".join("".join(" " if separates(c) else c for c in whole(text)).split())


def separates(character: str) -> bool:
    """Return whether a character ends a line somewhere, or is a control character."""
    return unicodedata.category(character) in {"Cc", "Zl", "Zp"}


def whole(text: str) -> str:
    """Return the text without byte order marks and lone surrogates, which stand for broken bytes and cannot leave."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\ufeff", "")


def _host(domain: str) -> str:
    """Return the ASCII form of a domain with at least one dot, or nothing."""
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except UnicodeError:  # IDNAError is one
            return ""
    return domain if len(domain) <= 253 and _HOST.fullmatch(domain) else ""
