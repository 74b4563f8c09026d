"""Where a link of a mail leads, beside what its words say."""

import re
from urllib.parse import urlsplit

_NAMES_A_HOST = re.compile(
    r"(?:https?://|www\.)?((?:[^\s/@:?#<>\"'()]{1,63}\.){1,8}[^\W\d_]{2,24})(?=[/:?#\s,;)!]|\.?$|\.\s)", re.IGNORECASE
)
_FILES = frozenset(
    ["pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "txt", "csv", "jpg", "jpeg", "png", "gif", "zip"]
)


def host_of(address: str) -> str:
    """Return the host of a web address in lower case, without www; nothing for other addresses."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return (parts.hostname or "").removeprefix("www.") if parts.scheme in ("http", "https") else ""


def host_shown(address: str) -> str:
    """Return a host as it is to be read: with letters beyond ASCII also in the form that cannot imitate another."""
    host = host_of(address)
    try:
        plain = host.encode("idna").decode("ascii")
        letters = plain.encode("ascii").decode("idna")
    except UnicodeError:
        return host.encode("ascii", "backslashreplace").decode("ascii")
    return plain if plain == letters else f"{letters} ({plain})"


def goes_elsewhere(text: str, address: str) -> bool:
    """Return whether the words of a link name a host and the link leads to another, or its host is no plain ASCII."""
    host = host_of(address)
    if not host:
        return False
    if not host.isascii() or "xn--" in host:
        return True
    text = " ".join(text[:400].split()).casefold()
    named = [found[1].removeprefix("www.") for found in _NAMES_A_HOST.finditer(text)]
    claims = [one for one in named if one.rpartition(".")[2] not in _FILES]
    return bool(claims) and not any(_is_same(one, host) for one in claims)


def _is_same(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
