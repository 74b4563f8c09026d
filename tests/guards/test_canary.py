"""The canary: unique words go into every input, and are found in no database, queue, file or log.

Its opposite runs too: with sealing switched off the same search finds every word that Deskhero keeps, so each of them
would be found if its field or file were left plain.
"""

import base64
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from accounts.sealing.keys import Key, keys
from accounts.tenancy import organization_scope
from deskhero import settings as product
from tests.guards import places
from tests.guards.leaks import Scanner
from tests.guards.planting import Plants, plant_everything
from tests.guards.world import World
from tickets.models import Attachment, CustomField, Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

# Inputs that leave no trace at all, sealed or not.
NEVER_KEPT = {
    "new password",
    "wrong password",
    "refused field value",
    "address bar",
    "looked for",
    "refused address",
    "name of the file",
    "searched word",
    "searched name",
    "next address",
    "error text",
    "task error",
    "text of a failed form",
}


@pytest.fixture(autouse=True)
def _real_cache_and_folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    """The cache is Redis, as in production; sealed files of this test lie where the search looks for them."""
    settings.CACHES = product.CACHES
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    yield
    client.flushdb()


class NoCipher:
    """Stands in for AES-GCM and seals nothing."""

    def __init__(self, key: bytes = b"") -> None:
        """Take a key and forget it."""

    def encrypt(self, nonce: bytes, data: bytes, place: bytes | None) -> bytes:
        """Return the data with an empty tag."""
        return data + bytes(16)

    def decrypt(self, nonce: bytes, data: bytes, place: bytes | None) -> bytes:
        """Return the data without its tag."""
        return data[:-16]


@pytest.fixture
def sealing_is_off(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Everything is written as it would be without encryption."""
    keys.forget()
    monkeypatch.setattr(Key, "cipher", lambda *_: NoCipher())
    monkeypatch.setattr("accounts.sealing.chunks.AESGCM", NoCipher)
    yield
    keys.forget()


def found(plants: Plants, log: str) -> Scanner:
    scanner = Scanner(dict(plants))
    places.scan_everything(scanner, log, since=plants.since)
    return scanner


def test_nothing_that_was_planted_is_found_anywhere() -> None:
    plants = Plants()
    with places.logged() as log:
        world = plant_everything(plants)
    _everything_arrived(plants, world)

    scanner = found(plants, log.getvalue())
    assert len(plants) > 40
    assert not scanner.leaks, scanner.report()


@pytest.mark.usefixtures("sealing_is_off")
def test_the_search_finds_every_word_when_nothing_is_sealed() -> None:
    plants = Plants()
    plant_everything(plants)

    scanner = found(plants, "")
    assert {leak.word for leak in scanner.leaks} == set(plants) - NEVER_KEPT


def test_one_plain_copy_anywhere_is_found(two_worlds: tuple[World, World]) -> None:
    ours, _theirs = two_worlds
    plants = Plants()
    session = SessionStore()
    session["draft"] = "words " * 20 + plants["session"]
    session.save()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_ticket SET subject = %s WHERE id = %s", [plants["column"].encode(), ours.ticket.pk]
        )
        packed = zlib.compress(plants["compressed column"].encode())
        cursor.execute("UPDATE tickets_note SET text = %s WHERE id = %s", [packed, ours.note.pk])
        wrapped = plants["vault"].encode()
    from accounts.vault.models import VaultKey

    VaultKey.objects.filter(scope=ours.mailbox.pk).update(wrapped=wrapped)
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.lpush("housekeeping", base64.b64encode(f'[["{plants["queue"]}"]]'.encode()))
    client.set(f"throttle:{plants['key name']}", 1)
    client.hset("unacked", "1", plants["hash"].encode().hex())
    folder = settings.DATA_DIR / "files" / "guard"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "spool.tmp").write_bytes(gzip.compress(plants["file"].encode()))
    (folder / plants["file name"]).touch()
    try:
        scanner = found(plants, f"INFO filed a mail of {plants['log']}")
    finally:
        for path in folder.iterdir():
            path.unlink()

    assert {leak.word for leak in scanner.leaks} == set(plants), scanner.report()
    assert ("column", "default: public.tickets_ticket") in {(leak.word, leak.where) for leak in scanner.leaks}
    assert ("vault", "vault: public.vault_vaultkey") in {(leak.word, leak.where) for leak in scanner.leaks}


def _everything_arrived(plants: Plants, world: World) -> None:
    """What was planted is really there, for those who hold the key; else a clean search would mean nothing."""
    keys.forget()
    with organization_scope(world.organization):
        tickets = list(Ticket.objects.order_by("number"))
        messages = [message for ticket in tickets for message in ticket.messages.all()]
        texts = [ticket.subject for ticket in tickets]
        texts += [f"{message.headers} {message.new_text} {message.whole_text} {message.html}" for message in messages]
        texts += [f"{ticket.fields}" for ticket in tickets]
        texts += [f"{field.name} {field.words}" for field in CustomField.objects.all()]
        texts += [note.text for ticket in tickets for note in ticket.notes.all()]
        files = [b"".join(attachment.file.read()).decode(errors="replace") for attachment in Attachment.objects.all()]
        names = [attachment.name for attachment in Attachment.objects.all()]
    everything = "\n".join(texts + files + names).lower()
    for name in (
        "subject", "from name", "from address", "to name", "cc address", "plain body", "html body", "quoted body",
        "text file", "file name", "message id", "large body", "answer body", "written answer", "answer to name",
        "answer cc address", "uploaded file", "uploaded name", "large upload", "note",
        "field name", "field word", "field value",
    ):  # fmt: skip
        assert plants[name].lower() in everything, f"{name} did not arrive"
    assert any(
        path.stat().st_size > SEALED_LARGE for path in (settings.DATA_DIR / "files").rglob("*") if path.is_file()
    )


SEALED_LARGE = 2 * 1024 * 1024
