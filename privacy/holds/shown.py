"""A hold as pages show it: its title, who did what, what was put aside; never the content of what is held."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.sealing.errors import SealingError
from accounts.sealing.keys import Kind, keys
from privacy.models import HoldEvent, LegalHold


@dataclass(frozen=True)
class Names:
    """What the people of an organization are called, by user."""

    by_user: Mapping[UUID, str]

    @classmethod
    def of(cls, organization_id: UUID) -> Self:
        """Read them, with two statements."""
        members = list(Membership.objects.filter(organization_id=organization_id).select_related("user"))
        keys.warm(Kind.PROFILE, {one.user_id for one in members})
        return cls({one.user_id: one.display_name for one in members})

    def name(self, user_id: UUID | None, *, is_operators: bool) -> str:
        """Return a name; the operator's staff is the operator."""
        if is_operators:
            return _("The operator")
        return self.by_user.get(user_id, _("A former colleague")) if user_id else ""


@dataclass(frozen=True)
class Line:
    """One line of a hold's history."""

    at: datetime
    verb: str
    who: str
    count: int | None
    review_at: datetime | None


class HoldShown:
    """One hold for one page."""

    def __init__(self, hold: LegalHold, names: Names) -> None:
        """Take the hold and the names of the people."""
        self.hold, self.names = hold, names
        self.pk, self.is_active, self.is_operators = hold.pk, hold.is_active, hold.is_operators

    @property
    def scope(self) -> str:
        """Return what sort of thing it keeps."""
        return str(LegalHold.Scope(self.hold.scope).label)

    @property
    def title(self) -> str:
        """Return what it keeps, by number and name as of when it was placed."""
        if self.hold.scope == LegalHold.Scope.ORGANIZATION:
            return self.scope
        name = self._words("title")
        return f"#{self.hold.number} {name}".strip() if self.hold.number else name or self.scope

    @property
    def basis(self) -> str:
        """Return the basis in words."""
        return str(LegalHold.Basis(self.hold.basis).label)

    @property
    def reason(self) -> str:
        """Return why it was placed; the operator's reason is not for the organization."""
        return "" if self.is_operators else self._words("reason")

    @property
    def release_reason(self) -> str:
        """Return why it was released."""
        return "" if self.is_operators else self._words("release_reason")

    @property
    def placed_by(self) -> str:
        """Return who placed it."""
        return self.names.name(self.hold.placed_by_id, is_operators=self.is_operators)

    @property
    def reviewer(self) -> str:
        """Return who looks at it next."""
        return self.names.name(self.hold.reviewer_id, is_operators=self.is_operators)

    @property
    def is_overdue(self) -> bool:
        """Return whether somebody had to look at it by now."""
        return self.is_active and self.hold.review_at <= timezone.now()

    def history(self) -> list[Line]:
        """Return what was done with it, newest first."""
        return [
            Line(
                one.at,
                str(HoldEvent.Verb(one.verb).label),
                self.names.name(one.by_id, is_operators=one.is_operators),
                one.count,
                one.review_at,
            )
            for one in self.hold.events.order_by("-at", "-pk")
        ]

    def aside(self) -> dict[str, Any]:
        """Return how much was put aside for it: a number of rows, and of those that nobody could read."""
        rows = self.hold.items.aggregate(count=Count("pk"))
        return {"count": rows["count"], "unreadable": self.hold.items.filter(is_readable=False).count()}

    def _words(self, field: str) -> str:
        try:
            return str(getattr(self.hold, field))
        except SealingError:  # three years after the release
            return ""
