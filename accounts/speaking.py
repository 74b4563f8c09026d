"""The language of a request. What was translated once is remembered: a page says hundreds of the same words."""

from functools import lru_cache
from typing import Any

from django.utils import translation
from django.utils.translation import trans_real

MOST = 10_000  # texts of a language


def speak(language: str) -> None:
    """Make it the language of this request, as translation.activate() does."""
    translation.activate(language)
    spoken: Any = trans_real.translation(translation.get_language() or language)
    if "gettext" not in vars(spoken):
        spoken.gettext = lru_cache(maxsize=MOST)(spoken.gettext)
