"""Text as it is: characters that hide, turn or imitate others are shown for what they are."""

import re
import unicodedata
from html import escape as quick_escape

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

# What turns the direction of a line, or takes no room. Joiners stay: scripts and emoji need them between letters.
_SIGNS = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f"
)
_MARKS = "\u061c\u200e\u200f"  # where people write from right to left these are spelling, elsewhere a trick
_LETTER = "[^\\W\\d_\u115f\u1160\u17b4\u17b5\u3164\uffa0]"
_HIDING = re.compile(f"[{_SIGNS}{_MARKS}]")
_HIDING_LEFTWARD = re.compile(f"[{_SIGNS}]")
_WORD = re.compile(f"{_LETTER}+")
# All but Latin letters and usual signs, of which nothing hides or imitates: most texts have nothing else.
_ODD = re.compile("[^\t\n\r\x20-\x7e\u00a0-\u00ac\u00ae-\u024f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]")
_PIECE = {hiding: re.compile(f"{hiding.pattern}|{_WORD.pattern}") for hiding in (_HIDING, _HIDING_LEFTWARD)}
_IMITATED = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "FULLWIDTH", "MATHEMATICAL"})


def reveal(text: str) -> SafeString:
    """Return a text for a page, escaped, in which what hides is named and letters of a second alphabet are marked."""
    if not _ODD.search(text):
        return mark_safe(quick_escape(text))  # noqa: S308 - it is escaped
    parts, end = [], 0
    for found in _PIECE[_hiding(text)].finditer(text):
        shown = _shown(found[0])
        if shown is not None:
            parts += [escape(text[end : found.start()]), shown]
            end = found.end()
    parts.append(escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped


def named(text: str) -> str:
    """Return a text in which what hides is written as its number, for places that hold no elements."""
    return _HIDING.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def hides(text: str) -> bool:
    """Return whether a text has characters that nobody sees or that turn its direction."""
    return bool(_hiding(text).search(text))


def imitates(text: str) -> bool:
    """Return whether a word of the text mixes Latin letters with ones of another alphabet that look like them."""
    return any(_strangers(word) for word in _WORD.findall(text) if not word.isascii())


def _hiding(text: str) -> re.Pattern[str]:
    leftward = not text.isascii() and any(
        unicodedata.bidirectional(one) in ("R", "AL") and one not in _MARKS for one in text
    )
    return _HIDING_LEFTWARD if leftward else _HIDING


def _shown(piece: str) -> SafeString | None:
    if _HIDING.fullmatch(piece):
        name = unicodedata.name(piece, _("Control character")).capitalize()
        return format_html('<span class="hidden-sign" title="{}">{}</span>', name, f"U+{ord(piece):04X}")
    strangers = set() if piece.isascii() else _strangers(piece)
    if not strangers:
        return None
    letters = [
        format_html('<mark class="stranger" title="{}">{}</mark>', unicodedata.name(letter, "").capitalize(), letter)
        if letter in strangers
        else escape(letter)
        for letter in piece
    ]
    return mark_safe("".join(letters))  # noqa: S308 - every letter is escaped


def _strangers(word: str) -> set[str]:
    """Return the letters of a word that belong to the alphabet fewer of its letters are from, where it has two."""
    by_script: dict[str, set[str]] = {}
    for letter in word:
        by_script.setdefault(_script(letter), set()).add(letter)
    imitated = [script for script in by_script if script in _IMITATED]
    if not imitated or ("LATIN" not in by_script and len(imitated) < 2):
        return by_script.get("FULLWIDTH", set()) | by_script.get("MATHEMATICAL", set())
    latin = sum(letter in by_script.get("LATIN", ()) for letter in word)
    others = {letter for script in imitated for letter in by_script[script]}
    return others if latin * 2 >= len(word) else by_script.get("LATIN", set()) or others


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
