"""Canned replies: whose they are, how they are filled, how they get into an answer."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actions.create_team import create_team
from accounts.actions.delete_team import delete_team
from accounts.actions.join_team import add_team_member
from accounts.errors import ActionRefused
from accounts.tenancy import organization_scope
from tests.tickets.writing import ask, url
from tickets.actions.attach import NewFile
from tickets.actions.canned import delete_canned, filled_for, save_canned
from tickets.filling import fill, unknown
from tickets.models import CannedFile, CannedReply, DraftFile

SCRIPT = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def asked(acme, mailbox):
    with organization_scope(acme):
        return ask(mailbox)


@pytest.mark.parametrize(
    ("text", "filled", "empty"),
    [
        ("Dear {first_name},", "Dear Carol,", []),
        ("Ticket {number}: {subject}", "Ticket 7: {agent} & <b>", []),
        ("{agent|nobody}", "nobody", []),
        ("Dear {agent},", "Dear,", ["agent"]),
        ("{nonsense} {number", "{nonsense} {number", []),
        ("{first_name.__class__}{0}", "{first_name.__class__}{0}", []),
    ],
)
def test_variables_are_filled_once_and_an_empty_one_leaves_no_gap(text, filled, empty):
    values = {"first_name": "Carol\n", "number": "7", "subject": "{agent} & <b>", "agent": ""}

    assert fill(text, values) == (filled, empty)


def test_a_word_in_braces_that_is_no_variable_is_named(alice, acme):
    assert unknown("{first_name|you} {fist_name}") == ["fist_name"]
    with organization_scope(acme), pytest.raises(ActionRefused, match="fist_name"):
        save_canned(None, name="x", text="{fist_name}", by=alice)


def test_an_agent_keeps_their_own_and_uses_what_is_shared(as_alice, as_bob, acme):
    as_bob.post("/acme/canned/", {"name": "For all", "text": "Hello", "who": "all"})
    as_bob.post("/acme/canned/", {"name": "Only Bob", "text": "Hello", "who": "me"})
    as_alice.post("/acme/canned/", {"name": "Only Alice", "text": "Hello", "who": "me"})
    refused = as_alice.post("/acme/canned/", {"name": "Mine for all", "text": "Hello", "who": "all"})

    assert refused.status_code == 422
    page = as_alice.get("/acme/canned/").content.decode()
    assert "For all" in page
    assert "Only Alice" in page
    assert "Only Bob" not in page
    with organization_scope(acme):
        shared = CannedReply.objects.get(owner=None)
    assert as_alice.get(f"/acme/canned/{shared.pk}/").status_code == 404
    assert as_alice.post(f"/acme/canned/{shared.pk}/delete/").status_code == 404
    assert as_bob.post(f"/acme/canned/{shared.pk}/delete/").status_code == 302


@pytest.mark.usefixtures("scope")
def test_a_teams_are_used_by_the_team_and_stay_when_it_ends(acme, alice, bob, owner):
    team = create_team(acme, name="Billing", by=bob)
    save_canned(None, name="Invoice", text="Here it is", by=bob, team=team)
    assert not CannedReply.objects.usable_by(alice).exists()

    add_team_member(team, member=alice, by=bob)
    assert CannedReply.objects.usable_by(alice).get().name == "Invoice"

    delete_team(team, by=bob)
    assert CannedReply.objects.get().owner == bob


@pytest.mark.usefixtures("scope")
def test_files_go_with_a_canned_reply(alice, django_capture_on_commit_callbacks):
    canned = save_canned(None, name="x", text="y", by=alice, files=[NewFile("a.txt", "text/plain", b"a")])
    file = CannedFile.objects.get().file
    assert b"".join(file.read()) == b"a"

    with django_capture_on_commit_callbacks(execute=True):
        delete_canned(canned)
    assert not file.exists()


def test_without_a_script_it_is_chosen_and_put_below_what_was_typed(as_alice, alice, acme, asked):
    with organization_scope(acme):
        files = [NewFile("terms.txt", "text/plain", b"terms")]
        canned = save_canned(None, name="Thanks", text="Thank you, {first_name}. {agent}", by=alice, files=files)
    said = {"canned": canned.pk, "text": "Hello!", "to": "carol@customer.example"}
    page = as_alice.post(url("insert_canned", asked.ticket), said, follow=True)

    assert page.context["reply_form"]["text"].value() == "Hello!\n\nThank you, Carol. Alice Agent"
    assert [one["name"] for one in page.context["drafted"]["files"]] == ["terms.txt"]


def test_a_script_gets_the_words_escaped_and_the_files(as_alice, alice, acme, asked):
    with organization_scope(acme):
        asked.ticket.contact.name = "<b>Eve"
        asked.ticket.contact.save()
        files = [NewFile("terms.txt", "text/plain", b"terms")]
        canned = save_canned(None, name="Thanks", text="Thank you, {contact}", by=alice, files=files)
    told = as_alice.post(url("insert_canned", asked.ticket), {"canned": canned.pk}, **SCRIPT).json()

    assert told["text"] == "Thank you, <b>Eve"
    assert "<p>Thank you, &lt;b&gt;Eve</p>" in told["html"]
    assert [one["name"] for one in told["files"]] == ["terms.txt"]
    with organization_scope(acme):
        assert DraftFile.objects.count() == 1


def test_what_the_ticket_does_not_say_is_told(as_alice, alice, acme, asked):
    with organization_scope(acme):
        asked.ticket.contact.name = ""
        asked.ticket.contact.save()
        canned = save_canned(None, name="Thanks", text="Dear {first_name},", by=alice)
        assert filled_for(canned, asked.ticket, alice) == ("Dear,", ["first_name"])
    told = as_alice.post(url("insert_canned", asked.ticket), {"canned": canned.pk}, **SCRIPT).json()

    assert "first_name" in told["said"]


def test_nobody_puts_in_what_is_not_theirs(as_alice, bob, acme, asked):
    with organization_scope(acme):
        canned = save_canned(None, name="Secret", text="Secret words", by=bob)
    page = as_alice.post(url("insert_canned", asked.ticket), {"canned": canned.pk}, follow=True)

    assert "Secret words" not in page.content.decode()


def test_it_is_found_by_a_part_of_its_text_and_changed(as_alice, alice, acme):
    with organization_scope(acme):
        canned = save_canned(None, name="Thanks", text="Thank you", by=alice)
        save_canned(None, name="Other", text="Nothing", by=alice)
    page = as_alice.get("/acme/canned/?q=thank y").content.decode()
    assert ">Thanks<" in page
    assert ">Other<" not in page

    file = SimpleUploadedFile("a.txt", b"a")
    as_alice.post(f"/acme/canned/{canned.pk}/", {"name": "Ta", "text": "Ta {number}", "who": "me", "files": file})
    with organization_scope(acme):
        changed = CannedReply.objects.get(pk=canned.pk)
        assert (changed.name, changed.text, changed.files.get().name) == ("Ta", "Ta {number}", "a.txt")
