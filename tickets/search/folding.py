"""One form for the many ways to write the same letters."""

import unicodedata

# Letters that decomposition leaves whole.
_WHOLE = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ð": "d", "đ": "d", "þ": "th", "ł": "l", "ı": "i"})
_ACCENTED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
_SPELLED = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"))


def fold(text: str) -> str:
    """Return the text in one case, one width and composed; accents stay, because stemmers read them."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFC", folded)


def unaccented(word: str) -> str:
    """Return a folded word without its accents."""
    if word.isascii():
        return word
    plain = word.translate(_WHOLE)
    letters = (letter for letter in unicodedata.normalize("NFD", plain) if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", "".join(letters))


def other_spellings(word: str) -> set[str]:
    """Return how a folded word may be spelled where its letters are missing: Müller, Mueller, Muller."""
    found = {word.translate(_ACCENTED)}
    for long, short in _SPELLED:
        found |= {one.replace(long, short) for one in (word, *found) if long in one}
    return found - {word}
