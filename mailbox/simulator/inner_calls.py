"""A call inside a batch, as if it had come alone."""

from email import message_from_bytes
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest


def part_request(outer: HttpRequest, method: str, target: str, block: bytes, content: bytes) -> HttpRequest:
    """A request as if it had come alone; its Authorization falls back to the outer one."""
    call: Any = HttpRequest()
    address = urlsplit(target)
    call.method, call.path, call.path_info = method, address.path, address.path
    call.META = {
        **outer.META,
        "REQUEST_METHOD": method,
        "QUERY_STRING": address.query,
        "CONTENT_LENGTH": str(len(content)),
    }
    call.META["CONTENT_TYPE"] = ""
    for name, value in message_from_bytes(block).items():
        key = name.upper().replace("-", "_")
        call.META[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = str(value)
    call.GET = type(outer.GET)(address.query)
    call.content_type, call._body, call._read_started = call.META["CONTENT_TYPE"].split(";")[0], content, True
    call._get_scheme = lambda: outer.scheme
    return call
