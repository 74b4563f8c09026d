"""Whether an address has an account is nobody's business: the same answer either way."""

import re

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User
from tests import factories

UNKNOWN = "nobody.knows@people.example"


def seen(answer: HttpResponse, address: str) -> tuple[int, str, str]:
    """Return what a visitor sees, without what differs every time, and with the address blotted out."""
    text = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": "|nonce=")[^"]*', "", answer.content.decode())
    return answer.status_code, answer.headers.get("Location", ""), text.replace(address, "ADDRESS")


def ask(page: str, /, **form: str) -> tuple[HttpResponse, HttpResponse]:
    """Post a form in a fresh browser; return the answer and the page it leads to."""
    client = Client()
    answer = client.post(reverse(page), form)
    return answer, client.get(answer.headers.get("Location", reverse(page)))


def test_a_failed_sign_in_does_not_tell(alice: Membership) -> None:
    pages = [
        seen(ask("account_login", login=email, password="not the right one")[0], email)
        for email in (alice.user.email, UNKNOWN)
    ]

    assert pages[0] == pages[1]


def test_a_reset_does_not_tell_and_mails_both(alice: Membership) -> None:
    pages = [
        [seen(answer, email) for answer in ask("account_reset_password", email=email)]
        for email in (alice.user.email, UNKNOWN)
    ]

    assert pages[0] == pages[1]
    assert [message.to for message in mail.outbox] == [[alice.user.email], [UNKNOWN]]


def test_a_sign_up_does_not_tell_and_changes_no_account(alice: Membership) -> None:
    form = {"name": "N", "organization": "O", "password1": "another four words here"}
    pages = [
        [seen(answer, email) for answer in ask("account_signup", email=email, **form)]
        for email in (alice.user.email, UNKNOWN)
    ]

    assert pages[0] == pages[1]
    assert len(mail.outbox) == 2
    assert User.objects.get(pk=alice.user.pk).check_password(factories.PASSWORD)


def test_the_code_page_of_a_known_address_accepts_nothing(alice: Membership, client: Client) -> None:
    form = {"name": "N", "organization": "O", "password1": "another four words here", "email": alice.user.email}
    client.post(reverse("account_signup"), form)

    client.post(reverse("account_email_verification_sent"), {"code": "AAA-BBB"})

    assert client.get("/")["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("email", ["known", "unknown"])
def test_a_sign_up_hashes_one_password_either_way(
    alice: Membership, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    from django.contrib.auth.hashers import Argon2PasswordHasher

    hashed = []
    encode = Argon2PasswordHasher.encode
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *a, **k: hashed.append(1) or encode(*a, **k))
    address = alice.user.email if email == "known" else UNKNOWN

    ask("account_signup", email=address, name="N", organization="O", password1="another four words here")

    assert len(hashed) == 1


def test_failed_sign_ins_are_braked_and_others_are_not_locked_out(alice: Membership, bob: Membership) -> None:
    client = Client()
    where = reverse("account_login")
    for _ in range(6):
        answer = client.post(where, {"login": alice.user.email, "password": "not the right one"})
    braked = client.post(where, {"login": alice.user.email, "password": factories.PASSWORD})
    assert braked.status_code == 200
    assert "too many" in answer.content.decode().lower()

    other = Client().post(where, {"login": bob.user.email, "password": factories.PASSWORD}, REMOTE_ADDR="10.9.8.7")
    assert other.status_code == 302


def test_a_forged_forwarding_header_does_not_lift_the_brake(alice: Membership) -> None:
    client = Client()
    for number in range(12):
        answer = client.post(
            reverse("account_login"),
            {"login": f"x{number}@people.example", "password": "not the right one"},
            headers={"x-forwarded-for": f"10.0.0.{number}"},
        )

    assert "too many" in answer.content.decode().lower() or answer.status_code == 429


def test_a_forged_host_header_is_refused_and_does_not_reach_a_mail(alice: Membership, client: Client) -> None:
    answer = client.post(reverse("account_reset_password"), {"email": alice.user.email}, HTTP_HOST="evil.example")

    assert answer.status_code == 400
    assert not mail.outbox
    client.post(reverse("account_reset_password"), {"email": alice.user.email}, HTTP_X_FORWARDED_HOST="evil.example")
    assert "evil.example" not in mail.outbox[-1].body
