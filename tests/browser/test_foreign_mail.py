"""Foreign mail at a running desk: hostile mail is harmless, pictures load once, originals and what failed are found."""

import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Desk
from tests.browser.pages import PHONE, WIDE, SignIn, sample_sign_in
from tests.browser.test_access import found, opened
from tests.security import hostile_html as hostile
from tests.security.strangers import Stranger, stranger

pytestmark = pytest.mark.browser
OWNER = sample_sign_in()
ELIN = SignIn("elin@alinge.example", OWNER.password)
MAILBOX = "hej@alinge.example"
IS_PICTURE = re.compile(r"^http://127\.0\.0\.1:\d+/pictures/[\w-]{100,}/$")
TABLE = (
    "<table width=640 bgcolor=#eeeeee><tr><td nowrap>" + "a very wide cell " * 12 + "</td><td>12,00</td></tr></table>"
)


@pytest.fixture(scope="module")
def tracker() -> Iterator[Stranger]:
    """A server inside, which neither a browser nor the desk may ask."""
    with stranger() as asked:
        yield asked


def deliver(desk: Desk, subject: str, html: str, files: tuple[tuple[str, str, bytes], ...] = ()) -> None:
    """Let a customer's mail arrive."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Olle <olle@post.example>", MAILBOX, subject
    mail["Message-ID"] = make_msgid(domain="post.example")
    mail.set_content("Hello")
    mail.add_alternative(html, subtype="html")
    for name, kind, content in files:
        mail.add_attachment(content, maintype=kind.split("/")[0], subtype=kind.split("/")[1], filename=name)
    desk.simulator.deliver(MAILBOX, mail.as_bytes())


def open_ticket(page: Page, desk: Desk, subject: str) -> None:
    """Wait for the mail to be filed, and open its ticket."""
    row = page.locator("[data-row]").filter(has_text=subject)
    for _ in range(60):
        page.goto(f"{desk.url}/alinge/")
        if row.count():
            break
        page.wait_for_timeout(250)
    row.first.locator(".what").click()
    expect(page.locator("h1")).to_contain_text(subject)


def listen(page: Page, desk: Desk) -> list[str]:
    """Collect what goes wrong in a window, and whom it asks besides the desk."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("dialog", lambda dialog: (heard.append("dialog"), dialog.dismiss()))
    page.on("request", lambda request: None if _is_own(request.url, desk) else heard.append(request.url))
    return heard


def _is_own(url: str, desk: Desk) -> bool:
    return url.startswith((desk.url, "data:"))


@pytest.fixture
def elin(as_person: Callable[..., Page]) -> Page:
    """A window of an agent."""
    return as_person(ELIN)


def test_hostile_mail_is_read_and_nothing_happens(desk: Desk, elin: Page, tracker: Stranger) -> None:
    """SECURITY 1-6 through the whole house: stored, filed, cleaned, framed, shown."""
    families = (*hostile.SCRIPTS[:30], *hostile.CSS, *hostile.PICTURES, *hostile.OVERLAYS)
    html = "".join(hostile.made(one, tracker.port) for one in families if "<!--" not in one and "plaintext" not in one)
    deliver(desk, "A hostile letter", f"<p>The first line</p>{html}<p>The last line</p>")
    heard = listen(elin, desk)
    open_ticket(elin, desk, "A hostile letter")
    elin.frame_locator(".paper iframe").get_by_text("The first line").wait_for()
    elin.wait_for_timeout(500)

    assert heard == []
    assert tracker.paths == []


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_remote_pictures_are_asked_for_by_a_button_and_the_desk_asks_nobody_inside(
    desk: Desk, as_person: Callable[..., Page], tracker: Stranger, script: bool
) -> None:
    subject = f"Two pictures {script}"
    deliver(desk, subject, f"<h2>Hello</h2><img src='{tracker.url('/a')}' alt='One'><img src='{tracker.url('/b')}'>")
    page = as_person(ELIN, java_script_enabled=script)
    open_ticket(page, desk, subject)
    bar = page.locator(".paper-bar")
    expect(bar).to_contain_text("2 remote pictures are not loaded: the sender would see that you read this.")

    with page.expect_event("requestfailed", lambda one: IS_PICTURE.search(one.url) is not None):  # asked for, of us
        bar.get_by_role("button", name="Load once").click()

    expect(bar).to_contain_text("Fetched this once, by us")
    expect(page.locator("h1")).to_contain_text(subject)
    assert tracker.paths == []
    page.goto(page.url.partition("#")[0])  # with its fragment nothing would be loaded anew
    expect(bar).to_contain_text("2 remote pictures are not loaded")


