"""What lies in Redis besides the queues: ids and counts only, each gone by itself. Written into docs/keys.md."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from accounts import live
from accounts.personal_data import About
from tickets.together import presence


@dataclass(frozen=True)
class Cache:
    """One kind of key: how it is called, what stands in it, and for how many seconds at most after the last use."""

    pattern: str
    about: About
    holds: str
    seconds: int

    def is_of(self, key: str) -> bool:
        """Return whether a key is of this kind."""
        return fnmatchcase(key, self.pattern)


CACHES = (
    Cache("desk:*:news", About.MEMBERS, "ids of what changed, for open pages", live.KEPT_FOR),
    Cache("desk:*:here:*", About.MEMBERS, "ids of members whose page shows a ticket", presence.OPENED_FOR),
    Cache("desk:*:busy", About.MEMBERS, "ids of tickets where somebody may be, and until when", presence.ANSWERING_FOR),
    Cache("desk:*:claim:*", About.MEMBERS, "id of the member who is answering, and since when", presence.ANSWERING_FOR),
)


def as_lines() -> list[str]:
    """Return the caches as a part of the page docs/keys.md."""
    rows = [f"| `{one.pattern}` | {one.about} | {one.holds} | {one.seconds} |" for one in CACHES]
    return [
        "\n## In Redis\n",
        "Queues carry ids only. Besides them there are caches of ids; nothing needs them, and each goes by itself.\n",
        "| key | about | holds | seconds after the last use |\n|---|---|---|---|",
        *rows,
    ]
