"""Writing and reading the ledger. Append-only: nothing takes a line back; only what no backup needs is cut."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.utils import timezone

from accounts.ids import uuid7
from accounts.sealing.keys import root_key
from privacy.ledger import files
from privacy.ledger.lines import BEGIN, CUT, KINDS, RESTORED, Entry, LedgerFault, checked, head_of, read_line, renewed

BATCH = 1000  # ids of one line
log = logging.getLogger(__name__)


def append(
    kind: str,
    ids: Iterable[UUID],
    *,
    job_id: UUID | None = None,
    organization_id: UUID | None = None,
    place: str = "",
) -> int:
    """Write down what is about to be erased, and return the ledger's new position; it is on disk when this returns.

    `place` is the table ("tickets.Message") or column ("tickets.Contact.name") where the kind does not say it. Raises
    LedgerFault when it cannot be written: then nothing may be erased.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind} is no kind of the erasure ledger.")
    found = sorted({str(one) for one in ids})
    batches = [found[start : start + BATCH] for start in range(0, len(found), BATCH)]
    return _write(
        [(kind, batch, place, str(organization_id or ""), str(job_id or "")) for batch in batches], timezone.now()
    )


def note_restore(backup_id: UUID) -> int:
    """Write down that the system was brought back from a backup: what came after it is a gap from then on."""
    return _write([(RESTORED, [str(backup_id)], "", "", "")], timezone.now())


def position() -> int:
    """Return the number of the newest line; 0 before the first."""
    line = files.last_line(files.paths()[0])
    return read_line(line, -1).seq if line else 0


def entries_after(after: int) -> Iterator[Entry]:
    """Yield what was erased after that position, oldest first, once the whole ledger and its copy were checked.

    LedgerFault where a line was altered, is missing, or is needed and was cut.
    """
    entries = verify()
    if entries and entries[0].kind == CUT and entries[0].seq > after:
        raise LedgerFault("The erasure ledger was cut after this position: the backup is too old to be brought back.")
    yield from (entry for entry in entries if entry.seq > after and entry.kind in KINDS)


def verify() -> list[Entry]:
    """Return the whole ledger, checked; LedgerFault where it, or what its copy has more, cannot be trusted."""
    with files.alone():
        _agree()
        return list(checked(files.read(files.paths()[0])))


def cut(up_to: int, *, older_than: datetime) -> int:
    """Cut away lines no backup needs any more, behind a line that vouches for them; return how many.

    Kept are lines after `up_to`, and lines that are younger than `older_than`.
    """
    with files.alone():
        _agree()
        entries = list(checked(files.read(files.paths()[0])))
        old = [entry for entry in entries if entry.seq <= up_to and entry.moment < older_than]
        if not old or (old[-1].kind == CUT and len(old) == 1):
            return 0
        last = old[-1]
        vouch = Entry(last.seq, _now(timezone.now()), CUT, entries[0].ids, head_of(last)).sealed(root_key())
        lines = [vouch.line(), *(entry.line() for entry in entries if entry.seq > last.seq)]
        for path in files.paths():
            files.replace(path, lines)
        return len(old)


def renew() -> None:
    """Make every code anew under the present root key, while the one before it is still known."""
    with files.alone():
        _agree()
        lines = [entry.line() for entry in renewed(checked(files.read(files.paths()[0])), root_key())]
        for path in files.paths():
            files.replace(path, lines)


def _write(said: Sequence[tuple[str, Sequence[str], str, str, str]], moment: datetime) -> int:
    with files.alone():
        before = _last()
        lines = []
        for kind, ids, place, organization, job in said:
            seq = before.seq + 1 if before else 1
            prev = head_of(before) if before else ""
            before = Entry(seq, _now(moment), kind, tuple(ids), place, organization, job, prev).sealed(root_key())
            lines.append(before.line())
        if lines:
            files.add(lines)
        return before.seq if before else 0


def _last() -> Entry:
    """Return the newest entry of a ledger whose copy agrees; the first line is written where there is none."""
    ours, copy = (files.last_line(path) for path in files.paths())
    if ours != copy:
        _agree()
        ours = files.last_line(files.paths()[0])
    if not ours:
        begin = Entry(0, _now(timezone.now()), BEGIN, (str(uuid7()),)).sealed(root_key())
        files.add([begin.line()])
        return begin
    return read_line(ours, -1)


def _agree() -> None:
    """Bring a file that fell behind, or was lost, up to the other one; LedgerFault where they contradict."""
    first, second = files.paths()
    lines = {path: files.read(path) for path in (first, second)}
    longer, shorter = (first, second) if len(lines[first]) >= len(lines[second]) else (second, first)
    if lines[longer] == lines[shorter]:
        return
    if lines[longer][: len(lines[shorter])] != lines[shorter]:
        raise LedgerFault("The erasure ledger and its copy contradict each other: one of them was altered.")
    list(checked(lines[longer]))
    log.warning("the erasure ledger at %s is completed from its other copy", "home" if shorter == first else "copy")
    files.replace(shorter, lines[longer])


def _now(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
