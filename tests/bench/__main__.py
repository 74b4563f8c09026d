"""`python -m tests.bench [--quick]`: measure everything and print it beside the targets of the design."""

import argparse
import json
import os
import time
from typing import Any

from tests.bench.databases import RUN, Databases

Line = tuple[str, str, str]


def main() -> None:
    """Fill what is missing, measure, print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1,000 tickets and a second for each page")
    parser.add_argument("--million", action="store_true", help="also at 1,000,000 tickets; 25 GB and half an hour more")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    begun = time.monotonic()
    sizes = (1_000,) if options.quick else (10_000, 100_000, *([1_000_000] if options.million else []))
    figures = measure(Databases(), sizes, quick=options.quick)
    if options.json:
        print(json.dumps(figures, indent=2))
    else:
        print_table(figures)
        print(f"\n{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; took {time.monotonic() - begun:.0f} s.")


def measure(databases: Databases, sizes: tuple[int, ...], *, quick: bool) -> dict[str, Any]:
    """Return the figures of ingest, pages, search, weight, at every size."""
    mails, seconds = ("150", "1") if quick else ("2000", "6")
    figures: dict[str, Any] = {"sizes": sizes}
    databases.fresh(0)
    figures["ingest 0"] = json.loads(databases.run(RUN, "tests.bench.ingest", mails))
    for size in sizes:
        databases.fresh(size)
        figures[f"pages {size}"] = json.loads(databases.run(RUN, "tests.bench.pages", seconds))
        figures[f"search {size}"] = json.loads(databases.run(RUN, "tests.bench.search", seconds))
        if size == sizes[-1]:
            figures[f"ingest {size}"] = json.loads(databases.run(RUN, "tests.bench.ingest", mails))
            figures["backup"] = json.loads(databases.run(RUN, "tests.bench.keeping"))
            figures["access"] = json.loads(databases.run(RUN, "tests.bench.access", "2000" if quick else "100000"))
            figures["rights"] = json.loads(databases.run(RUN, "tests.bench.rights", "300" if quick else "5000"))
            figures["weight"] = json.loads(databases.run(RUN, "tests.bench.weight"))
        figures[f"purge {size}"] = json.loads(databases.run(RUN, "tests.bench.purge", seconds))  # last: it deletes
    return figures


def print_table(figures: dict[str, Any]) -> None:
    """Print what was measured, line by line, beside its target."""
    lines = [("", "measured", "target"), *ingest_lines(figures), *page_lines(figures), *search_lines(figures)]
    lines += [*purge_lines(figures), *backup_lines(figures["backup"]), *access_lines(figures["access"])]
    lines += [*rights_lines(figures["rights"]), *weight_lines(figures["weight"])]
    width = max(len(line[0]) for line in lines)
    for name, measured, target in lines:
        print(f"{name.ljust(width)}  {measured.rjust(16)}  {target}")


def ingest_lines(figures: dict[str, Any]) -> list[Line]:
    """Return the lines of ingest."""
    largest = figures["sizes"][-1]
    empty, full = figures["ingest 0"], figures[f"ingest {largest}"]
    slower = 100 * (1 - full["per_second"] / empty["per_second"])
    return [
        ("ingest, empty: raw to filed, one process", f"{empty['per_second']:.0f}/s", ">= 200/s"),
        (f"ingest at {largest:,} tickets", f"{full['per_second']:.0f}/s", f"within 10 % ({slower:+.0f} %)"),
        ("  processor time a mail: worker + Postgres", f"{full['own_ms']:.2f}+{full['database_ms']:.2f} ms", ""),
        (
            f"  stdlib parse + insert of the same {full['rows']:,} rows alone",
            f"{full['plain_own_ms']:.2f}+{full['plain_database_ms']:.2f} ms",
            "",
        ),
        ("  processor time against those alone", f"{full['plain_ratio']:.2f} x", "<= 2 x"),
        (
            "  our parse + insert alone",
            f"{full['alone_own_ms']:.2f}+{full['alone_database_ms']:.2f} ms",
            f"{full['alone_per_second']:.0f}/s",
        ),
        ("  processor time against those alone", f"{full['ratio']:.2f} x", ""),
        ("  of a mail's processor time, the search index", f"{full['index_ms']:.2f} ms", ""),
    ]


def page_lines(figures: dict[str, Any]) -> list[Line]:
    """Return the lines of lists, ticket page and sending, at every size."""
    lists = {"queue": "queue page", "waiting": "  longest waiting first", "urgent": "  most urgent first"}
    lists |= {"narrowed": "  mine, important, quiet for a week", "mentioned": "  mentioned", "snoozed": "  snoozed"}
    # One statement of each page is its line in the access log.
    targets: dict[str, tuple[str, str, str, str]] = {
        key: (name, "<= 9", "<= 12 ms", ">= 160/s") for key, name in {**lists, "spam": "  spam"}.items()
    }
    targets |= {"ticket": ("ticket page, 30 messages", "<= 11", "<= 15 ms", ""), "send": ("send an answer", "", "", "")}
    lines: list[Line] = []
    for kind, (name, statements, milliseconds, rate) in targets.items():
        for size in figures["sizes"]:
            found = figures[f"pages {size}"][kind]
            lines.append((f"{name} at {size:,}: SQL", f"{found['sql']}", statements))
            lines += timed_lines(figures, "pages", kind, size, milliseconds)
            lines.append(("  answers a second, two server workers", f"{found['ten']['per_second']:.0f}/s", rate))
    for size in figures["sizes"]:
        counts, first = (figures[f"pages {one}"]["counts"] for one in (size, figures["sizes"][0]))
        told = f"{counts['p50']:.1f}, {counts['p95']:.1f} ms"
        lines.append((f"view counts at {size:,}: p50, p95", told, ratio(counts["p95"], first["p95"])))
    return lines


def search_lines(figures: dict[str, Any]) -> list[Line]:
    """Return the lines of search: the whole page with its first 25 hits."""
    targets = {"rare": "<= 15 ms", "of 20 % of mails": "<= 60 ms"}
    lines: list[Line] = []
    for size in figures["sizes"]:
        for name, found in figures[f"search {size}"].items():
            lines.append((f"search at {size:,}, {name}: SQL", f"{found['sql']}", ""))
            lines += timed_lines(figures, "search", name, size, targets.get(name, ""))
    return lines


def timed_lines(figures: dict[str, Any], part: str, kind: str, size: int, target: str) -> list[Line]:
    """Return the times of one visitor and of ten at once, and how they compare with those at the smallest size."""
    found, first = (figures[f"{part} {one}"][kind] for one in (size, figures["sizes"][0]))
    ten, before = found["ten"], first["ten"]
    return [
        ("  p50, p95", f"{found['p50']:.1f}, {found['p95']:.1f} ms", f"{target} {ratio(found['p95'], first['p95'])}"),
        (
            "  p50, p95 with 10 agents at once",
            f"{ten['p50']:.0f}, {ten['p95']:.0f} ms",
            ratio(ten["p95"], before["p95"]),
        ),
    ]


def ratio(p95: float, first: float) -> str:
    """Return how a p95 compares with that at the smallest size, beside its target."""
    return f"<= 1.3 x the smallest ({p95 / first:.2f} x)"


def purge_lines(figures: dict[str, Any]) -> list[Line]:
    """Return the lines of deleting a mailbox, with what agents in other mailboxes notice of it."""
    lines: list[Line] = []
    for size in figures["sizes"]:
        found = figures[f"purge {size}"]
        slower = found["meanwhile"]["p95"] / found["before"]["p95"]
        lines += [
            (f"purge at {size:,}: {found['messages']:,} messages", f"{found['per_second']:.0f}/s", "flat"),
            ("  queue page meanwhile, p95", f"{found['meanwhile']['p95']:.1f} ms", f"<= 1.3 x ({slower:.2f} x)"),
        ]
    return lines


def backup_lines(found: dict[str, float]) -> list[Line]:
    """Return the lines of a backup of the data: megabytes of tables a second, index of search left out."""
    size = f"{found['megabytes']:.0f} MB of tables, {found['stored']:.0f} MB stored"
    return [
        ("backup: dumped, sealed, stored", f"{found['taken']:.0f} MB/s", size),
        ("  read back and checked", f"{found['verified']:.0f} MB/s", ""),
        ("  brought back into a scratch database", f"{found['restored']:.0f} MB/s", ""),
    ]


def access_lines(access: dict[str, float]) -> list[Line]:
    """Return the lines of the access log."""
    return [
        ("access log: what its line costs a page", f"{access['one_ms']:.2f} ms", "<= 2 ms"),
        ("  lines one by one, each committed", f"{access['one_per_second']:.0f}/s", ""),
        ("  lines in batches", f"{access['written_per_second']:.0f}/s", ""),
        ("  sealed", f"{access['sealed_per_second']:.0f}/s", ""),
        ("  verified", f"{access['verified_per_second']:.0f}/s", ">= 100,000/s"),
        ("  let go behind a checkpoint", f"{access['let_go_per_second']:.0f}/s", ""),
    ]


def rights_lines(found: dict[str, Any]) -> list[Line]:
    """Return the lines of a person who asks for a copy and is erased."""
    whose = f"a person of {found['messages']:,} mails in {found['tickets']:,} tickets"
    return [
        (f"{whose}: everything found", f"{found['find']:.1f} s", f"{found['places']:,} places"),
        ("  the package made", f"{found['pack']:.1f} s", ""),
        ("  erased and looked after", f"{found['erase']:.1f} s", "" if found["is_done"] else "not done"),
    ]


def weight_lines(weight: dict[str, float]) -> list[Line]:
    """Return the lines of page weight and memory."""
    lines: list[Line] = []
    if "first_load_kb" in weight:
        shift = max(value for name, value in weight.items() if name.endswith("_shift"))
        lines += [
            ("first load, compressed, requests", loaded(weight, "first_load"), "<= 150 KB"),
            ("  then the first ticket page, 30 messages", loaded(weight, "first_ticket"), ""),
            ("  then the queue again", loaded(weight, "queue_after"), "<= 20 KB"),
            ("  and that ticket page again", loaded(weight, "ticket_after"), "<= 20 KB"),
            ("  layout shift", f"{shift:.3f}", "0"),
        ]
    return [
        *lines,
        ("web, two workers (PSS)", f"{weight['web_memory']:.0f} MiB", "<= 180 MiB"),
        ("worker (PSS)", f"{weight['worker_memory']:.0f} MiB", "<= 200 MiB"),
        ("  more at the peak of a 25 MB mail", f"{weight['big_mail_memory']:.0f} MiB", "<= 150 MiB"),
    ]


def loaded(weight: dict[str, float], step: str) -> str:
    """Return what came over the wire, and in how many answers."""
    return f"{weight[f'{step}_kb']:.1f} KB, {weight[f'{step}_requests']:.0f}"


if __name__ == "__main__":
    main()
