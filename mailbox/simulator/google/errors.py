"""Errors in the shape of Google's APIs."""

from typing import NoReturn

from django.http import JsonResponse

from mailbox.simulator.calls import Refused

STATES = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
    413: "INVALID_ARGUMENT", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE",
}  # fmt: skip


def google_error(status: int, reason: str, message: str, *, state: str = "", domain: str = "global") -> JsonResponse:
    """An error answer of the Gmail API."""
    error = {
        "code": status,
        "message": message,
        "errors": [{"message": message, "domain": domain, "reason": reason}],
        "status": state or STATES.get(status, "UNKNOWN"),
    }
    response = JsonResponse({"error": error}, status=status)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    return response


def refuse(status: int, reason: str, message: str) -> NoReturn:
    """End the call with an error."""
    raise Refused(google_error(status, reason, message))


def not_found() -> NoReturn:
    """End the call: there is no such thing."""
    refuse(404, "notFound", "Requested entity was not found.")
