"""Contacts from a file: looked through, taken in by batches, the file gone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.tenancy import organization_scope
from tests import factories
from tickets.actions.contacts import import_contacts as module
from tickets.actions.contacts.edit import edit_contact
from tickets.actions.contacts.import_contacts import (
    begin_import,
    clear_up_imports,
    give_up_import,
    import_some,
    look_through,
    upload_contacts,
)
from tickets.contacts.finding import page_of
from tickets.models import Contact, ContactImport
from tickets.tasks import import_contacts, sweep_imports

COLUMNS = {"0": "name", "1": "address", "2": "company", "3": "note"}
HEAD = "Name,E-mail,Company,Note\n"


def uploaded(acme, by, rows):
    return upload_contacts(acme, content=(HEAD + rows).encode(), by=by)


def taken_in(acme, by, rows, columns=COLUMNS):
    run = uploaded(acme, by, rows)
    look_through(run, columns=columns)
    begin_import(run, by=by)
    while import_some(run.pk):
        pass
    run.refresh_from_db()
    return run


def counts(run):
    return run.added, run.changed, run.known, run.failed


@pytest.mark.usefixtures("scope")
class TestInTheScope:
    """One transaction."""

    def test_rows_become_contacts_with_company_and_note(self, acme, bob):
        run = taken_in(acme, bob, "Nora Nordlund,nora@northlight.example,Northlight,Likes doors\n")

        (nora,) = page_of(bob, "nordl", None)
        assert (nora.name, nora.company.name, nora.notes.get().text) == ("Nora Nordlund", "Northlight", "Likes doors")
        assert [(one.verb, one.by) for one in nora.events.all()] == [("imported", bob)]
        assert counts(run) == (1, 0, 0, 0)
        assert (run.state, run.total, run.position) == ("done", 1, 1)

    def test_looking_through_takes_nothing_in_and_says_what_would_happen(self, acme, bob, contact):
        run = uploaded(
            acme,
            bob,
            "New,new@a.example,,\nCarol,CAROL@customer.example,,\nAgain,NEW@a.example,,\nNone,,,\nBad,x@@y,,\n",
        )
        look_through(run, columns=COLUMNS)

        assert Contact.objects.count() == 1
        assert counts(run) == (1, 0, 2, 2)
        assert run.errors["rows"] == [[5, "no_address"], [6, "not_an_address"]]
        assert run.state == "checked"

    def test_the_run_does_what_the_look_said(self, acme, bob, contact, mailbox):
        other = factories.make_contact(acme, address="two@b.example")
        rows = (
            "New,new@a.example,,\nCarol,carol@customer.example,,\nBoth,carol@customer.example;two@b.example,,\n"
            f"Ours,{mailbox.address},,\nShort\n"
        )
        run = taken_in(acme, bob, rows)

        assert [tuple(error) for error in run.errors["rows"]] == [(4, "two_contacts"), (5, "ours"), (6, "no_address")]
        assert counts(run) == (1, 0, 1, 3)
        assert other.addresses.count() == 1

    def test_nothing_that_is_there_is_overwritten_and_what_lacks_is_filled_in(self, acme, bob, contact):
        edit_contact(contact, name=contact.name, company="Kept AB", by=bob)
        run = taken_in(acme, bob, "Other Name,carol@customer.example;carol@more.example,Other AB,\n")

        found = Contact.objects.get(pk=contact.pk)
        assert (found.name, found.company.name) == ("Carol Customer", "Kept AB")
        assert found.addresses.count() == 2
        assert counts(run) == (0, 1, 0, 0)
        assert page_of(bob, "carol@more.example", None) == [found]

    def test_the_same_person_in_several_rows_is_one_contact(self, acme, bob):
        rows = "Nora,n@a.example,,\nNora,N@A.example,,\nNora,n@a.example;n@b.example,,\n"
        run = taken_in(acme, bob, rows)

        assert counts(run) == (1, 1, 1, 0)
        assert Contact.objects.get().addresses.count() == 2

    def test_the_same_file_twice_adds_nothing(self, acme, bob):
        rows = "Nora,n@a.example,Light,A note\nPer,p@a.example,Light,\n"
        taken_in(acme, bob, rows)
        again = taken_in(acme, bob, rows)

        assert counts(again) == (0, 0, 2, 0)
        assert Contact.objects.count() == 2
        assert len({one.company_id for one in Contact.objects.all()}) == 1

    def test_a_run_that_was_killed_goes_on_where_it_stopped(self, acme, bob, monkeypatch):
        monkeypatch.setattr(module, "STEP", 2)
        run = uploaded(acme, bob, "".join(f"N{number},n{number}@a.example,,\n" for number in range(5)))
        look_through(run, columns=COLUMNS)
        begin_import(run, by=bob)

        assert import_some(run.pk)
        assert Contact.objects.count() == 2
        assert import_some(run.pk)
        assert not import_some(run.pk)
        assert not import_some(run.pk)
        run.refresh_from_db()
        assert counts(run) == (5, 0, 0, 0)

    def test_one_file_at_a_time_is_taken_in(self, acme, bob):
        first, second = (uploaded(acme, bob, "Nora,n@a.example,,\n") for _ in range(2))
        for run in (first, second):
            look_through(run, columns=COLUMNS)
        begin_import(first, by=bob)
        begin_import(first, by=bob)

        with pytest.raises(ActionRefused):
            begin_import(second, by=bob)
        with pytest.raises(ActionRefused):
            look_through(first, columns=COLUMNS)
        with pytest.raises(ActionRefused):
            give_up_import(first)

    @pytest.mark.parametrize("columns", [{}, {"0": "name"}, {"0": "address", "1": "password"}])
    def test_without_a_column_of_addresses_nothing_begins(self, columns, acme, bob):
        run = uploaded(acme, bob, "Nora,n@a.example,,\n")

        with pytest.raises(ActionRefused):
            look_through(run, columns=columns)
        with pytest.raises(ActionRefused):
            begin_import(run, by=bob)

    @pytest.mark.parametrize("content", [b"", b"\n\n", b"Name,E-mail\n", b"\x00\x00"])
    def test_a_file_without_rows_is_refused(self, content, acme, bob):
        with pytest.raises(ActionRefused):
            upload_contacts(acme, content=content, by=bob)
        assert not ContactImport.objects.exists()

    def test_a_file_that_is_too_large_is_refused(self, acme, bob, monkeypatch):
        monkeypatch.setattr(module, "MAX_ROWS", 2)
        with pytest.raises(ActionRefused, match="2"):
            uploaded(acme, bob, "A,a@a.example,,\n" * 3)
        monkeypatch.setattr(module, "MAX_BYTES", 10)
        with pytest.raises(ActionRefused):
            uploaded(acme, bob, "A,a@a.example,,\n")

    def test_errors_beyond_a_bound_are_counted(self, acme, bob, monkeypatch):
        monkeypatch.setattr(module, "MAX_ERRORS", 2)
        run = taken_in(acme, bob, "x,,,\n" * 5)

        assert (run.failed, len(run.errors["rows"])) == (5, 2)


def test_the_file_is_sealed_while_it_waits_and_gone_after_the_run(acme, bob, django_capture_on_commit_callbacks):
    from pathlib import Path

    from django.core.files.storage import default_storage

    with organization_scope(acme):
        run = uploaded(acme, bob, "Nora Kanarievogel,nora@a.example,,\n")
    path = Path(default_storage.path(run.file.path))
    assert b"Kanarievogel" not in path.read_bytes()
    with organization_scope(acme):
        look_through(run, columns=COLUMNS)
        begin_import(run, by=bob)
    with django_capture_on_commit_callbacks(execute=True):
        import_contacts(str(acme.pk), str(run.pk))

    assert not path.exists()
    with organization_scope(acme):
        assert ContactImport.objects.get().columns == {}
        assert Contact.objects.get().name == "Nora Kanarievogel"


def test_what_nobody_takes_in_is_deleted_after_a_day(acme, bob, django_capture_on_commit_callbacks):
    with organization_scope(acme):
        old, new = (uploaded(acme, bob, "Nora,nora@a.example,,\n") for _ in range(2))
        ContactImport.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - timedelta(hours=25))
    with django_capture_on_commit_callbacks(execute=True):
        sweep_imports()

    assert not old.file.exists()
    assert new.file.exists()
    with organization_scope(acme):
        assert ContactImport.objects.get(pk=old.pk).state == "given_up"


def test_a_run_without_a_worker_is_found(acme, bob):
    with organization_scope(acme):
        run = uploaded(acme, bob, "Nora,nora@a.example,,\n")
        look_through(run, columns=COLUMNS)
        begin_import(run, by=bob)
        assert clear_up_imports(acme.pk) == []
        ContactImport.objects.update(moved_at=timezone.now() - timedelta(minutes=11))
        assert clear_up_imports(acme.pk) == [run.pk]
