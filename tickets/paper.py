"""A mail on paper of its own: cleaned HTML, and its inline styles as rules of ours.

The frame's policy never allows inline styles (DESIGN 2b), so what `tickets.mail.html` left of them becomes classes and
a style sheet that carries a nonce. Pictures that came with the mail become data URLs: the frame fetches nothing at all.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from django.utils.translation import gettext as _
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tickets.links import goes_elsewhere, host_shown
from tickets.mail.html import clean_html
from tickets.mail.quote_containers import quote_begins

MAX_LINKS = 2000
MAX_RULES = 800  # different styles of one mail; beyond, a part of it is shown without
TALLEST = 520  # pixels of a frame before somebody asks for more
# What text cannot show: then the mail lies on paper of its own. A message typed by a person rarely has any of it.
_DESIGN = re.compile(r"<(table|img|h[1-6])\b|background(-color)?\s*[:=]|bgcolor", re.IGNORECASE)
_LINK = re.compile(r"<a\s[^<>]{0,2000}?href\s*=\s*[\"']?https?:", re.IGNORECASE)
_PICTURE = re.compile(r"<img\b[^<>]{0,2000}?src\s*=\s*[\"']?(cid|data):", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>|\s{2,}")
_PARAGRAPH = re.compile(r"<(?:p|h[1-6]|ul|ol)\b", re.IGNORECASE)
_MEASURED = 40_000  # characters; what is longer is taller than a frame anyway
_ROW = re.compile(r"<(tr|h[1-6]|li)\b", re.IGNORECASE)
# Pieces of HTML as it is written out by the reader of HTML: every tag is closed, and so is every quote in it.
_PIECE = re.compile(r"<(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>|[^<]++")
_WORD = re.compile(r"\S++")
LONGEST_WORD = 40
_RUN = re.compile(rf"(?:[^&]|&#?\w{{1,9}};){{{LONGEST_WORD}}}+(?=.)")
_LINE, _LETTERS = 24, 80  # pixels of a line of text, and how many letters it holds


@dataclass(frozen=True)
class Paper:
    """A cleaned mail: its HTML, the rules it needs, and how many remote pictures were left out."""

    html: str
    rules: str
    remote: int


def lay_out(
    html: str, pictures: Mapping[str, bytes] | None = None, remote_image: Callable[[str], str | None] | None = None
) -> Paper:
    """Return a mail as it may be shown, whatever it is.

    `pictures` holds what came with it, by Content-ID; `remote_image` gives the address of our proxy for a remote one.
    """
    own = {cid: url for cid, content in (pictures or {}).items() if (url := _data_url(content))}
    cleaned = clean_html(html, own, remote_image)
    tree = LexborHTMLParser(f"<body>{cleaned.html}</body>")
    names: dict[str, str] = {}
    for node in tree.css("[style]"):
        declarations = node.attributes.get("style") or ""
        if declarations in names or len(names) < MAX_RULES:
            node.attrs["class"] = names.setdefault(declarations, f"s{len(names)}")
        del node.attrs["style"]
    for node in tree.css("a[href]")[:MAX_LINKS]:
        _say_where_it_goes(node)
    rules = "\n".join(f".{name} {{ {declarations} }}" for declarations, name in names.items())
    return Paper(_breakable((tree.body and tree.body.inner_html) or ""), rules, cleaned.remote_images)


def _breakable(html: str) -> str:
    """Let words of more letters than a line holds break, also in a table, which is as wide as its longest word."""
    return _PIECE.sub(lambda found: found[0] if found[0][0] == "<" else _WORD.sub(_broken, found[0]), html)


def _broken(word: re.Match[str]) -> str:
    return word[0] if len(word[0]) <= LONGEST_WORD else _RUN.sub(r"\g<0><wbr>", word[0])


def _say_where_it_goes(link: LexborNode) -> None:
    """Let a link tell its address when pointed at, and its host in the text where its words name another."""
    address = link.attributes.get("href") or ""
    link.attrs["title"] = address[:300]
    if goes_elsewhere(link.text(), address):
        says = escape(_("goes to %(host)s") % {"host": host_shown(address)})
        note = LexborHTMLParser(f'<body><span class="deskhero-goes-to">{says}</span></body>').css_first("span")
        if note is not None:
            link.insert_after(note)


def says_more(html: str, text: str) -> bool:
    """Return whether the new part of a mail says more on paper than as text: tables, pictures, colours, named links."""
    new = html[: quote_begins(html)]
    return bool(_DESIGN.search(new)) or (bool(_LINK.search(new)) and "http" not in text)


def height_of(html: str, text: str) -> int:
    """Return how tall a mail will about be, in pixels; the frame may run nothing, so nobody can measure it there."""
    new = html[: quote_begins(html)]
    written = len(_TAG.sub("", new[:_MEASURED]))  # the plain form of a mail may say less than its design
    lines = max(sum(len(line) // _LETTERS + 1 for line in text.splitlines()), written // _LETTERS)
    rows, pictures, paragraphs = len(_ROW.findall(new)), len(_PICTURE.findall(new)), len(_PARAGRAPH.findall(new))
    quoted = _LINE * 3 if len(new) < len(html) else 0
    return 72 + _LINE * lines + 14 * (rows + paragraphs) + 90 * pictures + quoted


def picture_type(content: bytes) -> str | None:
    """Return the type of a picture by its first bytes; vector pictures and everything else are none."""
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return "image/png"
    if content[:3] == b"\xff\xd8\xff":
        return "image/jpeg"
    if content[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None


def _data_url(content: bytes) -> str | None:
    kind = picture_type(content)
    return f"data:{kind};base64,{b64encode(content).decode()}" if kind else None
