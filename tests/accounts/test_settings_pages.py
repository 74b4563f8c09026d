"""Every setting is found: from the sidebar, in the index, by a word, and by no one it is not for."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import Membership, Organization
from accounts.settings_pages import DESK, OWN, PRIVACY

TEMPLATES = Path(settings.BASE_DIR) / "templates"


OWNERS = {"exports", "close"}


def test_an_owner_sees_every_page_of_settings_in_one_list(as_owner: Client, acme: Organization) -> None:
    page = as_owner.get(reverse("accounts:settings", args=[acme.slug])).content.decode()

    for one in (*DESK, *PRIVACY, *OWN):
        assert f'href="{one.url(acme)}"' in page
        assert escape(str(one.text)) in page


def test_an_admin_sees_all_but_those_of_owners(as_bob: Client, acme: Organization) -> None:
    page = as_bob.get(reverse("accounts:settings", args=[acme.slug])).content.decode()

    shown = {one.key for one in (*DESK, *PRIVACY) if f'href="{one.url(acme)}"' in page}
    assert shown == {one.key for one in (*DESK, *PRIVACY)} - OWNERS


def test_an_agent_sees_the_own_pages_and_what_is_for_everybody_who_answers(
    as_alice: Client, alice: Membership, acme: Organization
) -> None:
    page = as_alice.get(reverse("accounts:settings", args=[acme.slug])).content.decode()

    assert all(f'href="{one.url(acme)}"' in page for one in OWN)
    assert {one.key for one in (*DESK, *PRIVACY) if f'href="{one.url(acme)}"' in page} == {"canned"}


@pytest.mark.parametrize(
    ("asked", "found"),
    [("holiday", {"hours"}), ("two factor", {"second-step"}), ("signature", {"mailboxes"}), ("xyzzy", set())],
)
def test_a_word_finds_the_page_where_it_is_set(as_bob: Client, acme: Organization, asked: str, found: set[str]) -> None:
    answer = as_bob.get(reverse("accounts:settings", args=[acme.slug]), {"q": asked})

    assert {page["key"] for group in answer.context["groups"] for page in group.pages} == found
    assert ("data-narrow-none hidden" in answer.content.decode()) is bool(found)


def test_the_search_knows_the_words_of_the_readers_language(
    as_bob: Client, bob: Membership, acme: Organization
) -> None:
    bob.user.language = "sv"
    bob.user.save(update_fields=["language"])

    answer = as_bob.get(reverse("accounts:settings", args=[acme.slug]), {"q": "helgdagar"})
    assert [page["key"] for group in answer.context["groups"] for page in group.pages] == ["hours"]


def test_every_page_that_looks_like_settings_is_in_the_list() -> None:
    known = {page.key for page in (*DESK, *PRIVACY, *OWN)} | {"all"}
    named = {
        key for path in TEMPLATES.rglob("*.html") for key in re.findall(r'with section="([\w-]+)"', path.read_text())
    }

    assert len(named) > 8
    assert named <= known
