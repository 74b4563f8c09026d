"""What a path holds, and in which order."""

from pathlib import Path

import pytest

from tickets.archives import sources as module
from tickets.archives.sources import DELETED, DRAFT, sources

MAIL = b"From: carol@customer.example\nSubject: Door\n\nIt is open.\n"
LINE = b"From carol@customer.example Mon Nov  2 10:00:00 2026\n"


def found(*paths: Path) -> list[tuple[str, str]]:
    """Return id and error of each, the ids without the folder of the test."""
    root = paths[0].parent
    return [(one.id.removeprefix(f"{root}/"), one.error) for one in sources([str(path) for path in paths])]


def write(path: Path, data: bytes = MAIL) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_file_is_one_mail_named_as_it_was_given(tmp_path, monkeypatch):
    write(tmp_path / "a.eml")
    monkeypatch.chdir(tmp_path)

    (one,) = sources(["./a.eml"])

    assert (one.id, one.raw) == ("./a.eml", MAIL)


def test_paths_come_in_the_order_given(tmp_path):
    b, a = write(tmp_path / "b.eml"), write(tmp_path / "a.eml")

    assert [name for name, _ in found(b, a, b)] == ["b.eml", "a.eml", "b.eml"]


def test_the_nth_mail_of_an_mbox_has_its_number(tmp_path):
    path = write(tmp_path / "Inbox", LINE + MAIL + b"\n" + LINE + MAIL)

    assert [name for name, _ in found(path)] == ["Inbox#1", "Inbox#2"]


def test_an_eml_file_is_one_mail_even_with_such_a_line_before_it(tmp_path):
    assert [name for name, _ in found(write(tmp_path / "a.eml", LINE + MAIL))] == ["a.eml"]


def test_an_empty_mbox_file_holds_nothing(tmp_path):
    assert found(write(tmp_path / "old.mbox", b"")) == []


def test_a_folder_is_read_by_name_and_only_what_is_mail(tmp_path):
    box = tmp_path / "box"
    for name in ("10.eml", "2.eml", "sub/c.eml", "1234"):
        write(box / name)
    write(box / "Archive", LINE + MAIL)
    write(box / "expected.json", b'{"id": 1}')
    write(box / "notes.md", b"# Notes\n")
    write(box / ".DS_Store", b"Subject: no\n\n")
    (box / "loop").symlink_to(box)

    names = ["box/10.eml", "box/1234", "box/2.eml", "box/Archive#1", "box/sub/c.eml"]
    assert [name for name, _ in found(box)] == names


def test_a_maildir_is_read_by_the_names_of_its_mails_then_its_folders(tmp_path):
    box = tmp_path / "Maildir"
    for name in ("new/1700000300.M1.host", "cur/1700000100.M1.host:2,S", "cur/1700000200.M1.host:2,RS", "tmp/1.host"):
        write(box / name)
    for folder in (".Sent", ".Archive.2025"):
        for part in ("cur", "new", "tmp"):
            (box / folder / part).mkdir(parents=True)
        write(box / folder / "cur" / "1700000150.M1.host:2,S")
    write(box / "dovecot.index", b"\x00\x01")

    assert [name for name, _ in found(box)] == [
        "Maildir/cur/1700000100.M1.host:2,S",
        "Maildir/cur/1700000200.M1.host:2,RS",
        "Maildir/new/1700000300.M1.host",
        "Maildir/.Archive.2025/cur/1700000150.M1.host:2,S",
        "Maildir/.Sent/cur/1700000150.M1.host:2,S",
    ]


def test_drafts_and_deleted_mail_of_a_maildir_are_left_out(tmp_path):
    box = tmp_path / "Maildir"
    (box / "new").mkdir(parents=True)
    write(box / "cur" / "1.host:2,ST")
    write(box / "cur" / "2.host:2,DS")
    write(box / "cur" / "3.host:2,S")

    assert [error for _, error in found(box)] == [DELETED, DRAFT, ""]


def test_what_was_deleted_and_not_yet_compacted_is_left_out(tmp_path):
    deleted = b"X-Mozilla-Status: 0009\nX-Mozilla-Status2: 00000000\n" + MAIL
    kept = b"X-Mozilla-Status: 0001\n" + MAIL
    path = write(tmp_path / "Inbox", LINE + deleted + b"\n" + LINE + kept)

    assert [error for _, error in found(path)] == [DELETED, ""]


def test_what_is_not_there_is_one_line_and_stops_nothing(tmp_path):
    there = write(tmp_path / "a.eml")

    assert found(tmp_path / "none.eml", there) == [
        ("none.eml", "The file could not be read: No such file or directory."),
        ("a.eml", ""),
    ]


def test_what_cannot_be_opened_is_one_line_and_stops_nothing(tmp_path, monkeypatch):
    box = tmp_path / "box"
    write(box / "a.eml")
    write(box / "b.eml")
    real = Path.read_bytes

    def broken(path: Path) -> bytes:
        if path.name == "a.eml":
            raise OSError(5, "Input/output error")
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", broken)
    assert [error for _, error in found(box)] == ["The file could not be read: Input/output error.", ""]


@pytest.mark.parametrize("name", ["a.eml", "a.mbox"])
def test_what_is_larger_than_anybody_reads_is_left_out(tmp_path, monkeypatch, name):
    monkeypatch.setattr(module, "MAIL_BYTES", 20)

    ((_, error),) = found(write(tmp_path / name, LINE + MAIL))

    assert error.startswith("It is larger than")
