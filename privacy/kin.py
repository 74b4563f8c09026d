"""Kin: which rows hang on which, read from the references of the models. What erases walks it; nothing is listed."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

# What a reference does when its target goes; through these, a row belongs to its target.
BELONGS = (models.CASCADE, models.RESTRICT, models.PROTECT)


def all_models() -> list[type[models.Model]]:
    """Return every model with a table of its own, those that Django makes for many-to-many included."""
    return [
        model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy
    ]


def references(model: type[models.Model]) -> list[models.ForeignKey]:
    """Return the references a model holds."""
    return [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]


def what_happens(field: Any) -> Any:
    """Return what becomes of a row when what this reference points to goes: CASCADE, RESTRICT, SET_NULL..."""
    return field.remote_field.on_delete


@cache
def children(model: type[models.Model]) -> tuple[models.ForeignKey, ...]:
    """Return the references that point to a model, from whatever table."""
    return tuple(
        field
        for child in all_models()
        for field in references(child)
        if field.related_model._meta.concrete_model is model._meta.concrete_model
    )


@cache
def paths(model: type[models.Model], target: type[models.Model]) -> tuple[str, ...]:
    """Return the ORM paths by which rows belong to a target, shortest first; of each parent only its shortest."""
    found = sorted(_paths(model, target, ()), key=lambda path: path.count("__"))
    return tuple(dict.fromkeys(found))


def _paths(
    model: type[models.Model], target: type[models.Model], above: tuple[type[models.Model], ...]
) -> Iterator[str]:
    for field in references(model):
        parent = field.related_model
        if what_happens(field) not in BELONGS or parent in (model, *above):
            continue
        if parent is target:
            yield field.name
        elif further := sorted(_paths(parent, target, (model, *above)), key=lambda path: path.count("__")):
            yield f"{field.name}__{further[0]}"


def is_certain(model: type[models.Model], path: str) -> bool:
    """Return whether every row has something at the end of that path: no reference on the way may be empty."""
    return not any(field.null for field in fields_along(model, path))


def leads(model: type[models.Model], path: str) -> bool:
    """Return whether that path exists."""
    try:
        return bool(fields_along(model, path))
    except FieldDoesNotExist:
        return False


def fields_along(model: type[models.Model], path: str) -> list[Any]:
    """Return the fields of an ORM path, in order; FieldDoesNotExist where one is not there."""
    found = []
    for name in path.split("__"):
        field: Any = model._meta.get_field(name)
        found.append(field)
        model = field.related_model or model
    return found


@cache
def children_first(target: type[models.Model]) -> tuple[type[models.Model], ...]:
    """Return the models with a reference of their own to a target, those that others refer to last."""
    waiting = list(dict.fromkeys(field.model for field in children(target)))
    ordered: list[type[models.Model]] = []
    while waiting:
        free = [model for model in waiting if not any(_refers(other, model) for other in waiting if other is not model)]
        ordered += free or waiting[:1]
        waiting = [model for model in waiting if model not in ordered]
    return tuple(ordered)


def _refers(child: type[models.Model], parent: type[models.Model]) -> bool:
    return any(field.related_model is parent and what_happens(field) in BELONGS for field in references(child))
