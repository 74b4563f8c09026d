"""What production refuses to start with. Every fault is named at once, so that one try tells the operator all."""

import base64
import binascii
import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

PROVIDER_ADDRESSES = (
    "GOOGLE_AUTH_URI",
    "GOOGLE_TOKEN_URI",
    "GOOGLE_REVOKE_URI",
    "GMAIL_API_ROOT",
    "MICROSOFT_AUTHORITY",
    "GRAPH_API_ROOT",
)
TLS_MODES = {"require", "verify-ca", "verify-full"}


def refuse_unsafe(settings: Mapping[str, Any]) -> None:
    """Raise ImproperlyConfigured with every fault if these are production settings that would break a promise."""
    environment = settings.get("ENVIRONMENT", "development")
    if environment not in {"development", "production"}:
        raise ImproperlyConfigured(f"DESKHERO_ENV must be development or production, not {environment!r}.")
    if not settings["PRODUCTION"]:
        return
    faults = [
        *_secrets(settings),
        *_switches(settings),
        *_addresses(settings),
        *_databases(settings),
        *_redis(settings),
        *_scanner(settings),
        *_operator(settings),
    ]
    if faults:
        raise ImproperlyConfigured(f"Deskhero does not start in production: {'; '.join(faults)}.")


def _operator(settings: Mapping[str, Any]) -> Iterator[str]:
    slug = settings.get("OPERATOR_ORGANIZATION", "")
    if slug and not re.fullmatch(r"[a-z0-9-]+", slug):
        yield "OPERATOR_ORGANIZATION is no address of an organization"


def _secrets(settings: Mapping[str, Any]) -> Iterator[str]:
    if not settings["ROOT_KEY"]:
        yield "DESKHERO_ROOT_KEY is missing"
    elif not _is_key(settings["ROOT_KEY"]):
        yield "DESKHERO_ROOT_KEY must be 32 bytes in base64"
    if settings.get("ROOT_KEY_PREVIOUS") and not _is_key(settings["ROOT_KEY_PREVIOUS"]):
        yield "DESKHERO_ROOT_KEY_PREVIOUS must be 32 bytes in base64"
    if settings["SECRET_KEY"] == settings["DEFAULT_SECRET_KEY"]:
        yield "DESKHERO_SECRET_KEY is the default"
    elif len(settings["SECRET_KEY"]) < 32:
        yield "DESKHERO_SECRET_KEY is shorter than 32 characters"


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text.strip(), validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def _switches(settings: Mapping[str, Any]) -> Iterator[str]:
    if settings["DEBUG"]:
        yield "DESKHERO_DEBUG is on"
    if settings.get("TEST_CLOCK"):
        yield "DESKHERO_TEST_CLOCK is for tests"


def _addresses(settings: Mapping[str, Any]) -> Iterator[str]:
    own = urlsplit(settings["URL"])
    if own.scheme != "https":
        yield "DESKHERO_URL must begin with https://"
    hosts = settings["ALLOWED_HOSTS"]
    if "*" in hosts:
        yield "DESKHERO_HOSTS must name its hosts, not *"
    elif not validate_host(own.hostname or "", hosts):
        yield "DESKHERO_HOSTS does not hold the host of DESKHERO_URL"
    for name in PROVIDER_ADDRESSES:
        if urlsplit(settings[name]).scheme != "https":
            yield f"{name} must begin with https://"
    if not _is_loopback(settings["EMAIL_HOST"]) and not settings["EMAIL_USE_TLS"]:
        yield "EMAIL_HOST is reached without TLS: set EMAIL_TLS=1"


def _databases(settings: Mapping[str, Any]) -> Iterator[str]:
    for alias, name in (("default", "DATABASE_URL"), ("vault", "VAULT_URL")):
        database = settings["DATABASES"][alias]
        options = database.get("OPTIONS", {})
        hosts = [*(database.get("HOST") or "").split(","), *(options.get("hostaddr") or "").split(",")]
        if not all(_is_loopback(host) for host in hosts) and options.get("sslmode") not in TLS_MODES:
            yield f"{name} is reached without TLS: add ?sslmode=verify-full"


def _redis(settings: Mapping[str, Any]) -> Iterator[str]:
    url = urlsplit(settings["REDIS_URL"])
    if _is_loopback(url.hostname or ""):
        return
    if url.scheme != "rediss":
        yield "REDIS_URL is reached without TLS: it must begin with rediss://"
    elif parse_qs(url.query).get("ssl_cert_reqs", ["required"])[-1].lower() not in {"required", "cert_required"}:
        yield "REDIS_URL must check the certificate: ssl_cert_reqs=required"


def _scanner(settings: Mapping[str, Any]) -> Iterator[str]:
    """Its protocol knows no TLS, so files go to it by a socket or within this machine, or not at all."""
    url = urlsplit(settings.get("CLAMD_URL") or "")
    if not url.scheme:
        if settings.get("CLAMD_REQUIRED"):
            yield "CLAMD_REQUIRED is set and CLAMD_URL is not"
    elif url.scheme not in {"unix", "tcp"}:
        yield "CLAMD_URL must begin with unix:// or tcp://"
    elif url.scheme == "tcp" and not (url.hostname and _is_loopback(url.hostname)):
        yield "CLAMD_URL leaves this machine, and its protocol knows no TLS: use unix:// or tcp://127.0.0.1"


def _is_loopback(host: str) -> bool:
    """Tell whether a host never leaves this machine; an empty one or a folder is a unix socket."""
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
