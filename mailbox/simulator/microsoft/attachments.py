"""Graph: attachments of a message, small ones at once, large ones in chunks."""

import re
from datetime import timedelta
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse

from mailbox.simulator.clock import now
from mailbox.simulator.mail.reading import content_of, editable, is_attachment, leaves, parse
from mailbox.simulator.mail.store import rewrite
from mailbox.simulator.microsoft import composing, ids
from mailbox.simulator.microsoft.errors import not_found, refuse
from mailbox.simulator.microsoft.gateway import MOST_BYTES, READ, WRITE, GraphRequest, graph
from mailbox.simulator.microsoft.shapes import attachment_row, moment
from mailbox.simulator.models import Message, Upload
from mailbox.simulator.request_bodies import json_body

SMALL = 3 * 1024 * 1024
LARGE = 150 * 1024 * 1024
RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


def files(message: Message) -> list[Any]:
    """The parts of a message that are files."""
    return [part for part in leaves(parse(message.raw)) if is_attachment(part)]


def _draft(request: GraphRequest, key: str) -> Message:
    message = ids.find(request.account, key)
    if not message.has("DRAFT"):
        refuse(400, "ErrorInvalidRequest", "Attachments can only be added to a draft.")
    return message


@graph(GET=READ, POST=WRITE)
def index(request: GraphRequest, key: str) -> HttpResponse:
    """The attachments of a message, or one more of up to 3 MB."""
    if request.method == "POST":
        draft, item = _draft(request, key), json_body(request)
        if len(str(item.get("contentBytes", ""))) > SMALL * 4 // 3 + 4:
            refuse(413, "ErrorAttachmentSizeLimitExceeded", "Attachments of more than 3 MB need an upload session.")
        mail = editable(draft.raw)
        composing.attach(mail, item)
        rewrite(draft, mail.as_bytes())
        parts = files(draft)
        return JsonResponse(attachment_row(draft, len(parts) - 1, parts[-1], False), status=201)
    message = ids.find(request.account, key)
    with_content = "$select" not in request.GET or "contentBytes" in request.GET["$select"]
    rows = [attachment_row(message, number, part, with_content) for number, part in enumerate(files(message))]
    return JsonResponse({"value": rows})


def _find(message: Message, identifier: str) -> tuple[int, Any]:
    for number, part in enumerate(files(message)):
        if attachment_row(message, number, part, False)["id"] == identifier:
            return number, part
    return not_found()


@graph(GET=READ)
def detail(request: GraphRequest, key: str, identifier: str) -> HttpResponse:
    """One attachment with its content."""
    message = ids.find(request.account, key)
    return JsonResponse(attachment_row(message, *_find(message, identifier), with_content=True))


@graph(GET=READ)
def value(request: GraphRequest, key: str, identifier: str) -> HttpResponse:
    """The bytes of one attachment."""
    part = _find(ids.find(request.account, key), identifier)[1]
    return HttpResponse(content_of(part), content_type="application/octet-stream")


@graph(POST=WRITE)
def create_session(request: GraphRequest, key: str) -> HttpResponse:
    """Open an upload session for one file of a draft."""
    draft = _draft(request, key)
    item = json_body(request).get("AttachmentItem") or json_body(request).get("attachmentItem") or {}
    size = item.get("size")
    if item.get("attachmentType") != "file" or not item.get("name") or not isinstance(size, int) or size < 1:
        refuse(400, "ErrorInvalidRequest", "AttachmentItem needs attachmentType file, a name and a size.")
    if size > LARGE:
        refuse(413, "ErrorAttachmentSizeLimitExceeded", "Attachments of more than 150 MB are not taken.")
    expires = now() + timedelta(hours=24)
    upload = Upload.objects.create(account=request.account, draft=draft, details=item, size=size, expires_at=expires)
    answer = {
        "uploadUrl": request.build_absolute_uri(f"/graph/upload/{upload.key}"),
        "expirationDateTime": moment(expires),
        "nextExpectedRanges": ["0-"],
    }
    return JsonResponse(answer, status=201)


def upload(request: HttpRequest, key: str) -> HttpResponse:
    """Take a chunk; the address alone is the proof, so a bearer token here is refused."""
    if "Authorization" in request.headers:
        refuse(401, "InvalidAudience", "The upload address does not take an Authorization header.")
    found = Upload.objects.select_related("draft__account", "draft__original").filter(key=key).first()
    session = found if found and found.draft and found.expires_at >= now() else not_found()
    if request.method == "DELETE":
        session.delete()
        return HttpResponse(status=204)
    if request.method == "GET":
        return _progress(session)
    span = RANGE.fullmatch(request.headers.get("Content-Range", ""))
    first, last, total = (int(group) for group in span.groups()) if span else (0, 0, 0)
    if not span or total != session.size or last - first + 1 != len(request.body):
        refuse(400, "ErrorInvalidRequest", "Content-Range does not fit the content.")
    if len(request.body) > MOST_BYTES:
        refuse(413, "ErrorRequestEntityTooLarge", "A chunk is at most 4 MB.")
    if first != session.received:
        refuse(416, "ErrorInvalidRange", f"The next expected byte is {session.received}.")
    session.append(request.body)
    if session.received < total:
        return _progress(session)
    return _finish(request, session)


def _progress(session: Upload) -> HttpResponse:
    answer = {"expirationDateTime": moment(session.expires_at), "nextExpectedRanges": [str(session.received)]}
    return JsonResponse(answer)


def _finish(request: HttpRequest, session: Upload) -> HttpResponse:
    draft = cast(Message, session.draft)
    mail = editable(draft.raw)
    composing.attach_bytes(mail, session.details, session.take())
    rewrite(draft, mail.as_bytes())
    session.delete()
    parts = files(draft)
    identifier = attachment_row(draft, len(parts) - 1, parts[-1], False)["id"]
    response = HttpResponse(status=201)
    own = ids.encode(draft.pk, draft.moves, True)
    response["Location"] = request.build_absolute_uri(f"/graph/v1.0/me/messages/{own}/attachments/{identifier}")
    return response
