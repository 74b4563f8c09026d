"""What production refuses, and that a sound production starts."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from deskhero.production import refuse_unsafe

HOME = Path(__file__).resolve().parent.parent.parent
SOUND = {
    "DESKHERO_ENV": "production",
    "DESKHERO_URL": "https://desk.example",
    "DESKHERO_HOSTS": "desk.example",
    "DESKHERO_SECRET_KEY": "x" * 50,
    "DESKHERO_ROOT_KEY": base64.b64encode(bytes(32)).decode(),
    "DATABASE_URL": "postgres://deskhero:pw@postgres/deskhero?sslmode=verify-full",
    "VAULT_URL": "postgres://deskhero:pw@vault/deskhero_vault?sslmode=verify-full",
    "REDIS_URL": "rediss://:pw@redis:6379/0?ssl_cert_reqs=required",
    "EMAIL_HOST": "smtp.example",
}


def start(**changes: str) -> "subprocess.CompletedProcess[str]":
    """Load the product's settings in a process of its own, as production would."""
    environment = {"PATH": os.environ["PATH"]} | {name: value for name, value in (SOUND | changes).items() if value}
    command = [sys.executable, "-c", "import deskhero.settings"]
    return subprocess.run(command, cwd=HOME, env=environment, capture_output=True, text=True, check=False)


def test_a_sound_production_starts() -> None:
    done = start()

    assert done.returncode == 0, done.stderr


def test_every_fault_is_named_in_one_sentence() -> None:
    done = start(DESKHERO_ROOT_KEY="", DESKHERO_SECRET_KEY="", DESKHERO_DEBUG="1", REDIS_URL="redis://redis/0")

    assert done.returncode != 0
    sentence = done.stderr.strip().splitlines()[-1]
    for words in ("DESKHERO_ROOT_KEY is missing", "DESKHERO_SECRET_KEY is the default", "DESKHERO_DEBUG", "REDIS_URL"):
        assert words in sentence


def settings(**changes: object) -> dict[str, object]:
    """Sound production settings with something changed."""
    database = {"HOST": "postgres", "OPTIONS": {"sslmode": "verify-full"}}
    base: dict[str, object] = {
        "ENVIRONMENT": "production",
        "PRODUCTION": True,
        "DEBUG": False,
        "TEST_CLOCK": False,
        "DEFAULT_SECRET_KEY": "default",
        "SECRET_KEY": "x" * 50,
        "ROOT_KEY": base64.b64encode(bytes(32)).decode(),
        "ROOT_KEY_PREVIOUS": "",
        "URL": "https://desk.example",
        "ALLOWED_HOSTS": ["desk.example"],
        "DATABASES": {"default": database, "vault": database},
        "REDIS_URL": "rediss://redis:6379/0?ssl_cert_reqs=required",
        "GOOGLE_AUTH_URI": "https://provider.example",
        "GOOGLE_TOKEN_URI": "https://provider.example",
        "GOOGLE_REVOKE_URI": "https://provider.example",
        "GMAIL_API_ROOT": "https://provider.example",
        "MICROSOFT_AUTHORITY": "https://provider.example",
        "GRAPH_API_ROOT": "https://provider.example",
        "EMAIL_HOST": "smtp.example",
        "EMAIL_USE_TLS": True,
    }
    return base | changes


def database(host: str, sslmode: str | None) -> dict[str, object]:
    one = {"HOST": host, "OPTIONS": {"sslmode": sslmode} if sslmode else {}}
    return {"default": one, "vault": one}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ROOT_KEY": ""}, "DESKHERO_ROOT_KEY is missing"),
        ({"ROOT_KEY": base64.b64encode(bytes(31)).decode()}, "DESKHERO_ROOT_KEY must be 32 bytes"),
        ({"ROOT_KEY": "no base64 at all!"}, "DESKHERO_ROOT_KEY must be 32 bytes"),
        ({"ROOT_KEY_PREVIOUS": "AAAA"}, "DESKHERO_ROOT_KEY_PREVIOUS must be 32 bytes"),
        ({"SECRET_KEY": "default"}, "DESKHERO_SECRET_KEY is the default"),
        ({"SECRET_KEY": "short"}, "shorter than 32"),
        ({"DEBUG": True}, "DESKHERO_DEBUG is on"),
        ({"TEST_CLOCK": True}, "DESKHERO_TEST_CLOCK"),
        ({"URL": "http://desk.example"}, "DESKHERO_URL must begin with https"),
        ({"ALLOWED_HOSTS": ["*"]}, "DESKHERO_HOSTS must name"),
        ({"ALLOWED_HOSTS": ["other.example"]}, "DESKHERO_HOSTS does not hold"),
        ({"GRAPH_API_ROOT": "http://127.0.0.1:5000"}, "GRAPH_API_ROOT must begin with https"),
        ({"GOOGLE_TOKEN_URI": "http://provider.example"}, "GOOGLE_TOKEN_URI must begin with https"),
        ({"EMAIL_USE_TLS": False}, "EMAIL_HOST is reached without TLS"),
        ({"DATABASES": database("postgres", None)}, "VAULT_URL is reached without TLS"),
        ({"DATABASES": database("postgres", "disable")}, "DATABASE_URL is reached without TLS"),
        ({"DATABASES": database("postgres", "prefer")}, "DATABASE_URL is reached without TLS"),
        ({"DATABASES": database("127.0.0.1,postgres", None)}, "DATABASE_URL is reached without TLS"),
        ({"REDIS_URL": "redis://redis:6379/0"}, "REDIS_URL is reached without TLS"),
        ({"REDIS_URL": "rediss://redis:6379/0?ssl_cert_reqs=none"}, "REDIS_URL must check the certificate"),
        ({"CLAMD_URL": "tcp://clamd:3310"}, "CLAMD_URL leaves this machine"),
        ({"CLAMD_URL": "tcp://"}, "CLAMD_URL leaves this machine"),
        ({"CLAMD_URL": "http://127.0.0.1"}, "CLAMD_URL must begin with"),
        ({"CLAMD_REQUIRED": True}, "CLAMD_REQUIRED is set and CLAMD_URL is not"),
    ],
)
def test_an_unsafe_setting_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="does not start in production") as refusal:
        refuse_unsafe(settings(**changes))
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"DATABASES": database("127.0.0.1", None), "REDIS_URL": "redis://127.0.0.1:6379/0"},
        {"DATABASES": database("/run/postgresql", "disable"), "REDIS_URL": "redis://[::1]:6379/0"},
        {"DATABASES": database("postgres", "require")},
        {"ALLOWED_HOSTS": [".example"]},
        {"CLAMD_URL": "unix:///run/clamav/clamd.sock", "CLAMD_REQUIRED": True},
        {"CLAMD_URL": "tcp://127.0.0.1:3310"},
        {"EMAIL_HOST": "127.0.0.1", "EMAIL_USE_TLS": False},
    ],
)
def test_what_never_leaves_the_machine_needs_no_tls(changes: dict[str, object]) -> None:
    refuse_unsafe(settings(**changes))


def test_a_laptop_may_do_all_of_it_but_a_mistyped_environment_is_no_laptop() -> None:
    refuse_unsafe(settings(PRODUCTION=False, ENVIRONMENT="development", ROOT_KEY="", DEBUG=True))

    with pytest.raises(ImproperlyConfigured, match="DESKHERO_ENV"):
        refuse_unsafe(settings(PRODUCTION=False, ENVIRONMENT="prod"))
