"""Message-IDs, missing or absurd ones included."""

import re

from tickets.mail import limits
from tickets.mail.words import decode_words

_ID = re.compile(r"<([^<>]{1,990})>")
_WORD = re.compile(r"[^\s<>,;\"()]+")
_COMMENT = re.compile(r"\([^()]*\)")
_BLANKS = re.compile(r"\s+")


def message_ids(value: str) -> list[str]:
    """Return the Message-IDs of a header in order, each once, with brackets even where the sender left them out."""
    if not value:
        return []
    if "=?" in value:  # Python's own library encodes long ids as words
        value = decode_words(value[:50_000])
    found = _ID.findall(value[:50_000])
    if not found:
        words = _WORD.findall(_COMMENT.sub(" ", value[:2000]))
        found = [word for word in words if "@" in word or len(word) > 15][:20]
        if not found and len(words) == 1:
            found = words
    ids: dict[str, None] = {}
    for one in found:
        cleaned = _BLANKS.sub("", one).strip("\"'")
        if cleaned:
            ids[f"<{cleaned}>"] = None
    return list(ids)[-limits.REFERENCES :]
