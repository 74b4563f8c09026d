"""Mail the product sent by itself over SMTP: invitations, codes, notices."""

from django.db import models

from mailbox.simulator.models.base import Kept


class ServiceMail(Kept):
    """One mail to one recipient, as it came over SMTP."""

    at = models.DateTimeField()
    sender = models.CharField(max_length=320, blank=True)
    recipient = models.CharField(max_length=320, db_index=True)
    subject = models.TextField(blank=True)
    text = models.TextField(blank=True)
    raw = models.BinaryField()

    class Meta(Kept.Meta):
        ordering = ["-pk"]
