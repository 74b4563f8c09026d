"""Drafts: kept on the server, found again, never lost to another window, a merge or a session that ends."""

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.tenancy import organization_scope
from mailbox.models import OutboundEmail
from tests.cast import sign_in
from tests.factories import make_mailbox
from tests.tickets.writing import CAROL, PNG, ask, url
from tickets.actions.attach import NewFile
from tickets.actions.draft import attach_to_draft, discard_draft, draft_of, save_draft
from tickets.actions.keep_draft import DraftChanged
from tickets.actions.merge import merge_tickets
from tickets.models import Draft, DraftFile

SCRIPT = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def asked(acme, mailbox):
    with organization_scope(acme):
        return ask(mailbox)


async def read(response):
    return b"".join([chunk async for chunk in response.streaming_content])


def text_of(response):
    return response.content.decode()


def test_what_is_typed_is_there_again_on_another_device(as_alice, alice, asked):
    told = as_alice.post(url("save_draft", asked.ticket), {"to": CAROL, "text": "Yes, it", "bcc": "dan@d"}, **SCRIPT)
    assert told.json()["said"].startswith("Draft saved")

    page = sign_in(Client(), alice).get(url("ticket", asked.ticket))
    form = page.context["reply_form"]
    assert (form["text"].value(), form["bcc"].value()) == ("Yes, it", "dan@d")
    assert page.context["drafted"]["version"] == told.json()["version"]


def test_a_draft_is_its_writers_alone(as_alice, as_bob, asked):
    as_alice.post(url("save_draft", asked.ticket), {"text": "Only mine", "note": "Psst"})

    page = as_bob.get(url("ticket", asked.ticket))
    assert "Only mine" not in text_of(page)
    assert "Psst" not in text_of(page)
    assert page.context["drafted"]["draft"] is None


def test_one_draft_for_each_agent_and_ticket_however_often_it_is_saved(as_alice, as_bob, acme, asked):
    for text in ("a", "ab", "abc"):
        as_alice.post(url("save_draft", asked.ticket), {"text": text}, **SCRIPT)
    as_bob.post(url("save_draft", asked.ticket), {"text": "b"}, **SCRIPT)

    with organization_scope(acme):
        assert sorted(draft.says("text") for draft in Draft.objects.all()) == ["abc", "b"]


def test_an_older_window_does_not_overwrite_a_newer_one(as_alice, acme, asked):
    first = as_alice.post(url("save_draft", asked.ticket), {"text": "one", "version": "0"}, **SCRIPT).json()["version"]
    as_alice.post(url("save_draft", asked.ticket), {"text": "one two", "version": first}, **SCRIPT)

    late = as_alice.post(url("save_draft", asked.ticket), {"text": "one 2", "version": first}, **SCRIPT)
    assert late.status_code == 409
    assert late.json()["text"] == "one two"
    kept = as_alice.post(
        url("save_draft", asked.ticket), {"text": "one 2", "version": late.json()["version"]}, **SCRIPT
    )
    assert kept.status_code == 200
    with organization_scope(acme):
        assert Draft.objects.get().says("text") == "one 2"


def test_without_a_script_a_button_saves(as_alice, asked):
    response = as_alice.post(url("save_draft", asked.ticket), {"text": "Later"}, follow=True)

    assert "Draft saved." in text_of(response)
    assert "Later</textarea>" in text_of(response)


def test_a_draft_that_says_nothing_any_more_is_gone(as_alice, acme, asked):
    as_alice.post(url("save_draft", asked.ticket), {"text": "x"})
    as_alice.post(url("save_draft", asked.ticket), {"text": "  ", "to": CAROL})

    with organization_scope(acme):
        assert not Draft.objects.exists()


def test_discarding_the_answer_keeps_the_note(as_alice, acme, asked):
    as_alice.post(url("save_draft", asked.ticket), {"text": "x", "note": "y"})
    as_alice.post(url("discard_draft", asked.ticket))

    page = as_alice.get(url("ticket", asked.ticket))
    assert not page.context["reply_form"]["text"].value()
    assert page.context["note_form"]["text"].value() == "y"


