"""Who may call a Gmail route: token, mailbox, scope, in the order Google asks."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from mailbox.simulator.calls import bearer
from mailbox.simulator.clock import now
from mailbox.simulator.google.errors import refuse
from mailbox.simulator.models import Account, Token
from mailbox.simulator.oauth.scopes import GOOGLE

FULL = "https://mail.google.com/"
READ = ("gmail.readonly", "gmail.modify")
READ_HEADERS = (*READ, "gmail.metadata")
SEND = ("gmail.send", "gmail.compose", "gmail.modify")
LABELS = (*READ_HEADERS, "gmail.labels")
MODIFY = ("gmail.modify",)


class GmailRequest(HttpRequest):
    """A call whose token was checked."""

    token: Token
    account: Account


def gmail(*scopes: str, methods: tuple[str, ...] = ("GET",)) -> Callable[..., Callable[..., HttpResponse]]:
    """Let a call pass that has a live token of this mailbox with one of these scopes."""
    accepted = {FULL, *(GOOGLE + scope for scope in scopes)}

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def guarded(request: Any, user: str = "me", **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                refuse(404, "notFound", "Not Found")
            admit(request)
            if user not in ("me", request.account.address):
                refuse(403, "forbidden", f"Delegation denied for {request.account.address}")
            if not accepted & set(request.token.scopes):
                refuse(403, "insufficientPermissions", "Request had insufficient authentication scopes.")
            if request.account.is_disabled:
                refuse(400, "failedPrecondition", "Mail service not enabled")
            return view(request, **kwargs)

        return guarded

    return wrap


def admit(request: Any) -> None:
    """Set the account of a live Google token, or refuse with 401."""
    token = request.token
    if not bearer(request):
        refuse(401, "required", "Login Required.")
    if (
        token is None
        or token.grant.account.provider != Account.Provider.GOOGLE
        or token.grant.revoked_at
        or token.expires_at < now()
    ):
        refuse(401, "authError", "Invalid Credentials")
    request.account = token.grant.account