def test_the_original_is_one_click_away(desk: Desk, elin: Page) -> None:
    deliver(desk, "Look at the original", "<p>Words <script>alert(1)</script></p>")
    heard = listen(elin, desk)
    open_ticket(elin, desk, "Look at the original")
    elin.get_by_role("article").first.hover()
    elin.get_by_role("link", name="Original").click()

    expect(elin.get_by_role("heading", name="Original of a mail")).to_be_visible()
    expect(elin.locator(".header-list")).to_contain_text("Olle <olle@post.example>")
    expect(elin.locator("pre.raw")).to_contain_text("<script>alert(1)</script>")
    with elin.expect_download() as download:
        elin.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.endswith(".eml")
    assert b"Look at the original" in download.value.path().read_bytes()
    assert heard == []


def test_mail_that_could_not_be_read_is_found_and_tried_again(desk: Desk, as_person: Callable[..., Page]) -> None:
    parts = b"".join(b"--b\r\nContent-Type: text/plain\r\n\r\npart\r\n" for _ in range(300))
    head = b"From: Bo <bo@post.example>\r\nTo: hej@alinge.example\r\nSubject: Too many parts\r\n"
    raw = (
        head
        + b"Message-ID: <p@post.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + parts
        + b"--b--\r\n"
    )
    desk.simulator.deliver(MAILBOX, raw)
    karin = as_person(OWNER)
    open_ticket(karin, desk, "Too many parts")
    karin.get_by_role("navigation", name="Desk").get_by_role("link", name="Could not be read").click()
    row = karin.get_by_role("row").filter(has_text="Too many parts")
    expect(row).to_contain_text("Bo")
    expect(row.get_by_role("link", name="Ticket")).to_be_visible()

    row.get_by_role("button", name="Try again").click()
    expect(karin.get_by_text("Still not fully read.")).to_be_visible()  # strict: said once, not in two places
    karin.get_by_role("button", name="Try all again").click()
    expect(karin.locator("#progress")).to_contain_text(re.compile(r"\d+ of \d+ could be read\."))
    expect(karin.get_by_role("row").filter(has_text="Too many parts")).to_be_visible()
    row.get_by_role("link", name=re.compile("^Original")).click()
    expect(karin.locator("pre.raw")).to_contain_text("boundary=b")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_where_foreign_mail_is_shown(
    desk: Desk, chromium: Browser, as_person: Callable[..., Page], states: dict[str, Any], size: Any, scheme: str
) -> None:
    files = (("invoice.pdf", "application/pdf", b"<!doctype html>"), ("photo.jpg.exe", "application/x-dosexec", b"x"))
    subject = f"A wide letter {scheme} {size['width']}"
    deliver(desk, subject, f"<h1>Wide</h1>{TABLE}<p>{'long' * 90}</p><img src=https://t.example/1>", files)
    as_person(OWNER).close()
    with opened(chromium, size, scheme, states[OWNER.email]) as page:
        open_ticket(page, desk, subject)
        faults = found(page, "ticket")
        wide = [page.evaluate("document.documentElement.scrollWidth > innerWidth")]
        page.goto(desk.url + str(page.locator("a[href*='/source/']").last.get_attribute("href")))
        faults += found(page, "original")
        wide.append(page.evaluate("document.documentElement.scrollWidth > innerWidth"))

    assert not faults, "\n".join(faults)
    assert wide == [False, False]
