"""Consent: the request on its way through the provider, and the record of what was granted."""

from django.db import models

from accounts.models import Membership, Owned
from accounts.personal_data import HASHED, SECRET, About, Origin, PersonalData
from accounts.sealing.fields import SealedJSONField
from accounts.sealing.places import ORGANIZATION
from mailbox.models.mailbox import Mailbox


class ConsentRequest(Owned):
    """An admin on the way to the provider and back: single use, bound to the session, gone after an hour."""

    provider = models.CharField(max_length=9, choices=Mailbox.Provider)
    state_hash = models.BinaryField(max_length=32, unique=True)  # SHA-256 of the OAuth state
    session_hash = models.BinaryField(max_length=32)  # SHA-256 of the browser session's key
    by = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    mailbox = models.ForeignKey(Mailbox, models.CASCADE, null=True, related_name="+")  # a reconnect names it
    details = SealedJSONField(key=ORGANIZATION)  # PKCE verifier, nonce, announced address, first-sync days
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    personal_data = PersonalData(
        About.MEMBERS,
        {"state_hash": HASHED, "session_hash": HASHED},
        origin=Origin.ACCOUNT,
        kept="an hour",
        unexported=SECRET,
    )

    def __str__(self) -> str:
        return str(self.pk)


class MailboxAuthorization(Owned):
    """What was granted, by whom, when: the proof that a mailbox was opened only after consent."""

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="authorizations")
    scopes = models.JSONField()  # the provider's names of the permissions
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    revoked_at_provider = models.BooleanField(null=True)  # None: the provider has no way to be told

    personal_data = PersonalData(
        About.MEMBERS, {"scopes": "the provider's names of permissions, the same for everybody"}
    )

    def __str__(self) -> str:
        return str(self.pk)
