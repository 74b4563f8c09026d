"""Gmail: what changed since a history id; watch and stop."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse, JsonResponse

from mailbox.simulator.clock import now
from mailbox.simulator.google.errors import not_found, refuse
from mailbox.simulator.google.gateway import READ_HEADERS, GmailRequest, gmail
from mailbox.simulator.google.messages import current_history_id, page_offset, page_size
from mailbox.simulator.models import Change
from mailbox.simulator.models.mail import FIRST_ID
from mailbox.simulator.request_bodies import json_body

LISTS = {
    Change.Kind.ADDED: "messagesAdded",
    Change.Kind.DELETED: "messagesDeleted",
    Change.Kind.LABELLED: "labelsAdded",
    Change.Kind.UNLABELLED: "labelsRemoved",
}


@gmail(*READ_HEADERS)
def history(request: GmailRequest) -> HttpResponse:
    """Changes after startHistoryId, oldest first; a start that is too old or unknown is 404."""
    start_text = request.GET.get("startHistoryId", "")
    if not start_text.isdigit():
        refuse(400, "invalidArgument", "Missing or invalid startHistoryId")
    current, start = current_history_id(request), int(start_text)
    if start < request.account.history_floor or start > int(current) or start == 0:
        not_found()
    changes = Change.objects.filter(account=request.account, pk__gt=start).order_by("pk")
    kinds = [kind for value in request.GET.getlist("historyTypes") for kind in value.split(",")]
    if kinds:
        if set(kinds) - set(Change.Kind.values):
            refuse(400, "invalidArgument", "Invalid value at 'history_types'")
        changes = changes.filter(kind__in=kinds)
    rows: list[Change] = list(changes)
    if label := request.GET.get("labelId"):
        rows = [row for row in rows if label in row.state or label in row.labels]
    size, offset = page_size(request), page_offset(request)
    answer: dict[str, Any] = {"historyId": current}
    if page := rows[offset : offset + size]:
        answer["history"] = [_record(row) for row in page]
    if len(rows) > offset + size:
        answer["nextPageToken"] = f"p{offset + size}"
    return JsonResponse(answer)


def _record(row: Change) -> dict[str, Any]:
    pointer = {"id": f"{FIRST_ID + row.message_number:016x}", "threadId": f"{FIRST_ID + row.thread:016x}"}
    entry: dict[str, Any] = {"message": {**pointer, "labelIds": row.state}}
    if row.kind in (Change.Kind.LABELLED, Change.Kind.UNLABELLED):
        entry["labelIds"] = row.labels
    return {"id": str(row.pk), "messages": [pointer], LISTS[Change.Kind(row.kind)]: [entry]}


@gmail(*READ_HEADERS, methods=("POST",))
def watch(request: GmailRequest) -> HttpResponse:
    """Accept a push subscription for seven days; nothing is pushed."""
    if not json_body(request).get("topicName"):
        refuse(400, "invalidArgument", "Invalid topicName")
    expiration = now() + timedelta(days=7)
    return JsonResponse(
        {"historyId": current_history_id(request), "expiration": str(int(expiration.timestamp() * 1000))}
    )


@gmail(*READ_HEADERS, methods=("POST",))
def stop(request: GmailRequest) -> HttpResponse:
    """End the push subscription, if there is one."""
    return HttpResponse(status=204)
