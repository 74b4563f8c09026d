"""Letters: templates in the person's language, one file a kind. The person's own name is never repeated in one."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from privacy.models import DataSubjectRequest
from privacy.rights.clock import day_of

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def render_letter(request: DataSubjectRequest, kind: str, **context: Any) -> tuple[str, str]:
    """Return subject and text of a letter in the language of the case; dates are given as dates."""
    language = request.language if request.language in LANGUAGES else settings.LANGUAGE_CODE
    folder = f"privacy/letters/{language}"
    with translation.override(language):
        dates = {
            name: date_format(value, "DATE_FORMAT")
            for name, value in context.items()
            if name.endswith(("_on", "_until"))
        }
        said = render_to_string(
            f"{folder}/{kind}.txt",
            {
                "case_number": request.case_number,
                "which": request.right,
                "right": f"{folder}/_right.txt",
                "foot": f"{folder}/_foot.txt",
                "is_of_organization": request.is_of_organization,
                "organization": request.organization.name if request.organization else "Deskhero",
                "dpo": "" if request.is_of_organization else dpo(),
                "received_on": date_format(day_of(request.received_at), "DATE_FORMAT"),
                "due_on": date_format(request.clock.due_on, "DATE_FORMAT"),
                **context,
                **dates,
            },
        )
    subject, _line, text = said.partition("\n")
    return " ".join(subject.split()), text.strip() + "\n"


def dpo() -> str:
    """Return how the operator's data protection officer is reached; nothing where the operator named nobody."""
    return ", ".join(part for part in (settings.DPO_NAME, settings.DPO_EMAIL, settings.DPO_PHONE) if part)


def link_of(request: DataSubjectRequest, name: str, token: str) -> str:
    """Return the address of a page for the person: with the organization where one answers."""
    if request.organization is None:
        return f"{settings.URL}{reverse(f'rights:own_{name}', args=[token])}"
    return f"{settings.URL}{reverse(f'rights:{name}', args=[request.organization.slug, token])}"
