"""Foreign HTML made safe to show in a sandboxed frame: nothing runs, nothing is fetched, nothing covers the page."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import nh3

from tickets.mail.charsets import tidy
from tickets.mail.nesting import is_too_deep
from tickets.mail.pictures import content_id, plain_address, remote_pictures
from tickets.mail.styles import clean_style
from tickets.mail.text import html_to_text, text_to_html

ELEMENTS = 60_000  # a page of more is shown as text
_TAGS = {
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
}
_WITH_CONTENT = {
    "script",
    "style",
    "title",
    "textarea",
    "noscript",
    "template",
    "iframe",
    "object",
    "embed",
    "applet",
    "svg",
    "math",
    "audio",
    "video",
    "select",
    "option",
    "frame",
    "frameset",
    "noframes",
    "noembed",
    "xmp",
    "plaintext",
}
_SIZES = {
    "width",
    "height",
    "border",
    "cellpadding",
    "cellspacing",
    "colspan",
    "rowspan",
    "span",
    "start",
    "size",
    "hspace",
    "vspace",
}
_ANYWHERE = {"style", "dir", "lang", "title", "align", "valign", "bgcolor"}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": _ANYWHERE,
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "border", "hspace", "vspace"},
    "font": {"color", "face", "size"},
    "ol": {"start", "type"},
    "ul": {"type"},
    "li": {"type"},
    "hr": {"width", "size", "color"},
    **{tag: {"width", "height", "border", "cellpadding", "cellspacing", "rules"} for tag in ("table",)},
    **{
        tag: {"width", "height", "colspan", "rowspan", "nowrap", "span"}
        for tag in ("td", "th", "tr", "col", "colgroup")
    },
}
_SCHEMES = {"http", "https", "mailto", "tel", "cid", "data"}
_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_LINK = re.compile(
    r"https?://[^\s/\\@?#<>\"'`]{1,255}(?:[/?#][^<>\"`]*)?|mailto:[^<>\"`]{1,2000}|tel:[\d+().\s-]{1,40}", re.IGNORECASE
)
_IMAGE_DATA = re.compile(r"data:image/(?:png|gif|jpeg|jpg|webp);base64,[A-Za-z0-9+/=]{1,2000000}", re.IGNORECASE)
_SIZE = re.compile(r"\d{1,4}%?")
_PLAIN_WORD = re.compile(r"[\w ,#-]{1,100}")


@dataclass(frozen=True, slots=True)
class CleanedHtml:
    """Safe HTML, what was left out of it, and which of the mail's own pictures stand in it."""

    html: str
    remote_images: int
    remote_urls: tuple[str, ...] = field(default=(), repr=False)
    placed: frozenset[str] = field(default=frozenset(), repr=False)  # Content-IDs


def clean_html(
    html: str, inline_images: Mapping[str, str] | None = None, remote_image: Callable[[str], str | None] | None = None
) -> CleanedHtml:
    """Return HTML that is safe in a sandboxed frame; `inline_images` maps Content-IDs to our own addresses.

    Remote images are left out and counted, unless `remote_image` gives the address of our proxy for one.
    """
    html = tidy(html)
    if is_only_text(html):
        return CleanedHtml(text_to_html(html_to_text(html)), 0)
    images = {content_id(cid): url for cid, url in (inline_images or {}).items()}
    remote = dict.fromkeys(remote_pictures(html))
    placed: set[str] = set()

    def allow(tag: str, name: str, value: str) -> str | None:
        if tag != "img" or name != "src":
            return _attribute(name, value)
        address = _CONTROL.sub("", value)
        if address[:4].lower() == "cid:":
            placed.add(wanted := content_id(address[4:]))
            return images.get(wanted)
        if remote_address := plain_address(value):
            remote[remote_address] = None
            return remote_image(remote_address) if remote_image else None
        return address if _IMAGE_DATA.fullmatch(address) else None

    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=allow,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return CleanedHtml(cleaned, len(remote), tuple(remote), frozenset(placed))


def is_only_text(html: str) -> bool:
    """Return whether HTML is so large or so deep that only its text is shown."""
    return html.count("<") > ELEMENTS or is_too_deep(html)


def _attribute(name: str, value: str) -> str | None:
    if name == "style":
        return clean_style(value) or None
    if name == "href":
        address = _CONTROL.sub("", value) if not value.lower().lstrip().startswith("mailto:") else value.strip()
        return address if _LINK.fullmatch(address) else None
    if name in _SIZES:
        return value.strip() if _SIZE.fullmatch(value.strip()) else None
    if name in ("title", "alt"):
        return value[:500]
    if name == "dir":
        return value if value.lower() in ("ltr", "rtl", "auto") else None
    return value if _PLAIN_WORD.fullmatch(value) else None
