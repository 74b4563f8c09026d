"""Sealed files: any size, piece by piece, and no piece in another place."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage

from accounts.sealing.errors import KeyDestroyed, SealingError
from accounts.sealing.files import CHUNK, SealedFile
from accounts.sealing.keys import Kind, destroy_key, keys, make_key
from mailbox.models import Mailbox
from tests import factories

HEADER, SEALED_CHUNK = 66, CHUNK + 16


@pytest.fixture
def file(mailbox: Mailbox) -> Iterator[SealedFile]:
    """A file of Acme's mailbox that does not exist yet."""
    sealed = SealedFile(mailbox.organization_id, Kind.MAILBOX, mailbox.pk, uuid4())
    yield sealed
    sealed.delete()


def on_disk(file: SealedFile) -> Path:
    """Return where its bytes are."""
    return Path(default_storage.path(file.path))


def content(size: int) -> bytes:
    """Return bytes that differ everywhere."""
    return bytes(range(251)) * (size // 251) + bytes(range(size % 251))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 5])
def test_what_was_written_is_read(file: SealedFile, size: int) -> None:
    data = content(size)

    assert file.write(data[begin : begin + 70_000] for begin in range(0, size, 70_000)) == size

    assert b"".join(file.read()) == data
    assert content(300) not in on_disk(file).read_bytes()


def test_it_is_read_piece_by_piece(file: SealedFile) -> None:
    file.write(iter([content(3 * CHUNK)]))

    assert [len(piece) for piece in file.read()] == [CHUNK, CHUNK, CHUNK]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: data[:-1], id="last byte cut"),
        pytest.param(lambda data: data[: HEADER + 2 * SEALED_CHUNK], id="last chunk cut"),
        pytest.param(lambda data: data[:HEADER], id="every chunk cut"),
        pytest.param(lambda data: data[:10], id="header cut"),
        pytest.param(lambda _data: b"", id="empty"),
        pytest.param(lambda data: b"XXXX" + data[4:], id="another magic"),
        pytest.param(lambda data: data[:20] + bytes([data[20] ^ 1]) + data[21:], id="file key altered"),
        pytest.param(lambda data: data[:-40] + bytes([data[-40] ^ 1]) + data[-39:], id="content altered"),
        pytest.param(lambda data: data + data[-30:], id="something added"),
        pytest.param(lambda data: data + data[HEADER : HEADER + SEALED_CHUNK], id="a chunk doubled"),
        pytest.param(
            lambda data: (
                data[:HEADER]
                + data[HEADER + SEALED_CHUNK : HEADER + 2 * SEALED_CHUNK]
                + data[HEADER : HEADER + SEALED_CHUNK]
                + data[HEADER + 2 * SEALED_CHUNK :]
            ),
            id="chunks swapped",
        ),
        pytest.param(lambda data: data[:4] + b"\x00\x09" + data[6:], id="a version that never was"),
    ],
)
def test_altered_it_does_not_open(file: SealedFile, damage) -> None:  # type: ignore[no-untyped-def]
    file.write(iter([content(2 * CHUNK + 100)]))
    on_disk(file).write_bytes(damage(on_disk(file).read_bytes()))

    with pytest.raises(SealingError):
        list(file.read())


def test_a_file_put_in_the_place_of_another_does_not_open(file: SealedFile, mailbox: Mailbox) -> None:
    other = SealedFile(mailbox.organization_id, Kind.MAILBOX, mailbox.pk, uuid4())
    foreign = SealedFile(
        mailbox.organization_id, Kind.MAILBOX, factories.make_mailbox(mailbox.organization).pk, uuid4()
    )
    file.write(iter([b"mine"]))
    for place in (other, foreign):
        place.write(iter([b"theirs"]))
        on_disk(place).write_bytes(on_disk(file).read_bytes())
        with pytest.raises(SealingError):
            list(place.read())
        place.delete()


def test_one_id_is_written_once(file: SealedFile) -> None:
    file.write(iter([b"first"]))

    with pytest.raises(SealingError):
        file.write(iter([b"second"]))
    assert b"".join(file.read()) == b"first"


def test_what_breaks_off_while_written_leaves_no_file(file: SealedFile) -> None:
    def broken() -> Iterator[bytes]:
        yield content(2 * CHUNK)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        file.write(broken())

    assert not file.exists()


def test_its_name_says_nothing(file: SealedFile) -> None:
    assert file.path == f"{file.organization_id}/{file.file_id.hex[-2:]}/{file.file_id}"


def test_deleting_what_is_gone_changes_nothing(file: SealedFile) -> None:
    file.delete()
    with pytest.raises(FileNotFoundError):
        list(file.read())


def test_a_destroyed_key_takes_its_files_along(file: SealedFile) -> None:
    file.write(iter([b"gone soon"]))

    destroy_key(Kind.MAILBOX, file.owner)

    with pytest.raises(KeyDestroyed):
        list(file.read())


def test_a_new_version_of_the_key_wraps_the_file_again_and_the_content_stays(
    file: SealedFile, mailbox: Mailbox
) -> None:
    data = content(CHUNK + 7)
    file.write(iter([data]))
    before = on_disk(file).read_bytes()
    assert file.rewrap() is False
    make_key(Kind.MAILBOX, mailbox.pk, organization=mailbox.organization_id, version=2)
    assert keys.current(Kind.MAILBOX, mailbox.pk).version == 2

    assert file.rewrap() is True
    assert file.rewrap() is False

    after = on_disk(file).read_bytes()
    assert after[HEADER:] == before[HEADER:]
    assert after[4:6] == b"\x00\x02"
    assert b"".join(file.read()) == data
    assert [path.name for path in on_disk(file).parent.iterdir() if path.suffix] == []
