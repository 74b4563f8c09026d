"""Roles, and who may change whom."""

import threading
from uuid import UUID

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.actions.change_role import change_role
from accounts.actions.deactivate import deactivate_member, reactivate_member
from accounts.actions.invite import invite_person
from accounts.errors import ActionRefused
from accounts.models import Invitation, Membership, Organization
from accounts.tenancy import organization_scope
from tests import factories
from tests.cast import sign_in

Capture = DjangoCaptureOnCommitCallbacks


def role_of(member: Membership) -> str:
    """Return the role the database knows."""
    return Membership.objects.get(pk=member.pk).role


def test_an_admin_makes_an_agent_an_admin(bob: Membership, alice: Membership, scope: object) -> None:
    change_role(alice, role="admin", by=bob)

    assert role_of(alice) == "admin"


def test_an_admin_can_neither_make_nor_touch_an_owner(
    bob: Membership, alice: Membership, owner: Membership, scope: object
) -> None:
    for refused in (
        lambda: change_role(alice, role="owner", by=bob),
        lambda: change_role(bob, role="owner", by=bob),
        lambda: change_role(owner, role="agent", by=bob),
        lambda: deactivate_member(owner, by=bob),
    ):
        with pytest.raises(ActionRefused):
            refused()

    assert (role_of(alice), role_of(bob), role_of(owner)) == ("agent", "admin", "owner")


def test_the_last_owner_cannot_be_demoted_or_shut_out(owner: Membership, bob: Membership, scope: object) -> None:
    with pytest.raises(ActionRefused):
        change_role(owner, role="admin", by=owner)
    with pytest.raises(ActionRefused):
        deactivate_member(owner, by=owner)

    change_role(bob, role="owner", by=owner)
    change_role(owner, role="admin", by=owner)
    assert role_of(owner) == "admin"
    with pytest.raises(ActionRefused):
        change_role(bob, role="agent", by=bob)


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_demote_one_another_at_once_leave_one(owner: Membership, bob: Membership) -> None:
    Membership.objects.filter(pk=bob.pk).update(role="owner")
    both = threading.Barrier(2)
    refused = []

    def demote(pk: UUID, by_pk: UUID) -> None:
        try:
            with organization_scope(owner.organization_id):
                both.wait()
                member, by = (Membership.objects.select_related("organization", "user").get(pk=p) for p in (pk, by_pk))
                change_role(member, role="agent", by=by)
        except ActionRefused:
            refused.append(pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=demote, args=pair) for pair in ((owner.pk, bob.pk), (bob.pk, owner.pk))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert Membership.objects.filter(role="owner").count() == 1


def test_an_owner_who_was_shut_out_does_not_count_as_one(owner: Membership, bob: Membership, scope: object) -> None:
    change_role(bob, role="owner", by=owner)
    deactivate_member(bob, by=owner)

    with pytest.raises(ActionRefused):
        change_role(owner, role="agent", by=owner)


def test_agents_and_viewers_change_nobody(
    bob: Membership, alice: Membership, viewer: Membership, scope: object
) -> None:
    for by in (alice, viewer):
        with pytest.raises(ActionRefused):
            change_role(bob, role="viewer", by=by)
        with pytest.raises(ActionRefused):
            deactivate_member(bob, by=by)


def test_an_admin_who_was_demoted_a_moment_ago_changes_nobody(
    bob: Membership, alice: Membership, owner: Membership, scope: object
) -> None:
    stale = Membership.objects.select_related("organization", "user").get(pk=bob.pk)
    change_role(bob, role="agent", by=owner)

    with pytest.raises(ActionRefused):
        deactivate_member(alice, by=stale)


def test_invitations_of_somebody_who_is_no_admin_any_more_die(
    bob: Membership, owner: Membership, scope: object
) -> None:
    invite_person(bob.organization, email="friend@people.example", role="admin", by=bob)

    change_role(bob, role="agent", by=owner)

    assert not Invitation.objects.open().exists()


def test_whoever_is_shut_out_is_out_at_once_and_signed_out_everywhere(
    as_bob: Client, as_alice: Client, alice: Membership, django_capture_on_commit_callbacks: Capture
) -> None:
    desk = reverse("tickets:queue", args=["acme"])
    assert as_alice.get(desk).status_code == 200

    as_bob.post(reverse("accounts:deactivate", args=["acme", alice.pk]))
    assert as_alice.get(desk).status_code == 404, "the membership alone keeps her out"

    with django_capture_on_commit_callbacks(execute=True):
        Membership.objects.update(is_active=True)
        as_bob.post(reverse("accounts:deactivate", args=["acme", alice.pk]))
    assert as_alice.get("/")["Location"].startswith(reverse("account_login")), "and her sessions ended"


def test_letting_in_again_gives_the_old_role_back(bob: Membership, alice: Membership, scope: object) -> None:
    deactivate_member(alice, by=bob)
    reactivate_member(alice, by=bob)

    member = Membership.objects.get(pk=alice.pk)
    assert (member.role, member.is_active) == ("agent", True)


def test_nobody_shuts_out_themselves(bob: Membership, owner: Membership, scope: object) -> None:
    with pytest.raises(ActionRefused):
        deactivate_member(bob, by=bob)


