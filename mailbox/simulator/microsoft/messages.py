"""Graph: who am I, folders, lists, one message, its MIME, change, move, delete."""

from typing import Any

from django.http import HttpResponse, JsonResponse

from mailbox.simulator.mail.reading import editable
from mailbox.simulator.mail.store import keep, move, relabel, remove, rewrite
from mailbox.simulator.microsoft import composing, ids, odata
from mailbox.simulator.microsoft.errors import not_found, refuse
from mailbox.simulator.microsoft.gateway import READ, WHO, WRITE, GraphRequest, graph
from mailbox.simulator.microsoft.shapes import (
    FOLDERS,
    folder_id,
    folder_messages,
    folder_row,
    message_row,
)
from mailbox.simulator.models import Account, Message
from mailbox.simulator.request_bodies import json_body


@graph(GET=WHO)
def me(request: GraphRequest) -> HttpResponse:
    """The signed-in person."""
    account = request.account
    answer = {
        "id": str(account.subject),
        "displayName": account.label,
        "mail": account.address,
        "userPrincipalName": account.address,
    }
    return JsonResponse(odata.selected(lambda: answer, request.GET.get("$select", "")))


def folder_name(account: Account, given: str) -> str:
    """The well-known name of a folder given by name or id."""
    if given.lower() in FOLDERS:
        return given.lower()
    return next((name for name in FOLDERS if folder_id(account, name) == given), "") or not_found()


@graph(GET=READ)
def folders(request: GraphRequest) -> HttpResponse:
    """The folders of the mailbox."""
    return JsonResponse({"value": [folder_row(request.account, name) for name in FOLDERS]})


@graph(GET=READ)
def folder(request: GraphRequest, name: str) -> HttpResponse:
    """One folder."""
    return JsonResponse(folder_row(request.account, folder_name(request.account, name)))


@graph(GET=READ)
def folder_index(request: GraphRequest, name: str) -> HttpResponse:
    """The messages of a folder."""
    label = FOLDERS[folder_name(request.account, name)][0]
    return listing(request, folder_messages(request.account, label))


@graph(GET=READ, POST=WRITE)
def index(request: GraphRequest) -> HttpResponse:
    """All messages, or a new draft."""
    if request.method == "POST":
        return create_draft(request)
    mails = Message.objects.filter(account=request.account).select_related("original", "account")
    return listing(request, mails)


def listing(request: GraphRequest, mails: Any) -> HttpResponse:
    """A page of messages by $filter, $orderby, $top, $skip and $select."""
    if condition := request.GET.get("$filter"):
        mails = mails.filter(odata.filtered(condition))
    oldest_first = request.GET.get("$orderby", "").lower().split() in (
        ["receiveddatetime"],
        ["receiveddatetime", "asc"],
    )
    mails = mails.order_by("received_at", "pk") if oldest_first else mails.newest_first()
    size, skip = odata.page_size(request), odata.whole_number(request, "$skip", 0, 10**9)
    select = request.GET.get("$select", "")
    with_body = not select or "body" in select or "internetMessageHeaders" in select
    page = list(mails[skip : skip + size + 1])
    answer: dict[str, Any] = {"@odata.context": request.build_absolute_uri("/graph/v1.0/$metadata#messages")}
    if request.GET.get("$count") == "true":
        answer["@odata.count"] = mails.count()
    answer["value"] = [odata.selected(message_row, select, request, mail, with_body) for mail in page[:size]]
    if len(page) > size:
        query = request.GET.copy()
        query["$skip"], query["$top"] = str(skip + size), str(size)
        answer["@odata.nextLink"] = request.build_absolute_uri(f"{request.path}?{query.urlencode(safe='$')}")
    return JsonResponse(answer)


def create_draft(request: GraphRequest) -> HttpResponse:
    """Store a draft from MIME or JSON."""
    if request.content_type == "text/plain":
        raw = composing.with_sender(request.account, composing.mime_of(request.body))
    else:
        raw = composing.from_json(request.account, json_body(request))
    draft = keep(request.account, raw, ["DRAFT"])
    return JsonResponse(message_row(request, draft), status=201)


@graph(GET=READ, PATCH=WRITE, DELETE=WRITE)
def detail(request: GraphRequest, key: str) -> HttpResponse:
    """One message: read it, change it, delete it."""
    message = ids.find(request.account, key)
    if request.method == "DELETE":
        remove(message)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        change(message, json_body(request))
    return JsonResponse(odata.selected(message_row, request.GET.get("$select", ""), request, message))


def change(message: Message, body: dict[str, Any]) -> None:
    """Mark a message read or unread; change the content of a draft."""
    if "isRead" in body:
        relabel(message, **({"remove": ["UNREAD"]} if body["isRead"] else {"add": ["UNREAD"]}))
    if set(body) - {"isRead", "categories", "flag", "importance"}:
        if not message.has("DRAFT"):
            refuse(400, "ErrorInvalidPropertySet", "The property can only be set on a draft.")
        draft = editable(message.raw)
        composing.apply_json(draft, body)
        rewrite(message, draft.as_bytes())


@graph(GET=READ)
def mime(request: GraphRequest, key: str) -> HttpResponse:
    """The message as it came."""
    return HttpResponse(ids.find(request.account, key).raw, content_type="text/plain")


@graph(POST=WRITE)
def move_to(request: GraphRequest, key: str) -> HttpResponse:
    """Put a message into another folder; its default id changes."""
    message = ids.find(request.account, key)
    target = folder_name(request.account, str(json_body(request).get("destinationId", "")))
    move(message, FOLDERS[target][0])
    return JsonResponse(message_row(request, message), status=201)
