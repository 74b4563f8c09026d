"""How a ticket's page shows the HTML of a message: the frame, its height, and what is left out of it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from tickets.files_shown import shown_file
from tickets.inline import placed
from tickets.mail.pictures import remote_pictures
from tickets.models import Attachment, Message
from tickets.paper import TALLEST, height_of, says_more
from tickets.remote_pictures import MOST, permit
from tickets.rich import shown_rich

_NO_ID = UUID(int=0)
PICTURE = 120  # pixels of a frame for each picture that is loaded


@dataclass(frozen=True)
class Papers:
    """The papers of one ticket's page, for one member; `pictures_of` names the mail whose remote pictures show."""

    slug: str
    number: int
    me: Membership
    pictures_of: UUID | None = None
    can_answer: bool = True
    _ends: dict[str, list[str]] = field(default_factory=dict, repr=False, compare=False)

    def of(self, message: Message, author: str) -> dict[str, Any]:
        """Return what `_message.html` and `_paper.html` ask of a message with HTML; nothing where it has none."""
        if not message.html:
            return {}
        on, count = message.pk == self.pictures_of, len(remote_pictures(message.html))
        height = height_of(message.html, message.new_text) + (PICTURE * count if on else 0)
        permission = f"?pictures={permit(message.pk, self.me.pk)}" if on else ""
        return {
            "body_url": self._url("body", message.pk) + permission,
            "designed": says_more(message.html, message.new_text),
            "paper_height": str(min(height, TALLEST)),
            "paper_is_cut": height > TALLEST,
            "frame_title": _("Mail from %(name)s in its own design") % {"name": author},
            "pictures_on": on,
            "pictures_url": self._url("pictures", message.pk),
            **_remote(count, on=on),
        }

    def shown_again(self, message: Message) -> dict[str, Any]:
        """Return what `_paper.html` alone asks, for a page that is open already."""
        name, address = next(iter(message.people("from")), ("", ""))
        return {"id": f"m-{message.pk}", **self.of(message, name or address)}

    def written(self, message: Message) -> str:
        """Return an answer of ours with its layout; its pictures come as the files they are."""
        files = message.attachments.all() if "cid:" in (message.html or "") else ()
        inline = {one.content_id.partition("@")[0]: one.pk for one in files if one.is_inline}
        urls = {name: self._url("file", pk) for name, pk in inline.items()}
        return shown_rich(message.html or "", urls or {"": ""})

    def files(self, message: Message) -> list[dict[str, Any]]:
        """Return every file that does not stand in the text (L9); `attachments` are prefetched."""
        files = sorted(message.attachments.all(), key=lambda one: one.position)
        in_text = {one.pk for one in (placed(message.html, files) if not message.is_outbound else _inline(files))}
        return [
            shown_file(one, self._url("file", one.pk), self._url("look", one.pk), self._release(one))
            for one in files
            if one.pk not in in_text
        ]

    def _release(self, one: Attachment) -> str:
        return self._url("release_file", one.pk) if one.is_infected and self.me.is_admin else ""

    def source(self, message: Message) -> str:
        """Return where the original can be read, or nothing where it is not kept."""
        return self._url("source", message.pk) if message.inbound_id or message.outbound_id else ""

    def split(self, message: Message) -> str:
        """Return where the mail can become a ticket of its own."""
        return self._url("split", message.pk)

    def forward(self, message: Message) -> str:
        """Return where it can be passed on; nothing where it is only read."""
        return self._url("forward", message.pk) if self.can_answer else ""

    def _url(self, name: str, pk: UUID) -> str:
        if name not in self._ends:  # every mail has some, so the address is made once and ends with its id
            self._ends[name] = reverse(f"tickets:{name}", args=[self.slug, self.number, _NO_ID]).split(str(_NO_ID))
        return str(pk).join(self._ends[name])


def _inline(files: list[Attachment]) -> list[Attachment]:
    return [one for one in files if one.is_inline]


def may_have_files(message: Message) -> bool:
    """Return whether there is anything to look for: a picture named in the text counts in no number."""
    return message.attachment_count > 0 or "cid:" in (message.html or "").lower()


def _remote(count: int, *, on: bool) -> dict[str, Any]:
    if on:
        says = _("Fetched this once, by us: the sender may see that somebody read this, not who or where.")
        if count > MOST:
            says += " " + _("Only the first %(count)d are shown.") % {"count": MOST}
    else:
        says = ngettext(
            "%(count)d remote picture is not loaded: the sender would see that you read this.",
            "%(count)d remote pictures are not loaded: the sender would see that you read this.",
            count,
        ) % {"count": count}
    return {"remote": count, "remote_says": says}
