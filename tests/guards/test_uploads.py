"""What people upload never touches a disk unsealed, and is never dropped in silence."""

import asyncio
import tempfile
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.tenancy import organization_scope
from deskhero.asgi import application
from mailbox.models import OutboundEmail
from tests.cast import sign_in
from tests.guards.world import World
from tickets.models import Message

MEGABYTE = 1024 * 1024
PIECE = 256 * 1024


@pytest.fixture
def spooled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Remember who makes a file for something that was in memory, or any other temporary file."""
    seen: list[str] = []
    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", lambda _: seen.append("spooled"))
    for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, lambda *_, made=name, **__: seen.append(made))
    return seen


def ask(body: bytes, *, declare: bool = True) -> int:
    """Post a body to the ASGI application, in pieces, and return the status of the answer."""
    kind = b"multipart/form-data; boundary=limit"
    headers = [(b"host", b"127.0.0.1"), (b"content-type", kind)]
    if declare:
        headers.append((b"content-length", str(len(body)).encode()))
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": "/account/login/", "query_string": b"",
        "headers": headers,
    }  # fmt: skip

    async def talk() -> int:
        browser = ApplicationCommunicator(application, scope)
        for start in range(0, max(len(body), 1), PIECE):
            more = start + PIECE < len(body)
            await browser.send_input({"type": "http.request", "body": body[start : start + PIECE], "more_body": more})
        status = int((await browser.receive_output(30))["status"])
        await browser.wait(30)
        return status

    return asyncio.run(talk())


def form(size: int) -> bytes:
    head = b'--limit\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\n\r\n'
    return head + b"x" * (size - len(head) - 13) + b"\r\n--limit--\r\n"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("declare", [True, False])
def test_the_largest_body_that_is_taken_stays_in_memory(declare: bool, spooled: list[str]) -> None:
    assert ask(form(24 * MEGABYTE), declare=declare) == 403  # no token of a form: it was read to find that out
    assert spooled == []


@pytest.mark.parametrize("declare", [True, False])
def test_a_larger_body_is_refused_before_it_is_kept(declare: bool, spooled: list[str]) -> None:
    assert ask(form(configured.MAX_REQUEST_BYTES + 1), declare=declare) == 413
    assert spooled == []


@pytest.mark.django_db(transaction=True)
def test_the_watch_sees_a_body_that_goes_to_a_disk(spooled: list[str], settings: Any) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * MEGABYTE  # as Django has it
    ask(form(3 * MEGABYTE))
    assert "spooled" in spooled


@pytest.mark.django_db
def test_an_answer_does_not_leave_without_its_files(two_worlds: tuple[World, World]) -> None:
    world = two_worlds[0]
    client = sign_in(Client(), world.agent)
    with organization_scope(world.organization):
        before = OutboundEmail.objects.count(), Message.objects.count()
    large = [SimpleUploadedFile(f"{n}.bin", b"x" * (9 * MEGABYTE), "application/octet-stream") for n in range(3)]
    response = client.post(
        "/acme/tickets/1/reply/", {"to": "c@customer.example", "text": "See the files.", "files": large}
    )

    assert response.status_code == 400
    with organization_scope(world.organization):
        assert (OutboundEmail.objects.count(), Message.objects.count()) == before
