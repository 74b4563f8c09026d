"""WorkingHours: when the people of an organization are there."""

from django.conf import settings
from django.db import models

from accounts.models.organization import Organization
from accounts.personal_data import About, Origin, PersonalData
from accounts.sealing.fields import SealedJSONField
from accounts.sealing.places import ORGANIZATION
from accounts.tenancy.owned import Owned


class WorkingHours(Owned):
    """The week of an organization, and the days it is closed all the same; accounts.hours reads it."""

    organization = models.OneToOneField(Organization, models.CASCADE, related_name="working_hours")
    time_zone = models.CharField(max_length=64, default=settings.TIME_ZONE)
    week = SealedJSONField(key=ORGANIZATION)  # seven of ["09:00", "17:00"] or null, Monday first
    holidays = SealedJSONField(key=ORGANIZATION)  # {"2026-12-25": "Christmas Day"}; people name days as they like

    personal_data = PersonalData(About.NOBODY, {"time_zone": "the name of a zone"}, origin=Origin.ACCOUNT)

    def __str__(self) -> str:
        return f"working hours {self.pk}"
