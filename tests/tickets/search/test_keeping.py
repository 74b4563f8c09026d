"""The index goes with what it finds: written, moved and deleted in the same transaction, closed to everybody else."""

from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.models import Membership, Organization
from accounts.sealing.digests import address_digest
from accounts.sealing.keys import Kind, destroy_key
from accounts.sealing.rotation import Rotation
from accounts.tenancy import organization_scope
from mailbox.models import Mailbox
from tests import factories
from tests.guards import catalog
from tests.tickets.search.conftest import Filer, file, numbers
from tickets.actions.contacts.merge import merge_contacts, unmerge_contacts
from tickets.actions.merge import merge_tickets, unmerge_ticket
from tickets.actions.note import add_note
from tickets.actions.reply import send_reply
from tickets.actions.split import split_message
from tickets.models import Contact, ContactAddress, Message, Note, SearchDocument, Ticket
from tickets.search.keeping import keep
from tickets.search.sources import note_document

pytestmark = pytest.mark.django_db


def rows() -> int:
    return SearchDocument.objects.count()


def all_there() -> set[object]:
    return {pk for model in (Ticket, Message, Note) for pk in model._base_manager.values_list("pk", flat=True)}


def kept() -> set[object]:
    return set(SearchDocument.objects.values_list("pk", flat=True))


def test_everything_written_has_its_row(alice: Membership, ticket: Ticket, filed: Filer) -> None:
    first = filed("A ratchet", files=("plan.pdf",))
    with organization_scope(alice.organization):
        send_reply(first, text="Thank you", to=[("", "carol@customer.example")], by=alice)
        add_note(ticket, text="A remark", by=alice)

    assert kept() == all_there()
    assert rows() == 6


def test_what_is_rolled_back_is_not_found(alice: Membership, filed: Filer) -> None:
    with transaction.atomic():
        filed("A ratchet")
        assert rows() == 2
        transaction.set_rollback(True)

    assert rows() == 0


@pytest.mark.parametrize("model", [Note, Message, Ticket])
def test_what_is_deleted_loses_its_row(model: type, alice: Membership, filed: Filer) -> None:
    ticket = filed("A ratchet")
    with organization_scope(alice.organization):
        add_note(ticket, text="A remark", by=alice)
        model._base_manager.all().delete()

    assert kept() == all_there()
    assert numbers(alice, "ratchet") == ([ticket.number] if model is Note else [])


def test_an_organization_takes_its_rows_with_it(alice: Membership, filed: Filer) -> None:
    filed("A ratchet")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM tickets_message")
        cursor.execute("DELETE FROM tickets_event; DELETE FROM tickets_threadkey; DELETE FROM tickets_ticket")

    assert rows() == 0


def test_a_new_subject_and_a_new_name_are_found_at_once(alice: Membership, filed: Filer) -> None:
    ticket = filed("Text", subject="Bolt", sender="nameless@customer.example")
    with organization_scope(alice.organization):
        ticket.subject = "Ratchet"
        ticket.save(update_fields=["subject"])
        contact = Contact.objects.get(pk=ticket.contact_id)
        contact.name = "Wilhelmina"
        contact.save(update_fields=["name"])
        address = "second@elsewhere.example"
        digest = address_digest(alice.organization_id, address)
        owned = {"organization_id": alice.organization_id, "contact": contact}
        ContactAddress.objects.create(address=address, digest=digest, **owned)

    assert numbers(alice, "ratch") == numbers(alice, "wilh") == numbers(alice, address) == [ticket.number]


def test_a_name_that_comes_with_a_later_mail_is_found(alice: Membership, filed: Filer) -> None:
    ticket = filed("Text", subject="Bolt", sender="nameless@customer.example")
    filed("More", subject="Re: Bolt", sender="Wilhelmina <nameless@customer.example>", answers=ticket)

    assert numbers(alice, "wilh") == [ticket.number]


