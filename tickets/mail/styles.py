"""The style attributes of foreign mail: a list of properties and of the values they may have, nothing else."""

# ruff: noqa: E501 - tables of words and samples read best unbroken

import re

_COLOUR = r"#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,25}|rgba?\(\s?[\d.%]{1,6}(?:\s?,\s?[\d.%]{1,6}){2,3}\s?\)"
_LENGTH = (
    r"(?:0|\d{1,4}(?:\.\d{1,4})?(?:px|pt|em|rem|ex|ch|cm|mm|in|pc|%)?|auto|normal|medium|thin|thick|inherit|initial)"
)
_BORDER = r"none|hidden|dotted|dashed|solid|double|groove|ridge|inset|outset|windowtext|currentcolor"
_WORD = r"[a-zA-Z-]{1,25}"
_COLOURED = re.compile(_COLOUR)
_LENGTHS = re.compile(rf"{_LENGTH}(?:\s{_LENGTH}){{0,3}}")
_BORDERS = re.compile(
    rf"(?:{_BORDER}|{_LENGTH}|{_COLOUR})(?:\s(?:{_BORDER}|{_LENGTH}|{_COLOUR})){{0,3}}", re.IGNORECASE
)
_WORDS = re.compile(rf"{_WORD}(?:\s{_WORD}){{0,3}}")
_FAMILY = re.compile(r"[\w\s,'\"-]{1,200}", re.ASCII)
_FONT = re.compile(r"[\w\s,'\"./%-]{1,200}", re.ASCII)
_DISPLAY = re.compile(r"block|inline|inline-block|table|table-row|table-cell|inline-table|list-item|none")
_NUMBER = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)(px|pt|em|rem|%|ex|ch|cm|mm|in|pc)?")
_LARGEST = {
    "px": 96,
    "pt": 72,
    "em": 6,
    "rem": 6,
    "%": 400,
    "ex": 10,
    "ch": 10,
    "cm": 3,
    "mm": 30,
    "in": 1,
    "pc": 6,
    None: 96,
}

ALLOWED: dict[str, re.Pattern[str]] = {
    **dict.fromkeys(("color", "background-color", "background", "border-color", "text-decoration-color"), _COLOURED),
    **dict.fromkeys(
        ["width", "height", "min-width", "max-width", "padding", "padding-left", "padding-right", "padding-top", "padding-bottom", "margin", "margin-left", "margin-right", "margin-top", "margin-bottom", "line-height", "letter-spacing", "border-width", "border-spacing", "border-radius", "border-top-width", "border-bottom-width", "border-left-width", "border-right-width"],
        _LENGTHS,
    ),
    **dict.fromkeys(
        ["border", "border-top", "border-bottom", "border-left", "border-right", "border-style", "border-top-style", "border-bottom-style", "border-left-style", "border-right-style", "border-top-color", "border-bottom-color", "border-left-color", "border-right-color"],
        _BORDERS,
    ),
    **dict.fromkeys(
        ["text-align", "vertical-align", "font-style", "font-variant", "text-decoration", "text-decoration-line", "text-transform", "white-space", "list-style", "list-style-type", "list-style-position", "border-collapse", "table-layout", "direction", "word-break", "word-wrap", "overflow-wrap", "clear", "float"],
        _WORDS,
    ),
    "font-weight": re.compile(r"[1-9]00|[a-z]{4,7}"),
    "font-size": re.compile(rf"{_NUMBER.pattern}|(?:xx?-)?(?:small|large)|medium|smaller|larger"),
    "font-family": _FAMILY,
    "font": _FONT,
    "display": _DISPLAY,
}  # fmt: skip
_NEVER = re.compile(
    r"[\\<>{}@&]|/\*|url|expression|import|var\s?\(|image|calc|attr\s?\(|javascript|behavior|binding", re.IGNORECASE
)


def clean_style(style: str) -> str:
    """Return the declarations of a style attribute that can only colour, space and align."""
    kept: list[str] = []
    for declaration in style[:8000].split(";")[:80]:
        name, colon, value = declaration.partition(":")
        name = name.strip().lower()
        pattern = ALLOWED.get(name)
        if not colon or pattern is None:
            continue
        value = " ".join(value.split())
        if value.lower().endswith("!important"):
            value = value[:-10].rstrip().rstrip("!").rstrip()
        if len(value) > 200 or _NEVER.search(value) or not pattern.fullmatch(value):
            continue
        if name in ("font-size", "font", "line-height") and not _is_modest(value):
            continue
        if value.count("'") % 2 or value.count('"') % 2:
            continue
        kept.append(f"{name}:{value}")
    return ";".join(kept)


def _is_modest(value: str) -> bool:
    """Tell whether sizes in a value leave room for other text on the page."""
    return all(float(found[1]) <= _LARGEST.get(found[2], 96) or (found[2] is None and float(found[1]) in range(100, 1000, 100))
               for found in _NUMBER.finditer(value))  # fmt: skip
