"""Who needs a second step has no way around it."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.actions.remove_second_step import remove_second_step
from accounts.models import Membership, Organization, User
from tests import factories
from tests.cast import sign_in, totp_code

Capture = DjangoCaptureOnCommitCallbacks
SET_UP, ASK = reverse("mfa_activate_totp"), reverse("mfa_reauthenticate")


def password_only(user: User) -> Client:
    """Return a browser with a session that knows only the password, as an old or stolen one may."""
    client = Client()
    has_one, user.has_second_step = user.has_second_step, False
    sign_in(client, user)
    user.has_second_step = has_one
    return client


def desk_pages() -> list[str]:
    """Return some addresses at Acme."""
    return [reverse("tickets:queue", args=["acme"]), reverse("accounts:people", args=["acme"])]


@pytest.mark.parametrize("role", ["owner", "admin"])
def test_owners_and_admins_without_one_reach_no_page_of_the_desk(acme: Organization, role: str) -> None:
    member = factories.make_membership(acme, factories.make_user(), role=role)
    client = sign_in(Client(), member)

    for page in desk_pages():
        assert client.get(page)["Location"].startswith(SET_UP)
    invited = client.post(reverse("accounts:invite", args=["acme"]), {"email": "x@x.example", "role": "agent"})
    assert invited["Location"].startswith(SET_UP)
    assert not acme.invitations.exists()


def test_an_agent_may_go_without(as_alice: Client) -> None:
    assert as_alice.get(desk_pages()[0]).status_code == 200


def test_an_agent_may_not_go_without_where_the_organization_says_so(as_alice: Client, acme: Organization) -> None:
    Organization.objects.filter(pk=acme.pk).update(requires_mfa=True)

    assert as_alice.get(desk_pages()[0])["Location"].startswith(SET_UP)


def test_a_session_that_knows_only_the_password_is_asked_for_a_code(bob: Membership) -> None:
    client = password_only(bob.user)
    asked = client.get(desk_pages()[0])
    assert asked["Location"].startswith(ASK)

    done = client.post(asked["Location"], {"code": totp_code()})

    assert done["Location"] == desk_pages()[0]
    assert client.get(desk_pages()[0]).status_code == 200


def test_signing_in_asks_for_the_code_and_the_desk_stays_closed_until_then(bob: Membership, client: Client) -> None:
    answer = client.post(reverse("account_login"), {"login": bob.user.email, "password": factories.PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert client.get(desk_pages()[0])["Location"].startswith(reverse("account_login"))

    client.post(reverse("mfa_authenticate"), {"code": totp_code()})

    assert client.get(desk_pages()[0]).status_code == 200


def test_a_code_works_once(bob: Membership, client: Client) -> None:
    code = totp_code()
    for browser, leads_in in ((client, True), (Client(), False)):
        browser.post(reverse("account_login"), {"login": bob.user.email, "password": factories.PASSWORD})
        browser.post(reverse("mfa_authenticate"), {"code": code})
        assert (browser.get(desk_pages()[0]).status_code == 200) is leads_in


def test_a_recovery_code_works_once_instead(bob: Membership, client: Client) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    row = Authenticator.objects.get(user=bob.user, type=Authenticator.Type.RECOVERY_CODES)
    code = RecoveryCodes(row).get_unused_codes()[0]
    for browser, leads_in in ((client, True), (Client(), False)):
        browser.post(reverse("account_login"), {"login": bob.user.email, "password": factories.PASSWORD})
        browser.post(reverse("mfa_authenticate"), {"code": code})
        assert (browser.get(desk_pages()[0]).status_code == 200) is leads_in


def test_guessing_codes_is_braked(bob: Membership, client: Client) -> None:
    client.post(reverse("account_login"), {"login": bob.user.email, "password": factories.PASSWORD})
    for _ in range(8):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})

    answer = client.post(reverse("mfa_authenticate"), {"code": totp_code()})

    assert answer.status_code in {200, 429}
    assert client.get(desk_pages()[0]).status_code == 302


def test_a_reset_password_does_not_go_around_it(bob: Membership, client: Client) -> None:
    from django.core import mail

    client.post(reverse("account_reset_password"), {"email": bob.user.email})
    link = next(word for word in mail.outbox[-1].body.split() if "/password/reset/key/" in word)
    form = client.get(link.partition("8000")[2] or link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "another four words here", "password2": "another four words here"})

    answer = client.post(reverse("account_login"), {"login": bob.user.email, "password": "another four words here"})

    assert answer["Location"] == reverse("mfa_authenticate")


@pytest.mark.django_db(transaction=True)
def test_setting_it_up_ends_the_sessions_that_know_only_the_password(alice: Membership) -> None:
    here, elsewhere = sign_in(Client(), alice), sign_in(Client(), alice)
    secret = here.get(SET_UP).context["form"].secret

    before = here.session.session_key
    here.post(SET_UP, {"code": totp_code(secret)})

    assert here.session.session_key != before
    assert len(here.get(reverse("usersessions_list")).context["sessions"]) == 1
    assert here.get(desk_pages()[0]).status_code == 200
    assert elsewhere.get("/")["Location"].startswith(reverse("account_login"))
    alice.user.refresh_from_db()
    assert alice.user.has_second_step


def test_turning_it_off_closes_the_desk_to_an_admin_at_once(as_bob: Client) -> None:
    as_bob.post(reverse("mfa_deactivate_totp"))

    assert as_bob.get(desk_pages()[0])["Location"].startswith(SET_UP)


def test_the_operator_clears_the_way_after_a_lost_phone(
    as_bob: Client, bob: Membership, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        remove_second_step(bob.user)

    assert not Authenticator.objects.filter(user=bob.user).exists()
    assert as_bob.get("/")["Location"].startswith(reverse("account_login"))
    bob.user.refresh_from_db()
    assert not bob.user.has_second_step


def test_somebody_elses_pass_in_the_session_does_not_count(bob: Membership, alice: Membership) -> None:
    client = sign_in(Client(), bob)
    records = dict(client.session)

    stolen = password_only(factories.make_membership(bob.organization, role="admin").user)
    session = stolen.session
    session["account_authentication_methods"] = records["account_authentication_methods"]
    session["account_authentication_methods_user"] = records["account_authentication_methods_user"]
    session.save()

    assert stolen.get(desk_pages()[0])["Location"].startswith(ASK)


def test_secrets_are_sealed_in_the_librarys_table(bob: Membership) -> None:
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert factories.TOTP_SECRET not in stored


def test_sensitive_pages_ask_again_after_a_while(as_bob: Client) -> None:
    session = as_bob.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - 3600
    session.save()

    for name in ("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        assert as_bob.get(reverse(name))["Location"].startswith(reverse("account_reauthenticate")), name


def test_staff_reach_the_admin_only_with_a_second_step(
    staff: User, as_staff: Client, as_alice: Client, client: Client
) -> None:
    index = reverse("admin:index")
    bare = factories.make_user("bare@operator.example", is_staff=True, is_superuser=True)

    assert as_staff.get(index).status_code == 200
    for browser, leads_to in (
        (client, reverse("account_login")),
        (password_only(bare), SET_UP),
        (password_only(staff), ASK),
    ):
        assert browser.get(index, follow=True).redirect_chain[-1][0].startswith(leads_to)
    assert as_alice.get(index, follow=True).status_code == 403
