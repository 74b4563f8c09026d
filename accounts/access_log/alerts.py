"""Rules over the log that fire: very many tickets, unusual hours, exports, the operator's staff, a log that breaks."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from accounts.access_log.noting import Verb
from accounts.models import AccessAlert, AccessEvent, WorkingHours
from accounts.models.access_event import AccessEventQuerySet
from accounts.tenancy import organization_scope
from accounts.tenancy.doors import organizations_with_access_since

Rule = AccessAlert.Rule
LOOKED_AT = timedelta(minutes=10)  # each ring looks back further than the last one was ago
HOUR = timedelta(hours=1)
OPENING = [Verb.READ, Verb.DOWNLOAD, Verb.PRINT]


def watch_access_log(now: datetime | None = None) -> int:
    """Ask every rule about each organization with something new; return how many alerts are new."""
    now = now or timezone.now()
    return sum(watch_organization(pk, now) for pk in organizations_with_access_since(now - LOOKED_AT))


def watch_organization(organization_id: UUID, now: datetime) -> int:
    """Ask every rule about one organization; what fired in its window already fires once."""
    with organization_scope(organization_id):
        own = AccessEvent.objects.filter(organization_id=organization_id, at__lte=now)
        recent = own.filter(at__gt=now - LOOKED_AT)
        zone = _zone(organization_id)
        fired = [
            *_many(own.filter(at__gt=now - HOUR), now),
            *_odd(recent, zone),
            *_each(recent.filter(verb=Verb.EXPORT), Rule.EXPORT),
            *_each(recent.exclude(grant_id=None), Rule.GRANT),
        ]
        return raise_alerts(organization_id, fired)


Fired = tuple[str, UUID | None, datetime, int]


def raise_alerts(organization_id: UUID, fired: Iterable[Fired]) -> int:
    """Keep what fired, once for each rule, person and window; return how many are new. Needs the scope."""
    own = AccessAlert.objects.filter(organization_id=organization_id)
    before = own.count()
    AccessAlert.objects.bulk_create(
        [
            AccessAlert(organization_id=organization_id, rule=rule, user_id=user, window=window, amount=amount)
            for rule, user, window, amount in fired
        ],
        ignore_conflicts=True,
    )
    return own.count() - before


def hour_of(moment: datetime) -> datetime:
    """Return the hour a moment lies in."""
    return moment.replace(minute=0, second=0, microsecond=0)


def is_odd(moment: datetime, zone: ZoneInfo) -> bool:
    """Return whether people are usually asleep at that moment there."""
    begins, ends = settings.ACCESS_ODD_HOURS
    hour = moment.astimezone(zone).hour
    return begins <= hour < ends if begins <= ends else hour >= begins or hour < ends


def _many(events: AccessEventQuerySet, now: datetime) -> list[Fired]:
    opened = events.filter(verb__in=OPENING, user_id__isnull=False).values("user_id").order_by()
    counted = opened.annotate(things=Count("object_id", distinct=True)).filter(things__gt=settings.ACCESS_ALERT_TICKETS)
    return [(Rule.MANY, one["user_id"], hour_of(now), one["things"]) for one in counted]


def _odd(events: AccessEventQuerySet, zone: ZoneInfo) -> list[Fired]:
    """Return one alert for each person and night; the night is named by the noon before it."""
    found: dict[tuple[UUID, datetime], int] = {}
    for user_id, at in events.values_list("user_id", "at"):
        if user_id and is_odd(at, zone):
            noon = (at.astimezone(zone) - timedelta(hours=12)).replace(hour=12, minute=0, second=0, microsecond=0)
            found[user_id, noon] = found.get((user_id, noon), 0) + 1
    return [(Rule.ODD_HOURS, user, noon, count) for (user, noon), count in found.items()]


def _each(events: AccessEventQuerySet, rule: str) -> list[Fired]:
    found: dict[tuple[UUID | None, datetime], int] = {}
    for user_id, at, amount in events.values_list("user_id", "at", "amount"):
        found[user_id, hour_of(at)] = found.get((user_id, hour_of(at)), 0) + amount
    return [(rule, user, window, amount) for (user, window), amount in found.items()]


def _zone(organization_id: UUID) -> ZoneInfo:
    hours = WorkingHours.objects.filter(organization_id=organization_id).values_list("time_zone", flat=True).first()
    return ZoneInfo(hours or settings.TIME_ZONE)