def test_keeping_the_note_ends_its_draft_only(as_alice, asked):
    as_alice.post(url("save_draft", asked.ticket), {"text": "x", "note": "y"})
    as_alice.post(url("note", asked.ticket), {"text": "y, done"})

    page = as_alice.get(url("ticket", asked.ticket))
    assert page.context["reply_form"]["text"].value() == "x"
    assert not page.context["note_form"]["text"].value()


def test_sending_ends_the_draft_and_takes_its_files(as_alice, acme, asked):
    file = SimpleUploadedFile("plan.txt", b"the plan", "text/plain")
    as_alice.post(url("save_draft", asked.ticket), {"text": "See", "files": file})
    with organization_scope(acme):
        kept = DraftFile.objects.get().file
        assert kept.exists()

    assert as_alice.post(url("reply", asked.ticket), {"to": CAROL, "text": "See"}).status_code == 302

    with organization_scope(acme):
        assert b"the plan" in OutboundEmail.objects.get().raw() or b"dGhlIHBsYW4" in OutboundEmail.objects.get().raw()
        assert not Draft.objects.exists()


def test_what_could_not_be_sent_is_a_draft_with_its_files(as_alice, acme, asked):
    file = SimpleUploadedFile("plan.txt", b"the plan", "text/plain")
    response = as_alice.post(url("reply", asked.ticket), {"to": "nobody at all", "text": "See", "files": file})

    assert response.status_code == 422
    assert [one["name"] for one in response.context["drafted"]["files"]] == ["plan.txt"]
    with organization_scope(acme):
        assert Draft.objects.get().says("to") == "nobody at all"


def test_a_program_is_declined_by_name_and_the_text_stays(as_alice, acme, asked):
    file = SimpleUploadedFile("setup.exe", b"MZ" + b"\0" * 80, "application/octet-stream")
    response = as_alice.post(url("reply", asked.ticket), {"to": CAROL, "text": "See", "files": file})

    assert response.status_code == 422
    assert "“setup.exe” is a program" in text_of(response)
    assert "See</textarea>" in text_of(response)


def test_too_many_bytes_are_declined_when_they_are_chosen(as_alice, acme, asked, settings):
    settings.MAX_ATTACHMENT_BYTES = 100
    first = as_alice.post(url("upload", asked.ticket), {"file": SimpleUploadedFile("a.txt", b"a" * 90)}, **SCRIPT)
    second = as_alice.post(url("upload", asked.ticket), {"file": SimpleUploadedFile("b.txt", b"b" * 20)}, **SCRIPT)

    assert first.status_code == 200
    assert second.status_code == 422
    assert "“b.txt” was not attached" in second.json()["said"]


def test_only_a_picture_can_stand_in_the_text(as_alice, asked):
    fake = SimpleUploadedFile("x.png", b"<svg onload=alert(1)>", "image/png")
    real = SimpleUploadedFile("x.png", PNG, "image/png")

    assert as_alice.post(url("upload", asked.ticket), {"file": fake, "inline": "1"}, **SCRIPT).status_code == 422
    told = as_alice.post(url("upload", asked.ticket), {"file": real, "inline": "1"}, **SCRIPT).json()
    shown = as_alice.get(told["url"])
    assert shown["Content-Type"] == "image/png"
    assert async_to_sync(read)(shown) == PNG


def test_a_file_can_be_taken_out_and_nobody_else_can_see_or_take_it(as_alice, as_bob, acme, asked):
    told = as_alice.post(url("upload", asked.ticket), {"file": SimpleUploadedFile("a.txt", b"a")}, **SCRIPT).json()

    assert as_bob.get(told["url"]).status_code == 404
    assert as_bob.post(told["remove_url"]).status_code == 404
    assert as_alice.post(told["remove_url"], **SCRIPT).status_code == 200
    with organization_scope(acme):
        assert not DraftFile.objects.exists()


