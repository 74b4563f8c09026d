"""Gmail: profile, list, get, attachments, labels, modify."""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, JsonResponse

from mailbox.simulator.google import shapes
from mailbox.simulator.google.errors import not_found, refuse
from mailbox.simulator.google.gateway import LABELS, MODIFY, READ, READ_HEADERS, SEND, GmailRequest, gmail
from mailbox.simulator.google.query import names_hidden_place, search
from mailbox.simulator.mail.reading import content_of
from mailbox.simulator.mail.store import relabel
from mailbox.simulator.models import Change, Message, Option
from mailbox.simulator.models.mail import FIRST_ID
from mailbox.simulator.request_bodies import json_body

SYSTEM_LABELS = (
    "INBOX", "SENT", "DRAFT", "SPAM", "TRASH", "UNREAD", "STARRED", "IMPORTANT", "CHAT",
    "CATEGORY_PERSONAL", "CATEGORY_SOCIAL", "CATEGORY_PROMOTIONS", "CATEGORY_UPDATES", "CATEGORY_FORUMS",
)  # fmt: skip


def current_history_id(request: GmailRequest) -> str:
    """The mailbox's newest line of history."""
    newest = Change.objects.filter(account=request.account).order_by("-pk").values_list("pk", flat=True).first()
    return str(max(newest or 1, request.account.history_floor))


def page_size(request: GmailRequest, default: int = 100, most: int = 500) -> int:
    """How many rows a page holds: asked for, capped, or bound by the option."""
    text = request.GET.get("maxResults", str(default))
    if not text.isdigit() or int(text) == 0:
        refuse(400, "invalidArgument", "Invalid value for maxResults")
    bound = Option.read("page_size")
    return min(int(text), most, bound or most)


def page_offset(request: GmailRequest) -> int:
    """Where a page starts, from its token."""
    token = request.GET.get("pageToken", "")
    if token and not re.fullmatch(r"p\d{1,12}", token):
        refuse(400, "invalidArgument", "Invalid pageToken")
    return int(token[1:]) if token else 0


def find(request: GmailRequest, key: str) -> Message:
    """The message of this mailbox with Gmail's id."""
    if not re.fullmatch(r"[0-9a-f]{1,16}", key) or int(key, 16) >= 2**63:
        refuse(400, "invalidArgument", "Invalid id value")
    found = Message.objects.filter(account=request.account, pk=int(key, 16) - FIRST_ID)
    return found.select_related("account", "original").first() or not_found()


@gmail(*READ_HEADERS, *SEND[1:])
def profile(request: GmailRequest) -> HttpResponse:
    """Whose mailbox this is, and where its history stands."""
    mails = Message.objects.filter(account=request.account)
    answer = {
        "emailAddress": request.account.address,
        "messagesTotal": mails.count(),
        "threadsTotal": mails.values("thread").distinct().count(),
        "historyId": current_history_id(request),
    }
    return JsonResponse(answer)


@gmail(*READ_HEADERS)
def index(request: GmailRequest) -> HttpResponse:
    """Ids of messages, newest first."""
    query, labels = request.GET.get("q", ""), request.GET.getlist("labelIds")
    full_rights = any(not scope.endswith("gmail.metadata") for scope in request.token.scopes if "gmail" in scope)
    if query and not full_rights:
        refuse(403, "forbidden", "Metadata scope does not support 'q' parameter")
    mails = Message.objects.filter(account=request.account)
    hidden = request.GET.get("includeSpamTrash") == "true" or names_hidden_place(query)
    if not hidden and not {"SPAM", "TRASH"} & set(labels):
        mails = mails.without("SPAM", "TRASH")
    for label in labels:
        mails = mails.labelled(label)
    mails = search(mails, query).newest_first()
    size, offset = page_size(request), page_offset(request)
    rows = list(mails.defer("references", "recipients")[offset : offset + size + 1])
    answer: dict = {"resultSizeEstimate": mails.count()}
    if rows:  # an empty list is left out altogether
        answer["messages"] = [shapes.pointer(mail) for mail in rows[:size]]
    if len(rows) > size:
        answer["nextPageToken"] = f"p{offset + size}"
    return JsonResponse(answer)


@gmail(*READ_HEADERS)
def get(request: GmailRequest, key: str) -> HttpResponse:
    """One message in the format asked for."""
    message = find(request, key)
    wanted = request.GET.get("format", "full").lower()
    if wanted in ("full", "raw") and all(
        scope.endswith("gmail.metadata") for scope in request.token.scopes if "gmail" in scope
    ):
        refuse(403, "forbidden", "Metadata scope doesn't allow format FULL")
    only = {name.lower() for name in request.GET.getlist("metadataHeaders")} or None
    formats: dict[str, Callable[[Message], dict[str, Any]]] = {
        "minimal": shapes.minimal,
        "metadata": lambda mail: shapes.metadata(mail, only),
        "raw": shapes.raw,
        "full": shapes.full,
    }
    if wanted not in formats:
        refuse(400, "invalidArgument", f"Invalid value at 'format': {wanted}")
    return JsonResponse(formats[wanted](message))


@gmail(*READ)
def attachment(request: GmailRequest, key: str, identifier: str) -> HttpResponse:
    """The content of one part."""
    part = shapes.find_part(find(request, key), identifier)
    if part is None:
        refuse(400, "invalidArgument", "Invalid attachment token")
    content = content_of(part)
    return JsonResponse({"size": len(content), "data": shapes.web64(content)})


@gmail(*LABELS)
def labels(request: GmailRequest) -> HttpResponse:
    """The mailbox's labels, without counts."""
    return JsonResponse({"labels": [_label(name) for name in SYSTEM_LABELS]})


@gmail(*LABELS)
def label(request: GmailRequest, name: str) -> HttpResponse:
    """One label with its four counts."""
    if name not in SYSTEM_LABELS:
        not_found()
    mails = Message.objects.filter(account=request.account).labelled(name)
    unread = mails.labelled("UNREAD")
    counts = {
        "messagesTotal": mails.count(),
        "messagesUnread": unread.count(),
        "threadsTotal": mails.values("thread").distinct().count(),
        "threadsUnread": unread.values("thread").distinct().count(),
    }
    return JsonResponse({**_label(name), **counts})


def _label(name: str) -> dict[str, str]:
    return {"id": name, "name": name, "type": "system"}


@gmail(*MODIFY, methods=("POST",))
def modify(request: GmailRequest, key: str) -> HttpResponse:
    """Add and remove labels."""
    message, body = find(request, key), json_body(request)
    relabel(message, add=body.get("addLabelIds", []), remove=body.get("removeLabelIds", []))
    return JsonResponse({**shapes.pointer(message), "labelIds": message.label_list})
