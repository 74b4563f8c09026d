"""Gmail: up to a hundred calls in one multipart body, each with its own answer."""

import re
from email import message_from_bytes, policy
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from mailbox.simulator.calls import is_provider_route, perform
from mailbox.simulator.google.errors import google_error, refuse
from mailbox.simulator.inner_calls import part_request

MOST_CALLS = 100
REQUEST_LINE = re.compile(rb"\s*(GET|POST|PUT|PATCH|DELETE) (\S+)(?: HTTP/[\d.]+)?\r?\n")


def batch(request: HttpRequest) -> HttpResponse:
    """Answer every part by itself; more than a hundred is refused whole."""
    body = message_from_bytes(
        b"Content-Type: " + request.headers.get("Content-Type", "").encode() + b"\r\n\r\n" + request.body,
        policy=policy.compat32,
    )
    parts: Any = body.get_payload() if body.is_multipart() else []
    if not parts:
        refuse(400, "badRequest", "Failed to parse batch request, error: no parts.")
    if len(parts) > MOST_CALLS:
        refuse(
            400,
            "badRequest",
            f"The batch request contains {len(parts)} calls, which exceeds the limit of {MOST_CALLS}.",
        )
    mark = f"batch_{uuid4().hex}"
    answers = [_answer(request, part) for part in parts]
    joined = b"".join(b"--" + mark.encode() + b"\r\n" + answer + b"\r\n" for answer in answers)
    return HttpResponse(joined + b"--" + mark.encode() + b"--\r\n", content_type=f"multipart/mixed; boundary={mark}")


def _answer(request: HttpRequest, part: Any) -> bytes:
    inner = part.get_payload(decode=True) or b""
    response = _call(request, inner)
    lines = [f"HTTP/1.1 {response.status_code} {response.reason_phrase}"]
    lines += [f"{name}: {value}" for name, value in response.items()] + [f"Content-Length: {len(response.content)}"]
    content_id = str(part.get("Content-ID", "")).strip().strip("<>")
    head = f"Content-Type: application/http\r\nContent-ID: <response-{content_id}>\r\n\r\n"
    return (head + "\r\n".join(lines) + "\r\n\r\n").encode() + response.content


def _call(request: HttpRequest, inner: bytes) -> HttpResponse:
    line = REQUEST_LINE.match(inner)
    if not line:
        return google_error(400, "badRequest", "Failed to parse batch request part.")
    block, _, content = inner[line.end() :].replace(b"\r\n", b"\n").partition(b"\n\n")
    if inner[line.end() :].startswith((b"\r\n", b"\n")):
        block, content = b"", inner[line.end() :].lstrip(b"\r\n")
    call = part_request(request, line[1].decode(), line[2].decode(), block, content)
    try:
        match = resolve(call.path)
    except Resolver404:
        return google_error(404, "notFound", "Not Found")
    if not is_provider_route(match.url_name) or "batch" in str(match.url_name):
        return google_error(404, "notFound", "Not Found")
    return perform(call, match.func, match.args, match.kwargs, str(match.url_name))
