"""Rich text that agents write: a small allow-list, whatever a browser posts, and the plain text it stands for.

Pictures in it are our own uploads and nothing else: the editor shows them from a draft's address, the mail by their
Content-ID, a page of ours from wherever it keeps them.
"""

import re
from collections.abc import Mapping

import nh3
from django.utils.safestring import SafeString, mark_safe

from tickets.mail.nesting import is_too_deep
from tickets.mail.text import html_to_text

MAX_HTML = 600_000  # characters; a text of 200,000 with everything in bold stays below
_TAGS = set(
    "p br strong b em i u s a ul ol li blockquote pre code table thead tbody tr th td img".split()  # noqa: SIM905
)
_ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "img": {"src", "alt"},
}
_DROPPED = {"script", "style", "title", "template", "iframe", "object", "svg", "math", "noscript"}
# Mail programs know no style sheet of ours: a table draws its own lines.
_ALWAYS = {"table": {"border": "1", "cellpadding": "6", "cellspacing": "0"}}
_LINK = re.compile(
    r"(?:https?://[^\s/\\@?#<>\"'`]+(?:[/?#][^\s<>\"`]*)?|mailto:[^\s<>\"`]+|tel:[\d+().-]+)", re.IGNORECASE
)
_OF_DRAFT = re.compile(
    r"(?:https?://[^/]+)?/[\w-]+/(?:new|tickets/\d+(?:/mails/[0-9a-f-]{36}/forward)?)/draft/files/([0-9a-f-]{36})/"
)
_OWN = re.compile(r"cid:([0-9a-f]{32})@inline\.invalid")
_PICTURE_OF_NOTHING = re.compile(r"<img(?![^<>]* src=)[^<>]*>")
_NUMBER = re.compile(r"[1-9]\d{0,3}")
# The editor wraps the words of every item and cell in a paragraph, which mail programs draw as gaps.
_ALONE = re.compile(r"(<(?:li|td|th)(?: [^<>]*)?>)<p>((?:(?!</?p>).)*)</p>(?=</(?:li|td|th)>|<[uo]l)", re.DOTALL)
_EMPTY_END = re.compile(r"(?:\s|<p>(?:\s|<br>)*</p>)+\Z")
# In plain text a row of a table is one line, whatever its cells hold.
_ROW = re.compile(r"<tr>(?:(?!</?tr>).)*</tr>", re.DOTALL)
_CELL = re.compile(r"(<t[dh](?: [^<>]*)?>)((?:(?!</?t[dh][ >]).)*)(?=</t[dh]>)", re.DOTALL)
_LINE_ENDS = re.compile(r"</?p>|<br>")
_PICTURE = re.compile(r"<img[^<>]*>")
_TAG = re.compile(r"<[^<>]*>")
_QUOTE_BEGINS = re.compile(r"((?:^|\n)(?!>)[^\n]*\n|\A)>\n(?=> )")


def clean_rich(html: str) -> str:
    """Return what an agent wrote as HTML that may be kept, shown and sent; nothing where it says nothing."""
    if len(html) > MAX_HTML or is_too_deep(html):
        return ""
    cleaned = _cleaned(html, {})
    cleaned = _EMPTY_END.sub("", _ALONE.sub(r"\1\2", cleaned))
    return cleaned if text_of_rich(cleaned).strip() or "<img" in cleaned else ""


def text_of_rich(html: str) -> str:
    """Return the same as plain text: lists, tables, links and quotes stay recognisable."""
    spaced = _PICTURE.sub(r" \g<0> ", html)
    return _QUOTE_BEGINS.sub(r"\1", html_to_text(_ROW.sub(_on_one_line, spaced))).strip("\n")


def pictures_in(html: str) -> set[str]:
    """Return the ids (hex) of the uploads that stand in the text."""
    return set(_OWN.findall(html))


def shown_rich(html: str, pictures: Mapping[str, str]) -> SafeString:
    """Return kept HTML for a page or the editor, cleaned once more; `pictures` maps hex ids to addresses of ours."""
    return mark_safe(_cleaned(html, pictures))  # noqa: S308 - cleaned to the allow-list


def _on_one_line(row: re.Match[str]) -> str:
    """Return a row whose cells are one line each; an empty one keeps its place where others say something."""
    if not _says_something(row[0]):
        return row[0]
    return _CELL.sub(
        lambda cell: cell[1] + (_LINE_ENDS.sub(" ", cell[2]).strip() if _says_something(cell[2]) else "–"), row[0]
    )


def _says_something(html: str) -> bool:
    return ' alt="' in html.replace(' alt=""', "") or bool(_TAG.sub("", html).strip())


def _cleaned(html: str, pictures: Mapping[str, str]) -> str:
    def allow(tag: str, name: str, value: str) -> str | None:
        if name == "src":
            return _picture(value, pictures)
        if name == "href":
            return value.strip() if _LINK.fullmatch(value.strip()) else None
        if name == "alt":
            return value[:200]
        if name in _ALWAYS["table"]:
            return _ALWAYS["table"][name]
        return value if _NUMBER.fullmatch(value) else None

    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        attribute_filter=allow,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values=_ALWAYS,
    )
    return _PICTURE_OF_NOTHING.sub("", cleaned)


def _picture(address: str, pictures: Mapping[str, str]) -> str | None:
    """Return the address of an upload as this reader needs it; None for a picture that is none of ours."""
    own = _OWN.fullmatch(address)
    of_draft = _OF_DRAFT.fullmatch(address)
    name = own[1] if own else of_draft[1].replace("-", "") if of_draft else ""
    if not name:
        return None
    return pictures.get(name) if pictures else f"cid:{name}@inline.invalid"
