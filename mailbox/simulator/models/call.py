"""The log of what the product asked of the providers: never a body, never a query."""

from django.db import models

from mailbox.simulator.models.base import Kept


class Call(Kept):
    """One request to a simulated provider and how it was answered."""

    at = models.DateTimeField()
    route = models.CharField(max_length=60, db_index=True)
    method = models.CharField(max_length=8)
    path = models.TextField()
    account = models.CharField(max_length=320, blank=True)
    status = models.IntegerField()
    fault = models.BooleanField(default=False)
