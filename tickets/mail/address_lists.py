"""A header of people cut into pieces, one for each, however they are separated."""

import re

from tickets.mail import limits

# What hides separators (escaped signs, quoted strings, encoded words), and the signs that matter outside of them.
_TOKEN = re.compile(
    r'\\.|"(?:[^"\\]|\\.){0,2000}"|=\?[^?\s]{1,80}\?[bBqQ]\?[^?\s]{0,500}\?=|[()<>,;:]',
    re.DOTALL,
)


def split_list(value: str) -> list[str]:
    """Cut at commas and semicolons that stand outside quotes, comments and angle brackets; drop group names."""
    pieces: list[str] = []
    start = depth = 0
    angle = False
    for found in _TOKEN.finditer(value):
        sign, position = found[0], found.start()
        if sign == "(" and not angle:
            depth += bool(depth) or ")" in value[position : position + 2000]
        elif sign == ")":
            depth = max(0, depth - 1)
        elif depth or len(sign) > 1:
            continue
        elif sign in "<>":
            angle = sign == "<" and ">" in value[position : position + 1000]
        elif not angle and (sign in ",;" or _names_group(value[start:position])):
            if sign != ":":
                pieces.append(value[start:position])
            start = found.end()
        if len(pieces) > limits.ADDRESSES:
            break
    pieces.append(value[start:])
    return [piece.strip() for piece in pieces if piece.strip()]


def _names_group(before: str) -> bool:
    words = before.strip()
    return "@" not in words and not words.lower().endswith("mailto")
