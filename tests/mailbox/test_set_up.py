"""How a mailbox writes: set up on one page, seen before it is kept."""

import pytest
from django.test import Client

from accounts.models import Organization
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from tests.factories import make_mailbox
from tests.mailbox.helpers import fresh

SAID = {
    "sender_name": "Acme Help",
    "aliases": "hello@acme.example\noil@acme.example",
    "signature": "{agent}\r\n{sender}\r\n",
    "quotes_history": "on",
    "acknowledges": "on",
    "acknowledgement": "We have it: {number}.",
}


@pytest.fixture
def path(acme: Organization, mailbox: Mailbox) -> str:
    return f"/{acme.slug}/mailboxes/{mailbox.pk}/settings/"


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_what_was_set_is_kept_sealed_and_comes_back(path: str, mailbox: Mailbox, as_bob: Client) -> None:
    assert as_bob.post(path, SAID).status_code == 302

    kept = fresh(mailbox)
    assert (kept.sender_name, kept.signature) == ("Acme Help", "{agent}\n{sender}")
    assert kept.aliases == ["hello@acme.example", "oil@acme.example"]
    assert (kept.quotes_history, kept.acknowledges, kept.acknowledgement) == (True, True, "We have it: {number}.")
    page = text_of(as_bob.get(path))
    assert "{agent}\n{sender}</textarea>" in page
    assert "hello@acme.example\noil@acme.example</textarea>" in page


def test_everything_but_the_quote_is_off_at_first(mailbox: Mailbox) -> None:
    kept = fresh(mailbox)

    assert (kept.signature, kept.acknowledges, kept.acknowledgement, kept.aliases) == (None, False, None, None)
    assert kept.quotes_history


def test_what_is_not_ticked_is_off(path: str, mailbox: Mailbox, as_bob: Client) -> None:
    as_bob.post(path, SAID)
    as_bob.post(path, {"sender_name": "", "signature": "", "aliases": "", "acknowledgement": ""})

    kept = fresh(mailbox)
    assert (kept.signature, kept.acknowledges, kept.quotes_history, kept.aliases) == ("", False, False, [])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"signature": "{agnet}"}, "{agnet} is nothing we could fill in"),
        ({"signature": "{number}"}, "there are {agent} {sender}"),
        ({"signature": "\n".join("x" * 3 for _ in range(16))}, "more than 15 lines"),
        ({"acknowledgement": "{agent}"}, "there are {number} {sender}"),
        ({"acknowledgement": " "}, "Write what the automatic answer says"),
        ({"aliases": "no address"}, "is not an e-mail address"),
        ({"aliases": "jörg@acme.example"}, "only a to z without accents"),
        ({"aliases": " ".join(f"a{n}@acme.example" for n in range(21))}, "more than 20 addresses"),
        ({"aliases": "sales@acme.example"}, "belongs to another mailbox"),
        ({"aliases": "info@sales.example"}, "belongs to another mailbox"),
    ],
)
def test_what_cannot_be_kept_comes_back_as_it_was_typed(
    path: str, acme: Organization, mailbox: Mailbox, as_bob: Client, wrong: dict[str, str], says: str
) -> None:
    other = make_mailbox(acme, address="sales@acme.example")
    with organization_scope(acme):
        other.aliases = ["info@sales.example"]
        other.save(update_fields=["aliases"])
    response = as_bob.post(path, {**SAID, **wrong})

    assert response.status_code == 422
    assert says in text_of(response)
    assert "Acme Help" in text_of(response)
    assert fresh(mailbox).sender_name == ""


def test_a_sender_name_stays_on_its_line(path: str, mailbox: Mailbox, as_bob: Client) -> None:
    as_bob.post(path, {**SAID, "sender_name": "Acme\r\nBcc: everybody"})

    assert fresh(mailbox).sender_name == "Acme Bcc: everybody"


def test_its_own_address_is_no_other_one(path: str, mailbox: Mailbox, as_bob: Client) -> None:
    as_bob.post(path, {**SAID, "aliases": "HELP@acme.example, hello@acme.example, Hello@acme.example"})

    assert fresh(mailbox).aliases == ["hello@acme.example"]


@pytest.mark.parametrize("by_script", [True, False])
def test_a_preview_shows_what_is_typed_and_keeps_nothing(
    path: str, mailbox: Mailbox, as_bob: Client, by_script: bool
) -> None:
    headers = {"HX-Request": "true", "HX-Target": "preview"} if by_script else {}
    response = as_bob.post(path, {**SAID, "signature": "{agent}, {sender} <i>", "then": "preview"}, headers=headers)

    page = text_of(response)
    assert response.status_code == 200
    assert "Bob Admin, Acme Help &lt;i&gt;" in page
    assert "We have it: 1042." in page
    assert ("<form" in page) is not by_script
    assert fresh(mailbox).signature is None


def test_a_preview_of_what_cannot_be_kept_is_shown_all_the_same(path: str, as_bob: Client) -> None:
    response = as_bob.post(path, {**SAID, "signature": "{agnet} {agent}", "then": "preview"})

    assert "{agnet} Bob Admin" in text_of(response)


@pytest.mark.parametrize(("provider", "says"), [("google", "Send mail as"), ("microsoft", "administrator of")])
def test_the_page_says_what_the_provider_must_allow(
    acme: Organization, as_bob: Client, provider: str, says: str
) -> None:
    mailbox = make_mailbox(acme, provider=provider)

    assert says in text_of(as_bob.get(f"/{acme.slug}/mailboxes/{mailbox.pk}/settings/"))


def test_it_is_for_admins(path: str, as_alice: Client, as_mallory: Client) -> None:
    assert as_alice.get(path).status_code == 403
    assert as_alice.post(path, SAID).status_code == 403
    assert as_mallory.get(path).status_code == 404
