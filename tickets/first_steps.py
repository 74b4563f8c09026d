"""The first steps of an organization, from an empty desk to the first answer: what is done and what is next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import Invitation, Membership, Organization
from mailbox.models import Mailbox
from tickets.models import Event, Ticket


@dataclass(frozen=True)
class Step:
    """One thing to do, and whether it is done."""

    key: str
    title: Any
    text: Any
    act: Any
    url: str
    is_done: bool


@dataclass(frozen=True)
class FirstSteps:
    """The path with its progress."""

    steps: list[Step]

    @property
    def done(self) -> int:
        """Return how many are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def are_done(self) -> bool:
        """Return whether nothing is left to do."""
        return self.done == len(self.steps)

    @property
    def next(self) -> Step | None:
        """Return the first that is not done."""
        return next((step for step in self.steps if not step.is_done), None)


_WORDS = {
    "mailbox": (
        "mailbox:connect",
        _("Connect a mailbox"),
        _("Mail that customers send to it becomes tickets here. Your answers leave from it."),
        _("Connect a mailbox"),
    ),
    "mail": (
        "tickets:queue",
        _("See the first mail come in"),
        _("Write to your mailbox from a private address. It is here within a minute."),
        _("Look at the list"),
    ),
    "colleague": (
        "accounts:people",
        _("Invite a colleague"),
        _("Two people see who answers what, and nobody answers twice."),
        _("Invite somebody"),
    ),
    "answer": (
        "tickets:queue",
        _("Answer a ticket"),
        _("Open it, write, and send. The customer gets it in the same conversation."),
        _("Look at the list"),
    ),
}


def asked(me: Membership) -> dict[str, Exists]:
    """Return the questions that the shell's query answers along; none once an admin put the steps away."""
    if not me.is_admin or me.organization.first_steps_ended_at:
        return {}
    own = {"organization_id": me.organization_id}
    others = Membership.objects.filter(**own).exclude(pk=me.pk)
    return {
        "step_mailbox": Exists(Mailbox.objects.connected().filter(**own)),
        "step_mail": Exists(Ticket.objects.filter(**own)),
        "step_colleague": Exists(others) | Exists(Invitation.objects.filter(**own)),  # type: ignore[dict-item]
        "step_answer": Exists(Event.objects.filter(**own, verb=Event.Verb.ANSWERED)),
    }


def first_steps(organization: Organization, row: Mapping[str, Any]) -> FirstSteps | None:
    """Return the path as this row of answers says, or None where nobody was asked."""
    if "step_mailbox" not in row:
        return None
    steps = [
        Step(key, title, text, act, address_of(url, organization.slug), bool(row[f"step_{key}"]))
        for key, (url, title, text, act) in _WORDS.items()
    ]
    return FirstSteps(steps)
