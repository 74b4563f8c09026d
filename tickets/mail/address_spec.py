"""The address itself: found in a text, and freed from what programs put around it."""

import re

BARE = re.compile(r'([^<>\s,;@"():]+@[^<>\s,;@"():]+)')
BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")
_FIND = re.compile(
    r'(?:"(?:[^"\\]|\\.){1,64}"|[^<>\s,;@"()\[\]:]{1,320})@(?:\[[^\]\s]{1,60}\]|[^<>\s,;@"()\[\]:]{1,255})'
)
_AROUND_DOT = re.compile(r"\s{0,20}\.\s{0,20}")
_BLANK_IN_DOMAIN = re.compile(r"^\s|\s\.|\.\s")
_STRIP = " \t.,;:'\"<>[]"


def bare_email(text: str) -> str:
    """Return an address without the wrapping that programs put around it, or nothing if it has no two halves."""
    text = text.strip().strip("<>").strip()
    if text[:7].lower() == "mailto:":
        text = text[7:]
    if text[:1] == "@" and ":" in text:  # an old source route
        text = text.rpartition(":")[2]
    text = without_blanks(text) or text
    if not text.startswith('"'):
        text = BLANKS.sub("", text) if " @" in text or "@ " in text else text.strip()
        text = text.strip(_STRIP) if not text.endswith("]") else text.lstrip(_STRIP)
        if " " in text:
            found = find_address(text)
            text = found[0] if found else ""
    local, _, domain = text.rpartition("@")
    if not local or not domain or len(text) > 400 or BLANKS.search(domain):
        return ""
    return f"{local}@{domain.rstrip('.')}"


def without_blanks(text: str) -> str:
    """Return an address that has blanks around its dots and its sign, as old programs wrote; nothing for other text."""
    local, sign, domain = text.strip().rpartition("@")
    if not sign or not (local.endswith((" ", "\t")) or _BLANK_IN_DOMAIN.search(domain)):
        return ""
    joined = f"{_AROUND_DOT.sub('.', local.strip())}@{_AROUND_DOT.sub('.', domain.strip())}"
    return joined if BARE.fullmatch(joined) or (joined[0] == '"' and _FIND.fullmatch(joined)) else ""


def find_address(text: str, position: int = 0) -> re.Match[str] | None:
    """Return the first address in a text, from a position on."""
    for _ in range(10):
        sign = text.find("@", position)
        if sign < 0:
            return None
        found = _FIND.search(text, max(position, sign - 330), sign + 260)
        if found:
            return found
        position = sign + 1
    return None


def is_one_word(text: str) -> bool:
    """Tell whether a text is nothing but an address, however odd: two signs in it make it no other address."""
    text = text.strip()
    if BARE.fullmatch(text):
        return True
    return "@" in text and not BLANKS.search(text) and not any(sign in text for sign in '<>"[:')
