"""What a browser may keep of our pages: nothing of a signed-in person's, and nothing at all after signing out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

# Nothing here needs a camera, a microphone, a place or a payment; foreign HTML in a frame least of all.
_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "microphone",
        "payment",
        "usb",
    )
)


class BrowserPrivacyMiddleware:
    """Mark signed-in pages as not to be stored, and let the browser forget everything at sign-out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Take the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the headers to whatever comes back, errors included."""
        was_signed_in = request.user.is_authenticated
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", _PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if was_signed_in or request.user.is_authenticated:
            if "no-store" not in response.get("Cache-Control", ""):
                response["Cache-Control"] = "private, no-store"
            if not request.user.is_authenticated:
                response["Clear-Site-Data"] = '"cache", "storage"'
        return response
