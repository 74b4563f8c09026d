"""Blacking out in HTML: text by text and attribute by attribute; what cannot be made sure of goes as a whole."""

from selectolax.lexbor import LexborHTMLParser

from privacy.rights.traces import Traces
from tickets.mail.text import html_to_text

MARKUP = 2_000_000  # characters; more is not looked through, the plain text stays


def black_out_html(html: str | None, traces: Traces, *, parts: bool) -> str | None:
    """Return the HTML without the person, or None where traces are left that span elements: its text is kept beside."""
    if not html:
        return None
    if len(html) > MARKUP:
        return None
    tree = LexborHTMLParser(html)
    root = tree.root
    if root is None:
        return None
    for node in list(root.traverse(include_text=True)):
        if node.tag == "-text":
            text = node.text_content or ""
            cleaned = traces.black_out(text, parts=parts)
            if cleaned != text:
                node.replace_with(cleaned)
        elif node.tag == "-comment":
            node.decompose()
        else:
            _attributes(node, traces, parts)
    cleaned = tree.html or ""
    return None if has_traces(cleaned, traces) else cleaned


def has_traces(html: str, traces: Traces) -> bool:
    """Return whether the person stands in it still, in its markup or in its words."""
    text = html_to_text(html)
    return traces.is_surely_in(html) or traces.is_surely_in(text) or traces.is_quoted_in(text)


def _attributes(node: object, traces: Traces, parts: bool) -> None:
    attrs = node.attrs  # type: ignore[attr-defined]
    for name, value in list(node.attributes.items()):  # type: ignore[attr-defined]
        if value and traces.black_out(value, parts=parts) != value:
            attrs[name] = ""
