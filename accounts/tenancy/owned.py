"""Owned and Kept: what belongs to an organization, named from birth and closed to all others."""

from typing import Any, Self

from django.db import models
from django.db.models.signals import class_prepared
from django.dispatch import receiver

from accounts.ids import uuid7
from accounts.sealing.fields import left_sealed
from accounts.tenancy.policy import TenantPolicy


class Owned(models.Model):
    """A row of one organization. Its id exists before it is saved, because what is sealed is bound to it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey("accounts.Organization", models.CASCADE, related_name="%(class)ss")

    class Meta:
        abstract = True

    def lock(self) -> Self:
        """Re-read the row and hold it until the transaction ends; what was changed in memory is lost.

        What is sealed stays so until somebody reads it: a row whose key was destroyed can be held too.
        """
        with left_sealed():
            self.refresh_from_db(from_queryset=type(self)._base_manager.select_for_update())
        return self


class Kept(models.Model):
    """A row about an organization that outlives it: proof of what was done. It holds ids, times and counts only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization_id = models.UUIDField(db_index=True)  # no reference: the organization may be gone

    class Meta:
        abstract = True


@receiver(class_prepared)
def add_policy(sender: type[models.Model], **kwargs: Any) -> None:
    """Give every owned and kept table its row policy; makemigrations then writes it without being asked.

    A model that declares a policy of its own (fewer rights) keeps it.
    """
    if not issubclass(sender, (Owned, Kept)) or sender._meta.abstract or sender._meta.proxy:
        return
    if any(isinstance(one, TenantPolicy) for one in sender._meta.constraints):
        return  # its own, where the tenant role may do less
    policy = TenantPolicy(name=f"tenant_{sender._meta.app_label}_{sender._meta.model_name}")
    sender._meta.constraints = [*sender._meta.constraints, policy]
    sender._meta.original_attrs["constraints"] = sender._meta.constraints
