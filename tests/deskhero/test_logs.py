"""Log lines: what must not be in them, and what must stay so that they are of use."""

import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskhero.logs import ScrubbingFormatter, scrub


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("mail from carol.ünder+x@customer.example filed", "customer"),
        ('"Carol Jones"@customer.example wrote', "Jones"),
        ("GET /login/?next=/&email=carol%40customer.example", "carol"),
        ("to=carol@localhost", "carol"),
        ("Authorization: Bearer abc.def-123", "abc"),
        ("{'authorization': 'Bearer abc.def', 'accept': '*/*'}", "abc"),
        ("[(b'authorization', b'Bearer abc.def')]", "abc"),
        ("Authorization: Basic Zm9vOmJhcg==", "Zm9v"),
        ("sent bearer abcdef0123456789", "abcdef"),
        ("Cookie: deskhero_session=abc; other=def", "abc"),
        ("set-cookie: deskhero_session=abc", "abc"),
        ("{'refresh_token': '1//0abcdefghijk'}", "0abc"),
        ("https://provider.example/token?code=4/0Aabc&state=xyz", "0Aabc"),
        ("https://provider.example/auth?login_hint=carol", "carol"),
        ("ya29.A0ARrdaM-abc was refused", "A0AR"),
        ("token eyJhbGciOi.eyJzdWIi.c2ln given", "eyJ"),
        ("postgres://deskhero:hunter2@db/deskhero", "hunter2"),
        ("redis://:hunter2@127.0.0.1:6379/0", "hunter2"),
        ("/invitations/q8Zx0aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5hJ/", "q8Zx"),
        ("password=hunter2", "hunter2"),
        ("DETAIL:  Key (subject)=(Carol's divorce) already exists.", "divorce"),
        ("Task tickets.tasks.file_mail[1] succeeded in 0.1s: 'Carol'", "Carol"),
        ("Task tickets.tasks.file_mail[0-1] raised unexpected: ValueError('Carol')", "Carol"),
        ("Task tickets.tasks.file_mail[0-1] retry: Retry in 2s: TemporaryError('Carol')", "Carol"),
        ("Task x raised with args: ('Carol',) kwargs: {'a': 'Carol'}", "Carol"),
        ("The full contents of the message body was:\n[['Carol'], {}]", "Carol"),
    ],
)
def test_it_never_reaches_the_line(line: str, secret: str) -> None:
    assert secret not in scrub(line)


@pytest.mark.parametrize(
    "line",
    [
        "Task mailbox.tasks.sync_mailbox[018f2b8a-3e4c-7d4a-8b8a-3e4c1d4a3b8a] received",
        "mailbox 018f2b8a-3e4c-7d4a-8b8a-3e4c1d4a3b8a: cursor moved, 12 mails in 0.4 s",
        "Watching http://127.0.0.1:8000/acme/tickets/1042/",
        "provider answered 503, state failed, code 12",
        "2026-11-23 23:40:48,906 INFO deskhero.health database does not answer: OperationalError",
    ],
)
def test_what_an_operator_needs_stays(line: str) -> None:
    assert scrub(line) == line


def format_error(error: BaseException) -> str:
    try:
        raise error
    except BaseException:  # noqa: BLE001 - any of them may be logged
        record = logging.LogRecord("desk", logging.ERROR, __file__, 1, "filing %s failed", ("42",), sys.exc_info())
    return ScrubbingFormatter("%(levelname)s %(message)s").format(record)


def test_a_traceback_keeps_the_place_and_the_kind_and_loses_the_words() -> None:
    cause = KeyError("Carol's divorce")
    error = ValueError("cannot read 'Carol’s divorce' of carol@customer.example\nsecond line: divorce")
    error.__cause__ = cause

    text = format_error(error)

    assert "filing 42 failed" in text
    assert "builtins.KeyError" in text
    assert "builtins.ValueError: cannot read [hidden] of [address]" in text
    assert "test_logs.py" in text
    assert "divorce" not in text.replace("Carol's divorce\")", "")


def test_a_group_and_a_circle_of_exceptions_come_to_an_end() -> None:
    one, two = ValueError("'one'"), TypeError("'two'")
    one.__context__, two.__context__ = two, one

    text = format_error(ExceptionGroup("several", [one, two]))

    assert "ValueError" in text
    assert "TypeError" in text


def test_a_text_another_formatter_left_is_not_used() -> None:
    record = logging.LogRecord("desk", logging.ERROR, __file__, 1, "failed", (), None)
    record.exc_text = "ValueError: Carol"

    assert "Carol" not in ScrubbingFormatter("%(message)s").format(record)


@given(st.emails())
def test_no_valid_address_survives(address: str) -> None:
    local, domain = address.rsplit("@", 1)

    assert f"{local}@{domain}" not in scrub(f"mail from {address} was filed")


@given(st.text(max_size=400))
def test_any_text_can_be_scrubbed(text: str) -> None:
    assert isinstance(scrub(text), str)


def test_a_hostile_line_takes_no_time() -> None:
    for piece in ("a", "a@", '"', "args=(", "cookie:", "eyJ.", "token=", "1//", "://", "%40", "a-1"):
        scrub(piece * 20_000)
