"""Errors in the shapes of Microsoft Graph and of the identity platform."""

from typing import NoReturn
from uuid import uuid4

from django.http import JsonResponse

from mailbox.simulator.calls import Refused
from mailbox.simulator.clock import now

CODES = {  # what each numbered error means to a client
    50011: ("invalid_request", "The reply address does not match the ones registered for the application."),
    50057: ("invalid_grant", "The user account is disabled."),
    50076: ("interaction_required", "You must use multi-factor authentication to go on."),
    50173: ("invalid_grant", "The provided grant has expired due to it being revoked. A fresh sign-in is needed."),
    53003: ("interaction_required", "Access has been blocked by Conditional Access policies."),
    54005: ("invalid_grant", "The authorization code was already redeemed."),
    65001: ("consent_required", "The user or administrator has not consented to use the application."),
    70000: ("invalid_grant", "The provided value for the grant is not valid."),
    70008: ("invalid_grant", "The provided code or refresh token has expired or was revoked."),
    70011: ("invalid_scope", "The provided value for the scope is not valid."),
    700082: ("invalid_grant", "The refresh token has expired due to inactivity."),
    501481: ("invalid_grant", "The Code_Verifier does not match the code_challenge of the authorization request."),
    500112: ("invalid_client", "The reply address does not match the one of the authorization request."),
    7000215: ("invalid_client", "Invalid client secret provided."),
    7000222: ("invalid_client", "The provided client secret keys are expired."),
    900144: ("invalid_request", "The request body must contain the needed parameters."),
    70003: ("unsupported_grant_type", "The app requested an unsupported grant type."),
}


def graph_error(status: int, code: str, message: str) -> JsonResponse:
    """An error answer of Graph."""
    inner = {
        "date": now().strftime("%Y-%m-%dT%H:%M:%S"),
        "request-id": str(uuid4()),
        "client-request-id": str(uuid4()),
    }
    response = JsonResponse({"error": {"code": code, "message": message, "innerError": inner}}, status=status)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="", error="invalid_token"'
    return response


def refuse(status: int, code: str, message: str) -> NoReturn:
    """End the call with an error of Graph."""
    raise Refused(graph_error(status, code, message))


def not_found() -> NoReturn:
    """End the call: there is no such item."""
    refuse(404, "ErrorItemNotFound", "The specified object was not found in the store.")


def identity_error(number: int) -> JsonResponse:
    """An error answer of the token endpoint, with its number."""
    error, sentence = CODES[number]
    trace, correlation, moment = str(uuid4()), str(uuid4()), now().strftime("%Y-%m-%d %H:%M:%SZ")
    text = f"AADSTS{number}: {sentence} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {moment}"
    body = {
        "error": error,
        "error_description": text,
        "error_codes": [number],
        "timestamp": moment,
        "trace_id": trace,
        "correlation_id": correlation,
    }
    if number in (50076, 53003):
        body["suberror"] = "basic_action" if number == 50076 else "message_only"
    return JsonResponse(body, status=401 if error == "invalid_client" else 400)
