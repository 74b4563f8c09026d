"""Reach: which rows of which table a job is to delete, read from the inventory: a new table is in it by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Membership, Organization, User
from accounts.personal_data import Erased
from accounts.tenancy.owned import Kept
from accounts.vault.models import VaultKey
from mailbox.models import Mailbox
from privacy import kin
from privacy.models import DeletionJob, DeletionTarget
from privacy.records import records
from tickets.models import Contact, ContactEvent, Message, Ticket

Scope = DeletionJob.Scope
NOT_OURS_TO_END = frozenset({"hold", "backup"})  # kinds of keys that end by their own clocks
_BY_HAND = (ContactEvent.Verb.MADE, ContactEvent.Verb.IMPORTED)


@dataclass(frozen=True)
class Reached:
    """The rows of one table: disjoint queries that together are all of them."""

    model: type[models.Model]
    queries: tuple[QuerySet, ...]

    @property
    def place(self) -> str:
        """Return the table as counts name it: app.Model."""
        return self.model._meta.label

    def count(self) -> int:
        """Return how many rows there are; asked as the owner of the tables."""
        return sum(query.count() for query in self.queries)


def reached_by(job: DeletionJob) -> Iterator[Reached]:
    """Yield every table of the inventory with the rows the job is to delete, whether there are any or not."""
    for record in records():
        if record.erased != Erased.DELETED or issubclass(record.model, Kept):
            continue
        queries = tuple(_queries(job, record.model))
        if queries:
            yield Reached(record.model, queries)
    yield Reached(VaultKey, (keys_of(job),))


def keys_of(job: DeletionJob) -> QuerySet[VaultKey]:
    """Return the keys that end with the job, as long as they are there."""
    alive = VaultKey.objects.filter(destroyed_at=None).exclude(kind__in=NOT_OURS_TO_END)
    if job.scope == Scope.MAILBOX:
        return alive.filter(kind=VaultKey.Kind.MAILBOX, scope=job.target_id)
    if job.scope == Scope.ORGANIZATION:
        people = list(targets(job, User).values_list("row_id", flat=True))  # the vault is another database
        of_people = Q(kind=VaultKey.Kind.PROFILE, scope__in=people)
        return alive.filter(of_people | Q(organization=job.target_id) | Q(scope=job.target_id))
    return alive.none()


def targets(job: DeletionJob, model: type[models.Model]) -> QuerySet[DeletionTarget]:
    """Return the people of that table whom the job is to delete."""
    return DeletionTarget.objects.filter(job=job, place=model._meta.label)


def known_only_through(mailbox_id: UUID) -> QuerySet[Contact]:
    """Return the contacts that wrote through this mailbox and no other, and that no colleague added or imported."""
    tickets, mails = Ticket.objects.filter(contact=OuterRef("pk")), Message.objects.filter(sender=OuterRef("pk"))
    here = Exists(tickets.filter(mailbox=mailbox_id)) | Exists(mails.filter(mailbox=mailbox_id))
    elsewhere = Exists(tickets.exclude(mailbox=mailbox_id)) | Exists(mails.exclude(mailbox=mailbox_id))
    by_hand = Exists(ContactEvent.objects.filter(contact=OuterRef("pk"), verb__in=_BY_HAND))
    return Contact.objects.filter(here & ~elsewhere & ~by_hand)


def only_here(organization_id: UUID) -> QuerySet[User]:
    """Return the people who have a place in this organization and in no other; the operator's staff stays."""
    places = Membership.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(
        Exists(places.filter(organization=organization_id)),
        ~Exists(places.exclude(organization=organization_id)),
        is_staff=False,
    )


def hangs_on_contacts(model: type[models.Model]) -> bool:
    """Return whether rows belong to a contact alone: its addresses, notes, history, and itself."""
    return model is Contact or bool(kin.paths(model, Contact) and not kin.paths(model, Mailbox))


def _queries(job: DeletionJob, model: type[models.Model]) -> Iterator[QuerySet]:
    if job.scope == Scope.MAILBOX:
        yield from _of_mailbox(job, model)
    elif job.scope == Scope.ORGANIZATION:
        yield from _of_organization(job, model)
    elif job.scope == Scope.CONTACT:
        yield from _along(model, kin.paths(model, Contact), [job.target_id], itself=model is Contact)


def _of_mailbox(job: DeletionJob, model: type[models.Model]) -> Iterator[QuerySet]:
    columns = {field.attname for field in model._meta.concrete_fields}
    if hangs_on_contacts(model):
        yield from _of_targets(job, model, Contact)
    elif paths := kin.paths(model, Mailbox):
        yield from _along(model, paths, [job.target_id])
    elif model is Mailbox:
        yield model._base_manager.filter(pk=job.target_id)
    elif "mailbox_id" in columns:  # no reference: the search index
        yield model._base_manager.filter(mailbox_id=job.target_id, organization_id=job.organization_id)


def _of_organization(job: DeletionJob, model: type[models.Model]) -> Iterator[QuerySet]:
    if model is Organization:
        yield model._base_manager.filter(pk=job.target_id)
    elif any(field.name == "organization" for field in kin.references(model)):
        yield model._base_manager.filter(organization=job.target_id)
    elif model is Session:
        yield model._base_manager.filter(session_key__in=session_keys(job))
    else:
        yield from _of_targets(job, model, User)


def session_keys(job: DeletionJob) -> QuerySet:
    """Return the names of the sessions of the people whom the job is to delete."""
    from allauth.usersessions.models import UserSession

    return UserSession.objects.filter(user__in=targets(job, User).values("row_id")).values("session_key")


def _of_targets(job: DeletionJob, model: type[models.Model], people: type[models.Model]) -> Iterator[QuerySet]:
    ids = targets(job, people).values("row_id")
    yield from _along(model, kin.paths(model, people), ids, itself=model is people)


def _along(
    model: type[models.Model], paths: tuple[str, ...], ids: object, *, itself: bool = False
) -> Iterator[QuerySet]:
    """Yield what each path finds that no path before it found."""
    rows = model._base_manager.all()
    if itself:
        yield rows.filter(pk__in=ids)
        rows = rows.exclude(pk__in=ids)
    for path in paths:
        yield rows.filter(**{f"{path}__in": ids})
        rows = rows.exclude(**{f"{path}__in": ids}) if kin.is_certain(model, path) else _but(rows, path, ids)


def _but(rows: QuerySet, path: str, ids: object) -> QuerySet:
    return rows.filter(Q(**{f"{path}__isnull": True}) | ~Q(**{f"{path}__in": ids}))
