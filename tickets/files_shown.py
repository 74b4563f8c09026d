"""What a page says of a file: its name without tricks, what it is, and what does not fit together."""

import re
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.mail.kinds import RUNS, claimed_kind, extension_of, runs
from tickets.models import Attachment
from tickets.previews.kinds import MAX_THUMB, preview_of
from tickets.visible import hides, imitates, named, reveal

ICONS = {"image": "image", "message": "mail"}
KIND_WORDS = {
    "pdf": "PDF",
    "html": "HTML",
    "svg": gettext_lazy("a drawing that may run scripts (SVG)"),
    "xml": "XML",
    "zip": gettext_lazy("a packed file"),
    "packed": gettext_lazy("a packed file"),
    "ole": gettext_lazy("an Office file"),
    "rtf": gettext_lazy("a rich text (RTF)"),
    "program": gettext_lazy("a program"),
    "script": gettext_lazy("a script"),
    "": gettext_lazy("something else"),
}
PICTURES = frozenset({"png", "jpeg", "gif", "webp", "bmp", "tiff", "heif"})
_TELLING = frozenset({"pdf", "html", "svg", "program", "script", "rtf"})  # others say more by their extension
_LURES = "pdf|docx?|xlsx?|pptx?|odt|ods|rtf|txt|csv|jpe?g|png|gif|heic|mp[34]|zip|eml|msg"
_DOUBLE = re.compile(rf"\.(?:{_LURES})[\s_-]*\.(\w{{1,8}})$", re.IGNORECASE)
_MISLEADING = RUNS | {"html", "htm", "xhtml", "shtml", "svg", "mht", "mhtml"}


def shown_file(attachment: Attachment, url: str, look_url: str, release_url: str = "") -> dict[str, Any]:
    """Return what the list of a message's files says of one of them, and where it can be looked at, or released."""
    if attachment.removed_at is not None:
        on = date_format(localtime(attachment.removed_at), "j F Y")
        return {"gone": _("Removed by retention on %(date)s") % {"date": on}, "size": attachment.size, "warnings": []}
    if attachment.is_infected:
        return _infected(attachment, release_url)
    how = preview_of(attachment.name, attachment.kind, attachment.size)
    warnings = warnings_of(attachment.name, attachment.content_type, attachment.kind, attachment.size)
    warnings += filter(None, [_unchecked(attachment)])
    return {
        "name": reveal(attachment.name),
        "plain_name": named(attachment.name),  # for attributes, which hold no elements
        "size": attachment.size,
        "url": url,
        "type": type_of(attachment),
        "look_url": look_url if how else "",
        "thumb_url": f"{look_url}?picture" if how == "picture" and attachment.size <= MAX_THUMB else "",
        "icon": "alert" if warnings else ICONS.get(attachment.content_type.partition("/")[0], "file"),
        "warnings": warnings,
    }


def _infected(attachment: Attachment, release_url: str) -> dict[str, Any]:
    return {
        "name": reveal(attachment.name),
        "plain_name": named(attachment.name),
        "size": attachment.size,
        "type": type_of(attachment),
        "infected": _("A virus was found in it, so it is locked: %(virus)s.") % {"virus": attachment.virus},
        "release_url": release_url,
        "warnings": [],
    }


def _unchecked(attachment: Attachment) -> str:
    """Return what a scanner has left open about a file; nothing where it found nothing, or where there is none."""
    said = {
        Attachment.Scan.WAITING: _("Not checked for viruses yet."),
        Attachment.Scan.UNKNOWN: _("Could not be checked for viruses: it is locked or too large."),
        Attachment.Scan.RELEASED: _("A virus was found in it: %(virus)s. An admin let it be opened."),
    }
    return said.get(Attachment.Scan(attachment.scan), "") % {"virus": attachment.virus} if attachment.scan else ""


def type_of(attachment: Attachment) -> str:
    """Return what a file is, in a word or two: by its first bytes where somebody looked, else by its name."""
    kind = attachment.kind
    if kind in PICTURES:
        return _("%(kind)s picture") % {"kind": kind.upper()}
    extension = extension_of(attachment.name)
    if kind in _TELLING:
        return str(KIND_WORDS[kind])[:1].upper() + str(KIND_WORDS[kind])[1:]
    return _("%(kind)s file") % {"kind": extension.upper()} if extension else _("File")


def warnings_of(name: str, content_type: str, kind: str | None, size: int) -> list[str]:
    """Return a sentence for everything about a file that is not what it seems; `kind` is None where nobody looked."""
    found = []
    if kind is not None and size and (claimed := claimed_kind(name, content_type, kind)):
        found.append(_("Says %(claimed)s, is %(kind)s.") % {"claimed": claimed.upper(), "kind": _word(kind)})
    double = _DOUBLE.search(name)
    if double and double[1].lower() in _MISLEADING:
        found.append(_("Two endings: only the last, .%(ending)s, counts.") % {"ending": double[1].lower()})
    if runs(name, kind or ""):
        found.append(_("Opening it starts a program."))
    if hides(name):
        found.append(_("Its name has characters that nobody sees; they are shown as U+ and a number."))
    if imitates(name) or not extension_of(name).isascii():
        found.append(_("Its name mixes letters of two alphabets; those that imitate others are marked."))
    return found


def _word(kind: str) -> str:
    return str(KIND_WORDS.get(kind) or _("a picture"))
