"""The pictures that the HTML of a mail asks for, found without reading it whole: a page of many mails counts them.

What is really shown is decided in `tickets.mail.html`; this says what a careless program would fetch, and which of the
mail's own pictures stand in its text.
"""

import re
from collections.abc import Iterator
from html import unescape

MOST = 1000  # places of one mail that are looked at
LONGEST = 2000  # characters of an address, and of a tag before one

# A slash or a colon that is written as a character reference; only these could hide an address from the search.
_SLASH = re.compile(r"&(?:#(?:0{0,6}47|x0{0,6}2f);?|sol;)", re.IGNORECASE)
_COLON = re.compile(r"&(?:#(?:0{0,6}58|x0{0,6}3a);?|colon;)", re.IGNORECASE)
_SCHEME = re.compile(r"(?:h\s*t\s*t\s*p\s*s?\s*:)?\s*$", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"[\s\"'/](src|srcset|background|poster|lowsrc|dynsrc|xlink:href|href)\s*=\s*(?:(\"|')[^\"'<>]*|[^\s\"'<>]*)$",
    re.IGNORECASE,
)
_DIRECT = re.compile(r"[\s\"'/](?:src|background|poster|lowsrc|dynsrc)\s*=\s*[\"']?\s*(?:https?:)?$", re.IGNORECASE)
_IN_STYLE = re.compile(r"url\(\s{0,9}[\"']?\s{0,9}(?:https?:)?$", re.IGNORECASE)
_IN_SET = re.compile(r"[\"']\s{0,9}(?:https?:)?$", re.IGNORECASE)
_TAG = re.compile(r"<([a-z][\w:]*)", re.IGNORECASE)
_SHOWS_BY_HREF = {"image", "feimage"}
_NO_PICTURES = {"a", "area", "base", "embed", "form", "frame", "iframe", "link", "object", "script", "use"}
_END = {'"': re.compile(r"\""), "'": re.compile(r"'"), "": re.compile(r"[\s>\"']")}
_END_IN_LIST = re.compile(r"[\s\"'>]|,\s")
_END_IN_STYLE = re.compile(r"[\"')\s]")
_REFERENCE = re.compile(r"&(?:amp;|#\d{1,7};|#x[0-9a-f]{1,6};)", re.IGNORECASE)  # &copy= is no sign in an address
_SPACES = re.compile(r"[\t\r\n\x00]+")

_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_UNSHOWN = re.compile(
    r"<(?:applet|audio|embed|frame|iframe|math|no[a-z]{4,6}|object|option|plaintext|script|select|style|svg|template|"
    r"textarea|title|video|xmp)\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"<img\b[^<>]{0,2000}?\ssrc\s*=\s*[\"']?\s*(cid:)?([^\"'\s<>]{0,400})", re.IGNORECASE)


def remote_pictures(html: str) -> tuple[str, ...]:
    """Return the remote addresses from which a program would load pictures to show this HTML, each once, in order."""
    if _SLASH.search(html):
        html = _COLON.sub(":", _SLASH.sub("/", html))
    return tuple(dict.fromkeys(_addresses(html)))


def own_pictures(html: str) -> frozenset[str] | None:
    """Return the Content-IDs of the pictures that surely stand in the text, or None where only a closer look tells."""
    if "cid:" not in html.lower():
        return frozenset()
    html = _COMMENT.sub("", html) if "<!--" in html else html
    if _UNSHOWN.search(html):
        return None
    return frozenset(content_id(found[2]) for found in _OWN.finditer(html) if found[1])


def content_id(text: str) -> str:
    """Return a Content-ID in the one form in which two of them are compared."""
    return unescape(text).strip("<> \t\r\n").replace("%40", "@").casefold()


def plain_address(text: str) -> str:
    """Return a remote address as a browser would ask for it, or nothing where it is no remote address."""
    address = _SPACES.sub("", text).strip()
    if address.startswith("//"):
        address = f"https:{address}"
    if len(address) > LONGEST or not re.match(r"https?://[^/]", address, re.IGNORECASE):
        return ""
    return address.replace(" ", "%20")


def _addresses(html: str) -> Iterator[str]:
    at = html.find("//")
    for _ in range(MOST):
        if at == -1:
            return
        span = _span(html, at)
        if span and (address := plain_address(_REFERENCE.sub(_decoded, html[span[0] : span[1]]))):
            yield address
        at = html.find("//", at + 2)


def _span(html: str, at: int) -> tuple[int, int] | None:
    """Return where the address around a `//` begins and ends, if a picture is loaded from there."""
    opened = html.rfind("<", max(0, at - LONGEST), at)
    tag = _TAG.match(html, opened) if opened != -1 else None
    name = tag[1].lower() if tag else ""
    if name == "a":  # by far the most addresses of a mail
        return None
    before = html[max(0, at - 60) : at]
    scheme = _SCHEME.search(before)
    start = at - len(scheme[0]) if scheme else at
    if name not in _NO_PICTURES and (_DIRECT.search(before) or html.find(">", opened, at) == -1):
        attribute = _ATTRIBUTE.search(html, opened if opened != -1 else max(0, at - 60), at)
        if attribute and (attribute[1].lower() not in ("href", "xlink:href") or name in _SHOWS_BY_HREF):
            return _in_attribute(html, at, start, attribute)
    return (start, _end(html, at, _END_IN_STYLE)) if _is_in_style(html, at, before) else None


def _in_attribute(html: str, at: int, start: int, attribute: re.Match[str]) -> tuple[int, int] | None:
    before = html[attribute.end(1) : start].lstrip(" \t\r\n=\"'")
    if attribute[1].lower() == "srcset":
        return (start, _end(html, at, _END_IN_LIST)) if not before or before[-1] in ", \t\r\n" else None
    return (start, _end(html, at, _END[attribute[2] or ""])) if not before else None


def _is_in_style(html: str, at: int, before: str) -> bool:
    if not _IN_STYLE.search(before) and not _IN_SET.search(before):
        return False
    rule = re.split(r"[;{}]", html[max(0, at - 300) : at].lower())[-1]
    if rule.lstrip().startswith("src"):  # a font
        return False
    return bool(_IN_STYLE.search(before)) or "image-set(" in rule


def _decoded(found: re.Match[str]) -> str:
    return "&" if found[0].lower().startswith("&amp") else unescape(found[0])


def _end(html: str, at: int, pattern: re.Pattern[str]) -> int:
    found = pattern.search(html, at, at + LONGEST)
    return found.start() if found else min(len(html), at + LONGEST)
