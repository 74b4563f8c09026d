"""Trouble that was ordered for the next calls of a route."""

from django.db import models
from django.db.models import F, Q

from mailbox.simulator.models.base import Kept


class Fault(Kept):
    """Fail the next calls of a route, for one account or all."""

    route = models.CharField(max_length=60)  # a route's name, or * for all
    account = models.CharField(max_length=320, blank=True)
    remaining = models.IntegerField(default=1)
    status = models.IntegerField(null=True)
    body = models.JSONField(null=True)
    text = models.TextField(blank=True)  # a body that is not JSON, such as a proxy's HTML
    headers = models.JSONField(default=dict)
    delay_seconds = models.FloatField(default=0)
    drop = models.BooleanField(default=False)  # close the connection instead of answering
    work_first = models.BooleanField(default=False)  # do what was asked, then fail

    @classmethod
    def take(cls, route: str, account: str) -> "Fault | None":
        """The fault that strikes this call, counted down; None when the call may go on."""
        waiting = cls.objects.filter(Q(route=route) | Q(route="*"), remaining__gt=0)
        for fault in waiting.filter(Q(account="") | Q(account=account)).order_by("pk"):
            if cls.objects.filter(pk=fault.pk, remaining__gt=0).update(remaining=F("remaining") - 1):
                return fault
        return None
