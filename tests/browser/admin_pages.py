"""The operator's desk in a browser: its staff signs in, puts something on every list, and these are its pages."""

import re
import tomllib

from playwright.sync_api import Page

from tests.browser.pages import WORLD, SignIn

# The lists of Django admin, by name: each has a picture, and so has the page of its first row.
LISTS = {
    "requests": "privacy/datasubjectrequest",
    "jobs": "privacy/deletionjob",
    "approvals": "privacy/approval",
    "certificates": "privacy/certificate",
    "certificate-keys": "privacy/certificatekey",
    "holds": "privacy/legalhold",
    "backups": "privacy/backup",
    "drills": "privacy/drill",
    "access": "accounts/accessevent",
    "alerts": "accounts/accessalert",
    "grants": "accounts/accessgrant",
    "organizations": "accounts/organization",
    "users": "accounts/user",
    "places": "accounts/membership",
    "mailboxes": "mailbox/mailbox",
    "authorizations": "mailbox/mailboxauthorization",
    "mail-in": "mailbox/inboundemail",
    "mail-out": "mailbox/outboundemail",
}
ALONE = {
    "start": "/admin/",
    "request-new": "/admin/privacy/datasubjectrequest/add/",
    "grant-new": "/admin/accounts/accessgrant/add/",
    "ledger": "/admin/privacy/backup/ledger/",
    "access-nothing": "/admin/accounts/accessevent/?q=nothing",
    "history": "/admin/privacy/datasubjectrequest/{request}/history/",
    "refuse": "/admin/privacy/datasubjectrequest/{request}/act/refuse/",
    "earlier": "/admin/privacy/deletionjob/{job}/decide/",
}
CASES = [
    ("access", "Pieter Jansen", "pieter@jansen.example", "Which data of mine do you have, and who received it?", 3),
    ("erasure", "Lotte Visser", "lotte@visser.example", "Please erase my account and all that belongs to it.", 17),
    ("rectification", "Ulla Berg", "ulla@berg.example", "My name is spelled Ulla, not Ula.", 26),
    ("objection", "Jens Holm", "jens@holm.example", "I object to the analysis of how I use the desk.", 33),
]


def staff_sign_in() -> SignIn:
    """Return the member of the operator's staff of the sample."""
    world = tomllib.loads(WORLD.read_text())
    return SignIn(world["staff"]["email"], world["password"], world["staff"]["totp"])


def customer_sign_in() -> SignIn:
    """Return the owner of the second sample organization."""
    world = tomllib.loads(WORLD.read_text())
    organization = world["organization"][1]
    owner = next(person for person in organization["person"] if person["role"] == "owner")
    return SignIn(owner["email"], world["password"], owner["totp"], organization["slug"])


def furnish(page: Page, url: str) -> None:
    """Enter cases of several ages and ask for access, by the pages, where none waits yet."""
    page.goto(f"{url}/admin/privacy/datasubjectrequest/?queue__exact=operator&closed_at__isempty=1")
    if page.locator("#result_list").count() == 0:
        for right, name, address, said, days in CASES:
            enter_case(page, url, right, name, address, said, days)
    page.goto(f"{url}/admin/accounts/accessgrant/")
    if page.locator("#result_list").count() == 0:
        ask_for_access(page, url)


def enter_case(page: Page, url: str, right: str, name: str, address: str, said: str, days: int) -> None:
    """Enter a case that reached the operator some days ago."""
    page.goto(f"{url}{ALONE['request-new']}")
    page.select_option("[name=right]", right)
    page.fill("[name=name]", name)
    page.fill("[name=address]", address)
    page.fill("[name=said]", said)
    day = page.evaluate("days => new Date(Date.now() - days * 864e5).toISOString().slice(0, 10)", days)
    page.fill("[name=received_at_0]", day)
    page.fill("[name=received_at_1]", "09:12")
    page.click("[name=_save]")
    page.wait_for_load_state()


def ask_for_access(page: Page, url: str) -> None:
    """Ask to look into the first sample organization."""
    page.goto(f"{url}{ALONE['grant-new']}")
    page.fill("[name=organization]", "alinge")
    page.select_option("[name=purpose]", "support")
    page.fill("[name=reason]", "The owner asked us by telephone why a mail of Tuesday is missing from the queue.")
    page.fill("[name=hours]", "2")
    page.click("[name=_save]")
    page.wait_for_load_state()


def admin_pages(page: Page, url: str) -> dict[str, str]:
    """Return every page of the operator's desk that has something to show, by name."""
    pages, firsts = {}, {}
    for name, path in LISTS.items():
        pages[name] = f"/admin/{path}/"
        page.goto(f"{url}/admin/{path}/")
        first = page.locator("#result_list tbody th a")
        if first.count():
            firsts[name] = str(first.first.get_attribute("href")).partition("?")[0]
            pages[f"{name}-one"] = firsts[name]
    ids = {key: _id_of(firsts.get(name, "")) for key, name in (("request", "requests"), ("job", "jobs"))}
    for name, path in ALONE.items():
        if all(ids[key] for key in re.findall(r"{(\w+)}", path)):
            pages[name] = path.format(**ids)
    return {f"admin-{name}": path for name, path in pages.items()}


def _id_of(path: str) -> str:
    found = re.search(r"/([0-9a-f-]{36})/change/", path)
    return found[1] if found else ""


def furnish_customer(page: Page, url: str, slug: str) -> None:
    """Let a customer's owner disconnect a mailbox, so that there is a deletion job with a date."""
    page.goto(f"{url}/{slug}/mailboxes/")
    link = page.locator("table.cards tbody tr a[href$='/disconnect/']")
    if link.count() > 1:
        page.goto(url + str(link.last.get_attribute("href")))
        page.click("form[action$='/disconnect/'] button[type=submit]")
        page.wait_for_load_state()
