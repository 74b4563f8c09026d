"""The first day of a company: it signs up, connects its mailboxes, answers, and is answered."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import customers
from tests.browser.conftest import Desk, new_context
from tests.browser.pages import totp_code

pytestmark = pytest.mark.browser
GOOGLE, MICROSOFT = "hello@kiosk-by-the-sea.example", "orders@kiosk-by-the-sea.example"
NAMES = {GOOGLE: "Google", MICROSOFT: "Microsoft"}


@pytest.fixture(scope="module")
def founder(desk: Desk, chromium: Browser) -> Iterator[Page]:
    """Nora's window: she has signed up with the code from the mail and set up her second step."""
    context = new_context(chromium)
    page = context.new_page()
    page.goto(f"{desk.url}/account/signup/")
    page.get_by_label("Your name").fill("Nora Dahl")
    page.get_by_label("Organization").fill("Kiosk by the Sea")
    page.get_by_label("Work e-mail").fill("nora@kiosk-by-the-sea.example")
    page.get_by_label("Password").fill("four plain words here")
    page.get_by_role("button", name="Make my desk").click()
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    code = customers.code_from_service_mail(context.new_page(), desk.customers, "nora@kiosk-by-the-sea.example")
    page.get_by_label("Code from the mail").fill(code)
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("Type the key instead").click()
    page.locator("[name=code]").fill(totp_code(page.locator(".secret").inner_text()))
    page.get_by_role("button", name="Turn it on").click()
    page.get_by_role("link", name="I have kept them").or_(page.get_by_role("button", name="I have kept them")).click()
    yield page
    context.close()


@pytest.fixture(scope="module")
def connected(founder: Page, desk: Desk) -> Page:
    """Nora's window after she has clicked through the consent of both providers."""
    for address, provider in NAMES.items():
        ask_for_consent(founder, desk, provider, address)
        founder.get_by_role("button", name="Allow").click()
        expect(founder.get_by_text(f"{address} is connected.")).to_be_visible()
    return founder


def ask_for_consent(page: Page, desk: Desk, provider: str, address: str) -> None:
    """Go from the desk to the provider's page."""
    page.goto(f"{desk.url}/kiosk-by-the-sea/mailboxes/connect/")
    page.get_by_role("link", name=f"Connect with {provider}").click()
    page.get_by_label("Mailbox", exact=True).fill(address)
    page.get_by_role("button", name=f"Go on to {provider}").click()
    expect(page.get_by_role("heading", name="asks for access to a mailbox")).to_be_visible()


def test_signing_up_ends_at_an_own_desk(founder: Page, desk: Desk) -> None:
    founder.goto(f"{desk.url}/")

    expect(founder).to_have_url(f"{desk.url}/kiosk-by-the-sea/")
    expect(founder.get_by_text("Kiosk by the Sea").first).to_be_visible()


def test_an_empty_desk_says_what_to_do_first(founder: Page, desk: Desk) -> None:
    founder.goto(f"{desk.url}/kiosk-by-the-sea/")

    steps = founder.get_by_role("region", name="First steps")
    expect(steps).to_contain_text("0 of 4 done")
    steps.get_by_role("link", name="Connect a mailbox").click()
    expect(founder).to_have_url(f"{desk.url}/kiosk-by-the-sea/mailboxes/connect/")


@pytest.mark.parametrize("provider", ["Google", "Microsoft"])
def test_a_refused_consent_is_said_plainly_and_saves_nothing(founder: Page, desk: Desk, provider: str) -> None:
    ask_for_consent(founder, desk, provider, f"refused-{provider.lower()}@kiosk-by-the-sea.example")

    founder.get_by_role("button", name="Refuse").click()

    expect(founder.get_by_role("heading", name="The mailbox is not connected")).to_be_visible()
    expect(founder.get_by_role("alert")).to_contain_text("Nothing was saved.")
    founder.goto(f"{desk.url}/kiosk-by-the-sea/mailboxes/")
    expect(founder.get_by_text("refused-")).to_have_count(0)


