"""Gmail: send by JSON, by media, by a resumable upload."""

import json
import re
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from mailbox.simulator.clock import now
from mailbox.simulator.google import shapes
from mailbox.simulator.google.errors import not_found, refuse
from mailbox.simulator.google.gateway import SEND, GmailRequest, admit, gmail
from mailbox.simulator.mail.transport import NoRecipients, UnknownThread
from mailbox.simulator.mail.transport import send as send_mail
from mailbox.simulator.models import Account, Upload
from mailbox.simulator.models.mail import FIRST_ID
from mailbox.simulator.request_bodies import json_body

MOST_BYTES = 36_700_160
RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")


def _too_large() -> None:
    refuse(413, "uploadTooLarge", f"Request exceeds the limit of {MOST_BYTES} bytes.")


def deliver(account: Account, raw: bytes, thread: str | None) -> dict[str, Any]:
    """Send a raw mail and answer as messages.send does."""
    if len(raw) > MOST_BYTES:
        _too_large()
    number = None
    if thread:
        if not re.fullmatch(r"[0-9a-f]{1,16}", thread):
            refuse(400, "invalidArgument", "Invalid thread_id value")
        number = int(thread, 16) - FIRST_ID
    try:
        sent = send_mail(account, raw, thread=number)
    except NoRecipients:
        refuse(400, "invalidArgument", "Recipient address required")
    except UnknownThread:
        not_found()
    return {**shapes.pointer(sent), "labelIds": sent.label_list}


@gmail(*SEND, methods=("POST",))
def send(request: GmailRequest) -> HttpResponse:
    """Send the mail in the JSON field raw."""
    if len(request.body) > MOST_BYTES * 4 // 3 + 10_000:
        _too_large()
    body = json_body(request)
    if not body.get("raw"):
        refuse(
            400,
            "invalidArgument",
            "'raw' RFC822 payload message string or uploading message via /upload/* URL required",
        )
    try:
        raw = shapes.from_web64(str(body["raw"]))
    except ValueError:
        refuse(400, "invalidArgument", "Invalid value for ByteString")
    return JsonResponse(deliver(request.account, raw, body.get("threadId")))


@gmail(*SEND, methods=("POST",))
def upload(request: GmailRequest) -> HttpResponse:
    """Send an uploaded mail, or open a resumable upload."""
    kind = request.GET.get("uploadType", "")
    if kind == "media":
        return JsonResponse(deliver(request.account, request.body, None))
    if kind == "multipart":
        details, raw = _multipart(request)
        return JsonResponse(deliver(request.account, raw, details.get("threadId")))
    if kind != "resumable":
        refuse(400, "invalidArgument", "Invalid upload type")
    declared = request.headers.get("X-Upload-Content-Length", "")
    if declared.isdigit() and int(declared) > MOST_BYTES:
        _too_large()
    session = Upload.objects.create(
        account=request.account,
        details=json_body(request),
        size=int(declared) if declared.isdigit() else None,
        expires_at=now() + timedelta(days=7),
    )
    response = JsonResponse({})
    response["Location"] = request.build_absolute_uri(f"{request.path}?uploadType=resumable&upload_id={session.key}")
    response["X-GUploader-UploadID"] = session.key
    return response


def _multipart(request: HttpRequest) -> tuple[dict[str, Any], bytes]:
    """The JSON part and the mail of a multipart/related body; the mail keeps every byte."""
    boundary = message_from_bytes(f"Content-Type: {request.headers['Content-Type']}\n\n".encode(), policy=policy.HTTP)
    mark = boundary.get_boundary()
    parts = request.body.split(b"--" + str(mark).encode()) if mark else []
    if len(parts) < 4:
        refuse(400, "invalidArgument", "Malformed multipart body.")
    contents = []
    for part in parts[1:-1]:
        content = re.split(rb"\r?\n\r?\n", part, maxsplit=1)[1] if re.search(rb"\r?\n\r?\n", part) else b""
        contents.append(re.sub(rb"\r?\n\Z", b"", content))
    try:
        return json.loads(contents[0] or b"{}"), contents[1]
    except ValueError:
        refuse(400, "invalidArgument", "Malformed multipart body.")


def resume(request: Any, user: str = "me") -> HttpResponse:
    """Take a chunk of a resumable upload; the last one sends the mail, and its answer can be asked again."""
    admit(request)
    upload = Upload.objects.filter(key=request.GET.get("upload_id", ""), account=request.account, draft=None).first()
    if upload is None or upload.expires_at < now():
        not_found()
    if upload.answer is not None:
        return JsonResponse(upload.answer)
    span = RANGE.fullmatch(request.headers.get("Content-Range", ""))
    total = int(span[3]) if span and span[3] != "*" else upload.size
    if span and span[1] is None and total != upload.received:
        return _incomplete(upload)  # the client asks how far it came
    start = int(span[1]) if span and span[1] else 0
    if start != upload.received:
        return _incomplete(upload)
    if upload.received + len(request.body) > MOST_BYTES:
        _too_large()
    upload.append(request.body)
    if span and (total is None or upload.received < total):
        return _incomplete(upload)
    upload.answer = deliver(upload.account, upload.take(), upload.details.get("threadId"))
    upload.save(update_fields=["answer"])
    return JsonResponse(upload.answer)


def _incomplete(upload: Upload) -> HttpResponse:
    response = HttpResponse(status=308)
    if upload.received:
        response["Range"] = f"bytes=0-{upload.received - 1}"
    return response


def upload_or_resume(request: Any, user: str = "me") -> HttpResponse:
    """One address serves both: POST opens or sends, PUT goes on."""
    return resume(request) if request.method == "PUT" else upload(request, user=user)
