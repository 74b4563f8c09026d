"""Contacts as a file that runs nothing in a spreadsheet."""

import csv
import io

import pytest

from tests import factories
from tickets.actions.contacts.addresses import add_address
from tickets.actions.contacts.edit import edit_contact
from tickets.contacts import export
from tickets.contacts.export import contacts_as_csv, harmless

pytestmark = pytest.mark.usefixtures("scope")


def rows(me):
    content = contacts_as_csv(me)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", '=HYPERLINK("http://x.example")']
)
def test_a_cell_that_would_begin_a_formula_begins_with_an_apostrophe(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Nora", "a=b", "1-2", "", "nora@a.example"])
def test_other_cells_stay_as_they_are(cell):
    assert harmless(cell) == cell


def test_every_contact_is_in_it_with_all_addresses(acme, bob, contact, hidden, monkeypatch):
    monkeypatch.setattr(export, "STEP", 1)
    factories.make_contact(acme, name='=cmd|"/c calc"!A1', address="+x@evil.example")
    add_address(contact, address="carol@more.example", by=bob)
    edit_contact(contact, name='Carol "C", Customer', company="-Minus AB", by=bob)

    found = rows(bob)

    assert found[0][:4] == ["Name", "E-mail", "Other e-mail", "Company"]
    assert len(found) == 4
    assert ['Carol "C", Customer', "carol@customer.example", "carol@more.example", "'-Minus AB"] in [
        row[:4] for row in found
    ]
    assert '\'=cmd|"/c calc"!A1' in [row[0] for row in found]
    assert "'+x@evil.example" in [row[1] for row in found]
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in found for cell in row)


def test_what_was_exported_can_be_imported_again(acme, bob):
    from tickets.contacts.sheets import Sheet

    factories.make_contact(acme, name="=Nora", address="nora@a.example")

    (row,) = Sheet(contacts_as_csv(bob)).rows()
    assert row.cells[:2] == ["=Nora", "nora@a.example"]