def test_a_merged_contact_is_found_by_the_name_of_the_survivor_until_it_is_undone(
    alice: Membership, filed: Filer
) -> None:
    kept, given = (
        filed(sender="Nora Newman <nora@customer.example>"),
        filed(sender="Olle Oldman <olle@customer.example>"),
    )
    with organization_scope(alice.organization_id):
        merge = merge_contacts(given.contact, into=kept.contact, by=alice)

    assert sorted(numbers(alice, "newman")) == sorted([kept.number, given.number])

    with organization_scope(alice.organization_id):
        unmerge_contacts(merge, by=alice)
    assert numbers(alice, "newman") == [kept.number]
    assert numbers(alice, "oldman") == [given.number]


def test_merged_and_unmerged_tickets_take_their_rows_along(alice: Membership, filed: Filer) -> None:
    one = filed("A ratchet", subject="One", sender="one@customer.example")
    two = filed("A pump", subject="Two", sender="two@customer.example")
    with organization_scope(alice.organization):
        merge_tickets(one, into=two, by=alice)
    assert numbers(alice, "ratchet pump") == [two.number]
    with organization_scope(alice.organization):
        unmerge_ticket(one, by=alice)

    assert numbers(alice, "ratchet") == [one.number]
    assert kept() == all_there()


def test_what_moves_to_another_mailbox_is_kept_under_its_key(alice: Membership, filed: Filer) -> None:
    other = factories.make_mailbox(alice.organization, address="other@acme.example")
    one = filed("A ratchet", subject="One", sender="one@customer.example", files=("plan.pdf",))
    two = file(other, "A pump", subject="Two", sender="two@customer.example")
    with organization_scope(alice.organization):
        add_note(one, text="A remark", by=alice)
        merge_tickets(one, into=two, by=alice)

    assert numbers(alice, "ratchet mailbox:other") == numbers(alice, "plan.pdf") == [two.number]
    assert numbers(alice, "remark") == [two.number]
    assert kept() == all_there()


def test_a_split_ticket_is_found_by_what_went_with_it(alice: Membership, filed: Filer) -> None:
    ticket = filed("A ratchet", subject="One")
    filed("A pump", subject="Re: One", answers=ticket)
    with organization_scope(alice.organization):
        new = split_message(Message.objects.get(ticket=ticket, pk__in=_with_pump()), by=alice)

    assert numbers(alice, "pump") == [new.number]
    assert numbers(alice, "ratchet") == [ticket.number]


def _with_pump() -> list[object]:
    return [message.pk for message in Message.objects.all() if "pump" in message.new_text]


def test_after_a_rotation_old_and_new_rows_are_found(
    alice: Membership, mailbox: Mailbox, filed: Filer, settings: Any
) -> None:
    settings.KEY_CACHE_SECONDS = 0  # else the rotation waits until no process holds the old key alone
    old = filed("A ratchet", sender="one@customer.example")
    Rotation(lambda _line: None).mailbox(mailbox.pk, mailbox.organization_id)
    new = filed("A ratchet", subject="Another", sender="two@customer.example")

    assert set(SearchDocument.objects.values_list("key_version", flat=True)) == {1, 2}
    assert numbers(alice, "ratchet") == [new.number, old.number]


def test_nothing_is_found_under_a_destroyed_key(alice: Membership, mailbox: Mailbox, filed: Filer) -> None:
    filed("A ratchet")
    destroy_key(Kind.MAILBOX, mailbox.pk)

    assert numbers(alice, "ratchet") == []


# --- closed ----------------------------------------------------------------------------------------------------------
def test_codes_say_nothing(filed: Filer) -> None:
    filed("A ratchet for carol", subject="Ratchet", files=("ratchet.pdf",))
    dump = str(catalog.rows("SELECT t::text FROM tickets_searchdocument t")).lower()

    assert "codes" not in dump
    for word in ("ratch", "carol", "custom", "pdf"):
        assert f"'{word}" not in dump
        assert word not in dump