def test_viewers_keep_no_drafts(as_viewer, asked):
    assert as_viewer.post(url("save_draft", asked.ticket), {"text": "x"}).status_code == 403


def test_a_draft_shows_in_the_list_to_its_writer_only(as_alice, as_bob, asked):
    as_alice.post(url("save_draft", asked.ticket), {"text": "x"})

    assert "You have a draft" in text_of(as_alice.get("/acme/"))
    assert "You have a draft" not in text_of(as_bob.get("/acme/"))


def test_a_draft_of_a_merged_ticket_is_found_in_the_survivor(as_alice, alice, acme, mailbox, asked):
    with organization_scope(acme):
        other = ask(mailbox, sender="Eve <eve@e.example>", subject="Another door")
        save_draft(asked.ticket, {"text": "Half a sent"}, by=alice)
        merge_tickets(asked.ticket, into=other.ticket, by=alice)

    page = as_alice.get(url("ticket", other.ticket))
    assert page.context["reply_form"]["text"].value() == "Half a sent"
    as_alice.post(url("reply", other.ticket), {"to": CAROL, "text": "Half a sentence"})
    assert not as_alice.get(url("ticket", other.ticket)).context["drafted"]["version"]


def test_what_came_since_the_draft_was_begun_is_told(as_alice, acme, mailbox, asked):
    page = as_alice.get(url("ticket", asked.ticket))
    seen = page.context["reply_form"]["seen"].value()
    as_alice.post(url("save_draft", asked.ticket), {"text": "Yes", "seen": seen})
    with organization_scope(acme):
        ask(mailbox, in_reply_to=asked.headers["message_id"], text="Never mind!")

    page = as_alice.get(url("ticket", asked.ticket))
    assert [one["text"] for one in page.context["send"]["newer"]] == ["Never mind!"]
    assert "This came since you began your draft" in text_of(page)


@pytest.mark.usefixtures("scope")
class TestActions:
    """The actions themselves."""

    def test_saving_the_same_words_from_an_old_window_is_no_conflict(self, alice, asked):
        first = save_draft(asked.ticket, {"text": "a"}, by=alice)
        save_draft(asked.ticket, {"text": "a"}, by=alice, version=first.version)

        assert save_draft(asked.ticket, {"text": "a"}, by=alice, version=first.version).says("text") == "a"
        with pytest.raises(DraftChanged):
            save_draft(asked.ticket, {"text": "b"}, by=alice, version=first.version)

    def test_what_is_saved_is_sealed(self, alice, asked):
        from django.db import connection

        save_draft(asked.ticket, {"text": "Geheimnis"}, by=alice)
        with connection.cursor() as cursor:
            cursor.execute("SELECT said FROM tickets_draft")
            assert b"Geheimnis" not in bytes(cursor.fetchone()[0])

    def test_files_go_with_the_draft(self, alice, asked, django_capture_on_commit_callbacks):
        file = attach_to_draft(asked.ticket, NewFile("a.txt", "text/plain", b"a"), by=alice).file
        with django_capture_on_commit_callbacks(execute=True):
            discard_draft(asked.ticket, by=alice)

        assert draft_of(asked.ticket, alice) is None
        assert not file.exists()

    def test_a_member_without_a_draft_has_nothing_to_discard(self, bob, asked):
        discard_draft(asked.ticket, by=bob)

        assert not Draft.objects.exists()


def test_who_may_no_longer_see_the_mailbox_finds_no_draft_page(as_alice, acme, owner, asked):
    from mailbox.actions.limit_mailbox import limit_mailbox

    as_alice.post(url("save_draft", asked.ticket), {"text": "x"})
    make_mailbox(acme)
    with organization_scope(acme):
        limit_mailbox(asked.mailbox, by=owner)

    assert as_alice.get(url("ticket", asked.ticket)).status_code == 404
    assert as_alice.post(url("save_draft", asked.ticket), {"text": "y"}).status_code == 404
