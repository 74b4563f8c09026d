"""Stems: the part of a word that its forms share, in the language a text is written in."""

import threading
from collections.abc import Iterable
from functools import cache

import Stemmer

from tickets.search.folding import other_spellings, unaccented

# The older rules for Dutch: the newer ones take a "ge" off the beginning of any word, whatever its language.
ALGORITHMS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch_porter",
    "pt": "portuguese",
    "sv": "swedish",
}
UNKNOWN = "?"  # too little text to tell: kept under the stems of every language
_local = threading.local()  # a stemmer belongs to one thread


def stems(word: str, language: str) -> set[str]:
    """Return the stems of a folded word, accents off; language "" leaves it whole, UNKNOWN takes every language."""
    if not word.isalpha():
        return {unaccented(word)}
    languages = list(ALGORITHMS) if language == UNKNOWN else [language] if language in ALGORITHMS else []
    found = {unaccented(word)} if language == UNKNOWN or not languages else set()
    plain = unaccented(word)
    for one in languages:
        stemmer = _stemmer(one)
        found.add(unaccented(stemmer.stemWord(word)))
        if plain != word:  # who types without accents looks for this
            found.add(unaccented(stemmer.stemWord(plain)))
    return found


def asked_stems(word: str) -> set[str]:
    """Return every stem under which a text in any language may hold this folded word, however it is spelled."""
    return _union(stems(one, UNKNOWN) for one in (word, *other_spellings(word)))


def _union(parts: Iterable[set[str]]) -> set[str]:
    found: set[str] = set()
    for part in parts:
        found |= part
    return found


def _stemmer(language: str) -> Stemmer.Stemmer:
    stemmers: dict[str, Stemmer.Stemmer] = _local.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        stemmers[language] = Stemmer.Stemmer(ALGORITHMS[language], 0)  # 0: it shall remember no words of mails
    return stemmers[language]


@cache
def is_supported(language: str) -> bool:
    """Return whether texts in this language are kept under stems."""
    return language in ALGORITHMS
