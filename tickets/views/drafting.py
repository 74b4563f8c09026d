"""Drafts on a ticket's page: what its query brings along for them, and how the composer shows them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.requests import DeskRequest
from accounts.rows import Rows, opened
from accounts.templatetags.desk import moment
from tickets.actions.draft import WORDS
from tickets.models import CannedReply, Draft, DraftFile
from tickets.models.draft import DraftQuerySet
from tickets.rich import clean_rich, shown_rich

COLUMNS = ("id", "organization_id", "mailbox_id", "said", "version", "saved_at", "send_at", "closes", "author_id")


def of_number(request: DeskRequest, number: int) -> DraftQuerySet:
    """Return every draft on the ticket of that number, or on one that was merged into it."""
    return Draft.objects.visible_to(request.membership).filter(
        Q(ticket__number=number) | Q(ticket__merged_into__number=number)
    )


def own_draft(request: DeskRequest, number: int) -> DraftQuerySet:
    """Return what the reader is writing there: one row, or none."""
    mine = of_number(request, number).being_written().filter(author=request.membership)
    return mine.order_by(F("ticket__merged_into").asc(nulls_first=True), "pk")[:1]


def drafts_along(request: DeskRequest, number: int) -> dict[str, Rows]:
    """Return what the shell's query is to bring along: draft, its files, what waits for its time, canned replies."""
    mine = own_draft(request, number)
    files = DraftFile.objects.filter(draft__in=mine.values("pk"))
    waiting = of_number(request, number).scheduled().order_by("send_at")
    canned = CannedReply.objects.usable_by(request.membership)
    return {
        "draft": Rows(mine.values(*COLUMNS)),
        "draft_files": Rows(files.values("id", "organization_id", "mailbox_id", "details", "size", "is_inline")),
        "waiting": Rows(waiting.values(*COLUMNS)),
        "canned": Rows(canned.values("id", "organization_id", "name", "owner_id", "team_id")),
    }


def drafting(
    request: DeskRequest, number: int, along: Mapping[str, Any], members: Mapping[UUID, Membership]
) -> dict[str, Any]:
    """Return what the composer shows of drafts: the reader's own, its files, what waits, and what can be put in."""
    draft = next(iter(opened(Draft, along["draft"])), None)
    files = sorted(opened(DraftFile, along["draft_files"]), key=lambda one: one.pk)
    pictures = picture_urls(request, number, files)
    canned = sorted(opened(CannedReply, along["canned"]), key=lambda one: one.name.casefold())
    return {
        "draft": draft,
        "version": draft.version if draft else 0,
        "held": draft.says("held") if draft else "",
        "pictures": pictures,
        "html": shown_rich(draft.says("html"), pictures) if draft else "",
        "files": [_file(request, number, one) for one in files if not one.is_inline],
        "waiting": [_waiting(request, number, one, members) for one in opened(Draft, along["waiting"])],
        "canned": canned,
    }


def picture_urls(request: DeskRequest, number: int, files: list[DraftFile]) -> dict[str, str]:
    """Return where the pictures of a draft's text can be seen, by id; never empty, so that no other one is shown."""
    found = {one.pk.hex: file_url(request, number, one.pk) for one in files if one.is_inline}
    return found or {"": ""}


def file_url(request: DeskRequest, number: int, pk: UUID, name: str = "draft_file") -> str:
    """Return the address of a file of a draft."""
    return reverse(f"tickets:{name}", args=[request.organization.slug, number, pk])


def typed(form: Form) -> dict[str, Any]:
    """Return what stands in a composer as it was typed, right or wrong; what the form did not carry is left alone."""
    said: dict[str, Any] = {name: str(form[name].value() or "") for name in WORDS & set(form.data) & set(form.fields)}
    if "text" in form.data:
        return said | {"quotes": bool(form["quotes"].value()), "html": clean_rich(str(form.data.get("html", "")))}
    return said


def _file(request: DeskRequest, number: int, file: DraftFile) -> dict[str, Any]:
    return {
        "id": str(file.pk),
        "name": file.name,
        "size": file.size,
        "url": file_url(request, number, file.pk),
        "remove_url": file_url(request, number, file.pk, "remove_draft_file"),
    }


def _waiting(request: DeskRequest, number: int, draft: Draft, members: Mapping[UUID, Membership]) -> dict[str, Any]:
    author = members.get(draft.author_id)
    mine = draft.author_id == request.membership.pk
    return {
        "id": f"w-{draft.pk.hex}",
        "who": _("You") if mine else author.display_name if author else _("A former colleague"),
        "when": moment(draft.send_at, "long"),
        "to": draft.says("to"),
        "text": draft.says("text"),
        "closes": draft.closes,
        "cancel_url": file_url(request, number, draft.pk, "cancel_scheduled"),
    }
