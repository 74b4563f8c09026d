"""Where data lies besides the columns: files, queues, caches, logs, keys. What the settings name is declared here.

A setting that opens one more place (a database, a storage, a cache, a queue, a log) is a fault until it has a word.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from accounts.personal_data import About, Origin


@dataclass(frozen=True)
class Store:
    """A place where data lies: what, about whom, where from, for how long, and how it ends."""

    place: str  # as the settings call it
    holds: str
    about: About
    origin: Origin
    kept: str
    erased: str


STORES = (
    Store(
        "database default",
        "the tables above",
        About.BOTH,
        Origin.MAILBOX,
        "table by table, as above",
        "in batches, then VACUUM",
    ),
    Store(
        "database vault",
        "wrapped keys",
        About.NOBODY,
        Origin.NONE,
        "until what they serve is deleted",
        "the key is taken out of its row before anything else is deleted",
    ),
    Store(
        "storage default",
        "attachments, large originals, files of drafts, canned replies, imports and exports: sealed, named by ids",
        About.BOTH,
        Origin.MAILBOX,
        "with the row that names the file",
        "with the row; then by the folder of the organization, where it is closed",
    ),
    Store(
        "storage backups",
        "backups of the databases and files, each sealed under a key of its own",
        About.BOTH,
        Origin.MAILBOX,
        "330 days at most; 30 those of the vault",
        "the object, then its key; what a deletion reached is unreadable before, where its keys are gone",
    ),
    Store("storage staticfiles", "the program's own files", About.NOBODY, Origin.NONE, "with the release", "never"),
    Store(
        "cache default",
        "counts of attempts under hashes of addresses, and what is listed below",
        About.MEMBERS,
        Origin.USAGE,
        "for the time named below; counts for a day",
        "by itself, and at once with a mailbox or an account",
    ),
    Store(
        "queue",
        "ids of what is to be done",
        About.NOBODY,
        Origin.USAGE,
        "until it is done",
        "a task whose row is gone finds nothing to do",
    ),
    Store("log stderr", "ids, times, states", About.NOBODY, Origin.USAGE, "as the operator keeps it", "by age"),
)


def places() -> set[str]:
    """Return every place that the settings open."""
    handlers: Any = settings.LOGGING["handlers"]
    return {
        *(f"database {alias}" for alias in settings.DATABASES),
        *(f"storage {alias}" for alias in settings.STORAGES),
        *(f"cache {alias}" for alias in settings.CACHES),
        *(f"log {name}" for name in handlers),
        "queue",
    }


def faults() -> list[str]:
    """Return a sentence for every place that nobody declared, and every declaration of no place."""
    declared = {store.place for store in STORES}
    return [
        f"The {place} of the settings is not declared in privacy/stores.py." for place in sorted(places() - declared)
    ] + [
        f"privacy/stores.py declares the {place}, which the settings do not have."
        for place in sorted(declared - places())
    ]


def as_lines() -> list[str]:
    """Return the stores as a part of the page docs/keys.md."""
    rows = [f"| {one.place} | {one.about} | {one.origin} | {one.holds} | {one.kept} | {one.erased} |" for one in STORES]
    return [
        "\n## Places besides the columns\n",
        "| place | about | origin | holds | kept | ends |\n|---|---|---|---|---|---|",
        *rows,
    ]