@pytest.mark.parametrize(("provider", "scope"), [("Google", "gmail.send"), ("Microsoft", "Mail.Send")])
def test_an_unticked_permission_is_named_and_nothing_is_saved(
    founder: Page, desk: Desk, provider: str, scope: str
) -> None:
    ask_for_consent(founder, desk, provider, f"unticked-{provider.lower()}@kiosk-by-the-sea.example")
    founder.locator(".permissions li").filter(has_text=scope).get_by_role("checkbox").uncheck()

    founder.get_by_role("button", name="Allow").click()

    expect(founder.get_by_role("heading", name="The mailbox is not connected")).to_be_visible()
    expect(founder.get_by_role("alert")).to_contain_text("end mail")
    founder.goto(f"{desk.url}/kiosk-by-the-sea/mailboxes/")
    expect(founder.get_by_text("unticked-")).to_have_count(0)


@pytest.mark.parametrize("address", [GOOGLE, pytest.param(MICROSOFT, marks=pytest.mark.long)])
def test_a_customer_is_answered_in_the_own_thread_and_comes_back_to_the_same_ticket(
    connected: Page, desk: Desk, window: Callable[..., Page], address: str
) -> None:
    customer, subject = window(), f"Do you ship to islands? ({NAMES[address]})"
    connected.goto(f"{desk.url}/kiosk-by-the-sea/")
    customers.be(customer, desk.customers, "Carol Lindqvist", f"carol-{NAMES[address].lower()}@post.example")

    customers.write(customer, to=address, subject=subject, text="We live on Öckerö.\nIs that a problem?")

    # It appears without reloading: at once in an empty list, behind a button in a list that somebody reads.
    row = connected.locator("[data-row]").filter(has_text=subject)
    expect(row.or_(connected.locator("#news button")).first).to_be_visible()
    if connected.locator("#news button").count():
        connected.locator("#news button").click()
    row.get_by_role("link").click()
    expect(connected.get_by_role("heading", name=subject)).to_be_visible()
    ticket = connected.url.partition("?")[0].partition("#")[0]
    expect(connected.get_by_label("To", exact=True)).to_have_value(f"Carol Lindqvist <{_address_of(address)}>")
    connected.locator("form.for-reply .editor").fill("Not at all.\n\nThe ferry takes it for free.")
    connected.locator("form.for-reply").get_by_role("button", name="Send Ctrl").click()
    expect(connected.locator("article.ours .delivery.sent")).to_be_visible()

    customers.open_answered(customer, desk.customers, subject)
    expect(customer.locator("article.mail")).to_have_count(2)
    answered, asked = customers.headers_of(customer, 0), customers.headers_of(customer, 1)  # newest first
    assert answered["in-reply-to"] == asked["message-id"]
    assert asked["message-id"] in answered["references"]
    assert answered["subject"] == f"Re: {subject}"
    assert address in answered["from"]
    customers.write_back(customer, "Wonderful. Two, please.")

    expect(connected.locator("article.message")).to_have_count(3)
    expect(connected.locator("article.message").last).to_contain_text("Two, please.")
    assert connected.url.startswith(ticket)


def test_the_first_steps_go_away_when_the_last_one_is_done(connected: Page, desk: Desk) -> None:
    """Runs after the customers above were answered: only the colleague is left."""
    connected.goto(f"{desk.url}/kiosk-by-the-sea/")
    connected.get_by_role("navigation", name="Desk").get_by_role("link", name="First steps").click()
    expect(connected.get_by_role("region", name="First steps")).to_contain_text("3 of 4 done")
    connected.get_by_role("link", name="Invite somebody").click()
    connected.get_by_label("Work e-mail").fill("jonas@kiosk-by-the-sea.example")
    connected.get_by_role("button", name="Invite", exact=True).click()

    connected.goto(f"{desk.url}/kiosk-by-the-sea/")
    expect(connected.get_by_role("link", name="First steps")).to_have_count(0)


def _address_of(address: str) -> str:
    return f"carol-{NAMES[address].lower()}@post.example"
