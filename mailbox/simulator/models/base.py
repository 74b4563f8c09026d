"""What every model of the simulator shares."""

from django.db import models


class Kept(models.Model):
    """A row of the simulator's own database."""

    class Meta:
        abstract = True
        app_label = "simulator"

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
