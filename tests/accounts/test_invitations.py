"""The life of an invitation: offered, mailed, used once, or dead."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.actions.accept import accept_invitation
from accounts.actions.invite import invite_person, withdraw_invitation
from accounts.actions.send_invitation import mail_invitation
from accounts.errors import ActionRefused
from accounts.models import Invitation, Membership, Organization, User
from accounts.tasks import sweep_invitations
from accounts.tenancy import organization_scope
from accounts.tokens import hash_of
from tests import factories
from tests.cast import sign_in

ADDRESS = "new.colleague@acme.example"
Capture = DjangoCaptureOnCommitCallbacks


def invite(by: Membership, email: str = ADDRESS, role: str = "agent") -> Invitation:
    """Offer a place and mail the link, as page and worker do together."""
    with organization_scope(by.organization_id):
        invitation = invite_person(by.organization, email=email, role=role, by=by)
    mail_invitation(str(by.organization_id), str(invitation.pk))
    return Invitation.objects.select_related("organization").get(pk=invitation.pk)


def link() -> str:
    """Return the path of the link in the newest mail."""
    found = re.search(r"https?://[^/\s]+(/invitation/\S+/)\s", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[1]


def roles(user: User) -> list[str]:
    """Return the roles this person has anywhere."""
    return list(Membership.objects.filter(user=user).values_list("role", flat=True))


def test_a_new_colleague_opens_the_link_sets_a_password_and_is_at_the_desk(bob: Membership, client: Client) -> None:
    invite(bob)
    page = client.get(link())
    assert "Join Acme" in page.content.decode()

    response = client.post(page.context["signup_url"], {"name": "Nils New", "password": factories.PASSWORD})

    assert response["Location"] == "/"
    assert client.get(client.get("/")["Location"]).status_code == 200
    user = User.objects.get(email=ADDRESS)
    assert (user.name, roles(user)) == ("Nils New", ["agent"])
    assert EmailAddress.objects.get(user=user).verified, "the link has proved the address"


def test_somebody_with_an_account_signs_in_comes_back_and_joins(bob: Membership, client: Client) -> None:
    user = factories.make_user(ADDRESS)
    invite(bob, role="viewer")
    login = client.get(link()).context["login_url"]

    signed_in = client.post(login, {"login": ADDRESS, "password": factories.PASSWORD, "next": link()})
    assert signed_in["Location"] == link()
    joined = client.post(link())

    assert joined["Location"] == reverse("tickets:queue", args=["acme"])
    assert roles(user) == ["viewer"]


def test_the_page_is_the_same_whether_the_address_has_an_account_or_not(bob: Membership, client: Client) -> None:
    invite(bob)
    before = client.get(link()).content
    factories.make_user(ADDRESS)

    def plain(page: bytes) -> bytes:
        return re.sub(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": "|nonce=")[^"]*', b"", page)

    assert plain(client.get(link()).content) == plain(before)


def test_an_account_is_not_overwritten_by_the_link(bob: Membership, client: Client) -> None:
    user = factories.make_user(ADDRESS)
    invite(bob)

    response = client.post(client.get(link()).context["signup_url"], {"name": "X", "password": "another long one"})

    assert response.status_code == 422
    assert User.objects.get(pk=user.pk).check_password(factories.PASSWORD)


def test_it_works_once(bob: Membership, client: Client) -> None:
    invitation = invite(bob)
    client.post(client.get(link()).context["signup_url"], {"name": "N", "password": factories.PASSWORD})

    assert Client().get(link()).status_code == 404
    with pytest.raises(ActionRefused):
        accept_invitation(invitation, by=User.objects.get(email=ADDRESS))


def test_it_ends_after_seven_days(bob: Membership, client: Client) -> None:
    invitation = invite(bob)
    assert timedelta(days=6, hours=23) < invitation.expires_at - timezone.now() < timedelta(days=7)

    Invitation.objects.update(expires_at=timezone.now())

    assert client.get(link()).status_code == 404


def test_it_is_for_its_address_only(bob: Membership, mallory: Membership) -> None:
    invitation = invite(bob)
    thief = sign_in(Client(), mallory)

    assert "for somebody else" in thief.get(link()).content.decode()
    thief.post(link())
    with pytest.raises(ActionRefused):
        accept_invitation(invitation, by=mallory.user)

    assert roles(mallory.user) == ["agent"]


def test_an_unverified_address_is_no_proof(bob: Membership) -> None:
    liar = factories.make_user("liar@people.example")
    EmailAddress.objects.create(user=liar, email=ADDRESS, verified=False)

    with pytest.raises(ActionRefused):
        accept_invitation(invite(bob), by=liar)


def test_staff_cannot_join_a_desk(bob: Membership, staff: User) -> None:
    with pytest.raises(ActionRefused):
        accept_invitation(invite(bob, staff.email), by=staff)


def test_inviting_again_replaces_the_offer_and_kills_the_old_link(bob: Membership, client: Client) -> None:
    invite(bob)
    old = link()

    invite(bob, ADDRESS.upper(), role="admin")

    assert client.get(old).status_code == 404
    assert client.get(link()).status_code == 200
    assert Invitation.objects.open().get().role == "admin"


def test_what_was_taken_back_no_longer_works(bob: Membership, client: Client) -> None:
    invitation = invite(bob)

    with organization_scope(bob.organization_id):
        withdraw_invitation(invitation)
        withdraw_invitation(invitation)

    assert client.get(link()).status_code == 404


def test_the_token_is_in_the_mail_and_nowhere_else(bob: Membership) -> None:
    invitation = invite(bob)
    token = link().split("/")[2]

    assert bytes(invitation.token_hash) == hash_of(token)
    assert len(token) >= 43
    assert token not in str(Invitation.objects.values().get())


def test_the_mail_says_who_where_and_how_long(bob: Membership) -> None:
    invite(bob, role="viewer")

    message = mail.outbox[-1]
    assert message.to == [ADDRESS]
    assert all(word in message.body for word in ("Bob Admin", "Acme", "Viewer", "7 days"))


def test_a_member_is_not_invited_again(bob: Membership, alice: Membership, scope: object) -> None:
    with pytest.raises(ActionRefused):
        invite_person(bob.organization, email=alice.user.email, role="agent", by=bob)


def test_only_an_owner_invites_an_owner(bob: Membership, owner: Membership, scope: object) -> None:
    with pytest.raises(ActionRefused):
        invite_person(bob.organization, email=ADDRESS, role="owner", by=bob)

    assert invite_person(bob.organization, email=ADDRESS, role="owner", by=owner).role == "owner"


def test_the_same_address_may_be_invited_to_two_organizations(bob: Membership, globex: Organization) -> None:
    invite(bob)
    first = link()
    invite(Membership.objects.select_related("organization").get(organization=globex))
    client = Client()

    client.post(client.get(first).context["signup_url"], {"name": "N", "password": factories.PASSWORD})
    client.post(link())

    assert len(roles(User.objects.get(email=ADDRESS))) == 2
    assert "Which desk?" in client.get("/").content.decode()


def test_a_mail_that_left_is_not_sent_again(bob: Membership) -> None:
    invitation = invite(bob)

    mail_invitation(str(bob.organization_id), str(invitation.pk))

    assert len(mail.outbox) == 1


def test_a_mail_the_queue_lost_is_swept_up(bob: Membership, celery_eager: object) -> None:
    with organization_scope(bob.organization_id):
        invite_person(bob.organization, email=ADDRESS, role="agent", by=bob)
    sweep_invitations()
    assert not mail.outbox, "it may still be on its way"

    Invitation.objects.update(created_at=timezone.now() - timedelta(minutes=10))
    sweep_invitations()
    sweep_invitations()

    assert len(mail.outbox) == 1


def test_the_page_invites_sends_again_and_takes_back(
    as_bob: Client, celery_eager: object, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        as_bob.post(reverse("accounts:invite", args=["acme"]), {"email": ADDRESS, "role": "agent"})
    page = as_bob.get(reverse("accounts:people", args=["acme"])).content.decode()
    assert ADDRESS in page
    assert "on its way" in page

    first = Invitation.objects.open().get()
    with django_capture_on_commit_callbacks(execute=True):
        as_bob.post(reverse("accounts:resend_invitation", args=["acme", first.pk]))
    second = Invitation.objects.open().get()
    assert second.pk != first.pk
    assert len(mail.outbox) == 2

    as_bob.post(reverse("accounts:withdraw_invitation", args=["acme", second.pk]))
    assert not Invitation.objects.open().exists()


def test_the_answer_to_an_admin_is_the_same_for_known_and_unknown_addresses(
    as_bob: Client, mallory: Membership
) -> None:
    where = reverse("accounts:invite", args=["acme"])
    known = as_bob.post(where, {"email": mallory.user.email, "role": "agent"}, follow=True)
    unknown = as_bob.post(where, {"email": "nobody@globex.example", "role": "agent"}, follow=True)

    assert [str(m) for m in known.context["messages"]] == [str(m) for m in unknown.context["messages"]]


def test_an_agent_and_an_outsider_cannot_invite(as_alice: Client, as_mallory: Client) -> None:
    where = reverse("accounts:invite", args=["acme"])

    assert as_alice.post(where, {"email": ADDRESS, "role": "agent"}).status_code == 403
    assert as_mallory.post(where, {"email": ADDRESS, "role": "agent"}).status_code == 404
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("data", [{"email": "no address", "role": "agent"}, {"email": ADDRESS, "role": "owner"}, {}])
def test_a_wrong_form_invites_nobody(as_bob: Client, data: dict) -> None:
    assert as_bob.post(reverse("accounts:invite", args=["acme"]), data).status_code == 422
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("token", ["x", "%00", "a" * 500, "å"])
def test_a_made_up_link_is_a_plain_page(db: None, client: Client, token: str) -> None:
    assert client.get(reverse("invitation", args=[token])).status_code == 404
    assert client.post(reverse("join", args=[token])).status_code == 404
