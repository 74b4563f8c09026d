"""HTML to readable text, and plain text to safe HTML. Neither ever raises."""

import re
from collections.abc import Callable
from functools import partial
from html import escape
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from tickets.mail import limits
from tickets.mail.flow import Flow
from tickets.mail.marks import QUOTE_END, QUOTE_START, strip_marks, without_marks
from tickets.mail.nesting import is_too_deep
from tickets.mail.quote_containers import says_attribution, says_quote

NODES = 100_000  # elements and texts that are read; a page of more only loses its tags
_TAG = re.compile(r"<[^<>]{0,5000}>")
_DROP = frozenset(
    [
        "head",
        "script",
        "style",
        "template",
        "title",
        "noscript",
        "object",
        "embed",
        "applet",
        "svg",
        "math",
        "audio",
        "video",
        "iframe",
        "select",
        "textarea",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "main",
        "nav",
        "section",
        "table",
        "tbody",
        "thead",
        "tfoot",
        "caption",
        "body",
        "html",
    ]
)
_APART = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6"])
_HIDDEN = re.compile(r"display\s?:\s?none|mso-hide\s?:\s?all", re.IGNORECASE)
_INDENT = re.compile(r"border(?:-left)?:\s?(?:none|0)|margin:\s?0(?:px)?\s0(?:px)?\s0(?:px)?\s40px", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s<>\"']{1,2000}|\bwww\.[\w-]{1,63}\.[^\s<>\"']{1,2000}", re.IGNORECASE)

Closing = tuple[Callable[[], None], ...]


def html_to_text(html: str) -> str:
    """Return what a reader of the HTML sees, as lines: lists, tables, links and quotes stay recognisable."""
    return strip_marks(html_to_marked_text(html))


def html_to_marked_text(html: str) -> str:
    """Return the text with invisible marks where the mail program said that quoted history begins and ends."""
    html = without_marks(html[: limits.HTML_CHARS])
    if not html.strip():
        return ""
    try:
        return _stripped(html) if html.count("<") > NODES or is_too_deep(html) else _render(html)
    except (ValueError, RuntimeError, MemoryError, AttributeError, TypeError, UnicodeError):
        return _stripped(html)


def text_to_html(text: str) -> str:
    """Return plain text as safe HTML with its web addresses as links."""
    out: list[str] = []
    position = 0
    for found in _LINK.finditer(text):
        shown = found[0].rstrip(".,;:!?)]}»”’'\"*_")
        out.append(escape(text[position : found.start()]))
        target = shown if "://" in shown else f"https://{shown}"
        out.append(f'<a href="{escape(target)}" rel="noopener noreferrer nofollow" target="_blank">{escape(shown)}</a>')
        position = found.start() + len(shown)
    out.append(escape(text[position:]))
    return "".join(out).replace("\n", "<br>\n")


def _stripped(html: str) -> str:
    return "\n".join(line for line in _TAG.sub("\n", html).split("\n") if line.strip())[: limits.TEXT_CHARS]


def _render(html: str) -> str:
    tree = LexborHTMLParser(html)
    node: Any = tree.body or tree.root
    flow = Flow()
    open_elements: list[tuple[Any, Closing]] = []
    while node is not None:
        closing = _enter(flow, node)
        child = node.first_child if closing is not None else None
        if child is not None:
            open_elements.append((node, closing or ()))
            node = child
            continue
        _leave(closing)
        following = node.next if open_elements else None
        while following is None and open_elements:
            node, closing = open_elements.pop()
            _leave(closing)
            following = node.next if open_elements else None
        node = following
    return flow.text()


def _leave(closing: Closing | None) -> None:
    for action in closing or ():
        action()


def _enter(flow: Flow, node: Any) -> Closing | None:
    """Write what an element begins with; return what ends it, or None when nothing inside is read."""
    tag = node.tag
    if tag == "-text":
        flow.write(node.text_content or "")
        return None
    if tag is None or tag in _DROP or tag[0] in "-!":
        return None
    if tag == "br":
        flow.line_break()
        return None
    attributes = node.attributes
    if attributes:
        style = attributes.get("style") or ""
        if (style and _HIDDEN.search(style)) or ("hidden" in attributes and tag != "body"):
            return None
        return (*_structure(flow, tag, attributes), *_marks(flow, tag, attributes, style))
    return _structure(flow, tag, attributes)


def _structure(flow: Flow, tag: str, attributes: dict[str, str | None]) -> Closing:  # noqa: C901
    if tag in _BLOCKS:
        flow.block()
        return (flow.block,)
    if tag in _APART:
        flow.paragraph()
        return (flow.paragraph,)
    if tag == "a":
        return (partial(flow.link, attributes.get("href") or "", 0 if flow.breaks else len(flow.current)),)
    if tag == "tr":
        flow.row()
        return (flow.block,)
    if tag in ("td", "th"):
        flow.cell()
        return (flow.cell_end,)
    if tag == "li":
        flow.item()
        return (flow.block,)
    if tag in ("ul", "ol"):
        start = attributes.get("start") or "1"
        flow.enter_list(-1 if tag == "ul" else int(start) if start.isdecimal() and len(start) < 9 else 1)
        return (flow.leave_list,)
    if tag == "blockquote":
        plain = not attributes.get("class") and not attributes.get("type")
        flow.enter_quote(indented=plain and bool(_INDENT.search(attributes.get("style") or "")))
        return (flow.leave_quote,)
    if tag == "pre":
        flow.paragraph()
        flow.preformatted += 1
        return (partial(_end_preformatted, flow),)
    if tag == "img":
        flow.write(f"[{alt[:200]}]" if (alt := (attributes.get("alt") or "").strip()) else "")
    elif tag == "hr":
        flow.block()
    return ()


def _end_preformatted(flow: Flow) -> None:
    flow.preformatted -= 1
    flow.paragraph()


def _marks(flow: Flow, tag: str, attributes: dict[str, str | None], style: str) -> Closing:
    classes = attributes.get("class") or ""
    if classes and says_attribution(classes):
        flow.begin_attribution()
        return (flow.end_attribution,)
    said = says_quote(tag, attributes, style)
    if said:
        flow.mark(said)
        if said == QUOTE_START:
            return (partial(flow.mark, QUOTE_END),)
    return ()
