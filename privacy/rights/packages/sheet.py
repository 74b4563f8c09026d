"""The sheet of Article 15: why, what, for whom, how long, from where; and which rights there are."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.personal_data import About
from mailbox.models import Mailbox
from privacy.models import DataSubjectRequest
from privacy.records import records
from privacy.rights.letters import dpo


@dataclass(frozen=True)
class Line:
    """One line of the sheet."""

    title: str
    text: str


def sheet_of(request: DataSubjectRequest) -> list[Line]:
    """Return what the law wants said beside a copy, generated from what the program really does."""
    organization = request.organization.name if request.organization else "Deskhero"
    lines = [
        Line(_("Who is responsible"), organization),
        Line(
            _("What for"),
            _("To answer the mails you write, and to show that they were answered (Article 6(1)(b) and (f) GDPR)."),
        ),
        Line(
            _("What is kept"),
            _(
                "Your mails with their files, your addresses and names, what colleagues noted about them, and how each "
                "matter was handled."
            ),
        ),
        Line(_("Who gets it"), _recipients()),
        Line(
            _("How long"),
            _(
                "As the organization decides; at the latest 30 days after the mailbox was disconnected, in encrypted "
                "backups at most one year."
            ),
        ),
        Line(
            _("Where it comes from"),
            _("From the mails you wrote, and from mails that others wrote and you stand in."),
        ),
        Line(_("Decisions by machines"), _("None is made about you.")),
        Line(
            _("Your other rights"),
            _(
                "Correction, erasure, restriction, objection, data to take along; and to complain to a supervisory "
                "authority, in Sweden Integritetsskyddsmyndigheten (https://www.imy.se)."
            ),
        ),
    ]
    officer = "" if request.is_of_organization else dpo()
    return [*lines, Line(_("Data protection officer"), officer)] if officer else lines


def periods() -> list[dict[str, Any]]:
    """Return how long each kind of row is kept, from the inventory itself."""
    outside = [one for one in records() if one.about in {About.CONTACTS, About.BOTH}]
    return [{"kind": str(one.model._meta.verbose_name_plural), "kept": one.kept} for one in outside]


def _recipients() -> str:
    providers = sorted({str(one.get_provider_display()) for one in Mailbox.objects.all()})
    carried = _("Whoever the mails were sent to.")
    return (
        f"{carried} {_('The mail providers %(names)s carry them.') % {'names': ', '.join(providers)}}"
        if providers
        else carried
    )
