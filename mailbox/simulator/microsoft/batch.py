"""Graph: up to twenty calls in one JSON body, each with its own status."""

import base64
import binascii
import json
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse, JsonResponse
from django.urls import Resolver404, resolve

from mailbox.simulator.calls import is_provider_route, perform
from mailbox.simulator.inner_calls import part_request
from mailbox.simulator.microsoft.errors import graph_error, refuse
from mailbox.simulator.microsoft.gateway import GraphRequest, admit
from mailbox.simulator.middleware import plain_keys
from mailbox.simulator.request_bodies import json_body

MOST_CALLS = 20


def batch(request: GraphRequest) -> HttpResponse:
    """Answer every part; a part whose dependency failed is 424; more than twenty is refused whole."""
    admit(request)
    parts = json_body(request).get("requests")
    if not isinstance(parts, list) or not parts:
        refuse(400, "BadRequest", "Invalid batch payload format.")
    if len(parts) > MOST_CALLS:
        refuse(
            400, "MaximumBatchSizeExceeded", f"Number of batch request steps exceeds the maximum value of {MOST_CALLS}."
        )
    answers: dict[str, dict[str, Any]] = {}
    for part in parts:
        number = str(part.get("id", ""))
        failed = [need for need in part.get("dependsOn", []) if answers.get(need, {}).get("status", 424) >= 400]
        response = graph_error(424, "FailedDependency", "A needed step failed.") if failed else _call(request, part)
        answers[number] = _shape(number, response)
    return JsonResponse({"responses": list(answers.values())})


def _call(request: GraphRequest, part: dict[str, Any]) -> HttpResponse:
    headers = {str(name): str(text) for name, text in (part.get("headers") or {}).items()}
    kind = next((text for name, text in headers.items() if name.lower() == "content-type"), "application/json")
    body = part.get("body")
    if body is None:
        content = b""
    elif kind.startswith("application/json"):
        content = json.dumps(body).encode()
    else:
        try:
            content = base64.b64decode(str(body))
        except binascii.Error:
            return graph_error(400, "BadRequest", "The body of a step is not base64.")
    lines = "".join(f"{name}: {text}\n" for name, text in headers.items())
    target = "/graph/v1.0/" + str(part.get("url", "")).lstrip("/")
    call = part_request(request, str(part.get("method", "GET")).upper(), target, lines.encode(), content)
    call.path_info = plain_keys(urlsplit(target).path)
    try:
        match = resolve(call.path_info)
    except Resolver404:
        return graph_error(400, "BadRequest", "Resource not found for the segment.")
    if not is_provider_route(match.url_name) or "batch" in str(match.url_name):
        return graph_error(400, "BadRequest", "Resource not found for the segment.")
    return perform(call, match.func, match.args, match.kwargs, str(match.url_name))


def _shape(number: str, response: HttpResponse) -> dict[str, Any]:
    shape: dict[str, Any] = {"id": number, "status": response.status_code, "headers": dict(response.items())}
    if response.content:
        is_json = response.get("Content-Type", "").startswith("application/json")
        shape["body"] = json.loads(response.content) if is_json else base64.b64encode(response.content).decode()
    return shape
