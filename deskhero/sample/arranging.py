"""What the sample companies have set up beside their mail: companies they deal with, tags, fields, saved views."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from accounts.models import Membership
from accounts.tenancy import organization_scope
from tickets.actions.contacts.company import make_company
from tickets.actions.define_field import make_field
from tickets.actions.save_view import save_view
from tickets.actions.tag import make_tag
from tickets.models import Company, CustomField, SavedView, Tag
from tickets.narrowing import asked_by

FILE = Path(__file__).parent / "arrangement.toml"


def arrange(company: str, admin: Membership) -> None:
    """Set up what a company has, as its admin would; what it has of a sort already is left alone."""
    said = tomllib.loads(FILE.read_text())[company]
    with organization_scope(admin.organization):
        for name, (model, make) in SORTS.items():
            if not model.objects.exists():
                for one in said.get(name, []):
                    make(one, admin)


def _company(one: Mapping[str, Any], admin: Membership) -> None:
    make_company(name=one["name"], domains=[one["domain"]], by=admin)


def _tag(one: Mapping[str, Any], admin: Membership) -> None:
    make_tag(admin.organization, name=one["name"], hue=one["hue"])


def _field(one: Mapping[str, Any], admin: Membership) -> None:
    make_field(subject=one["subject"], kind=one["kind"], name=one["name"], words=one.get("words", []), by=admin)


def _view(one: Mapping[str, Any], admin: Membership) -> None:
    """Save a view for everybody; the file says a tag by its name."""
    said = {name: value for name, value in one.items() if name != "name"}
    if "tag" in said:
        said["tag"] = str(next(tag.pk for tag in admin.organization.tags.all() if tag.name == said["tag"]))
    save_view(asked_by(said), name=one["name"], is_shared=True, by=admin)


SORTS: dict[str, tuple[Any, Callable[[Mapping[str, Any], Membership], None]]] = {
    "companies": (Company, _company),
    "tags": (Tag, _tag),
    "fields": (CustomField, _field),
    "views": (SavedView, _view),
}
