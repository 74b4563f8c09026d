"""Drafts on a ticket's page: what its query brings along for them, and how the composer shows them."""

from collections.abc import Callable, Mapping
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

UrlOf = Callable[[str, UUID], str]  # "file" or "remove" and a file's id: where it is seen, where it is taken out
COLUMNS = ("id", "organization_id", "mailbox_id", "said", "version", "saved_at", "send_at", "closes", "author_id")


def of_number(request: DeskRequest, number: int) -> DraftQuerySet:
    """Return every draft on the ticket of that number, or on one that was merged into it."""
    return (
        Draft.objects.answers()
        .visible_to(request.membership)
        .filter(Q(ticket__number=number) | Q(ticket__merged_into__number=number))
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
    passing_on = Draft.objects.visible_to(request.membership).filter(
        author=request.membership, forwards__ticket__number=number
    )
    return {
        "draft": Rows(mine.values(*COLUMNS)),
        "draft_files": Rows(files.values("id", "organization_id", "mailbox_id", "details", "size", "is_inline")),
        "waiting": Rows(waiting.values(*COLUMNS)),
        "passing_on": Rows(passing_on.order_by("pk").values("forwards_id")),
        "canned": Rows(canned.values("id", "organization_id", "name", "owner_id", "team_id")),
    }


def drafting(
    request: DeskRequest, number: int, along: Mapping[str, Any], members: Mapping[UUID, Membership]
) -> dict[str, Any]:
    """Return what the composer shows of drafts: the reader's own, its files, what waits, and what can be put in."""
    draft = next(iter(opened(Draft, along["draft"])), None)
    files = sorted(opened(DraftFile, along["draft_files"]), key=lambda one: one.pk)
    canned = sorted(opened(CannedReply, along["canned"]), key=lambda one: one.name.casefold())
    return {
        **draft_shown(draft, files, lambda name, pk: file_url(request, number, pk, name)),
        "waiting": [_waiting(request, number, one, members) for one in opened(Draft, along["waiting"])],
        "passing_on": [_passing_on(request, number, one["forwards_id"]) for one in along["passing_on"]],
        "canned": canned,
    }


def draft_shown(draft: Draft | None, files: list[DraftFile], url_of: UrlOf) -> dict[str, Any]:
    """Return what every form shows of its draft: how new it is, its layout, its files."""
    pictures = picture_urls(files, url_of)
    return {
        "draft": draft,
        "version": draft.version if draft else 0,
        "held": draft.says("held") if draft else "",
        "pictures": pictures,
        "html": shown_rich(draft.says("html"), pictures) if draft else "",
        "files": [_file(one, url_of) for one in files if not one.is_inline],
    }


def picture_urls(files: list[DraftFile], url_of: UrlOf) -> dict[str, str]:
    """Return where the pictures of a draft's text can be seen, by id; never empty, so that no other one is shown."""
    return {one.pk.hex: url_of("file", one.pk) for one in files if one.is_inline} or {"": ""}


def file_url(request: DeskRequest, number: int, pk: UUID, name: str = "file") -> str:
    """Return the address of a file of an answer's draft, or the one that takes it out."""
    names = {"file": "draft_file", "remove": "remove_draft_file"}
    return reverse(f"tickets:{names[name]}", args=[request.organization.slug, number, pk])


def typed(form: Form) -> dict[str, Any]:
    """Return what stands in a composer as it was typed, right or wrong; what the form did not carry is left alone."""
    said: dict[str, Any] = {name: str(form[name].value() or "") for name in WORDS & set(form.data) & set(form.fields)}
    if "text" in form.data:
        return said | {"quotes": bool(form["quotes"].value()), "html": clean_rich(str(form.data.get("html", "")))}
    return said


def _file(file: DraftFile, url_of: UrlOf) -> dict[str, Any]:
    return {
        "id": str(file.pk),
        "name": file.name,
        "size": file.size,
        "url": url_of("file", file.pk),
        "remove_url": url_of("remove", file.pk),
    }


def _passing_on(request: DeskRequest, number: int, message_id: str) -> dict[str, str]:
    """Return the way back to a mail of this ticket that the reader began to pass on."""
    message = UUID(message_id)
    url = reverse("tickets:forward", args=[request.organization.slug, number, message])
    return {"url": url, "message_url": f"#m-{message}"}


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
        "cancel_url": reverse("tickets:cancel_scheduled", args=[request.organization.slug, number, draft.pk]),
    }
