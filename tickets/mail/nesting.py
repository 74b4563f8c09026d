"""How deep HTML is nested: the readers of HTML become slow, with the square of the depth, on what nobody writes."""

import re

DEEPEST = 1000
DEEPEST_FORMATTING = 150  # left open, these are repeated in every paragraph that follows
FEW = 500  # tags below which no nesting can hurt
_OPENING = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,20})")
_FORMATTING = frozenset(
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"]
)
_NOT_NESTING = frozenset(
    [
        "p",
        "li",
        "td",
        "th",
        "tr",
        "dt",
        "dd",
        "option",
        "br",
        "img",
        "hr",
        "meta",
        "link",
        "input",
        "col",
        "wbr",
        "area",
        "base",
        "tbody",
        "thead",
        "tfoot",
        "html",
        "body",
        "head",
        "param",
        "source",
    ]
)


def is_too_deep(html: str) -> bool:
    """Tell, in time linear in its length, whether HTML leaves too many elements open at once."""
    if html.count("<") < FEW:
        return False
    open_tags: dict[str, int] = {}
    depth = formatting = 0
    for found in _OPENING.finditer(html):
        name = found[2].lower()
        if name in _NOT_NESTING:
            continue
        count = open_tags.get(name, 0)
        if not found[1]:
            open_tags[name] = count + 1
            depth += 1
            formatting += name in _FORMATTING
            if depth > DEEPEST or formatting > DEEPEST_FORMATTING:
                return True
        elif count:
            open_tags[name] = count - 1
            depth -= 1
            formatting -= name in _FORMATTING
    return False
