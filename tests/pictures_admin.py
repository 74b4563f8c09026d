"""The part of `make pictures` that takes the operator's desk: Django admin as its staff sees it, in .pictures/."""

from typing import Any

from playwright.sync_api import Browser

from tests.browser.admin_pages import admin_pages, customer_sign_in, furnish, furnish_customer, staff_sign_in
from tests.browser.pages import WIDE, sign_in


def admin_desk(browser: Browser, url: str) -> tuple[dict[str, str], Any]:
    """Sign the sample's staff in, put something on every list, and return the pages and the session."""
    customer, context = customer_sign_in(), browser.new_context(viewport=WIDE)
    page = context.new_page()
    sign_in(page, url, customer)
    furnish_customer(page, url, customer.slug)
    context.close()
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    sign_in(page, url, staff_sign_in())
    furnish(page, url)
    pages = admin_pages(page, url)
    state: Any = context.storage_state()
    context.close()
    return pages, state
