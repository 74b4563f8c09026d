"""Ingest: `python -m tests.bench.ingest COUNT` stores and files mails in this one process, and prints what it took.

Beside it, in the same run: the same mails parsed and the same finished rows inserted, and nothing else; once with
Python's own parser, as the target means it, and once with ours.
"""

import bisect
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import django

PAGE = 50  # mails that a sync stores at once


class Clock:
    """Wall time of a block, and the processor time of this process and of its Postgres backend."""

    def __enter__(self) -> "Clock":
        self.wall, self.own, self.database = -time.perf_counter(), -time.process_time(), -backend_time()
        return self

    def __exit__(self, *error: object) -> None:
        self.wall += time.perf_counter()
        self.own += time.process_time()
        self.database += backend_time()

    @property
    def processor(self) -> float:
        """Return the processor time of both."""
        return self.own + self.database


def backend_time() -> float:
    """Return the processor time our Postgres backend has used; 0 where the server runs on another machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def store(mailbox: Any, raws: list[bytes], start: int) -> list[str]:
    """Store a page of raw mails in one transaction, as a sync does, and return their ids."""
    from django.utils import timezone

    from accounts.bulk import insert_many
    from accounts.tenancy import organization_scope
    from mailbox.models import InboundEmail

    now = timezone.now()
    with organization_scope(mailbox.organization_id):
        emails = []
        for number, raw in enumerate(raws, start=start):
            email = InboundEmail(
                organization_id=mailbox.organization_id,
                mailbox=mailbox,
                provider_id=f"bench{time.time_ns()}-{number}",
                provider_thread_id=f"t{number}",
                received_at=now + timedelta(milliseconds=number),
            )
            email.keep_raw(raw)
            emails.append(email)
        insert_many(emails)
    return [str(email.pk) for email in emails]


def ingest(mailbox: Any, raws: list[bytes]) -> Clock:
    """Take the mails from raw to filed."""
    from tickets.tasks import file_mail

    with Clock() as clock:
        for start in range(0, len(raws), PAGE):
            ids = store(mailbox, raws[start : start + PAGE], start)
            file_mail(str(mailbox.organization_id), ids)
    return clock


def without_index(mailbox: Any, raws: list[bytes]) -> Clock:
    """Take mails from raw to filed without a row in the search index: what the index costs is the difference."""
    with patch("tickets.filing.writing.keep_filed"):
        return ingest(mailbox, raws)


def parse_with_stdlib(raw: bytes) -> None:
    """Read a mail as Python's own library does: headers, addresses, date, texts and files."""
    mail = message_from_bytes(raw, policy=default)
    for name in ("from", "to", "cc", "reply-to"):
        [(one.display_name, one.addr_spec) for value in mail.get_all(name, ()) for one in value.addresses]
    _ = mail["subject"], mail["date"], mail["message-id"], mail["references"], dict(mail.items())
    for part in mail.walk():
        if not part.is_multipart():
            part.get_filename(), part.get_content()


def alone(raws: list[bytes], pages: list[list[tuple[str, tuple[Any, ...]]]], parse: Callable[[bytes], object]) -> Clock:
    """Parse the same mails and insert the same rows, sealed already, a transaction for every page."""
    from django.db import connection, transaction

    with Clock() as clock:
        for number, page in enumerate(pages):
            with transaction.atomic(), connection.cursor() as cursor:
                for raw in raws[number * PAGE : (number + 1) * PAGE]:
                    parse(raw)
                for statement, row in page:
                    cursor.execute(statement, row)
    return clock


def take_rows(marker: UUID, models: list[Any]) -> list[list[tuple[str, tuple[Any, ...]]]]:
    """Take out the rows made since that id; return them as inserts, those of each page together."""
    from django.db import connection

    taken: list[tuple[UUID, str, tuple[Any, ...]]] = []
    pages: list[UUID] = []
    with connection.cursor() as cursor:
        for model in models:
            names = [field.column for field in model._meta.concrete_fields]
            table, columns = model._meta.db_table, ", ".join(names)
            cursor.execute(f"SELECT {columns} FROM {table} WHERE id > %s ORDER BY id", [marker])  # noqa: S608 - our names
            statement = f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(names))})"  # noqa: S608
            found = cursor.fetchall()
            taken += [(row[names.index("id")], statement, row) for row in found]
            if model.__name__ == "InboundEmail":  # the first things of a page, and their ids sort by time
                pages = [row[names.index("id")] for row in found][::PAGE]
        for model in reversed(models):
            cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id > %s", [marker])  # noqa: S608
    by_page: list[list[tuple[str, tuple[Any, ...]]]] = [[] for _ in pages]
    for pk, statement, row in taken:
        by_page[max(0, bisect.bisect_right(pages, pk) - 1)].append((statement, row))
    return by_page


def main() -> None:
    """Measure, and print one JSON object."""
    django.setup()
    from accounts.ids import uuid7
    from deskhero.settling import settle
    from mailbox.models import InboundEmail, Mailbox
    from tests.bench.mails import stream
    from tickets.mail import parse
    from tickets.models import Attachment, Contact, ContactAddress, ContactCode, Event, Message, ThreadKey, Ticket

    count = int(sys.argv[1])
    mailbox = Mailbox.objects.select_related("organization").order_by("pk").first()
    assert mailbox is not None
    seed = int(time.time())
    ingest(mailbox, list(stream(PAGE * 2, to=mailbox.address, seed=seed)))  # imports, keys and plans are warm
    settle()  # as a worker does
    raws = list(stream(count, to=mailbox.address, seed=seed + 1))
    marker = uuid7()
    clock = ingest(mailbox, raws)
    states: dict[str, int] = defaultdict(int)
    for state in InboundEmail.objects.filter(pk__gt=marker).values_list("state", flat=True):
        states[state] += 1
    models = [Contact, ContactAddress, ContactCode, Ticket, InboundEmail, Message, ThreadKey, Event, Attachment]
    pages = take_rows(marker, models)
    plain = alone(raws, pages, parse_with_stdlib)
    take_rows(marker, models)  # out again
    base = alone(raws, pages, parse)
    index = clock.processor - without_index(mailbox, list(stream(count, to=mailbox.address, seed=seed + 2))).processor
    print(
        json.dumps(
            {
                "count": count,
                "filed": states["filed"],
                "per_second": count / clock.wall,
                "own_ms": 1000 * clock.own / count,
                "database_ms": 1000 * clock.database / count,
                "alone_own_ms": 1000 * base.own / count,
                "alone_database_ms": 1000 * base.database / count,
                "alone_per_second": count / base.wall,
                "ratio": clock.processor / base.processor,
                "plain_own_ms": 1000 * plain.own / count,
                "plain_database_ms": 1000 * plain.database / count,
                "plain_ratio": clock.processor / plain.processor,
                "index_ms": 1000 * index / count,
                "rows": sum(len(page) for page in pages),
            }
        )
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskhero.settings")
    main()
