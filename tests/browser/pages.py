"""A person at the desk: signing in by the pages, and the list of pages worth a picture and a look for accessibility."""

import base64
import hashlib
import hmac
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
WORLD = Path(__file__).parents[2] / "deskhero" / "sample" / "world.toml"
WIDE, PHONE = ViewportSize(width=1366, height=900), ViewportSize(width=390, height=844)


@dataclass(frozen=True)
class SignIn:
    """Who signs in, and where the desk is."""

    email: str
    password: str
    totp: str = ""
    slug: str = ""


def sample_sign_in() -> SignIn:
    """Return the owner of the first sample organization."""
    world = tomllib.loads(WORLD.read_text())
    organization = world["organization"][0]
    owner = next(person for person in organization["person"] if person["role"] == "owner")
    return SignIn(owner["email"], world["password"], owner.get("totp", ""), organization["slug"])


def launch(playwright: Any) -> Browser:
    """Start Debian's Chromium."""
    path = next((name for name in CHROMIUM if Path(name).exists()), None)
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


def totp_code(secret: str) -> str:
    """Return the six figures an authenticator app shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, int(time.time() // 30).to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def sign_in(page: Page, url: str, who: SignIn) -> None:
    """Sign in by the pages, second step included."""
    page.goto(f"{url}/account/login/")
    page.fill("[name=login]", who.email)
    page.fill("[name=password]", who.password)
    page.click("main [type=submit]")
    page.wait_for_load_state()
    for _ in range(2):  # a code works once: where somebody has just used it, the next one is waited for
        if not (page.locator("[name=code]").count() and who.totp):
            return
        page.fill("[name=code]", totp_code(who.totp))
        page.click("main form:has([name=code]) [type=submit]")
        page.wait_for_load_state()
        if page.locator("[name=code]").count():
            page.wait_for_timeout((30 - time.time() % 30) * 1000 + 200)


def it_is_me(page: Page, who: SignIn) -> None:
    """Give the password once more where the desk asks whether it is them: who signed in long ago is asked again."""
    if "/account/reauthenticate/" in page.url:
        page.fill("[name=password]", who.password)
        page.click("main form:has([name=password]) [type=submit]")
        page.wait_for_load_state()


def ticket_path(page: Page, url: str, slug: str) -> str:
    """Return the path of a ticket that says much: the longest of the first page, with a file where there is one."""
    page.goto(f"{url}/{slug}/")
    rows = page.locator("[data-row]")

    def weight(row: Any) -> int:
        count = row.locator(".who .n")
        return (int(count.inner_text()) if count.count() else 1) * 2 + row.locator(".clip-mark").count()

    best = max((rows.nth(n) for n in range(rows.count())), key=weight)
    return str(best.locator(".what").get_attribute("href")).partition("#")[0]


def row_of(page: Page, subject: str) -> Locator:
    """Return the row of a ticket in the list that is open, paging on to older ones until it is there."""
    expect(page.locator("[data-row]").first).to_be_visible()
    row = page.locator("[data-row]").filter(has_text=subject)
    older = page.get_by_role("link", name="Older tickets")
    while not row.count() and older.count():
        first = str(page.locator("[data-row]").first.get_attribute("id"))
        older.first.click()
        expect(page.locator(f"#{first}")).to_have_count(0)
    return row.first


def original_path(page: Page, url: str, ticket: str) -> str:
    """Return the path of the original of the newest mail in a ticket."""
    page.goto(url + ticket)
    return str(page.locator("a[href*='/source/']").last.get_attribute("href"))


def public_pages() -> dict[str, str]:
    """Return the pages anybody may open, by name."""
    return {
        "sign-in": "/account/login/",
        "sign-up": "/account/signup/",
        "reset": "/account/password/reset/",
        "reset-sent": "/account/password/reset/done/",
        "reset-dead": "/account/password/reset/key/1-x/",
        "invitation-dead": "/invitation/nothing/",
        "privacy-request": "/privacy/requests/alinge/",
        "privacy-package-gone": "/privacy/requests/alinge/package/nothing/",
        "missing": "/nothing/here/",
    }


def desk_pages(slug: str, ticket: str, original: str) -> dict[str, str]:
    """Return the pages of a signed-in admin, by name."""
    return {
        "original": original,
        "set-aside": f"/{slug}/quarantine/",
        "set-aside-kept": f"/{slug}/quarantine/?show=kept",
        "queue": f"/{slug}/",
        "queue-mine": f"/{slug}/?view=mine",
        "queue-closed": f"/{slug}/?view=closed",
        "queue-narrowed": f"/{slug}/?view=open&assignee=nobody&sort=priority",
        "save-view": f"/{slug}/views/?view=open&assignee=nobody&sort=priority",
        "search": f"/{slug}/search/",
        "similar": f"{ticket.partition('?')[0]}similar/",
        "ticket": ticket,
        "forward": original.replace("/source/", "/forward/"),
        "new-mail": f"/{slug}/new/",
        "canned": f"/{slug}/canned/",
        "ticket-note": f"{ticket.partition('?')[0]}?write=note",
        "ticket-merge": f"{ticket.partition('?')[0]}merge/",
        "ticket-move": f"{ticket.partition('?')[0]}move/",
        "ticket-print": f"{ticket.partition('?')[0]}print/?notes=on&history=on",
        "ticket-fields": f"/{slug}/fields/",
        "mailboxes": f"/{slug}/mailboxes/",
        "privacy": f"/{slug}/settings/privacy/",
        "certificates": f"/{slug}/settings/privacy/certificates/",
        "export": f"/{slug}/settings/privacy/exports/",
        "close-account": f"/{slug}/settings/privacy/close/",
        "connect": f"/{slug}/mailboxes/connect/",
        "connect-google": f"/{slug}/mailboxes/connect/?provider=google",
        "connect-microsoft": f"/{slug}/mailboxes/connect/?provider=microsoft",
        "contacts": f"/{slug}/contacts/",
        "contact-new": f"/{slug}/contacts/new/",
        "contacts-import": f"/{slug}/contacts/import/",
        "companies": f"/{slug}/companies/",
        "company-new": f"/{slug}/companies/new/",
        "settings": f"/{slug}/settings/",
        "requests": f"/{slug}/settings/privacy/requests/",
        "request-new": f"/{slug}/settings/privacy/requests/new/",
        "your-data": "/account/your-data/",
        "settings-none": f"/{slug}/settings/?q=xyzzy",
        "hours": f"/{slug}/hours/",
        "go": f"/{slug}/go/",
        "first-steps": f"/{slug}/first-steps/",
        "people": f"/{slug}/people/",
        "organization": f"/{slug}/organization/",
        "access-log": f"/{slug}/settings/privacy/access/",
        "grants": f"/{slug}/settings/privacy/grants/",
        "notifications": f"/{slug}/notifications/",
        "notification-choices": f"/{slug}/notifications/choices/",
        "holds": f"/{slug}/settings/privacy/holds/",
        "place-hold": f"/{slug}/settings/privacy/holds/place/",
        "retention": f"/{slug}/settings/privacy/retention/",
        "retention-rule": f"/{slug}/settings/privacy/retention/closed/",
        "profile": "/account/profile/",
        "email": "/account/email/",
        "password": "/account/password/change/",
        "second-step": "/account/second-step/",
        "sessions": "/account/sessions/",
        "desks": "/account/desks/",
        "go-account": "/account/go/",
    }
