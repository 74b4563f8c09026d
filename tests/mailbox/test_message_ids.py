"""Message-IDs of ours: known again however they come back, and made by nobody else (SECURITY 23)."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.ids import uuid7
from accounts.models import Organization
from mailbox.message_ids import email_id_of, make_message_id

pytestmark = pytest.mark.django_db
EMAIL = uuid7()
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


@pytest.fixture
def ours(acme: Organization) -> str:
    return make_message_id(acme.pk, EMAIL, "acme.example")


def test_an_id_of_ours_is_known_again_as_programs_write_it(acme: Organization, ours: str) -> None:
    bare = ours.strip("<>")
    for seen in (ours, bare, f" {ours}\t", ours.upper(), f"<{bare.partition('@')[0]}@relay.example>"):
        assert email_id_of(acme.pk, seen) == EMAIL


def test_an_id_of_one_company_is_nothing_at_another(globex: Organization, ours: str) -> None:
    assert email_id_of(globex.pk, ours) is None


def test_a_cut_or_lengthened_id_is_none(acme: Organization, ours: str) -> None:
    local, _, domain = ours.strip("<>").partition("@")
    cut = [f"<{local[:size]}@{domain}>" for size in range(len(local))]
    cut += [f"<{local[start:]}@{domain}>" for start in range(1, len(local))]
    cut += [f"<{local}>", f"<{local}@>", f"<{local}a@{domain}>", f"<a{local}@{domain}>", f"<{local}.a@{domain}>"]

    assert [one for one in cut if email_id_of(acme.pk, one)] == []


def test_no_other_letter_in_the_keyed_part_holds(acme: Organization, ours: str) -> None:
    name, _, rest = ours.strip("<>").partition(".")
    proof, _, domain = rest.partition("@")
    forged = [
        f"<{name}.{proof[:place]}{letter}{proof[place + 1 :]}@{domain}>"
        for place in range(len(proof))
        for letter in LETTERS
        if letter != proof[place]
    ]

    assert len(forged) == 16 * 31
    assert [one for one in forged if email_id_of(acme.pk, one)] == []


def test_the_keyed_part_of_one_mail_does_not_serve_another(acme: Organization, ours: str) -> None:
    other = make_message_id(acme.pk, uuid7(), "acme.example")
    mixed = other.partition(".")[0] + "." + ours.partition(".")[2]

    assert email_id_of(acme.pk, mixed) is None


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(st.text(max_size=120), st.from_regex(r"<[a-z2-7]{26}\.[a-z2-7]{16}@[a-z.]{1,20}>", fullmatch=True)))
def test_nothing_made_up_is_ours(acme: Organization, text: str) -> None:
    assert email_id_of(acme.pk, text) is None
