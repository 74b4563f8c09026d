"""The way of every call to a simulated provider: fault, limits, the view, the log."""

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from mailbox.simulator.clock import now
from mailbox.simulator.limits import Busy, place
from mailbox.simulator.models import AuthorizationCode, Call, Fault, Token

PROVIDER_ROUTES = ("google.", "gmail.", "microsoft.", "graph.")
DROP = "X-Simulator-Drop"


class Refused(Exception):
    """A call that ends with this answer of the provider."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(response.status_code)
        self.response = response


def is_provider_route(route: str | None) -> bool:
    """Whether a URL name belongs to a provider rather than to a page or the control API."""
    return bool(route) and str(route).startswith(PROVIDER_ROUTES)


def bearer(request: HttpRequest) -> str:
    """The bearer token of a call, or nothing."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if kind.lower() == "bearer" else ""


def identify(request: HttpRequest) -> Token | None:
    """The access token a call carries, whether it is still good or not."""
    value = bearer(request)
    tokens = Token.objects.select_related("grant__account")
    return tokens.filter(value=value, kind=Token.Kind.ACCESS).first() if value else None


def _address(request: HttpRequest, token: Token | None) -> str:
    if token:
        return token.grant.account.address
    if request.method == "POST" and request.content_type == "application/x-www-form-urlencoded":
        value = request.POST.get("refresh_token") or request.POST.get("token") or ""
        found = Token.objects.filter(value=value).select_related("grant__account").first() if value else None
        if not found and request.POST.get("code"):
            codes = AuthorizationCode.objects.filter(code=request.POST["code"])
            found = codes.select_related("grant__account").first()
        return found.grant.account.address if found else ""
    return ""


def perform(request: Any, view: Callable[..., HttpResponse], args: tuple, kwargs: dict, route: str) -> HttpResponse:
    """Answer one call as the provider would, and write it into the log."""
    request.token = identify(request)
    address = _address(request, request.token)
    fault = Fault.take(route, address)
    if fault and fault.delay_seconds:
        time.sleep(fault.delay_seconds)
    trouble = fault if fault and (fault.drop or fault.status) else None
    if trouble and not trouble.work_first:
        response = broken(trouble)
    else:
        try:
            with place(address if request.token else "", route):
                response = view(request, *args, **kwargs)
        except Busy as busy:
            response = busy.response(route)
        except Refused as refused:
            response = refused.response
        if trouble:
            response = broken(trouble)
    Call.objects.create(
        at=now(), route=route, method=request.method, path=request.path, account=address,
        status=0 if DROP in response else response.status_code, fault=bool(trouble),
    )  # fmt: skip
    return response


def broken(fault: Fault) -> HttpResponse:
    """The answer a fault gives: its status and body, or none at all."""
    status = fault.status or 503
    if fault.text:
        response = HttpResponse(fault.text, status=status, content_type="text/html")
    else:
        response = JsonResponse(fault.body if fault.body is not None else {}, status=status, safe=False)
    for name, value in fault.headers.items():
        response[name] = str(value)
    if fault.drop:
        response[DROP] = "1"
    return response
