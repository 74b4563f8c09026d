"""A customer asks for a copy, and another to be erased: from the public page to the closing letter, as people do it."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.console_pages import ask, confirm, decide_all, letter_link, look_through, open_case, until_closed
from tests.browser.customers import be, write
from tests.browser.pages import PHONE, sample_sign_in
from tests.browser.test_contacts import is_narrow, violations
from tests.browser.test_work import ELIN

pytestmark = [pytest.mark.browser, pytest.mark.long]
KARIN = sample_sign_in()


def test_a_copy_from_asking_to_taking_it(
    desk: Desk, window: Callable[..., Page], as_person: Callable[..., Page], tmp_path: Path
) -> None:
    customer = window()
    be(customer, desk.customers, "Nadia Copy", "nadia@copies.example")
    write(customer, to="hej@alinge.example", subject="A red bell", text="Do you have a red bell for the small bike?")
    number = ask(window(), desk, "access", "Nadia Copy", "nadia@copies.example")
    confirm(window(), letter_link(customer, desk, "/confirm/"))

    karin = as_person(KARIN)
    open_case(karin, desk, number)
    look_through(karin)
    assert violations(karin) == []
    decide_all(karin, "include")
    karin.get_by_role("button", name="Make the package and send its link").click()
    until_closed(karin)

    reader = window()
    reader.goto(letter_link(customer, desk, "/package/"))
    with reader.expect_download() as taken:
        reader.get_by_role("button", name="Take the file").click()
    path = tmp_path / "data.zip"
    taken.value.save_as(path)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        assert {"index.html", "article-15.html", "redactions.html", "data.json"} <= set(archive.namelist())
        assert "red bell for the small bike" in archive.read("data.json").decode()
    reader.reload()
    expect(reader.get_by_role("heading", name="There is nothing here any more")).to_be_visible()


def test_an_erasure_from_asking_to_the_letter(
    desk: Desk, window: Callable[..., Page], as_person: Callable[..., Page]
) -> None:
    customer = window()
    be(customer, desk.customers, "Olof Gone", "olof@leaving.example")
    write(customer, to="hej@alinge.example", subject="A loose saddle", text="The saddle of my green bike is loose.")
    number = ask(window(), desk, "erasure", "Olof Gone", "olof@leaving.example")
    confirm(window(), letter_link(customer, desk, "/confirm/"))

    karin = as_person(KARIN)
    open_case(karin, desk, number)
    look_through(karin)
    decide_all(karin, "redact")
    karin.get_by_role("button", name="Approve the plan and erase").click()
    until_closed(karin)
    expect(karin.get_by_text("What is yours was removed")).to_be_attached()

    elin = as_person(ELIN)
    elin.goto(f"{desk.url}/alinge/contacts/")
    elin.get_by_label("Name, address or @domain").fill("olof@leaving.example")
    elin.keyboard.press("Enter")
    expect(elin.get_by_role("link", name="Olof Gone")).to_have_count(0)


def test_board_and_case_fit_a_phone_and_a_screen_reader(desk: Desk, as_person: Callable[..., Page]) -> None:
    karin = as_person(KARIN, viewport={"width": 320, "height": PHONE["height"]}, has_touch=True, is_mobile=True)
    karin.goto(f"{desk.url}/alinge/settings/privacy/requests/new/")
    karin.get_by_label("Your e-mail address").fill("phone@phone.example")
    karin.get_by_role("button", name="Open the case").click()
    case = karin.url
    for path in (case, f"{case}found/?show=all", f"{desk.url}/alinge/settings/privacy/requests/",
                 f"{desk.url}/privacy/requests/alinge/", f"{desk.url}/account/your-data/"):  # fmt: skip
        karin.goto(path)
        assert is_narrow(karin), path
        assert violations(karin) == [], path