def test_a_new_role_ends_the_sessions_that_began_with_the_old_one(
    as_bob: Client, as_alice: Client, alice: Membership, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        as_bob.post(reverse("accounts:change_role", args=["acme", alice.pk]), {"role": "viewer"})

    assert as_alice.get("/")["Location"].startswith(reverse("account_login"))
    assert role_of(alice) == "viewer"


def test_a_refusal_is_a_sentence_on_the_page(as_bob: Client, owner: Membership) -> None:
    where = reverse("accounts:people", args=["acme"])

    change = reverse("accounts:change_role", args=["acme", owner.pk])
    came_from = {"referer": f"http://testserver{where}"}
    response = as_bob.post(change, {"role": "agent"}, headers=came_from, follow=True)

    assert "Only an owner can change an owner." in response.content.decode()
    assert role_of(owner) == "owner"


def test_the_page_shows_members_with_roles_and_offers_an_admin_no_owner(
    as_bob: Client, alice: Membership, owner: Membership
) -> None:
    factories.make_membership(alice.organization, is_active=False)

    page = as_bob.get(reverse("accounts:people", args=["acme"]))

    assert len(page.context["members"]) == 4
    text = page.content.decode()
    assert all(word in text for word in ("Alice Agent", "alice@acme.example", "Olivia Owner", "Cannot sign in"))
    assert 'value="owner"' not in text


@pytest.mark.parametrize("page", ["accounts:people", "accounts:organization"])
def test_people_and_rules_are_for_admins(as_alice: Client, as_viewer: Client, as_mallory: Client, page: str) -> None:
    where = reverse(page, args=["acme"])

    assert (as_alice.get(where).status_code, as_viewer.get(where).status_code) == (403, 403)
    assert as_mallory.get(where).status_code == 404


def test_members_of_others_cannot_be_named_in_the_address(as_bob: Client, mallory: Membership) -> None:
    for verb in ("change_role", "deactivate", "reactivate"):
        response = as_bob.post(reverse(f"accounts:{verb}", args=["acme", mallory.pk]), {"role": "viewer"})
        assert response.status_code == 404

    assert (role_of(mallory), Membership.objects.get(pk=mallory.pk).is_active) == ("agent", True)


def test_the_rules_of_the_desk_are_saved_and_nothing_else(as_bob: Client, acme: Organization) -> None:
    data = {"name": "Acme AB", "language": "sv", "requires_mfa": "on", "reopen_days": "14", "slug": "globex"}

    assert as_bob.post(reverse("accounts:organization", args=["acme"]), data).status_code == 302

    acme.refresh_from_db()
    assert (acme.name, acme.language, acme.requires_mfa, acme.reopen_days) == ("Acme AB", "sv", True, 14)
    assert (acme.slug, acme.closed_at) == ("acme", None)


def test_somebody_with_two_desks_chooses_and_switches(
    as_alice: Client, alice: Membership, globex: Organization
) -> None:
    factories.make_membership(globex, alice.user)

    page = as_alice.get("/").content.decode()
    assert "Acme" in page
    assert "Globex" in page
    assert reverse("desks") in as_alice.get(reverse("tickets:queue", args=["globex"])).content.decode()


def test_home_leads_to_the_one_desk_to_the_admin_or_says_what_to_do(
    as_alice: Client, as_staff: Client, db: None
) -> None:
    assert as_alice.get("/")["Location"] == reverse("tickets:queue", args=["acme"])
    assert as_staff.get("/")["Location"] == reverse("admin:index")
    nobody = sign_in(Client(), factories.make_user())
    assert "You belong to no desk" in nobody.get("/").content.decode()


def test_a_closed_organization_is_nobodys_desk(as_alice: Client, acme: Organization) -> None:
    Organization.objects.update(closed_at="2026-01-01T00:00Z")

    assert as_alice.get(reverse("tickets:queue", args=["acme"])).status_code == 404
    assert "You belong to no desk" in as_alice.get("/").content.decode()


def test_a_profile_is_saved_and_its_owner_sees_it(as_alice: Client, alice: Membership) -> None:
    data = {"name": " Alice \n A ", "language": "de", "time_zone": "Europe/Berlin", "theme": "dark"}
    unasked = {"email": "x@x.example", "is_staff": "1"}

    response = as_alice.post(reverse("profile"), data | unasked)

    alice.user.refresh_from_db()
    assert (alice.user.name, alice.user.language, alice.user.time_zone) == ("Alice A", "de", "Europe/Berlin")
    assert (alice.user.email, alice.user.is_staff) == ("alice@acme.example", False)
    assert response.cookies["deskhero_theme"].value == "dark"
    page = as_alice.get(reverse("profile")).content.decode()
    assert 'lang="de"' in page
    assert 'data-theme="dark"' in page


def test_a_profile_with_a_made_up_zone_is_refused(as_alice: Client, alice: Membership) -> None:
    data = {"name": "A", "language": "de", "time_zone": "Mars/Base", "theme": "dark"}

    assert as_alice.post(reverse("profile"), data).status_code == 422
    alice.user.refresh_from_db()
    assert alice.user.language == "en"
