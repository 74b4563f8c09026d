"""An export holds everything the organization has, and nothing of others; it is taken once, then gone."""

import io
import json
import re
import zipfile
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.models import Membership, Organization
from accounts.tenancy import organization_scope
from mailbox.actions.disconnect_mailbox import disconnect_mailbox
from mailbox.models import Mailbox
from privacy.actions.export import clear_up_exports, request_export, write_export
from privacy.exports.contents import as_mbox
from privacy.models import Export
from tests.cast import sign_in
from tests.guards.world import World, make_world
from tests.streams import whole

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """An organization with a row in every table."""
    return make_world("Acme")


def made(world: World) -> Export:
    with organization_scope(world.organization):
        export = request_export(by=world.owner)
    write_export(world.organization.pk, export.pk)
    export.refresh_from_db()
    return export


def archive(content: bytes) -> zipfile.ZipFile:
    opened = zipfile.ZipFile(io.BytesIO(content))
    assert opened.testzip() is None
    return opened


def read_mbox(path: Path) -> list[Message]:
    """Read mboxrd by its own rule: mails begin at a From line, and one > is taken from before every other."""
    mails = re.split(rb"(?:\A|\n)From - [^\n]*\n", path.read_bytes())[1:]
    return [message_from_bytes(re.sub(rb"(?m)^>(>*From )", rb"\1", one)) for one in mails]


def test_it_holds_rows_mails_and_files_as_other_programs_read_them(world: World, tmp_path: Path) -> None:
    make_world("Globex")
    export = made(world)
    zipped = archive(b"".join(export.file.read()))

    messages = [json.loads(line) for line in zipped.read("data/tickets.Message.jsonl").splitlines()]
    assert {one["id"] for one in messages} == {str(world.message.pk), str(world.answer.pk)}
    assert "A question to Acme" in zipped.read("data/tickets.Ticket.jsonl").decode()
    people = [json.loads(line) for line in zipped.read("data/people.jsonl").splitlines()]
    assert "Agent of Acme" in {one["name"] for one in people}
    with organization_scope(world.organization):
        address = world.mailbox.address
    (tmp_path / "mbox").write_bytes(zipped.read(f"mail/{address}.mbox"))
    mails = read_mbox(tmp_path / "mbox")
    assert len(mails) == 2
    assert mails[0]["Message-ID"] == "<1@customer.example>"
    (attached,) = [name for name in zipped.namelist() if name.startswith("files/tickets.Attachment/")]
    assert zipped.read(attached) == b"a plan"
    everything = b"".join(zipped.read(name) for name in zipped.namelist())
    assert b"Globex" not in everything
    assert "could-not-be-read.txt" not in zipped.namelist()


def test_it_holds_no_secret(world: World) -> None:
    with organization_scope(world.organization):
        mailbox = Mailbox.objects.get(pk=world.mailbox.pk)
        mailbox.credentials, mailbox.cursor = {"refresh_token": "a-very-secret-token"}, "a-bookmark"
        mailbox.save()
    zipped = archive(b"".join(made(world).file.read()))

    everything = b"".join(zipped.read(name) for name in zipped.namelist())

    for secret in (b"a-very-secret-token", b"a-bookmark", b"argon2", b"token_hash"):
        assert secret not in everything


def test_the_file_on_disk_is_sealed(world: World) -> None:
    export = made(world)

    with default_storage.open(export.file.path, "rb") as file:
        assert b"PK\x03\x04" not in file.read()
    assert export.size == len(b"".join(export.file.read()))


def test_it_is_downloaded_once_by_an_owner(world: World, as_owner: Client, acme: Organization) -> None:
    with organization_scope(acme):
        export = request_export(by=Membership.objects.select_related("organization").get(organization=acme))
    write_export(acme.pk, export.pk)
    where = f"/{acme.slug}/settings/privacy/exports/{export.pk}/"
    assert "The file is ready." in as_owner.get(where).content.decode()

    first = as_owner.post(f"{where}file/")
    assert first.is_async  # type: ignore[attr-defined] # a plain iterator would be read into memory as a whole
    content = whole(first)
    again = as_owner.post(f"{where}file/", follow=True)

    assert "READ-ME.txt" in archive(content).namelist()
    assert int(first["Content-Length"]) == len(content)
    assert "downloaded before, or has expired" in again.content.decode()
    assert not export.file.exists()


