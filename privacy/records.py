"""Records: for each model where its rows come from, whose they are, how long they stay, how they leave and end.

Collected from the declarations of the models and from their references. Deletion, export and the registers walk this;
none of them has a list of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

from accounts.models import Membership, Organization, Owned, User
from accounts.personal_data import About, Erased, Origin, PersonalData
from accounts.tenancy.owned import Kept
from mailbox.models import Mailbox
from privacy import kin
from privacy.declarations import OURS, declaration
from tickets.models import Contact

PERIODS = {
    Origin.MAILBOX: "until 30 days after its mailbox was disconnected",
    Origin.ACCOUNT: "until 30 days after the account was closed",
    Origin.USAGE: "until 30 days after the account was closed",
}
OF_A_PERSON = "while its person has a place in an organization"
OUTSIDE, INSIDE = (Contact,), (Membership, User)
PEOPLE = {About.CONTACTS: (OUTSIDE,), About.MEMBERS: (INSIDE,), About.BOTH: (OUTSIDE, INSIDE)}


@dataclass(frozen=True)
class Record:
    """What a model says of its rows, and what its references say."""

    model: type[models.Model]
    about: About
    origin: Origin | None
    mailboxes: tuple[str, ...]  # paths to the mailboxes a row came through or belongs to
    subjects: tuple[str, ...]  # paths to the people a row names
    digests: tuple[str, ...]  # columns with keyed digests of people's addresses
    kept: str
    erased: Erased
    exported: str

    @property
    def label(self) -> str:
        """Return app.Model."""
        return self.model._meta.label

    def as_lines(self) -> list[str]:
        """Return what the page docs/keys.md says of it."""
        people = "; ".join([*self.subjects, *(f"digests in {name}" for name in self.digests)])
        return [
            f"- About {self.about}" + (f", named by: {people}." if people else "."),
            f"- Origin: {self.origin}" + (f", by {', '.join(self.mailboxes)}." if self.mailboxes else "."),
            f"- Kept {self.kept}. Ends: {self.erased}.",
            f"- Exported: {self.exported}.",
        ]


def records() -> list[Record]:
    """Return the record of every declared model."""
    return [record_of(model, data) for model in kin.all_models() if (data := declaration(model))]


def record_of(model: type[models.Model], data: PersonalData) -> Record:
    """Return what a model declares, completed by what its references say."""
    mailboxes = _mailboxes(model, data)
    origin = data.origin or _origin(model)
    subjects = _subjects(model, data)
    return Record(
        model=model,
        about=data.about,
        origin=origin,
        mailboxes=mailboxes,
        subjects=subjects,
        digests=data.digests,
        kept=data.kept or _kept(model, origin),
        erased=data.erased or _erased(model, origin),
        exported=_exported(model, data, subjects),
    )


def faults_of(model: type[models.Model], data: PersonalData) -> Iterator[str]:
    """Yield what a model must still say about where its rows come from and how they end."""
    label, record = model._meta.label, record_of(model, data)
    if record.origin is None:
        yield f"{label} does not say its origin, and no reference leads to a mailbox."
    if record.origin == Origin.MAILBOX and not record.mailboxes:
        yield f"{label} comes from a mailbox, and nothing says from which."
    if record.origin in {Origin.ACCOUNT, Origin.USAGE} and not _belongs_to_an_account(model) and not data.kept:
        yield f"{label} belongs to an account, and no reference leads to an organization or a person."
    if record.about != About.NOBODY and not record.subjects:
        yield f"{label} is about {record.about} and does not say whom: name the path, or FREE_TEXT."
    if data.subject and " " not in data.subject and not kin.leads(model, data.subject):
        yield f"{label} names its person by {data.subject}, which leads nowhere."
    if data.mailbox and not kin.leads(model, data.mailbox):
        yield f"{label} names its mailbox by {data.mailbox}, which leads nowhere."
    if not record.kept:
        yield f"{label} does not say how long it is kept."
    yield from _column_faults(model, data)


def _column_faults(model: type[models.Model], data: PersonalData) -> Iterator[str]:
    label, columns = model._meta.label, {field.attname for field in model._meta.concrete_fields}
    for name in sorted({*data.digests, *data.loose} - columns):
        yield f"{label}.{name} is declared and does not exist."
    if model._meta.app_label not in OURS:
        return
    for name in sorted(_loose(model) - {*data.loose, data.mailbox}):
        yield f"{label}.{name} is an id without a reference: say in personal_data what it names (loose)."
    for field in kin.references(model):
        if kin.what_happens(field) is models.DO_NOTHING and field.attname not in data.loose:
            yield f"{label}.{field.attname} does nothing when its target goes: say why in personal_data (loose)."


def _loose(model: type[models.Model]) -> set[str]:
    own = {"organization_id"} if issubclass(model, Kept) else set()
    return {
        field.attname
        for field in model._meta.concrete_fields
        if isinstance(field, models.UUIDField) and not field.primary_key and field.attname not in own
    }


def _mailboxes(model: type[models.Model], data: PersonalData) -> tuple[str, ...]:
    return (data.mailbox,) if data.mailbox else kin.paths(model, Mailbox)


def _origin(model: type[models.Model]) -> Origin | None:
    if _hangs_on_a_mailbox(model):
        return Origin.MAILBOX
    return Origin.NONE if issubclass(model, Kept) or model._meta.auto_created else None


def _hangs_on_a_mailbox(model: type[models.Model]) -> bool:
    return any(kin.is_certain(model, path) for path in kin.paths(model, Mailbox))


def _subjects(model: type[models.Model], data: PersonalData) -> tuple[str, ...]:
    if data.subject or data.about == About.NOBODY:
        return tuple(filter(None, [data.subject]))
    return tuple(dict.fromkeys(path for people in PEOPLE[data.about] for path in _to_people(model, people)))


def _to_people(model: type[models.Model], people: tuple[type[models.Model], ...]) -> list[str]:
    """Return how rows name these people: themselves, what they hang on, or what that names."""
    if model in people:
        return ["pk"]
    if own := [field.name for field in kin.references(model) if field.related_model in people]:
        return own
    for person in people:
        if above := kin.paths(model, person):
            return list(above)
    return [
        f"{parent.name}__{field.name}"
        for parent in kin.references(model)
        if kin.what_happens(parent) in kin.BELONGS and parent.related_model is not Mailbox
        for field in kin.references(parent.related_model)
        if field.related_model in people
    ]


def _kept(model: type[models.Model], origin: Origin | None) -> str:
    if model._meta.auto_created:
        return "while both rows are there"
    if _hangs_on_a_mailbox(model):
        return PERIODS[Origin.MAILBOX]
    if origin in {Origin.ACCOUNT, Origin.USAGE} and not _is_owned(model):
        return OF_A_PERSON if kin.paths(model, User) else ""
    if origin == Origin.NONE and not issubclass(model, Kept):
        return "always"
    return PERIODS.get(origin, "") if origin else ""


def _erased(model: type[models.Model], origin: Origin | None) -> Erased:
    if issubclass(model, Kept):
        return Erased.KEPT
    return Erased.NEVER if origin == Origin.NONE and not model._meta.auto_created else Erased.DELETED


def _exported(model: type[models.Model], data: PersonalData, subjects: tuple[str, ...]) -> str:
    if data.unexported:
        return f"no: it {data.unexported}"
    if not _belongs_to_an_account(model):
        return "no: it belongs to no organization"
    people = [path for path in subjects if " " not in path]
    return "with the organization" + (", and with the person it names" if people else "")


def _belongs_to_an_account(model: type[models.Model]) -> bool:
    return _is_owned(model) or model is User or bool(kin.paths(model, User))


def _is_owned(model: type[models.Model]) -> bool:
    return issubclass(model, Owned) or model is Organization or bool(kin.paths(model, Organization))
