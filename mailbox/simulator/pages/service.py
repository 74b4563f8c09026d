"""The mail the product sent by itself: invitations, codes, notices."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from mailbox.simulator.models import ServiceMail
from mailbox.simulator.pages.mailbox import page

LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


def linked(text: str) -> SafeString:
    """Text with its addresses made clickable, everything else escaped."""
    pieces, last = [], 0
    for match in LINK.finditer(text):
        address = escape(match[0])
        pieces += [escape(text[last : match.start()]), f'<a href="{address}">{address}</a>']
        last = match.end()
    return mark_safe("".join([*pieces, escape(text[last:])]))  # noqa: S308 - every piece is escaped


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All of it, newest first."""
    return page(request, None, "service_mail", mails=ServiceMail.objects.defer("raw")[:200], mail=None)


@require_safe
def detail(request: HttpRequest, number: int) -> HttpResponse:
    """One of them."""
    mail = get_object_or_404(ServiceMail, pk=number)
    mails = ServiceMail.objects.defer("raw")[:200]
    return page(request, None, "service_mail", mails=mails, mail=mail, text=linked(mail.text))
