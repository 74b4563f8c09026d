"""What an agent is writing: kept, found again, thrown away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from mailbox.bodies import paragraphs
from tickets.actions.attach import MAX_FILES, NewFile
from tickets.models import Draft, DraftFile, Ticket
from tickets.rich import pictures_in

WORDS = frozenset({"sender", "to", "cc", "bcc", "text", "html", "quotes", "answered", "seen", "warned"})
NOTE = frozenset({"note"})


class DraftChanged(ActionRefused):
    """The same agent went on writing in another window: `draft` is what stands there."""

    def __init__(self, draft: Draft) -> None:
        """Keep it, to be shown."""
        super().__init__(_("You went on with this draft in another window."))
        self.draft = draft


def draft_of(ticket: Ticket, member: Membership) -> Draft | None:
    """Return what this member is writing on the ticket, else on one that was merged into it."""
    drafts = Draft.objects.being_written().on(ticket).filter(author=member)
    return drafts.order_by(F("ticket__merged_into").asc(nulls_first=True), "pk").first()


@transaction.atomic
def save_draft(ticket: Ticket, said: Mapping[str, Any], *, by: Membership, version: int | None = None) -> Draft | None:
    """Keep these fields of a draft and leave its others alone; a draft that says nothing any more is thrown away.

    With the `version` a window began from, another window's newer words are not overwritten: DraftChanged.
    """
    draft = _held(ticket, by)
    if draft is not None and version is not None and draft.version != version and _differs(draft, said):
        raise DraftChanged(draft)
    kept = {**(draft.said if draft else {}), **said}
    kept.pop("held", None)
    if not _says_something(kept) and not (draft and draft.files.exists()):
        if draft is not None:
            throw_away(draft)
        return None
    draft = draft or new_draft(ticket, by)
    draft.said, draft.version, draft.saved_at = kept, draft.version + 1, timezone.now()
    draft.save()
    return draft


@transaction.atomic
def discard_draft(ticket: Ticket, *, by: Membership, fields: frozenset[str] = WORDS | NOTE) -> None:
    """Throw away what this member was writing, or only these fields of it; without a draft nothing changes."""
    draft = _held(ticket, by)
    if draft is None:
        return
    draft.said = {name: value for name, value in draft.said.items() if name not in fields | {"held"}}
    if fields >= WORDS:
        for file in draft.files.all():
            transaction.on_commit(file.file.delete)
            file.delete()
    if _says_something(draft.said):
        draft.version, draft.saved_at = draft.version + 1, timezone.now()
        draft.save()
    else:
        throw_away(draft)


@transaction.atomic
def attach_to_draft(ticket: Ticket, file: NewFile, *, by: Membership) -> DraftFile:
    """Seal an uploaded file into the draft, which begins with it where there was none; too much is declined."""
    draft = _held(ticket, by)
    if draft is None:
        draft = new_draft(ticket, by)
        draft.save(force_insert=True)
    if draft.files.count() >= MAX_FILES:
        raise ActionRefused(_("A mail can carry %(count)d files at most.") % {"count": MAX_FILES})
    there = draft.files.aggregate(size=Sum("size"))["size"] or 0
    if there + len(file.content) > settings.MAX_ATTACHMENT_BYTES:
        raise ActionRefused(
            _("“%(name)s” was not attached: the files are larger than mail can carry, 25 MB together at most.")
            % {"name": file.name[:80]}
        )
    return put_file(draft, file)


@transaction.atomic
def detach_from_draft(file: DraftFile) -> None:
    """Take a file out of its draft."""
    transaction.on_commit(file.file.delete)
    file.delete()


def put_file(draft: Draft, file: NewFile) -> DraftFile:
    """Seal a file into a saved draft."""
    row = DraftFile(
        organization_id=draft.organization_id,
        draft=draft,
        mailbox_id=draft.mailbox_id,
        details={"name": file.name, "content_type": file.content_type},
        size=len(file.content),
        is_inline=file.inline,
    )
    row.file.write([file.content])
    row.save(force_insert=True)
    return row


def files_to_send(draft: Draft | None, html: str) -> list[NewFile]:
    """Return the files of a draft as they leave; a picture that stands no longer in the text stays behind."""
    in_text = pictures_in(html)

    def named(one: DraftFile) -> str:
        return one.content_id if one.is_inline else ""

    return [
        NewFile(
            one.name,
            one.content_type,
            b"".join(one.file.read()),
            one.content_id if one.is_inline else "",
            one.is_inline,
        )
        for one in (draft.files.all() if draft else ())
        if not one.is_inline or one.pk.hex in in_text
    ]


def words_joined(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, str]:
    """Return the words of two drafts as one, so that neither is lost; with layout where either has one."""
    texts = [[str(one.get(name, "")) for one in (first, second)] for name in ("text", "note", "html")]
    text, note = ("\n\n".join(filter(None, both)) for both in texts[:2])
    if not any(texts[2]):
        return {"text": text, "note": note, "html": ""}
    laid_out = [html or (paragraphs(plain) if plain else "") for html, plain in zip(texts[2], texts[0], strict=True)]
    return {"text": text, "note": note, "html": "".join(laid_out)}


def new_draft(ticket: Ticket, by: Membership, saved_at: datetime | None = None) -> Draft:
    """Return an empty draft, not saved; it is sealed for the ticket's mailbox."""
    return Draft(
        organization_id=ticket.organization_id,
        ticket=ticket,
        mailbox_id=ticket.mailbox_id,
        author=by,
        said={},
        version=0,
        saved_at=saved_at or timezone.now(),
    )


def throw_away(draft: Draft) -> None:
    """Delete a draft with its files; the files go once this is committed."""
    for file in draft.files.all():
        transaction.on_commit(file.file.delete)
    draft.delete()


def _held(ticket: Ticket, by: Membership) -> Draft | None:
    """Return the draft and hold it; two windows of one agent that save at the same moment take turns at the ticket."""
    Ticket.objects.select_for_update(no_key=True).filter(pk=ticket.pk).values_list("pk").first()
    return draft_of(ticket, by)


def _says_something(said: Mapping[str, Any]) -> bool:
    return any(str(said.get(name, "")).strip() for name in ("text", "html", "note", "forwards"))


def _differs(draft: Draft, said: Mapping[str, Any]) -> bool:
    names = ("text", "note")
    return any(name in said and str(draft.says(name)).strip() != str(said[name]).strip() for name in names)
