"""What every answer tells the browser, and which flags its cookies carry."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.http import HttpResponseBase
from django.test import Client

from accounts.tenancy import organization_scope
from tests import factories
from tests.cast import sign_in
from tests.guards import crawl, routes
from tests.guards.world import World

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
ALL = routes.every_route()
PUBLIC = [
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/invitation/no-such-token/",
    "/no/such/page/",
]
OWN = ["/account/desks/", "/account/profile/", "/account/email/", "/account/sessions/", "/account/second-step/"]


def directives(response: HttpResponseBase) -> dict[str, list[str]]:
    words = [part.split() for part in response["Content-Security-Policy"].split(";")]
    return {name: sources for name, *sources in filter(None, words)}


def faults(response: HttpResponseBase) -> list[str]:
    """Return what is missing from the headers of a page."""
    policy = directives(response)
    found = [f"{name} allows {source}" for name, sources in policy.items() for source in sources if "unsafe" in source]
    found += [
        f"{name} allows every host" for name, sources in policy.items() if {"*", "http:", "https:"} & set(sources)
    ]
    if policy.get("default-src") != ["'none'"]:
        found.append("what is not named is not forbidden")
    if not {"sandbox"} & set(policy):  # a sandboxed answer has no origin that a frame or a form could abuse
        found += [f"{name} is missing" for name in ("base-uri", "form-action", "frame-ancestors") if name not in policy]
    if not set(policy.get("frame-ancestors", [])) <= {"'self'", "'none'"}:
        found.append("other sites may frame it")
    if response.headers.get("X-Content-Type-Options") != "nosniff":
        found.append("types are sniffed")
    if response.headers.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
        found.append("addresses travel to other sites")
    if response.headers.get("Cross-Origin-Opener-Policy") != "same-origin":
        found.append("other sites keep a handle on the window")
    return found


@pytest.mark.parametrize("url", PUBLIC)
def test_pages_for_everybody(url: str) -> None:
    assert faults(Client().get(url)) == []


@pytest.mark.parametrize("route", [r for r in ALL if r.access in routes.OF_AN_ORGANIZATION], ids=lambda r: r.name)
def test_pages_of_an_organization(route: routes.Route, two_worlds: tuple[World, World]) -> None:
    for who in (two_worlds[0].owner, two_worlds[1].agent):  # a page, and the 404 of an outsider
        response = crawl.ask(sign_in(Client(), who), "GET", crawl.address(route, two_worlds[0]))
        assert faults(response) == []
        assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("url", OWN)
def test_pages_of_ones_own_account_are_not_stored(url: str) -> None:
    response = sign_in(Client(), factories.make_user(second_step=True)).get(url)
    assert response.status_code == 200
    assert faults(response) == []
    assert "no-store" in response["Cache-Control"]


def test_only_the_frame_of_a_mail_may_be_framed(two_worlds: tuple[World, World]) -> None:
    world = two_worlds[0]
    with organization_scope(world.organization):
        world.message.html = "<p>Good morning</p>"
        world.message.save()
    client = sign_in(Client(), world.agent)
    allowed = {}
    for route in ALL:
        if route.access in routes.OF_AN_ORGANIZATION:
            response = crawl.ask(client, "GET", crawl.address(route, world))
            framed = (response.headers.get("X-Frame-Options"), directives(response).get("frame-ancestors"))
            allowed[route.name] = framed not in [("DENY", None), ("DENY", ["'none'"])]
    assert [name for name, may in allowed.items() if may] == ["tickets:body"]


def test_the_operators_desk(as_staff: Client) -> None:
    response = as_staff.get("/admin/")
    assert response.status_code == 200
    assert faults(response) == []
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("status", [403, 404, 500])
def test_pages_of_errors(status: int, two_worlds: tuple[World, World], monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(Client(raise_request_exception=False), two_worlds[0].agent)
    if status == 500:
        monkeypatch.setattr("tickets.views.queue.render", lambda *_: 1 / 0)
    url = {403: "/acme/people/", 404: "/acme/tickets/999999/", 500: "/acme/"}[status]
    response = client.get(url)
    assert response.status_code == status
    assert faults(response) == []
    assert "no-store" in response["Cache-Control"]


def test_a_page_with_a_loose_policy_is_found(settings: object) -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]  # type: ignore[attr-defined]
    loose = {
        **directives,
        "script-src": ["'self'", "'unsafe-inline'"],
        "frame-ancestors": ["https:"],
        "default-src": ["'self'"],
    }
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": loose}  # type: ignore[attr-defined]
    settings.SECURE_REFERRER_POLICY = "unsafe-url"  # type: ignore[attr-defined]
    assert {
        "script-src allows 'unsafe-inline'",
        "other sites may frame it",
        "what is not named is not forbidden",
        "addresses travel to other sites",
    } <= set(faults(Client().get("/account/login/")))


def test_templates_hold_no_inline_script_or_style() -> None:
    handlers = re.compile(
        r"<[^>{%]*\s(on[a-z]+|style)\s*=|<script(?![^>]*\b(src|nonce|type=\"application/json\"))[^>]*>|javascript:",
        re.IGNORECASE,
    )
    for path in (ROOT / "templates").rglob("*.html"):
        if "email" not in path.parts:
            assert not handlers.search(path.read_text()), path


def test_after_signing_out_the_browser_forgets(two_worlds: tuple[World, World]) -> None:
    client = sign_in(Client(), two_worlds[0].agent)
    assert "Clear-Site-Data" not in client.get("/acme/")
    response = client.post("/account/logout/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert "no-store" in response["Cache-Control"]
    assert client.get("/acme/").status_code == 302


def test_cookies_are_for_this_site_and_not_for_scripts() -> None:
    person = factories.make_user("paula@people.example")
    client = Client()
    client.get("/account/login/")
    client.post("/account/login/", {"login": person.email, "password": factories.PASSWORD})
    assert set(client.cookies) >= {"deskhero_session", "deskhero_csrf"}
    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key
        assert not cookie["domain"], cookie.key


def test_production_adds_what_only_https_can() -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "deskhero.settings",
        "DESKHERO_ENV": "production",
        "DESKHERO_URL": "https://desk.example",
        "DESKHERO_HOSTS": "desk.example",
        "DESKHERO_SECRET_KEY": "k" * 25 + "-3v,)Z7" * 5,
        "DESKHERO_ROOT_KEY": "A" * 43 + "=",
        "DATABASE_URL": "postgres://d:p@db.example/d?sslmode=verify-full",
        "VAULT_URL": "postgres://d:p@db.example/v?sslmode=verify-full",
        "REDIS_URL": "rediss://:p@redis.example/0",
        "EMAIL_HOST": "smtp.example",
        "EMAIL_FROM": "Deskhero <no-reply@desk.example>",
    }
    program = (
        "import django; django.setup()\n"
        "from django.conf import settings as s\n"
        "from django.core.checks import run_checks\n"
        "print([m.id for m in run_checks(include_deployment_checks=True) if m.level >= 30])\n"
        "print(s.SECURE_HSTS_SECONDS >= 31536000, s.SECURE_SSL_REDIRECT, s.DEBUG)\n"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    # W021: the preload list binds the whole domain, which only its owner can decide.
    assert done.stdout.splitlines() == ["['security.W021']", "True True False", "True True"], done.stdout + done.stderr


def test_who_was_not_signed_in_has_nothing_to_forget() -> None:
    assert "Clear-Site-Data" not in Client().post("/account/logout/")
