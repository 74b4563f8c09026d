"""SECURITY 15: what anybody stores is shown as text on every page there is; quotes, forwards and answers too.

An element of a made-up name is planted in every text that a person or a mail can write. Each address of the desk is
then asked for, and its answer read as a browser reads it: the text may be there, the element must not.
"""

import re

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from accounts.models import Organization
from accounts.tenancy import organization_scope
from mailbox.models import InboundEmail, OutboundEmail
from tests.cast import sign_in
from tests.guards import crawl, routes
from tests.guards.world import World, make_world
from tickets.views.here import NOTHING

pytestmark = pytest.mark.django_db
MARK = "x-stored"
# Ends whatever it may stand in, then tries to be an element, an attribute and a script.
EVIL = "--></script></style></textarea></title>\"'><{mark} onfocus=a id={name}>{{{{ 7|add:7 }}}}"
PAGES = [route for route in routes.every_route() if route.access in routes.OF_AN_ORGANIZATION]


def evil(name: str) -> str:
    return EVIL.format(mark=MARK, name=f"{name}-planted")


def planted(text: str) -> set[str]:
    """Return which texts a page shows, as text."""
    return set(re.findall(r"id=([\w ]+)-planted", text))


@pytest.fixture
def world() -> World:
    """An organization in which every text is hostile."""
    world = make_world("Acme")
    Organization.objects.filter(pk=world.organization.pk).update(name=evil("organization"))
    world.owner.user.name, world.agent.user.name = evil("owner"), evil("agent")
    world.owner.user.save(update_fields=["name"])
    world.agent.user.save(update_fields=["name"])
    with organization_scope(world.organization):
        _plant_desk(world)
        _plant_mail(world)
    return world


def _plant_desk(world: World) -> None:
    world.contact.name = evil("contact")
    world.mailbox.sender_name, world.mailbox.signature = evil("sender name"), evil("signature")
    world.mailbox.acknowledgement = evil("acknowledgement")
    world.note.text = evil("note")
    world.tag.name, world.team.name = evil("tag"), evil("team")
    world.ticket.subject, world.ticket.snippet = evil("subject"), evil("snippet")
    for row in (world.contact, world.mailbox, world.note, world.tag, world.team, world.ticket):
        row.save()


def _plant_mail(world: World) -> None:
    message, answer = world.message, world.answer
    message.headers = {
        **{name: [[evil(name), evil(f"{name} address")]] for name in ("from", "to", "cc", "reply_to")},
        "subject": evil("message subject"),
    }
    message.new_text = evil("text")
    message.whole_text = f"{message.new_text}\n\n> {evil('quote')}"
    message.html = f"<div>{evil('html')}</div><blockquote>{evil('quoted html')}</blockquote><table bgcolor=red></table>"
    message.kind, message.kind_reason, message.attachment_count = "auto_reply", evil("kind reason"), 1
    message.save()
    answer.new_text = evil("answer")
    answer.headers = {"from": [["", "a@acme.example"]], "to": [[evil("recipient"), "b@x.example"]], "cc": []}
    answer.save()
    world.attachment.details |= {"name": evil("file")}
    world.attachment.save()
    world.inbound.state, world.inbound.reason = InboundEmail.State.QUARANTINED, evil("reason")
    world.inbound.keep_raw(f"Subject: {evil('raw subject')}\r\nX: {evil('raw header')}\r\n\r\n{evil('raw')}".encode())
    world.inbound.save()
    OutboundEmail.objects.filter(pk=world.outbound.pk).update(state=OutboundEmail.State.FAILED, failure="refused")
    kept = InboundEmail(organization=world.organization, mailbox=world.mailbox, provider_id="kept")
    kept.received_at, kept.state, kept.reason = world.inbound.received_at, "skipped", evil("kept reason")
    kept.keep_raw(f"From: {evil('kept sender')} <a@x.example>\r\nSubject: {evil('kept subject')}\r\n\r\nx".encode())
    kept.save()


def addresses(world: World) -> list[str]:
    """Return every page of the desk, and the ones that only their query makes."""
    found = [crawl.address(route, world) for route in PAGES if route.name != "tickets:events"]
    base = "/acme/"
    queries = ("?view=mine", "?view=pending", "?view=closed", f"?team={world.team.pk}", f"?tag={world.tag.pk}")
    ticket = f"{base}tickets/{world.ticket.number}/"
    return [*found, *(base + query for query in queries), f"{ticket}?write=note", f"{base}quarantine/?show=kept"]


def test_15_no_text_becomes_an_element_on_any_page(world: World):
    client = sign_in(Client(), world.owner)
    shown: set[str] = set()
    for address in addresses(world):
        response = client.get(address)
        if response.streaming or response.status_code >= 400 or response.content == NOTHING:  # a picture of our own
            continue
        if not response["Content-Type"].startswith("text/html"):  # what is no page is kept as a file, never shown
            assert response["Content-Disposition"].startswith("attachment"), address
            continue
        tree = LexborHTMLParser(response.content.decode())
        assert not tree.css(f"{MARK}, [onfocus]"), address
        shown |= planted(tree.body.text() if tree.body else "") | planted(tree.html or "")

    expected = {  # or the walk would prove little
        "organization", "owner", "agent", "contact", "sender name", "signature", "acknowledgement", "note", "tag",
        "team", "subject", "snippet", "from", "to", "cc", "text", "quote", "kind reason", "answer", "recipient", "file",
        "reason",
        "raw subject", "raw header", "kept reason", "kept subject",
    }  # fmt: skip
    assert expected <= shown


def test_15_the_reader_of_pages_finds_an_element_where_there_is_one():
    tree = LexborHTMLParser(f"<textarea>{evil('x')}</textarea>")

    assert tree.css(f"{MARK}, [onfocus]")


def test_15_a_text_with_the_marks_of_our_templates_comes_out_as_it_went_in(world: World):
    page = sign_in(Client(), world.owner).get(f"/acme/tickets/{world.ticket.number}/").content.decode()

    assert page.count("{{ 7|add:7 }}") > 5


def test_15_a_quoted_mail_is_cleaned_when_it_comes_back(world: World):
    """What we once sent, or they once wrote, returns inside a reply: it is foreign again."""
    with organization_scope(world.organization):
        world.message.html = (
            "<p>See below</p><div class='gmail_quote'><blockquote type='cite'><img src=x onerror=alert(1)>"
            "<script>alert(1)</script><a href='javascript:alert(1)'>x</a>"
            "<p style='position:fixed'>y</p></blockquote></div>"
        )
        world.message.save(update_fields=["html"])
    address = f"/acme/tickets/{world.ticket.number}/mails/{world.message.pk}/"
    frame = sign_in(Client(), world.owner).get(address).content.decode()

    tree = LexborHTMLParser(frame)
    assert not tree.css("script, [onerror], [src='x'], [href^=javascript]")
    assert "position" not in frame
    assert tree.css("blockquote")
