"""Declarations: where each model's own word about its personal data stands."""

from django.db import models

from accounts.personal_data import About, Origin, PersonalData
from privacy.libraries import LIBRARIES

OURS = ("accounts", "vault", "mailbox", "tickets", "privacy")


def declaration(model: type[models.Model]) -> PersonalData | None:
    """Return what the model says of itself; a parent's word does not count."""
    if model._meta.auto_created:
        return PersonalData(About.NOBODY, origin=Origin.NONE)  # two references and nothing else
    if model._meta.app_label in OURS:
        return vars(model).get("personal_data")
    return LIBRARIES.get(model._meta.label)