def test_who_signed_in_long_ago_comes_back_to_the_page_of_the_file(world: World) -> None:
    client = sign_in(Client(), world.owner)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 24 * 3600
    session.save()
    export = made(world)
    page = f"/{world.organization.slug}/settings/privacy/exports/{export.pk}/"

    answer = client.post(f"{page}file/", headers={"Referer": f"http://testserver{page}"})

    assert answer["Location"] == f"/account/reauthenticate/?{urlencode({'next': page})}"
    assert export.file.exists()


def test_admins_who_are_no_owners_may_not(as_bob: Client, acme: Organization, bob: Membership) -> None:
    assert as_bob.post(f"/{acme.slug}/settings/privacy/exports/").status_code == 403
    with organization_scope(acme), pytest.raises(ActionRefused):
        request_export(by=bob)


def test_what_nobody_took_is_gone_after_a_week(world: World) -> None:
    export = made(world)
    with organization_scope(world.organization):
        clear_up_exports(world.organization.pk, timezone.now() + timedelta(days=8))

    export.refresh_from_db()
    assert (export.state, export.file.exists()) == (Export.State.EXPIRED, False)


def test_one_that_lost_its_worker_is_made_anew(world: World) -> None:
    with organization_scope(world.organization):
        export = request_export(by=world.owner)
        Export.objects.filter(pk=export.pk).update(state=Export.State.RUNNING, done_count=7)
    write_export(world.organization.pk, export.pk)  # somebody else is at it
    assert not export.file.exists()
    export.file.write([b"half a file"])
    long_ago = timezone.now() - timedelta(hours=1)
    with organization_scope(world.organization):
        Export.objects.filter(pk=export.pk).update(moved_at=long_ago)
        assert clear_up_exports(world.organization.pk, timezone.now()) == [export.pk]
    write_export(world.organization.pk, export.pk)

    assert "READ-ME.txt" in archive(b"".join(export.file.read())).namelist()


@pytest.mark.parametrize("when", ["ready", "under way"])
def test_a_mailbox_that_is_disconnected_takes_the_exports_along(world: World, when: str) -> None:
    export = made(world) if when == "ready" else None
    with organization_scope(world.organization):
        export = export or request_export(by=world.owner)
        disconnect_mailbox(world.mailbox, by=world.owner)
    write_export(world.organization.pk, export.pk)

    export.refresh_from_db()
    assert (export.state, export.file.exists()) == (Export.State.EXPIRED, False)


def test_what_is_being_erased_is_in_no_export(world: World) -> None:
    with organization_scope(world.organization):
        disconnect_mailbox(world.mailbox, by=world.owner)
    zipped = archive(b"".join(made(world).file.read()))

    assert zipped.read("data/tickets.Message.jsonl") == b""
    assert not [name for name in zipped.namelist() if name.startswith(("mail/", "files/tickets.Attachment/"))]


def test_a_damaged_file_is_named_and_stops_nothing(world: World) -> None:
    world.attachment.file.delete()
    with default_storage.open(world.draft_file.file.path, "r+b") as file:
        file.seek(80)
        file.write(b"broken")
    zipped = archive(b"".join(made(world).file.read()))

    assert f"file {world.draft_file.pk}" in zipped.read("could-not-be-read.txt").decode()


@pytest.mark.parametrize("text", ["Good morning", "From here\n>From there\nfrom me", ""])
def test_mbox_gives_back_what_looks_like_a_beginning(text: str, tmp_path: Path) -> None:
    raw = f"Subject: x\r\n\r\n{text}\r\n".encode()
    (tmp_path / "mbox").write_bytes(as_mbox(raw, timezone.now()) + as_mbox(raw, None))

    mails = read_mbox(tmp_path / "mbox")

    assert [str(one.get_payload()).strip() for one in mails] == [text, text]
