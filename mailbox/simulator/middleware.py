"""What stands before every page and call of the simulator."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

from mailbox.simulator.calls import is_provider_route, perform

Answer = Callable[[HttpRequest], HttpResponse]


class LoopbackOnly:
    """Refuse whoever is not on this machine, and pages of other sites that post through its browser."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer loopback, refuse the rest."""
        if request.META.get("REMOTE_ADDR", "") not in ("127.0.0.1", "::1", ""):
            return HttpResponseForbidden("The simulator answers this machine only.", content_type="text/plain")
        request.get_host()  # a foreign name that points at loopback is refused with 400
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
            return HttpResponseForbidden("Another site may not post here.", content_type="text/plain")
        return self.get_response(request)


class ContentSecurity:
    """Pages run no script but our files and load nothing from elsewhere; consent may send people back."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        # Chromium applies form-action to the redirect after a form too.
        back = " ".join(sorted({"/".join(uri.split("/")[:3]) for uri in settings.REDIRECT_URIS}))
        self.policy = (
            "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; script-src 'self'; "
            f"connect-src 'self'; form-action 'self' {back}; base-uri 'none'; frame-ancestors 'self'"
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the policy to pages that brought none."""
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html") and "Content-Security-Policy" not in response:
            response["Content-Security-Policy"] = self.policy
        response.setdefault("X-Content-Type-Options", "nosniff")
        return response


def plain_keys(path: str) -> str:
    """An OData path with its keys as segments: mailFolders('inbox') becomes mailFolders/inbox."""
    return re.sub(r"\('([^']*)'\)", r"/\1", path)


class ProviderCalls:
    """Send calls to a provider through faults, limits and log."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Make one form of OData's two key forms and pass on; the work is in process_view."""
        if request.path_info.startswith("/graph/"):
            request.path_info = plain_keys(request.path_info)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Answer, args: tuple, kwargs: dict) -> HttpResponse | None:
        """Answer provider routes here, leave pages and the control API alone."""
        route = request.resolver_match.url_name if request.resolver_match else None
        return perform(request, view, args, kwargs, str(route)) if is_provider_route(route) else None
