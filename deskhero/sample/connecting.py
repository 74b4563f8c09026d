"""Connecting the sample mailboxes as an admin does: our pages, the provider's consent, and back."""

import html
import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership
from accounts.sealing.digests import address_digest
from accounts.tenancy import organization_scope
from deskhero.sample.stories import Address, Company
from mailbox.models import Mailbox
from mailbox.simulator.client import Simulator


class NotConnected(Exception):
    """The consent did not lead to a connected mailbox."""


def connect_all(company: Company, admin: Membership, simulator: Simulator) -> dict[str, Mailbox]:
    """Return the company's mailboxes by key, each connected by consent; one that is connected is left alone."""
    found = {}
    for address in company.mailboxes:
        mailbox = _connected(admin, address)
        if mailbox is None:
            simulator.create_account(address.provider, address.address, address.name)
            _connect(address, admin, simulator)
            mailbox = _connected(admin, address)
            if mailbox is None:
                raise NotConnected(f"{address.key} of {company.key} was not connected.")
            with organization_scope(admin.organization):
                mailbox.sender_name = address.name
                mailbox.save(update_fields=["sender_name"])
        found[address.key] = mailbox
    return found


def _connected(admin: Membership, address: Address) -> Mailbox | None:
    with organization_scope(admin.organization) as organization_id:
        digest = address_digest(organization_id, address.address)
        return Mailbox.objects.connected().filter(address_digest=digest).first()


def _connect(address: Address, admin: Membership, simulator: Simulator) -> None:
    browser = _signed_in(admin)
    page = reverse("mailbox:connect", args=[admin.organization.slug]) + f"?provider={address.provider}"
    form = _Form(str(browser.get(page).content, "utf-8"), naming="address")
    answer = browser.post(form.action or page, {**form.fields, "address": address.address, "days": form.days})
    way = re.search(r'href="(https://[^"]+)"', str(answer.content, "utf-8"))
    if way is None:
        raise NotConnected(f"{address.key}: Deskhero did not lead to the provider ({answer.status_code}).")
    back = urlsplit(simulator.consent(html.unescape(way[1]), address.address))
    browser.get(f"{back.path}?{back.query}", follow=True)


def _signed_in(member: Membership) -> Client:
    """Return a browser in which this person is signed in with both steps, as the sign-in pages leave it."""
    browser = Client(SERVER_NAME=urlsplit(settings.URL).hostname or "127.0.0.1")
    browser.force_login(member.user)
    request = HttpRequest()
    request.session, request.user = browser.session, member.user
    record_authentication(request, member.user, "password", reauthenticated=True)
    record_authentication(request, member.user, "mfa", type="totp", reauthenticated=True)
    request.session.save()
    return browser


class _Form(HTMLParser):
    """The form of a page that has a field of that name."""

    def __init__(self, page: str, *, naming: str) -> None:
        super().__init__()
        self.action, self.days = "", "7"
        self.fields: dict[str, str] = {}
        self._open: dict[str, str] = {}
        self._naming, self._done = naming, False
        self._action = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the fields of the form at hand."""
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._action, self._open = found.get("action", ""), {}
        elif tag in {"input", "select"} and found.get("name"):
            self._open[found["name"]] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """Keep the form if it is the one."""
        if tag == "form" and self._naming in self._open and not self._done:
            self.action, self.fields, self._done = self._action, self._open, True
