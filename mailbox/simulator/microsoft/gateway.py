"""Who may call a Graph route: token, mailbox, scope."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from mailbox.simulator.calls import bearer
from mailbox.simulator.clock import now
from mailbox.simulator.microsoft.errors import refuse
from mailbox.simulator.models import Account, Token

READ = ("Mail.Read", "Mail.ReadWrite")
WRITE = ("Mail.ReadWrite",)
SEND = ("Mail.Send",)
WHO = ("User.Read",)
MOST_BYTES = 4 * 1024 * 1024


class GraphRequest(HttpRequest):
    """A call whose token was checked."""

    token: Token
    account: Account


def graph(**scopes_by_method: tuple[str, ...]) -> Callable[..., Callable[..., HttpResponse]]:
    """Let a call pass that has a live token with a scope for its method: graph(GET=READ, POST=WRITE)."""

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def guarded(request: Any, user: str = "", **kwargs: Any) -> HttpResponse:
            admit(request)
            scopes = scopes_by_method.get(request.method)
            if scopes is None:
                refuse(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
            allowed = set(request.token.scopes)
            if not allowed & {*scopes, *(f"{scope}.Shared" for scope in scopes if user)}:
                refuse(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
            if user and user.lower() not in (request.account.address, str(request.account.subject)):
                _open_shared(request, user, scopes)
            if request.account.is_disabled:
                refuse(
                    404, "MailboxNotEnabledForRESTAPI", "The mailbox is either inactive, soft-deleted, or on-premise."
                )
            if len(request.body) > MOST_BYTES:
                refuse(413, "ErrorMessageSizeExceeded", "The request is larger than 4 MB.")
            return view(request, **kwargs)

        return guarded

    return wrap


def _open_shared(request: Any, user: str, scopes: tuple[str, ...]) -> None:
    """Another's mailbox opens when its send_as list names the caller and the token has a .Shared scope."""
    other = Account.objects.filter(provider=Account.Provider.MICROSOFT, address=user.lower()).first()
    shared = other is not None and request.account.address in [entry.lower() for entry in other.send_as]
    if not shared or not set(request.token.scopes) & {f"{scope}.Shared" for scope in scopes}:
        refuse(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
    request.account = other


def admit(request: Any) -> None:
    """Set the account of a live Microsoft token, or refuse with 401."""
    token = request.token
    if not bearer(request):
        refuse(401, "InvalidAuthenticationToken", "Access token is empty.")
    if token is None or token.grant.account.provider != Account.Provider.MICROSOFT or token.grant.revoked_at:
        refuse(401, "InvalidAuthenticationToken", "Access token validation failure.")
    if token.expires_at < now():
        refuse(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
    request.account = token.grant.account
