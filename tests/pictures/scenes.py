"""Pages as somebody has just done something there: a menu open, rows chosen, an answer begun."""

from playwright.sync_api import Page

from tests.pictures.camera import Act, Scene

STARTS = 600  # milliseconds until the page listens, and until what was asked for is there


def scenes_at(slug: str, ticket: str, contact: str) -> dict[str, Scene]:
    """Return them by name, for the desk of this organization, with this ticket and contact."""
    desk, plain = f"/{slug}/", ticket.partition("?")[0]
    return {
        "palette": Scene(desk, _press("Control+k"), only_wide=True),
        "keys": Scene(desk, _press("?"), only_wide=True),
        "queue-chosen": Scene(desk, _choose),
        "search-found": Scene(f"{desk}search/", _look_for("order")),  # what is looked for stands in no address
        "search-nothing": Scene(f"{desk}search/", _look_for("xyzzy")),
        "queue-empty": Scene(f"{desk}?view=mentioned"),
        "ticket-answer": Scene(f"{plain}?write=reply"),
        "contact": Scene(contact),
        "settings-found": Scene(f"{desk}settings/?q=mail"),
        "not-yours": Scene("/nobody-here/"),
    }


def contact_path(page: Page, url: str, slug: str) -> str:
    """Return the path of the first contact of the list."""
    page.goto(f"{url}/{slug}/contacts/")
    return str(page.locator("main tbody a, main li a[href*='/contacts/']").first.get_attribute("href"))


def _press(keys: str) -> Act:
    def act(page: Page) -> None:
        page.wait_for_timeout(STARTS)
        page.keyboard.press(keys)
        page.wait_for_timeout(STARTS)

    return act


def _look_for(words: str) -> Act:
    def act(page: Page) -> None:
        field = page.locator("input[type=search]:visible").first
        field.fill(words)
        field.press("Enter")
        page.wait_for_load_state()
        page.wait_for_timeout(STARTS)

    return act


def _choose(page: Page) -> None:
    page.wait_for_timeout(STARTS)
    boxes = page.locator("[data-row] input[type=checkbox]")
    for number in range(min(3, boxes.count())):
        boxes.nth(number).check(force=True)
