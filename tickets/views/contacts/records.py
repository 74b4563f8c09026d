"""The history of a contact or a company in sentences."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from accounts.requests import DeskRequest
from accounts.sealing.keys import Kind, keys
from tickets.models import Company, Contact, ContactEvent

SHOWN = 100
Verb = ContactEvent.Verb

_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    Verb.MADE: lambda said: _("%(who)s added this.") % said,
    Verb.IMPORTED: lambda said: _("%(who)s took this from a file.") % said,
    Verb.RENAMED: lambda said: (
        _("%(who)s changed the name from “%(before)s” to “%(after)s”.") % said
        if said["before"]
        else _("%(who)s set the name to “%(after)s”.") % said
    ),
    Verb.COMPANY_CHANGED: lambda said: (
        _("%(who)s set the company to “%(after)s”.") % said
        if said["after"]
        else _("%(who)s took off the company “%(before)s”.") % said
    ),
    Verb.ADDRESS_ADDED: lambda said: _("%(who)s added %(after)s.") % said,
    Verb.ADDRESS_REMOVED: lambda said: _("%(who)s removed %(before)s.") % said,
    Verb.PRIMARY_CHANGED: lambda said: _("%(who)s made %(after)s the main address.") % said,
    Verb.DOMAINS_CHANGED: lambda said: _("%(who)s set the domains to %(after)s.") % said,
    Verb.FIELD_CHANGED: lambda said: (
        _("%(who)s set “%(field)s” to “%(after)s”.") % said
        if said["after"]
        else _("%(who)s emptied “%(field)s”, which was “%(before)s”.") % said
    ),
    Verb.BLOCKED: lambda said: (
        _("%(who)s blocked %(after)s.") % said if said["after"] else _("%(who)s blocked the contact.") % said
    ),
    Verb.UNBLOCKED: lambda said: (
        _("%(who)s unblocked %(after)s.") % said if said["after"] else _("%(who)s unblocked the contact.") % said
    ),
    Verb.MERGED: lambda said: _("%(who)s merged “%(after)s” into this contact.") % said,
    Verb.UNMERGED: lambda said: _("%(who)s took “%(after)s” out of this contact again.") % said,
}


def history_of(request: DeskRequest, about: Contact | Company) -> list[dict[str, Any]]:
    """Return the newest changes, each as a sentence with its time."""
    events = list(about.events.select_related("by__user").order_by("-pk")[:SHOWN])
    keys.warm(Kind.PROFILE, {one.by.user_id for one in events if one.by})
    return [{"at": one.at, "sentence": sentence(one, request)} for one in events]


def sentence(event: ContactEvent, request: DeskRequest) -> str:
    """Return what was changed, by whom, in words."""
    if event.by_id == request.membership.pk:
        who = _("You")
    else:
        who = event.by.display_name if event.by else _("Somebody who left")
    said = {name: _plain(event.details.get(name)) for name in ("before", "after", "field")}
    return _SENTENCES[event.verb](said | {"who": who})


def _plain(value: Any) -> str:
    return (", ".join(value) or _("none")) if isinstance(value, list) else str(value or "")
