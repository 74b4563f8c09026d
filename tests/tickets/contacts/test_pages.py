"""The pages of contacts, as agents, viewers and admins meet them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.tenancy import organization_scope
from tests import factories
from tests.sql import counted_sql
from tests.tickets.contacts.paths import at
from tickets.actions.contacts.addresses import add_address
from tickets.actions.contacts.block import block_contact
from tickets.actions.contacts.company import make_company
from tickets.actions.contacts.edit import edit_contact
from tickets.actions.contacts.merge import merge_contacts
from tickets.contacts.history import newest_change
from tickets.models import Contact, ContactImport, ContactNote
from tickets.tasks import import_contacts

pytestmark = pytest.mark.django_db


def test_the_list_shows_who_where_and_how_many_tickets(as_alice, acme, contact, ticket, nora, bob):
    with organization_scope(acme):
        make_company(name="Northlight", domains=["northlight.example"], by=bob)
    page = as_alice.get(at("contacts")).content.decode()

    for word in ("Carol Customer", "carol@customer.example", "Nora Nordlund", "Northlight"):
        assert word in page


def test_the_list_asks_a_fixed_number_of_questions(as_alice, acme, contact, ticket, mailbox):
    with counted_sql() as few:
        as_alice.get(at("contacts"))
    for number in range(10):
        made = factories.make_contact(acme, name=f"Person {number}")
        factories.make_ticket(acme, mailbox=mailbox, contact=made)
    with counted_sql() as many:
        as_alice.get(at("contacts"))

    assert len(many) == len(few) <= 10


def test_what_is_looked_for_is_posted_and_found(as_viewer, contact, nora):
    page = as_viewer.post(at("contacts"), {"q": "nord"}).content.decode()

    assert "Nora Nordlund" in page
    assert "Carol Customer" not in page
    assert "Nobody is found" in as_viewer.post(at("contacts"), {"q": "norma"}).content.decode()
    assert as_viewer.get(at("contacts") + "?before=nonsense").status_code == 404


def test_the_profile_shows_tickets_of_mailboxes_the_reader_may_see_only(
    as_alice, as_bob, acme, contact, ticket, closed
):
    factories.make_ticket(acme, mailbox=closed, contact=contact, subject="Only for the board")

    assert "The door does not close" in as_alice.get(at("contact", contact.pk)).content.decode()
    assert "Only for the board" not in as_alice.get(at("contact", contact.pk)).content.decode()
    assert "Only for the board" in as_bob.get(at("contact", contact.pk)).content.decode()


def test_counts_say_nothing_of_other_mailboxes(as_alice, acme, contact, ticket, closed):
    for _ in range(8):
        factories.make_ticket(acme, mailbox=closed, contact=contact)
    page = as_alice.get(at("contacts")).content.decode()

    assert '<td data-label="Tickets" class="num">1</td>' in page


def test_a_profile_costs_a_fixed_number_of_statements(as_alice, acme, contact, ticket, mailbox):
    with counted_sql() as few:
        as_alice.get(at("contact", contact.pk))
    for _ in range(10):
        factories.make_ticket(acme, mailbox=mailbox, contact=contact)
    with counted_sql() as many:
        as_alice.get(at("contact", contact.pk))

    assert len(many) == len(few) <= 14


def test_hidden_contacts_and_companies_are_nowhere(as_alice, as_bob, acme, hidden, bob):
    with organization_scope(acme):
        company = make_company(name="Secret Works", domains=["secret.example"], by=bob)
    for path in (at("contact", hidden.pk), at("company", company.pk), at("edit_contact", hidden.pk)):
        assert as_alice.get(path).status_code == 404
        assert as_bob.get(path).status_code == 200
    for path in (at("contacts"), at("companies"), at("new_contact")):
        page = as_alice.get(path).content.decode()
        assert "Hector" not in page
        assert "Secret Works" not in page


def test_a_merge_with_a_hidden_contact_is_not_offered_and_not_done(as_alice, contact, ticket, hidden):
    assert "Hector" not in as_alice.post(at("choose_merge", contact.pk), {"q": "hector"}).content.decode()
    assert as_alice.get(f"{at('choose_merge', contact.pk)}?with={hidden.pk}").status_code == 404
    assert as_alice.post(at("merge_contact", contact.pk), {"other": str(hidden.pk)}).status_code == 404


def test_an_address_that_is_taken_offers_the_merge(as_alice, contact, ticket, nora):
    answer = as_alice.post(at("add_address", contact.pk), {"address": "nora@northlight.example"})

    assert answer.status_code == 422
    assert f"{at('choose_merge', contact.pk)}?with={nora.pk}" in answer.content.decode()
    preview = as_alice.get(f"{at('choose_merge', contact.pk)}?with={nora.pk}").content.decode()
    assert "tickets: 1" in preview
    assert "nora@northlight.example" in preview


def test_merged_by_the_page_and_undone_by_the_page(as_alice, acme, contact, ticket, nora):
    done = as_alice.post(at("merge_contact", contact.pk), {"other": str(nora.pk), "stays": str(nora.pk)})
    assert done["Location"] == at("contact", nora.pk)
    assert as_alice.get(at("contact", contact.pk))["Location"] == at("contact", nora.pk)
    with organization_scope(acme):
        merge = Contact.objects.get(pk=nora.pk).merges.get()

    undone = as_alice.post(at("undo_contact_merge", nora.pk, merge.pk))

    assert undone["Location"] == at("contact", contact.pk)
    assert as_alice.get(at("contact", contact.pk)).status_code == 200


def test_who_saves_on_top_of_a_colleague_is_shown_it_and_keeps_the_text(as_alice, acme, contact, ticket, bob):
    with organization_scope(acme):
        seen = newest_change(contact)
        edit_contact(contact, name="Bob was here", company="", by=bob)

    answer = as_alice.post(at("edit_contact", contact.pk), {"name": "Alice was here", "company": "", "seen": seen})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Alice was here" in page
    assert "Bob was here" in page
    with organization_scope(acme):
        assert Contact.objects.get(pk=contact.pk).name == "Bob was here"
        seen = newest_change(contact)
    as_alice.post(at("edit_contact", contact.pk), {"name": "Alice was here", "company": "", "seen": seen})
    with organization_scope(acme):
        assert Contact.objects.get(pk=contact.pk).name == "Alice was here"


def test_blocking_is_shown_plainly_on_profile_list_and_ticket(as_alice, acme, contact, ticket, alice):
    with organization_scope(acme):
        block_contact(contact, by=alice)

    for path in (at("contacts"), at("contact", contact.pk), at("ticket", ticket.number)):
        assert "Blocked" in as_alice.get(path).content.decode()


def test_the_ticket_leads_to_the_profile(as_viewer, contact, ticket):
    assert at("contact", contact.pk) in as_viewer.get(at("ticket", ticket.number)).content.decode()


def test_viewers_are_offered_nothing_they_may_not_do(as_viewer, acme, contact, ticket, alice):
    with organization_scope(acme):
        add_address(contact, address="carol@more.example", by=alice)
    page = as_viewer.get(at("contact", contact.pk)).content.decode()

    assert "carol@more.example" in page
    for path in ("edit/", "block/", "merge/", "primary/", "remove/", "/notes/"):
        assert f'{path}"' not in page.replace(at("contact", contact.pk) + "notes", "")


def test_a_note_is_kept_and_deleted_by_its_writer(as_alice, as_bob, as_viewer, acme, contact, ticket):
    assert as_alice.post(at("contact_note", contact.pk), {"text": "Likes doors"}).status_code == 302
    assert as_alice.post(at("contact_note", contact.pk), {"text": " "}).status_code == 422
    assert "Likes doors" in as_viewer.get(at("contact", contact.pk)).content.decode()
    with organization_scope(acme):
        note = ContactNote.objects.get()
    as_bob.post(at("remove_contact_note", contact.pk, note.pk))
    with organization_scope(acme):
        assert not ContactNote.objects.exists()


def test_foreign_names_are_text(as_alice, acme, mailbox):
    name = "<script>alert(1)</script>\u202egnp.exe"
    made = factories.make_contact(acme, name=name, address="x@evil.example")
    factories.make_ticket(acme, mailbox=mailbox, contact=made)

    for path in (at("contacts"), at("contact", made.pk), at("choose_merge", made.pk), at("edit_contact", made.pk)):
        assert "<script>alert" not in as_alice.get(path).content.decode()
    assert "U+202E" in as_alice.get(at("contact", made.pk)).content.decode()


def test_an_import_goes_from_the_upload_to_the_last_row(as_bob, acme, contact):
    content = "Namn;E-post;Företag\nNora;nora@northlight.example;Northlight\nCarol;carol@customer.example;\nIngen;;\n"
    file = SimpleUploadedFile("kontakter.csv", content.encode("cp1252"), "text/csv")
    there = as_bob.post(at("import_contacts"), {"file": file})["Location"]
    page = as_bob.get(there).content.decode()
    assert '<option value="address" selected>' in page
    assert "Nora" in page

    assert as_bob.post(there, {"column_0": "name"}).status_code == 422
    as_bob.post(there, {"column_0": "name", "column_1": "address", "column_2": "company"})
    checked = as_bob.get(there).content.decode()
    assert "New contacts: 1. Known by their address: 1. Rows that cannot be taken in: 1." in checked
    assert "There is no e-mail address in it." in checked
    as_bob.post(there + "begin/")
    assert "0 of 3 rows" in as_bob.get(there).content.decode()
    import_contacts(str(acme.pk), there.split("/")[-2])
    assert "Done. The file is deleted." in as_bob.get(there).content.decode()
    assert "Northlight" in as_bob.get(at("contacts")).content.decode()


def test_a_file_is_given_up(as_bob, acme):
    file = SimpleUploadedFile("x.csv", b"Name,E-mail\nNora,n@a.example\n")
    there = as_bob.post(at("import_contacts"), {"file": file})["Location"]

    as_bob.post(there + "delete/")

    with organization_scope(acme):
        assert ContactImport.objects.get().state == "given_up"
    assert "Nothing was taken in" in as_bob.get(there).content.decode()


def test_an_empty_file_says_so_beside_the_field(as_bob):
    answer = as_bob.post(at("import_contacts"), {"file": SimpleUploadedFile("x.csv", b"\n\n")})

    assert answer.status_code == 422
    assert "The file is empty." in answer.content.decode()


def test_only_admins_take_contacts_in_or_out(as_alice, as_viewer, as_bob, contact):
    for client, status in ((as_alice, 403), (as_viewer, 403), (as_bob, 200)):
        assert client.get(at("import_contacts")).status_code == status
        assert client.get(at("export_contacts")).status_code == status
    sent = as_bob.get(at("export_contacts"))
    assert sent["Content-Type"] == "text/csv; charset=utf-8"
    assert sent["Content-Disposition"].startswith("attachment;")
    assert b"carol@customer.example" in sent.content


def test_a_merged_contact_leads_nowhere_for_who_may_not_see_the_survivor(as_alice, acme, contact, ticket, hidden, bob):
    with organization_scope(acme):
        merge_contacts(factories.make_contact(acme, name="Gone"), into=hidden, by=bob)
        gone = Contact.objects.get(merged_into=hidden)

    assert as_alice.get(at("contact", gone.pk)).status_code == 404
