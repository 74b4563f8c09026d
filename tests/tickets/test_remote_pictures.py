"""SECURITY 6: remote pictures of a mail are off, counted, loaded once through us by who asked, and by nobody else."""

import logging
import re
import time
from string import ascii_letters

import pytest
from django.test import Client
from django.urls import reverse

from accounts.egress import EgressRefused
from accounts.sealing.keys import destroy_key
from accounts.tenancy import organization_scope
from tests.cast import sign_in
from tests.factories import make_membership, make_message
from tests.security.strangers import PNG, Stranger, says, stranger
from tickets import remote_pictures
from tickets.remote_pictures import NotPermitted, RemotePicture, is_permitted, load, permit


@pytest.fixture
def tracker(settings):
    with stranger() as found:
        settings.EGRESS_OPEN_FOR_TESTS = {("127.0.0.1", found.port)}
        yield found


@pytest.fixture
def message(ticket, tracker):
    html = f"<p>Hello</p><img src='{tracker.url('/a.png?who=carol')}'><img src='{tracker.url('/b.png')}' alt='Logo'>"
    return make_message(ticket, text="Hello", html=html)


def page(name, message, *args):
    return reverse(f"tickets:{name}", args=["acme", message.ticket.number, message.pk, *args])


def frame_in(response) -> str:
    return re.findall(r'src="(/acme/tickets/\d+/mails/[^"]+)"', response.content.decode())[-1].replace("&amp;", "&")


def pictures_in(response) -> list[str]:
    return re.findall(r'<img src="(/pictures/[^"]+)"', response.content.decode())


def wanted(message, alice, url) -> RemotePicture:
    return RemotePicture(message.organization_id, message.mailbox_id, message.pk, alice.pk, url)


def test_they_are_off_and_counted(as_alice, message, tracker):
    shown = as_alice.get(reverse("tickets:ticket", args=["acme", message.ticket.number])).content.decode()
    frame = as_alice.get(page("body", message))

    assert "2 remote pictures are not loaded: the sender would see that you read this." in shown
    assert "Load once" in shown
    assert pictures_in(frame) == []
    assert "img-src data:;" in frame["Content-Security-Policy"]
    assert tracker.paths == []


def test_asking_shows_the_ticket_with_them_on_without_a_script(as_alice, message, tracker):
    asked = as_alice.post(page("pictures", message))
    frame = as_alice.get(frame_in(asked))
    loaded = [Client().get(address) for address in pictures_in(frame)]

    assert asked.status_code == 200
    assert "Fetched this once, by us" in asked.content.decode()
    assert "img-src data: http://testserver/pictures/;" in frame["Content-Security-Policy"]
    assert [one.content for one in loaded] == [PNG, PNG]
    assert {one["Content-Type"] for one in loaded} == {"image/png"}
    assert tracker.paths == ["/a.png?who=carol", "/b.png"]


def test_with_a_script_only_the_paper_is_exchanged(as_alice, message):
    asked = as_alice.post(page("pictures", message), headers={"HX-Request": "true"}).content.decode()

    assert asked.strip().startswith('<div class="paper"')
    assert "?pictures=" in asked
    assert "<html" not in asked


def test_looking_again_they_are_off_again(as_alice, message, tracker):
    as_alice.post(page("pictures", message))

    for response in (as_alice.get(page("pictures", message)), as_alice.get(page("body", message))):
        assert response.status_code == 200
        assert "?pictures=" not in response.content.decode()
        assert pictures_in(response) == []


def test_only_the_mail_that_was_asked_for_loads(as_alice, message, ticket, tracker):
    other = make_message(ticket, text="x", html=f"<img src='{tracker.url('/other.png')}'>")
    asked = as_alice.post(page("pictures", message)).content.decode()

    assert asked.count("?pictures=") == 1
    assert f"{page('body', other)}?pictures" not in asked


def test_asking_is_over_after_a_minute(message, alice, monkeypatch):
    permission = permit(message.pk, alice.pk)
    assert is_permitted(permission, message.pk, alice.pk)

    later = time.time() + remote_pictures.FRAME_WITHIN + 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert not is_permitted(permission, message.pk, alice.pk)


