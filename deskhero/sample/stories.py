"""The stories: what customers wrote and what colleagues did, read from world.toml and mails/."""

import tomllib
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.utils import timezone

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Person:
    """Somebody who signs in."""

    key: str
    name: str
    email: str
    role: str
    totp: str = ""


@dataclass(frozen=True)
class Address:
    """A mailbox of a company, to be connected."""

    key: str
    provider: str
    address: str
    name: str


@dataclass(frozen=True)
class Company:
    """An organization with its people and mailboxes."""

    key: str
    name: str
    slug: str
    language: str
    zone: str
    people: tuple[Person, ...]
    mailboxes: tuple[Address, ...]

    def person(self, key: str) -> Person:
        """Return the colleague of that key."""
        return next(person for person in self.people if person.key == key)

    @property
    def admin(self) -> Person:
        """Return who connects mailboxes."""
        return next(person for person in self.people if person.role == "admin")


@dataclass(frozen=True)
class Story:
    """A conversation: one customer, one mailbox, steps in order."""

    name: str
    mailbox: str
    sender: tuple[str, str]
    client: str
    language: str
    zone: str
    subject: str
    signature: str = ""
    logo: str = ""
    cc: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()  # that whoever read it first hung on it


@dataclass(frozen=True)
class Step:
    """One thing that happened: a mail of the customer, or something a colleague did."""

    story: Story
    number: int
    moment: datetime
    details: dict[str, Any] = field(repr=False)

    @property
    def by(self) -> str:
        """Return the colleague's key; nothing for what came from outside."""
        return str(self.details.get("by", ""))

    @property
    def is_bounce(self) -> bool:
        """Return whether a mail server wrote it."""
        return self.details.get("kind") == "bounce"

    @property
    def text(self) -> str:
        """Return what was written, with the names of days filled in."""
        return fill_days(str(self.details.get("text", "")).strip("\n"), self.story.language, self._day_zero)

    @property
    def _day_zero(self) -> datetime:
        return self.moment + timedelta(days=int(self.details["at"].split()[0]))


_DAYS = {
    "sv": ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"],
    "de": ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
}


def fill_days(text: str, language: str, day_zero: datetime) -> str:
    """Replace {day:2} by the name of the day that is two days before day zero."""
    for days in range(7):
        if language in _DAYS:
            text = text.replace(f"{{day:{days}}}", _DAYS[language][(day_zero - timedelta(days=days)).weekday()])
    return text


@dataclass(frozen=True)
class World:
    """Everything there is in the sample."""

    password: str
    staff: Person
    companies: tuple[Company, ...]

    @classmethod
    @cache
    def load(cls) -> Self:
        """Read world.toml."""
        data = tomllib.loads((_FOLDER / "world.toml").read_text())
        companies = tuple(
            Company(
                **{name: entry[name] for name in ("key", "name", "slug", "language", "zone")},
                people=tuple(Person(**person) for person in entry["person"]),
                mailboxes=tuple(Address(**mailbox) for mailbox in entry["mailbox"]),
            )
            for entry in data["organization"]
        )
        return cls(data["password"], Person(key="staff", role="staff", **data["staff"]), companies)


def steps_of(company: Company, *, until: datetime | None = None) -> list[Step]:
    """Return all steps of a company's stories in the order they happened; the last one lies before `until`."""
    until = until or timezone.now()
    found: list[tuple[Story, int, dict[str, Any]]] = []
    for path in sorted((_FOLDER / "mails" / company.key).glob("*.toml")):
        data = tomllib.loads(path.read_text())
        steps = data.pop("steps")
        data["sender"] = parseaddr(data.pop("from"))
        data["cc"], data["tags"] = tuple(data.get("cc", ())), tuple(data.get("tags", ()))
        story = Story(name=path.stem, zone=data.pop("zone", company.zone), **data)
        found += [(story, number, step) for number, step in enumerate(steps)]
    zone = ZoneInfo(company.zone)
    day = until.astimezone(zone)
    latest = max(_clock(step["at"]) for _, _, step in found if step["at"].startswith("0 "))
    if day.time() <= latest:
        day -= timedelta(days=1)
    steps = [Step(story, number, moment_of(step["at"], day), step) for story, number, step in found]
    return sorted(steps, key=lambda step: (step.moment, step.story.name, step.number))


def moment_of(at: str, day: datetime) -> datetime:
    """Return the moment of "days-before HH:MM"."""
    date = day.date() - timedelta(days=int(at.split(maxsplit=1)[0]))
    return datetime.combine(date, _clock(at), tzinfo=day.tzinfo)


def _clock(at: str) -> time:
    return time.fromisoformat(at.split()[1])
