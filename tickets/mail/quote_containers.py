"""By which elements mail programs say that quoted history begins."""

import re
from collections.abc import Mapping

from tickets.mail.marks import QUOTE_REST, QUOTE_RULE, QUOTE_START

_IDS = re.compile(
    r"(?:x_)*(?:(?P<rest>divRplyFwdMsg|appendonsend|stopSpelling|replySplit|oriMsgHtmlSeperator|reply-intro)|"
    r"OLK_SRC_BODY_SECTION|mail-editor-reference-message-container|ms-outlook-mobile-reference-message|"
    r"yahoo_quoted|isReplyContent|original-content|zmail_extra|ms-outlook-mobile-body-separator-line|"
    r"messageReplySection|__QUOTED_TEXT__)",
    re.IGNORECASE,
)
_CLASSES = re.compile(
    r"(?:^|\s)(?:x_)*(?:yahoo_quoted|yahoo-quoted|zmail_extra|protonmail_quote|tutanota_quote|ntes-quote|"
    r"front-blockquote|missive_quote|helpscout-quote|zd-quoted|mail-quote-collapse)",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(r"(?:^|\s)(?:x_)*(?:gmail_attr|moz-cite-prefix)(?:\s|$)")
_OUTLOOK_RULE = re.compile(
    r"border(?:-top)?:\s?(?:none;\s?border-top:\s?)?solid\s#?[0-9a-z]{3,11}\s1\.0pt", re.IGNORECASE
)


_ANY = re.compile(
    r"<blockquote|gmail_(?:attr|quote)|divRplyFwdMsg|appendonsend|OLK_SRC_BODY|yahoo_quoted|"
    r"reference-message|stopSpelling|"
    r"protonmail_quote|tutanota_quote|zmail_extra|moz-cite-prefix|border-top:\s?solid|messageReplySection|__QUOTED_TEXT__|"
    r"mail-quote-collapse|name=[\"']quote[\"']"
)


def has_quote(html: str) -> bool:
    """Tell whether HTML has any of the elements that hold quoted history."""
    return bool(_ANY.search(html))


def quote_begins(html: str) -> int:
    """Return where in HTML the quoted history begins; its length where there is none."""
    found = _ANY.search(html)
    return found.start() if found else len(html)


def says_attribution(classes: str) -> bool:
    """Tell whether an element of these classes only introduces a quote."""
    return bool(_ATTRIBUTION.search(classes))


def says_quote(tag: str, attributes: Mapping[str, str | None], style: str) -> str:
    """Return the mark that belongs before an element, or nothing."""
    identity = attributes.get("id") or attributes.get("name") or attributes.get("data-marker")
    if identity and (found := _IDS.match(identity)):
        return QUOTE_REST if found["rest"] else QUOTE_START
    if _CLASSES.search(attributes.get("class") or ""):
        return QUOTE_START
    if tag == "blockquote" and (attributes.get("type") or "").lower() == "cite":
        return QUOTE_START
    if tag == "div" and (identity == "quote" or (style and _OUTLOOK_RULE.search(style))):
        return QUOTE_RULE
    return ""