def test_what_one_asked_for_is_not_for_others(as_bob, message, alice, bob, ticket):
    """A link that somebody sends along loads nothing for whoever opens it."""
    other = make_message(ticket)

    assert not is_permitted(permit(message.pk, alice.pk), message.pk, bob.pk)
    assert not is_permitted(permit(message.pk, alice.pk), other.pk, alice.pk)
    frame = as_bob.get(page("body", message) + f"?pictures={permit(message.pk, alice.pk)}")
    assert pictures_in(frame) == []


def test_a_link_cannot_ask(as_alice, message, tracker):
    for query in ("?pictures=1", f"?pictures={message.pk.hex}", "?pictures="):
        assert pictures_in(as_alice.get(page("body", message) + query)) == []
    assert tracker.paths == []


def test_who_only_reads_does_not_tell_the_sender(as_viewer, message):
    assert as_viewer.post(page("pictures", message)).status_code == 403
    shown = as_viewer.get(reverse("tickets:ticket", args=["acme", message.ticket.number])).content.decode()
    assert "2 remote pictures are not loaded" in shown
    assert "Load once" not in shown


def test_nobody_elsewhere_can_ask(as_mallory, message):
    assert as_mallory.post(page("pictures", message)).status_code == 404


# --- The address of a picture ----------------------------------------------------------------------------------------
def test_an_address_says_nothing_and_differs_every_time(message, alice, tracker):
    one = wanted(message, alice, tracker.url("/secret.png?who=carol@customer.example"))
    tokens = {one.token() for _ in range(3)}

    assert len(tokens) == 3
    for token in tokens:
        assert re.fullmatch(r"[\w-]+", token)
        assert "secret" not in token
        assert RemotePicture.of(token) == one


def test_an_address_of_ones_own_making_opens_nothing(message, alice, tracker, client):
    token = wanted(message, alice, tracker.url()).token()
    others = [token[:-1] + letter for letter in ascii_letters if letter != token[-1]]
    forged = [*others, token[:40], "A" * 200, "x", token[::-1], f"{token}AAAA", f"{token}="]

    for one in forged:
        with pytest.raises(NotPermitted):
            RemotePicture.of(one)
        assert client.get(f"/pictures/{one}/").status_code == 404
    assert tracker.paths == []


def test_an_address_belongs_to_its_mailbox(message, alice, mailbox, acme, tracker):
    """Its beginning names organization and mailbox; changing either breaks the seal."""
    from base64 import urlsafe_b64decode, urlsafe_b64encode

    from tests.factories import make_mailbox

    other = make_mailbox(acme)
    data = bytearray(urlsafe_b64decode(wanted(message, alice, tracker.url()).token() + "=="))
    data[16:32] = other.pk.bytes
    with pytest.raises(NotPermitted):
        RemotePicture.of(urlsafe_b64encode(data).decode().rstrip("="))


def test_an_address_is_over_after_minutes(message, alice, tracker, monkeypatch):
    token = wanted(message, alice, tracker.url()).token()
    later = time.time() + remote_pictures.GOOD_FOR + 2
    monkeypatch.setattr("tickets.remote_pictures.time.time", lambda: later)

    with pytest.raises(NotPermitted):
        RemotePicture.of(token)


def test_an_address_dies_with_the_member_the_mail_and_the_key(client, message, alice, bob, acme, tracker):
    by_alice = f"/pictures/{wanted(message, alice, tracker.url()).token()}/"
    by_bob = f"/pictures/{wanted(message, bob, tracker.url()).token()}/"
    with organization_scope(acme):
        alice.is_active = False
        alice.save(update_fields=["is_active"])
    assert client.get(by_alice).status_code == 404
    assert client.get(by_bob).status_code == 200

    with organization_scope(acme):
        message.delete()
    assert client.get(by_bob).status_code == 404
    destroy_key("mailbox", message.mailbox_id)
    assert client.get(by_bob).status_code == 404
    assert len(tracker.paths) == 1


def test_a_picture_is_not_kept_and_can_do_nothing(client, message, alice, tracker):
    response = client.get(f"/pictures/{wanted(message, alice, tracker.url()).token()}/")

    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"  # the frame that shows it has no origin


@pytest.mark.parametrize(
    "body",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>alert(1)</script>",
        b"",
        b"%PDF-1.4",
    ],
)
def test_what_is_no_picture_is_not_passed_on_whatever_it_says_it_is(client, message, alice, tracker, body):
    tracker.answers["/x"] = says(200, body, content_type="image/png")
    response = client.get(f"/pictures/{wanted(message, alice, tracker.url('/x')).token()}/")

    assert (response.status_code, response.content) == (404, b"")