def test_the_same_word_has_another_code_in_another_mailbox(alice: Membership, filed: Filer) -> None:
    other = factories.make_mailbox(alice.organization, address="other@acme.example")
    one, two = filed("ratchet"), file(other, "ratchet", sender="two@customer.example")
    every = "SELECT ticket_id, array_agg(l.lexeme) FROM tickets_searchdocument, unnest(codes) l GROUP BY ticket_id"
    found = dict(catalog.rows(every))

    assert not set(found[one.pk]) & set(found[two.pk])


def test_the_tenant_role_cannot_read_the_table(acme: Organization) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        organization_scope(acme),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT count(*) FROM tickets_searchdocument")


FUNCTIONS = {
    "states": "deskhero_search_states(%(ids)s::uuid[])",
    "tickets": "deskhero_search_tickets(ARRAY[%(query)s::tsquery], NULL, %(mailboxes)s::uuid[]"
    ", NULL, NULL, NULL, NULL, 100)",
    "several": "deskhero_search_tickets(ARRAY[%(query)s::tsquery, %(query)s::tsquery], NULL, %(mailboxes)s::uuid[]"
    ", NULL, NULL, NULL, NULL, 100)",
    "walked": "deskhero_search_newest(ARRAY[%(query)s::tsquery, %(query)s::tsquery], ARRAY[1], 50, NULL"
    ", %(mailboxes)s::uuid[], NULL, NULL, NULL, NULL, 100)",
    "looked at": "deskhero_search_newest(ARRAY[%(query)s::tsquery, %(query)s::tsquery], ARRAY[1, 2], 0, NULL"
    ", %(mailboxes)s::uuid[], NULL, NULL, NULL, NULL, 100)",
    "places": "deskhero_search_places(%(tickets)s::uuid[], %(query)s::tsquery, %(mailboxes)s::uuid[], NULL, NULL, 9)",
    "similar": "deskhero_search_similar(%(ticket)s, %(each)s::text[]::tsquery[], ARRAY[1, 1, 1], ARRAY[1], ARRAY['x']"
    ", 9, %(mailboxes)s::uuid[], 9)",
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_function_shows_another_organizations_rows(
    name: str, acme: Organization, mailbox: Mailbox, filed: Filer, globex: Organization
) -> None:
    """Even with the very codes, ids and mailboxes of the other one, which nobody there can know."""
    text = "The ratchet of the carburettor and the flywheel squeak"
    one, two = filed(text, sender="one@customer.example"), filed(text, subject="B", sender="two@customer.example")
    shared = (
        "SELECT l.lexeme FROM tickets_searchdocument, unnest(codes) l GROUP BY 1 HAVING count(DISTINCT ticket_id) = 2"
    )
    codes = catalog.rows(shared)
    given = {
        "ids": list(kept()),
        "query": " | ".join(f"'{code}'" for (code,) in codes),
        "each": [f"'{code}'" for (code,) in codes[:3]],
        "mailboxes": [mailbox.pk],
        "tickets": [one.pk, two.pk],
        "ticket": one.pk,
    }

    def ask(organization: Organization) -> list[tuple]:
        with organization_scope(organization), connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {FUNCTIONS[name]}", given)  # noqa: S608 - from the table above
            return cursor.fetchall()

    assert ask(acme) != []
    assert ask(globex) == []


def test_a_row_of_another_organization_cannot_be_written_over(
    alice: Membership, globex: Organization, filed: Filer
) -> None:
    ticket = filed("A ratchet")
    theirs = factories.make_mailbox(globex)
    with organization_scope(alice.organization):
        note = add_note(ticket, text="A remark", by=alice)
    before = SearchDocument.objects.get(pk=note.pk)
    forged = note_document(note)
    with organization_scope(globex):
        keep([type(forged)(**{**{n: getattr(forged, n) for n in forged.__slots__}, "mailbox_id": theirs.pk})])

    after = SearchDocument.objects.get(pk=note.pk)
    assert (after.organization_id, after.mailbox_id, after.codes) == (
        before.organization_id, before.mailbox_id, before.codes
    )  # fmt: skip
