"""The people and the company itself: rows that belong to no organization alone, and go as the owner of the tables."""

from collections import Counter
from collections.abc import Iterator
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Model

from accounts.models import AccessEvent, Membership, Organization, User
from accounts.sealing.fields import sealed_fields
from accounts.sealing.places import ORGANIZATION
from accounts.tenancy.owned import Kept
from privacy.deletion.counting import note_deleted
from privacy.deletion.erasing import erase
from privacy.deletion.reach import targets
from privacy.deletion.turns import chunks, owner_turn
from privacy.models import DeletionJob

BATCH = 100


def delete_people(job: DeletionJob) -> Iterator[int]:
    """Delete the people whom only this organization has, with their sessions and sign-in; yield after every batch."""
    ids = list(targets(job, User).values_list("row_id", flat=True))
    for batch in chunks(ids, BATCH):
        counts: Counter[str] = Counter()
        with owner_turn(job) as held:
            elsewhere = Membership.objects.filter(user__in=batch).exclude(organization=job.target_id)
            leaving = User.objects.filter(pk__in=batch).exclude(pk__in=elsewhere.values("user"))
            leaving_ids = list(leaving.values_list("pk", flat=True))
            counts[Session._meta.label] += _end_sessions(leaving_ids)
            erase(User, leaving_ids, counts)
            note_deleted(held, counts)
        yield counts.total()


def delete_organization(job: DeletionJob) -> Iterator[int]:
    """Delete the company's own row, last of all; the constraints of the database refuse while anything hangs on it.

    What outlives it as proof keeps ids and times; words in it, sealed under the key that is gone, are emptied.
    """
    counts: Counter[str] = Counter()
    with owner_turn(job) as held:
        for model, names in kept_words():
            model._base_manager.filter(organization_id=job.target_id).update(**dict.fromkeys(names))
        erase(Organization, [job.target_id], counts)
        note_deleted(held, counts)
    yield counts.total()


def kept_words() -> Iterator[tuple[type[Model], list[str]]]:
    """Yield the tables that outlive an organization, with their fields of words; what a log sealed nobody rewrites."""
    for model in apps.get_models():
        if issubclass(model, Kept) and not issubclass(model, AccessEvent):
            names = [field.name for field in sealed_fields(model) if field.key == ORGANIZATION and field.null]
            if names:
                yield model, names


def _end_sessions(user_ids: list) -> int:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    names = list(UserSession.objects.filter(user__in=user_ids).values_list("session_key", flat=True))
    there = Session.objects.filter(session_key__in=names).count()
    for name in names:
        store.delete(name)
    return there
