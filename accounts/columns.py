"""Columns that a page does not show."""

from django.db import models


def all_but(model: type[models.Model], *kept: str, within: str = "") -> list[str]:
    """Return every other column for defer(); `within` is how the query reaches the model, if not at once.

    Raises ValueError for a column the model does not have.
    """
    columns = [field.name for field in model._meta.concrete_fields]
    if unknown := set(kept) - set(columns):
        raise ValueError(f"{model.__name__} has no {', '.join(sorted(unknown))}.")
    before = f"{within}__" if within else ""
    return [f"{before}{name}" for name in columns if name not in kept]
