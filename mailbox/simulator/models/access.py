"""What a person granted to an application, and the tokens that carry it."""

from django.db import models

from mailbox.simulator.models.account import Account
from mailbox.simulator.models.base import Kept


class Grant(Kept):
    """One consent of one account to one client; revoking it kills every token."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="grants")
    client = models.CharField(max_length=200)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    # The numbered reason Microsoft gives when this grant is dead.
    reason = models.IntegerField(default=50173)


class AuthorizationCode(Kept):
    """The one-time code between the consent page and the token endpoint."""

    code = models.CharField(max_length=200, unique=True)
    grant = models.ForeignKey(Grant, models.CASCADE, related_name="codes")
    redirect_uri = models.TextField()
    challenge = models.CharField(max_length=200, blank=True)
    nonce = models.TextField(blank=True)
    scopes = models.JSONField(default=list)
    with_refresh = models.BooleanField(default=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Token(Kept):
    """An access or refresh token of a grant."""

    class Kind(models.TextChoices):
        ACCESS = "access"
        REFRESH = "refresh"

    value = models.CharField(max_length=300, unique=True)
    kind = models.CharField(max_length=7, choices=Kind)
    grant = models.ForeignKey(Grant, models.CASCADE, related_name="tokens")
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True)
