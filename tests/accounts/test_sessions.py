"""When sessions end."""

import base64

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Membership
from accounts.tasks import sweep_people
from tests import factories
from tests.cast import code_in, sign_in

NEW = "another four words here"


def is_in(client: Client) -> bool:
    """Return whether this browser is signed in."""
    return not client.get(reverse("profile")).headers.get("Location", "").startswith(reverse("account_login"))


@pytest.mark.django_db(transaction=True)
def test_a_new_password_ends_every_other_session_and_keeps_this_one(alice: Membership) -> None:
    here, elsewhere = sign_in(Client(), alice), sign_in(Client(), alice)

    answer = here.post(
        reverse("account_change_password"),
        {"oldpassword": factories.PASSWORD, "password1": NEW, "password2": NEW},
    )

    assert answer.status_code == 302, answer.context["form"].errors
    assert is_in(here)
    assert not is_in(elsewhere)
    listed = here.get(reverse("usersessions_list")).context["sessions"]
    assert [one.session_key for one in listed] == [here.session.session_key]
    assert Session.objects.get().session_key == here.session.session_key


@pytest.mark.django_db(transaction=True)
def test_a_reset_ends_every_session_and_its_link_works_once(alice: Membership, client: Client) -> None:
    elsewhere = sign_in(Client(), alice)
    client.post(reverse("account_reset_password"), {"email": alice.user.email})
    link = next(word for word in mail.outbox[-1].body.split() if "/password/reset/key/" in word)
    path = "/" + link.split("/", 3)[3]

    form = client.get(path)["Location"]
    client.post(form, {"password1": NEW, "password2": NEW})

    assert not is_in(elsewhere)
    assert not is_in(client), "the new password has to be typed"
    assert Client().get(path, follow=True).context["token_fail"]
    alice.user.refresh_from_db()
    assert alice.user.check_password(NEW)


def test_a_link_to_reset_is_dead_once_the_address_changed(alice: Membership, client: Client) -> None:
    client.post(reverse("account_reset_password"), {"email": alice.user.email})
    link = next(word for word in mail.outbox[-1].body.split() if "/password/reset/key/" in word)
    EmailAddress.objects.filter(user=alice.user).update(email="alice.new@acme.example")
    type(alice.user).objects.filter(pk=alice.user.pk).update(email="alice.new@acme.example")

    assert client.get("/" + link.split("/", 3)[3], follow=True).context["token_fail"]


def test_a_new_address_is_confirmed_by_a_code_before_it_counts(as_alice: Client, alice: Membership) -> None:
    as_alice.post(reverse("account_email"), {"action_add": "", "email": "alice.new@acme.example"})
    assert not EmailAddress.objects.filter(email="alice.new@acme.example").exists()
    code = code_in(mail.outbox[-1])

    as_alice.post(reverse("account_email_verification_sent"), {"code": code})
    as_alice.post(reverse("account_email"), {"action_primary": "", "email": "alice.new@acme.example"})

    alice.user.refresh_from_db()
    assert alice.user.email == "alice.new@acme.example"


def test_while_no_mail_can_leave_a_page_says_so_and_a_change_still_holds(
    as_alice: Client, alice: Membership, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*args: object, **kwargs: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(mail.EmailMessage, "send", down)

    answers = [client.post(reverse("account_reset_password"), {"email": e}) for e in (alice.user.email, "no@x.example")]
    assert {answer.status_code for answer in answers} == {503}
    form = {"oldpassword": factories.PASSWORD, "password1": NEW, "password2": NEW}
    assert as_alice.post(reverse("account_change_password"), form).status_code == 302
    alice.user.refresh_from_db()
    assert alice.user.check_password(NEW)


def test_the_list_shows_the_sessions_and_ends_the_others(alice: Membership) -> None:
    here, elsewhere = sign_in(Client(), alice), sign_in(Client(), alice)
    assert len(here.get(reverse("usersessions_list")).context["sessions"]) == 2

    here.post(reverse("usersessions_list"))

    assert is_in(here)
    assert not is_in(elsewhere)


def test_signing_out_ends_the_session_on_the_server(as_alice: Client) -> None:
    cookie = as_alice.cookies["deskhero_session"].value
    assert as_alice.get(reverse("account_logout")).status_code == 200, "a link alone signs nobody out"
    assert is_in(as_alice)

    as_alice.post(reverse("account_logout"))

    thief = Client()
    thief.cookies["deskhero_session"] = cookie
    assert not is_in(thief)


def test_the_session_has_another_name_after_signing_in(alice: Membership, client: Client) -> None:
    session = client.session
    session["planted"] = "x"
    session.save()
    planted = session.session_key
    client.cookies["deskhero_session"] = planted

    client.post(reverse("account_login"), {"login": alice.user.email, "password": factories.PASSWORD})

    assert client.session.session_key != planted
    assert is_in(client)


def test_what_is_left_of_ended_sessions_is_swept(alice: Membership) -> None:
    live, expired, gone = (sign_in(Client(), alice) for _ in range(3))
    Session.objects.filter(pk=expired.session.session_key).update(expire_date="2026-01-01T00:00Z")
    Session.objects.filter(pk=gone.session.session_key).delete()

    sweep_people()

    assert list(Session.objects.values_list("pk", flat=True)) == [live.session.session_key]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [live.session.session_key]


def test_what_a_session_holds_is_sealed_and_bound_to_it(alice: Membership, bob: Membership) -> None:
    mine, his = sign_in(Client(), alice), sign_in(Client(), bob)
    mine.get(reverse("mfa_activate_totp"))
    secret = mine.session["mfa.totp.secret"]
    row = Session.objects.get(pk=mine.session.session_key)
    for plain in (secret, str(alice.user.pk), "_auth_user_id"):
        assert plain not in row.session_data
        assert plain.encode() not in base64.b64decode(row.session_data)

    other = Session.objects.get(pk=his.session.session_key)
    Session.objects.filter(pk=row.pk).update(session_data=other.session_data)
    assert not is_in(mine), "the content of another session does not open"


def test_an_inactive_user_is_out_at_once(as_alice: Client, alice: Membership) -> None:
    type(alice.user).objects.filter(pk=alice.user.pk).update(is_active=False)

    assert not is_in(as_alice)


def test_cookies_are_closed_to_scripts_and_other_sites(alice: Membership, client: Client) -> None:
    answer = client.post(reverse("account_login"), {"login": alice.user.email, "password": factories.PASSWORD})

    cookie = answer.cookies["deskhero_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["domain"]


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(alice: Membership, client: Client, back: str) -> None:
    form = {"login": alice.user.email, "password": factories.PASSWORD, "next": back}

    answer = client.post(reverse("account_login"), form)

    assert answer["Location"] == "/"


@pytest.mark.parametrize("name", ["account_login", "account_logout", "account_signup", "account_reset_password"])
def test_sign_in_pages_want_the_csrf_token(db: None, name: str) -> None:
    assert Client(enforce_csrf_checks=True).post(reverse(name), {}).status_code == 403
