"""Lines such as `On Tuesday, Carol wrote:`, in one line or wrapped over several, and what stands before them."""

import re
from collections.abc import Sequence

from tickets.mail import quote_words as words

LONGEST = 600  # characters of a line that is looked at
_TRIM = " \t-–—_*>"
_ENDS = (":", "：", "---", ":*", ": *", "wrote", "schrieb", "﹕")
_CONTROLS = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"))
_BRACKETED = re.compile(r"[<(\[]\s?(?:mailto:)?[^\s<>()\[\]]{1,200}@")
_STARTS_WITH_ADDRESS = re.compile(r"\"?[^\s<>\"]{1,100}@")
_MOMENT = re.compile(
    r"(?:(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d\d),?\s{1,2}\d{1,2}[:.]\d\d"
)
_POSTED = re.compile(r"posted by \S.{0,60} on \d", re.IGNORECASE)
_GLUED = re.compile(
    r"(?<=\S)(?:-{2,4}\s?|\s{1,3})(?=(?:On|Am|Le|El|Il|Em|Op|W dniu|Dnia|Den|Dne|Vào)\s"
    r"(?:[^\W\d]{2,12}[.,]{0,2}\s)?(?:[^\W\d]{3,10}\.?\s)?\d)"
)
# Beside a verb these say that a person writes: `your colleague wrote`, `schrieb mir Ihr Kollege`.
_SPOKEN = re.compile(
    r"(?:my|your|our|his|her|their|this|that|who|he|she|they|it|i|we|me|us|mein|meine|unser|unsere|ihr|ihre|dein|deine|mir|uns|"
    r"er|wer|der|mon|ma|notre|votre|ce|cet|cette|il|elle|nous|mi|su|nuestro|nuestra|nos|el|la|mio|mia|vostro|suo|mijn|uw|onze|"
    r"hij|ze|zij|min|din|vår|vores|mig|meg|mój|moja|wasz|nasz|nam|mu|мой|ваш|наш|мне|нам|он|она|мій|мені|він|bana)$",
    re.IGNORECASE,
)
_GLUED_TITLE = re.compile(r"(?:(?<=[^\s>-])|^)\s{0,3}-{4,14}\s?([^\W\d_][^-\n]{4,40}?)\s?-{4,14}")


def plain(line: str) -> str:
    """Return a line without the invisible signs that steer its direction."""
    return line if line.isascii() else line.translate(_CONTROLS)


def ends_introduction(line: str) -> bool:
    """Tell whether a line ends as an introduction does."""
    return plain(line[-LONGEST:]).rstrip().endswith(_ENDS)


def strength(text: str) -> int:
    """Return 2 when a text surely introduces a quote, 1 when it does so only before quoted lines, else 0."""
    core = plain(text).strip(_TRIM).rstrip(":：﹕ ")
    if not 4 < len(core) < 400:
        return 0
    verb = words.WROTE.search(core)
    address = "@" in core
    date = bool(words.DATE.search(core))
    opens = bool(words.OPENER.match(core))
    if verb and date and (address or (opens and _names_somebody(core, verb))):
        return 2
    if verb and address and _is_compact(core):
        return 2
    if address and date and opens and len(core) < 250 and ends_introduction(text):
        return 2
    return 1 if len(core) < 160 and (verb or (address and date)) else 0


def _names_somebody(core: str, verb: re.Match[str]) -> bool:
    """Tell whether what stands beside the verb is a name, as programs write it, and no `your colleague`."""
    beside = [*core[: verb.start()].split()[-2:], *core[verb.end() :].split()[:2]]
    return not any(_SPOKEN.match(word.strip(",;:")) for word in beside)


def _is_compact(core: str) -> bool:
    """Tell whether a line without a date is only a name with its address and a verb, not a sentence."""
    if len(core) > 200 or not (_BRACKETED.search(core) or _STARTS_WITH_ADDRESS.match(core)):
        return False
    return len(core.split()) <= 9


def stands_before_marks(line: str) -> bool:
    """Tell whether a line right above quoted lines introduces them, although it does not end like it."""
    core = plain(line).strip()
    if not 8 < len(core) < 200:
        return False
    if _MOMENT.match(core) or _POSTED.match(core):
        return True
    return bool(core.endswith(">") and "@" in core and words.DATE.search(core))


def opens(line: str) -> bool:
    """Tell whether a line begins as an introduction and leaves it unfinished."""
    core = plain(line).strip(_TRIM)
    return bool(words.OPENER.match(core)) and bool(re.search(r"\d", core)) and not core.endswith((".", "!", "?", ":"))


def introduces_in_line(line: str) -> bool:
    """Tell whether a line begins with an introduction and goes on with what it quotes."""
    found = words.WROTE.search(line[:400])
    if not found or not words.OPENER.match(line.strip(_TRIM)):
        return False
    return line[found.end() : found.end() + 2].lstrip().startswith((":", "：")) and strength(line[: found.end()]) == 2


def introduction_start(lines: Sequence[str], index: int, floor: int) -> int | None:
    """Return on which line, not above `floor`, the introduction that ends on line `index` begins, or None."""
    best: int | None = None
    best_found = 0
    text = ""
    start = index
    while start >= floor and index - start < 5:
        line = lines[start]
        if not line.strip():
            if not lines[start + 1].lstrip().startswith("<") or start == floor:
                break  # only an address that stands alone may follow an empty line
            start -= 1
            continue
        text = f"{line.strip()} {text}"
        found = strength(text)
        if found > best_found or (found and _begins(line, text)):
            best, best_found = start, max(found, best_found)
        whole = found == 2 and best == start and words.OPENER.match(plain(text).lstrip(_TRIM))
        if whole and not text[:1].islower() and (start == floor or not opens(lines[start - 1])):
            break
        start -= 1
    return best


def _begins(line: str, text: str) -> bool:
    return opens(line) or bool(words.OPENER.match(plain(text).lstrip(_TRIM)) and words.DATE.search(line))


def glue_points(lines: Sequence[str], index: int) -> list[int]:
    """Return where a line is to be cut: where an introduction follows on somebody's own words, and behind a title."""
    line = lines[index]
    title = _GLUED_TITLE.search(line)
    if title and (words.is_original_title(title[1]) or words.is_forward_title(title[1])):
        start = [title.start()] if line[: title.start()].strip(_TRIM) else []  # `*----- Title -----*` is one
        return [*start, title.end()] if line[title.end() :].strip(_TRIM) else start
    if words.OPENER.match(plain(line).strip(_TRIM)) and ends_introduction(line) and strength(line) == 2:
        return []
    for found in list(_GLUED.finditer(line))[-3:]:
        if _introduces(lines, index, line[found.end() :]):
            return [found.start()]
    return []


def _introduces(lines: Sequence[str], index: int, text: str) -> bool:
    """Tell whether a text, the end of line `index`, and the lines below it are an introduction."""
    for below in range(index, min(len(lines), index + 4)):
        text = text if below == index else f"{text} {lines[below].strip()}"
        if ends_introduction(text) and strength(text) == 2:
            return True
        if not lines[below].strip():
            return False
    return False
