"""Invitation: an offer of a place, by mail, for one use."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from accounts.models.membership import Membership
from accounts.personal_data import HASHED, KEYED, About, Origin, PersonalData
from accounts.sealing.fields import SealedTextField
from accounts.sealing.places import ORGANIZATION
from accounts.tenancy.owned import Owned

LIFE = timedelta(days=7)


MAIL_AFTER = timedelta(minutes=5)  # a mail that has not left by then is asked for again


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Lists of offers."""

    def open(self) -> Self:
        """Neither accepted nor taken back; perhaps expired."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def waiting_for_mail(self) -> Self:
        """Open, and their mail should have left."""
        now = timezone.now()
        return self.open().filter(mailed_at=None, created_at__lt=now - MAIL_AFTER, expires_at__gt=now)


class Invitation(Owned):
    """An offer of a place: single use, bound to an address, expiring."""

    email = SealedTextField(key=ORGANIZATION)
    email_digest = models.BinaryField(max_length=16)
    role = models.CharField(max_length=6, choices=Membership.Role, default=Membership.Role.AGENT)
    token_hash = models.BinaryField(max_length=32, unique=True)  # SHA-256; the token itself is only in the mail
    invited_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    mailed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    personal_data = PersonalData(
        About.MEMBERS,
        {"email_digest": KEYED, "token_hash": HASHED},
        origin=Origin.ACCOUNT,
        digests=("email_digest",),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email_digest"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="invitation_one_open_for_an_address",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        """Return whether it can still be accepted."""
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()
