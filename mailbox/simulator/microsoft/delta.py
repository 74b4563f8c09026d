"""Graph: what changed in a folder, round by round, in pages with opaque tokens."""

from typing import Any

from django.http import HttpResponse, JsonResponse

from mailbox.simulator.microsoft import ids, odata
from mailbox.simulator.microsoft.errors import graph_error, refuse
from mailbox.simulator.microsoft.gateway import READ, GraphRequest, graph
from mailbox.simulator.microsoft.messages import folder_name
from mailbox.simulator.microsoft.shapes import FOLDERS, folder_messages, message_row
from mailbox.simulator.models import Change, Message, Option

State = dict[str, Any]


@graph(GET=READ)
def delta(request: GraphRequest, name: str) -> HttpResponse:
    """One page: the folder's messages at first, then what changed since; the last page has the delta link."""
    folder = folder_name(request.account, name)
    token = request.GET.get("$skiptoken") or request.GET.get("$deltatoken")
    state = ids.unseal(token) if token else begin(request, folder)
    if state is None or state.get("folder") != folder:
        refuse(400, "SyncStateNotFound", "The sync state is not found or not valid.")
    if state["epoch"] != request.account.delta_epoch:
        return gone(request)
    if state.pop("pause", False):
        return page(request, [], {**state, "kind": state["kind"]}, None)
    rows, following, done = first_round(request, state) if state["kind"] == "all" else later_round(request, state)
    if Option.read("repeat_rows") and rows:
        rows = [*reversed(rows), rows[0]]
    return page(request, rows, following, done)


def begin(request: GraphRequest, folder: str) -> State:
    """The state of a first round: what is asked for, and the line of history it stands on."""
    if "$search" in request.GET:
        refuse(400, "ErrorInvalidUrlQuery", "$search is not supported with delta.")
    text = request.GET.get("$filter", "")
    if text:
        odata.filtered(text, allowed=("receivedDateTime",))
    newest = Change.objects.filter(account=request.account).order_by("-pk").values_list("pk", flat=True).first()
    return {
        "kind": "all",
        "folder": folder,
        "epoch": request.account.delta_epoch,
        "upto": newest or 0,
        "filter": text,
        "select": request.GET.get("$select", ""),
        "size": odata.page_size(request),
        "changes": request.GET.get("changeType", ""),
        "pause": Option.read("empty_first_page"),
        "seen": 0,
    }


def first_round(request: GraphRequest, state: State) -> tuple[list[State], State | None, State | None]:
    """The messages that are there, newest first; at most 5,000 when filtered."""
    mails = folder_messages(request.account, FOLDERS[state["folder"]][0])
    if state["filter"]:
        mails = mails.filter(odata.filtered(state["filter"]))
    if "before" in state:
        mails = mails.filter(pk__lt=state["before"])
    size = size_of(request, state)
    found = list(mails.order_by("-pk")[: size + 1])
    rows = [row(request, state, mail) for mail in found[:size]]
    seen = state["seen"] + len(rows)
    if len(found) > size and not (state["filter"] and seen >= 5000):
        return rows, {**state, "before": found[size - 1].pk, "seen": seen}, None
    return rows, None, {**state, "kind": "changes", "since": state["upto"]}


def later_round(request: GraphRequest, state: State) -> tuple[list[State], State | None, State | None]:
    """What changed since the last round, each message as it is now."""
    label, size = FOLDERS[state["folder"]][0], size_of(request, state)
    changes = Change.objects.filter(account=request.account, pk__gt=state["since"], folders__contains=f" {label} ")
    window = list(changes.order_by("pk")[: size + 1])
    numbers = list(dict.fromkeys(change.message_number for change in window[:size]))
    mails = Message.objects.filter(pk__in=numbers).select_related("original", "account").in_bulk()
    last = {change.message_number: change for change in window[:size]}
    rows = [
        shown for number in numbers if (shown := changed_row(request, state, mails.get(number), last[number], label))
    ]
    if len(window) > size:
        return rows, {**state, "since": window[size - 1].pk}, None
    newest = window[-1].pk if window else state["since"]
    return rows, None, {**state, "since": newest}


def changed_row(request: GraphRequest, state: State, mail: Message | None, change: Change, label: str) -> State | None:
    """A changed message as it is now, or the mark that it is no longer here."""
    lost = Option.read("lose_returned_items") and mail and mail.moves >= 2 and ids.wants_immutable(request)
    if mail and mail.folder == label and not lost:
        within = not state["filter"] or Message.objects.filter(odata.filtered(state["filter"]), pk=mail.pk).exists()
        return row(request, state, mail) if within and wanted(state, change) else None
    if state["changes"] and state["changes"] != "deleted":
        return None
    moves = max(change.moves - 1, 0) if mail else change.moves
    identifier = ids.encode(change.message_number, moves, ids.wants_immutable(request))
    return {"id": identifier, "@removed": {"reason": "changed" if mail else "deleted"}}


def wanted(state: State, change: Change) -> bool:
    """Whether changeType lets a created or updated message through."""
    kinds = {"created": change.kind == Change.Kind.ADDED, "updated": change.kind != Change.Kind.ADDED}
    return kinds.get(state["changes"], not state["changes"])


def size_of(request: GraphRequest, state: State) -> int:
    """Rows on this page: asked anew by Prefer, else as the round began."""
    return odata.page_size(request, state["size"])


def row(request: GraphRequest, state: State, mail: Message) -> State:
    """A message narrowed to what the round selected."""
    select = state["select"]
    return odata.selected(message_row, select, request, mail, "body" in select or not select)


def page(request: GraphRequest, rows: list[State], following: State | None, done: State | None) -> HttpResponse:
    """The answer: rows and either a next link or a delta link, never both."""
    answer: State = {
        "@odata.context": request.build_absolute_uri("/graph/v1.0/$metadata#Collection(message)"),
        "value": rows,
    }
    if following is not None:
        answer["@odata.nextLink"] = f"{request.build_absolute_uri(request.path)}?$skiptoken={ids.seal(following)}"
    else:
        answer["@odata.deltaLink"] = f"{request.build_absolute_uri(request.path)}?$deltatoken={ids.seal(done or {})}"
    return JsonResponse(answer)


def gone(request: GraphRequest) -> HttpResponse:
    """The token is dead: start again."""
    response = graph_error(410, "SyncStateNotFound", "The sync state generation is not found; resync is required.")
    response["Location"] = f"{request.build_absolute_uri(request.path)}?$deltatoken="
    return response
