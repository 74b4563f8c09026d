"""What drafts of every kind share: their words and files kept, put back, thrown away."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from mailbox.bodies import paragraphs
from tickets.actions.attach import MAX_FILES, NewFile
from tickets.models import Draft, DraftFile
from tickets.rich import pictures_in

TYPED = ("text", "html", "note", "subject")  # an address alone begins no draft


class DraftChanged(ActionRefused):
    """The same agent went on writing in another window: `draft` is what stands there."""

    def __init__(self, draft: Draft) -> None:
        """Keep it, to be shown."""
        super().__init__(_("You went on with this draft in another window."))
        self.draft = draft


def keep_words(draft: Draft, said: Mapping[str, Any], version: int | None = None) -> Draft | None:
    """Keep these fields of a draft that the caller holds; one that says nothing any more is thrown away.

    With the `version` a window began from, another window's newer words are not overwritten: DraftChanged.
    """
    if is_kept(draft) and version is not None and draft.version != version and _differs(draft, said):
        raise DraftChanged(draft)
    kept = {**draft.said, **said}
    kept.pop("held", None)
    if not _says_something(kept) and not (is_kept(draft) and draft.files.exists()):
        if is_kept(draft):
            throw_away(draft)
        return None
    draft.said, draft.version, draft.saved_at = kept, draft.version + 1, timezone.now()
    draft.save()
    return draft


def forget_words(draft: Draft, fields: frozenset[str], *, files: bool) -> None:
    """Throw away these fields of a draft that the caller holds, its files too where asked; else all of it is gone."""
    draft.said = {name: value for name, value in draft.said.items() if name not in fields | {"held"}}
    if files:
        for file in draft.files.all():
            detach_from_draft(file)
    if _says_something(draft.said):
        draft.version, draft.saved_at = draft.version + 1, timezone.now()
        draft.save()
    else:
        throw_away(draft)


def keep_file(draft: Draft, file: NewFile) -> DraftFile:
    """Seal an uploaded file into a draft that the caller holds, which begins with it; too much is declined."""
    if not is_kept(draft):
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


def throw_away(draft: Draft) -> None:
    """Delete a draft with its files; the files go once this is committed."""
    for file in draft.files.all():
        transaction.on_commit(file.file.delete)
    draft.delete()


def is_kept(draft: Draft) -> bool:
    """Return whether the draft is in the database already."""
    return not draft._state.adding


def _says_something(said: Mapping[str, Any]) -> bool:
    return any(str(said.get(name, "")).strip() for name in TYPED)


def _differs(draft: Draft, said: Mapping[str, Any]) -> bool:
    names = ("text", "note", "subject")
    return any(name in said and str(draft.says(name)).strip() != str(said[name]).strip() for name in names)
