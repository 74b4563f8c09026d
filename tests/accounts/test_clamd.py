"""The way to a virus scanner: what it says is understood, and what it does not say is never taken for clean."""

import logging

import pytest

from accounts import clamd
from accounts.clamd import Finding, ScannerDown, Verdict, scan
from tests.clamd import EICAR, Clamd, on_tcp

MB = 1024 * 1024


@pytest.fixture
def scanner(settings, tmp_path):
    daemon = Clamd(tmp_path)
    settings.CLAMD_URL = daemon.url
    daemon.up()
    yield daemon
    daemon.down()


def test_what_is_sent_arrives_whole(scanner):
    pieces = [b"", b"a" * 200_000, b"", b"b"]

    assert scan(pieces) == Verdict(Finding.CLEAN)
    assert scanner.seen == [b"".join(pieces)]


def test_a_virus_is_called_by_its_name(scanner):
    assert scan([b"before ", EICAR, b" after"]) == Verdict(Finding.INFECTED, "Eicar-Test-Signature")


def test_nothing_is_something(scanner):
    assert scan([]) == Verdict(Finding.CLEAN)
    assert scanner.seen == [b""]


@pytest.mark.parametrize(
    "answer",
    [
        b"stream: Heuristics.Encrypted.Zip FOUND",
        b"stream: Heuristics.Encrypted.PDF FOUND",
        b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND",
        b"stream: Can't allocate memory ERROR",
    ],
)
def test_what_could_not_be_looked_into_is_not_clean(scanner, answer):
    scanner.up(answer=answer)

    assert scan([b"x"]) == Verdict(Finding.UNKNOWN)


def test_what_is_too_long_is_not_clean_and_its_rest_is_not_waited_for(scanner):
    scanner.up(most=MB)

    assert scan(b"a" * MB for _ in range(20)) == Verdict(Finding.UNKNOWN)


def test_a_signature_that_others_made_is_a_virus_too(scanner):
    scanner.up(answer=b"stream: Sanesecurity.Junk.1.UNOFFICIAL FOUND")

    assert scan([b"x"]) == Verdict(Finding.INFECTED, "Sanesecurity.Junk.1")


@pytest.mark.parametrize("answer", [b"stream: FINE", b"OK", b"stream: Two words FOUND", b" "])
def test_an_answer_nobody_understands_is_none(scanner, answer):
    scanner.up(answer=answer)

    with pytest.raises(ScannerDown):
        scan([b"x"])


def test_a_scanner_that_is_down_says_nothing(scanner):
    assert clamd.is_up()
    scanner.down()

    assert not clamd.is_up()
    with pytest.raises(ScannerDown):
        scan([EICAR])


def test_it_is_reached_by_a_port_of_this_machine_too(settings):
    with on_tcp() as url:
        settings.CLAMD_URL = url

        assert clamd.is_up()
        assert scan([EICAR]).finding == Finding.INFECTED


def test_the_log_knows_no_word_of_a_file(scanner, caplog):
    caplog.set_level(logging.DEBUG)
    scanner.up(answer=b"stream: damaged ERROR")
    scan([b"Geheimnis"])

    assert "damaged ERROR" in caplog.text
    assert "Geheimnis" not in caplog.text
