"""Bodies of calls, read with care."""

import json
from typing import Any

from django.http import HttpRequest, JsonResponse

from mailbox.simulator.calls import Refused


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a call; an empty body is an empty object."""
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        message = "Invalid JSON payload received."
        raise Refused(
            JsonResponse({"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}, status=400)
        )
    return body
