"""The little markup of the stories: paragraphs, lists, tables, pictures, quotes, *bold*, [links](...)."""

import html
import re
from collections.abc import Callable, Iterator

_PICTURE = re.compile(r"!\[(.*?)\]\((.+?)\)")
_LINK = re.compile(r"\[(.+?)\]\((https?://.+?)\)")
_BOLD = re.compile(r"(?<!\w)\*(\S(?:.*?\S)?)\*(?!\w)")


def pictures_of(text: str) -> list[str]:
    """Return the file names of the pictures in the text, in order."""
    return [match[2] for match in _PICTURE.finditer(text)]


def to_plain(text: str, picture: str = "[{name}]") -> str:
    """Return the text as a mail program writes it into text/plain."""
    blocks = []
    for block in _blocks(text):
        if _is_table(block):
            blocks.append("\n".join(_aligned(_rows(block))))
        else:
            line = _PICTURE.sub(lambda match: picture.format(name=match[2]), "\n".join(block))
            line = _LINK.sub(r"\1: \2", line)
            blocks.append(_BOLD.sub(r"*\1*", line))
    return "\n\n".join(blocks)


def to_html(text: str, paragraph: Callable[[str], str], gap: str, source: Callable[[str], str]) -> str:
    """Return the text as HTML; `paragraph` wraps one, `gap` stands between two, `source` gives a picture's address."""
    return gap.join(_block_to_html(block, paragraph, source) for block in _blocks(text))


def _block_to_html(block: list[str], paragraph: Callable[[str], str], source: Callable[[str], str]) -> str:
    if _is_table(block):
        return _table(_rows(block))
    if all(line.startswith("- ") for line in block):
        return "<ul>" + "".join(f"<li>{_inline(line[2:], source)}</li>" for line in block) + "</ul>"
    if all(re.match(r"\d+\. ", line) for line in block):
        return "<ol>" + "".join(f"<li>{_inline(line.split('. ', 1)[1], source)}</li>" for line in block) + "</ol>"
    if all(line.startswith(">") for line in block):
        return "<blockquote>" + "<br>".join(_inline(line.lstrip("> "), source) for line in block) + "</blockquote>"
    return paragraph("<br>".join(_inline(line, source) for line in block))


def _inline(line: str, source: Callable[[str], str]) -> str:
    found = html.escape(line, quote=False)
    found = _PICTURE.sub(
        lambda match: f'<img src="{source(match[2])}" alt="{html.escape(match[1])}" width="480">', found
    )
    found = _LINK.sub(r'<a href="\2">\1</a>', found)
    return _BOLD.sub(r"<b>\1</b>", found)


def _blocks(text: str) -> Iterator[list[str]]:
    for block in re.split(r"\n{2,}", text.strip("\n")):
        yield block.split("\n")


def _is_table(block: list[str]) -> bool:
    return len(block) > 1 and all(line.startswith("|") for line in block)


def _rows(block: list[str]) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in block]


def _aligned(rows: list[list[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _table(rows: list[list[str]]) -> str:
    cell_style = "border:1px solid #bbb;padding:4px 10px"
    headed = len(rows[0]) > 2  # two columns are names and values, without a head
    drawn = []
    for number, row in enumerate(rows):
        tag = "th" if headed and number == 0 else "td"
        cells = "".join(f'<{tag} style="{cell_style}" align="left">{html.escape(cell)}</{tag}>' for cell in row)
        drawn.append(f"<tr>{cells}</tr>")
    return '<table cellspacing="0" style="border-collapse:collapse">' + "".join(drawn) + "</table>"
