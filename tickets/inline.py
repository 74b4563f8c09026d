"""Which files of a mail stand in its text. The frame shows exactly these, the list below it all others (L9)."""

from collections.abc import Iterable

from tickets.mail.html import clean_html, is_only_text
from tickets.mail.pictures import content_id, own_pictures
from tickets.models import Attachment

MAX_PICTURE = 3 * 1024 * 1024
MAX_PICTURES = 8 * 1024 * 1024  # of one mail; more is left to the list
SHOWN = frozenset({"png", "jpeg", "gif", "webp"})  # never drawings or pages, whatever they are declared as


def placed(html: str | None, attachments: Iterable[Attachment]) -> list[Attachment]:
    """Return the pictures that the text shows in their place, by what they are and not by what they say they are."""
    files = sorted((one for one in attachments if one.content_id and not one.is_infected), key=lambda one: one.position)
    if not html or not files or is_only_text(html):
        return []
    named = own_pictures(html)
    named = clean_html(html).placed if named is None else named
    found: dict[str, Attachment] = {}
    left = MAX_PICTURES
    for one in files:
        wanted = content_id(one.content_id)
        if wanted in named and wanted not in found and one.size <= min(left, MAX_PICTURE) and _is_picture(one):
            found[wanted] = one
            left -= one.size
    return list(found.values())


def _is_picture(attachment: Attachment) -> bool:
    if attachment.kind is not None:
        return attachment.kind in SHOWN
    declared = attachment.content_type.lower()  # from before files were looked at; the frame looks again
    return declared.startswith("image/") and "svg" not in declared