def test_a_picture_is_sent_as_what_it_is_and_not_as_what_it_was_called(client, message, alice, tracker):
    tracker.answers["/x"] = says(200, PNG, content_type="text/html")

    assert client.get(f"/pictures/{wanted(message, alice, tracker.url('/x')).token()}/")["Content-Type"] == "image/png"


def test_neither_session_nor_referrer_leaves(client, as_alice, message, alice, tracker):
    as_alice.get(
        f"/pictures/{wanted(message, alice, tracker.url()).token()}/",
        headers={"Referer": "http://testserver/acme/", "User-Agent": "Alice's browser", "Accept-Language": "nl"},
    )
    ((_path, headers),) = tracker.asked

    assert not {"cookie", "referer", "accept-language", "authorization"} & {name.lower() for name in headers}
    assert "Alice" not in str(headers)


def test_the_log_has_ids_and_outcomes_only(as_alice, message, alice, tracker, caplog):
    tracker.answers["/b.png"] = says(404, b"")
    with caplog.at_level(logging.INFO, logger="tickets.views.pictures"):
        frame = as_alice.get(frame_in(as_alice.post(page("pictures", message))))
        for address in pictures_in(frame):
            as_alice.get(address)

    lines = [record.getMessage() for record in caplog.records if record.name == "tickets.views.pictures"]
    assert lines == [
        f"Remote pictures of message {message.pk} were asked for by member {alice.pk}",
        f"Remote picture of message {message.pk} for member {alice.pk}: shown",
        f"Remote picture of message {message.pk} for member {alice.pk}: status 404",
    ]


def test_no_more_than_a_hundred_pictures_of_a_mail_are_loaded(as_alice, ticket, tracker):
    many = "".join(f"<img src='{tracker.url(f'/{n}.png')}'>" for n in range(120))
    message = make_message(ticket, text="x", html=many)
    asked = as_alice.post(page("pictures", message))

    assert "Only the first 100 are shown." in asked.content.decode()
    assert len(pictures_in(as_alice.get(frame_in(asked)))) == remote_pictures.MOST


def test_a_limited_mailbox_hides_its_pictures_too(client, message, alice, acme, mailbox, tracker):
    address = f"/pictures/{wanted(message, alice, tracker.url()).token()}/"
    with organization_scope(acme):
        mailbox.is_limited = True
        mailbox.save(update_fields=["is_limited"])

    assert client.get(address).status_code == 404
    for name in ("body", "source", "source_file"):
        assert sign_in(Client(), alice).get(page(name, message)).status_code == 404


def test_addresses_inside_are_not_asked(message, alice, client, settings):
    settings.EGRESS_OPEN_FOR_TESTS = set()
    with stranger() as inside:
        assert client.get(f"/pictures/{wanted(message, alice, inside.url()).token()}/").status_code == 404
        assert inside.paths == []


def test_when_every_place_is_taken_the_next_is_told_so(message, alice, client, tracker: Stranger, monkeypatch):
    from tickets.views import pictures

    monkeypatch.setattr(pictures, "LIMITS", remote_pictures.Limits(size=1, seconds=0.05))
    held = [pictures._places.acquire(blocking=False) for _ in range(pictures.AT_ONCE)]
    try:
        assert all(held)
        assert client.get(f"/pictures/{wanted(message, alice, tracker.url()).token()}/").status_code == 404
        assert tracker.paths == []
    finally:
        for _ in held:
            pictures._places.release()
    assert client.get(f"/pictures/{wanted(message, alice, tracker.url()).token()}/").status_code == 200


def test_what_is_too_large_is_refused(tracker, message, alice):
    tracker.answers["/x"] = says(200, PNG, content_length=str(remote_pictures.LIMITS.size + 1))
    with pytest.raises(EgressRefused, match="too large"):
        load(wanted(message, alice, tracker.url("/x")))


def test_members_of_other_organizations_have_addresses_of_their_own_only(globex, mallory, message, tracker, client):
    """A token that names a member of another organization finds nobody in the organization it names."""
    elsewhere = make_membership(globex)
    token = RemotePicture(message.organization_id, message.mailbox_id, message.pk, elsewhere.pk, tracker.url()).token()

    assert client.get(f"/pictures/{token}/").status_code == 404
    assert tracker.paths == []
