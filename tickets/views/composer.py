"""The composer: whom an answer goes to, from which address, and everything that would leave with it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import BinaryField, Func
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from accounts.requests import DeskRequest
from accounts.rows import Rows, opened
from accounts.sealing.digests import address_digest, fold_address
from mailbox.models import Mailbox
from mailbox.signatures import signature_of
from tickets.answered import newest_of
from tickets.filing.building import snippet_of
from tickets.filing.ours import Ours
from tickets.forms import Person, ReplyForm, written
from tickets.models import ContactAddress, Draft, Message, Ticket
from tickets.quoting import introduction_and_text
from tickets.recipients import recipients_of, written_to
from tickets.rich import clean_rich, shown_rich
from tickets.seen import seen_of
from tickets.views.drafting import drafting, drafts_along
from tickets.views.finding import may_work_on

SHOWN_OF_QUOTE = 12  # lines; all of it is in the conversation above


def asked_along(request: DeskRequest, number: int) -> dict[str, Rows]:
    """Return what the shell's query is to bring along: our mailboxes, and who of this ticket mail does not reach."""
    if not request.membership.can_answer:
        return {}
    own = Mailbox.objects.filter(organization=request.organization).connected()
    in_it = Message.objects.filter(ticket__organization=request.organization, ticket__number=number)
    people = in_it.values(one=Func("participants", function="unnest", output_field=BinaryField()))
    bounced = ContactAddress.objects.filter(
        organization=request.organization, bounced_at__isnull=False, digest__in=people
    )
    return {
        "own_mailboxes": Rows(own.values("id", "organization_id", "provider", "address", "aliases")),
        "bounced": Rows(bounced.values("digest", "bounced_at")),
        **drafts_along(request, number),
    }


def composer(
    request: DeskRequest,
    ticket: Ticket,
    messages: list[Message],
    along: Mapping[str, Any],
    form: ReplyForm | None = None,
    members: Mapping[UUID, Membership] | None = None,
) -> dict[str, Any]:
    """Return what the composer shows: a draft as it was left; with a form that came back, what was typed is kept."""
    if not may_work_on(request, ticket):
        return {}
    drafted = drafting(request, ticket.number, along, members or {})
    mailbox, agent = ticket.mailbox, request.membership.display_name
    answered = _answered(messages, form, drafted["draft"])
    ours = Ours.with_mailboxes(ticket.organization_id, opened(Mailbox, along["own_mailboxes"]))
    offered = recipients_of(answered, ours, messages[-1] if messages else None)
    if form is None:
        bounced = {bytes(one.digest): one.bounced_at for one in opened(ContactAddress, along["bounced"])}
        dead = _among([*offered.to, *offered.cc], bounced, ticket.organization_id)
    else:
        dead = undeliverable(ticket.organization_id, form.recipients())
    quote = introduction_and_text(answered)
    first = {
        "answered": str(answered.pk) if answered else "",
        "sender": written_to(answered, mailbox.addresses) or mailbox.address,
        "to": written(offered.to),
        "cc": written(offered.cc),
        "quotes": mailbox.quotes_history and quote is not None,
        **_typed_before(drafted["draft"]),
        "seen": seen_of(messages),
    }
    form = form or ReplyForm(initial=first, senders=mailbox.addresses)
    if form.is_bound:
        drafted["html"] = shown_rich(clean_rich(str(form["html"].value() or "")), drafted["pictures"])
    return {
        "reply_form": form,
        "drafted": drafted,
        "note_draft": drafted["draft"].says("note") if drafted["draft"] else "",
        "send": {
            "senders": mailbox.addresses,
            "came_to": "" if answered is None or len(mailbox.addresses) > 1 else _came_to(answered, mailbox.addresses),
            "warnings": offered.warnings,
            "dead": [{"address": address, "since": since} for address, since in dead.items()],
            "warned": " ".join(dead),
            "signature": signature_of(mailbox, agent=agent, sender=mailbox.sender_name or agent),
            "quote": _shown(*quote) if quote else None,
            "newer": [] if form.is_bound else newer_shown(_since(drafted["draft"], messages), members or {}),
            "limit": settings.MAX_ATTACHMENT_BYTES,
        },
    }


def newer_shown(messages: Iterable[Message], members: Mapping[UUID, Membership]) -> list[dict[str, Any]]:
    """Return a line for each message that the writer has not seen: who, when, how it begins, and where it stands."""
    shown = []
    for message in messages:
        author = members.get(message.author_id) if message.author_id else None
        name, address = next(iter(message.people("from")), ("", ""))
        who = author.display_name if author else name or address or _("Unknown sender")
        line = {"who": who, "at": message.at, "url": f"#m-{message.pk}", "text": snippet_of(message.new_text)}
        shown.append(line | {"ours": message.is_outbound})
    return shown


def _answered(messages: list[Message], form: ReplyForm | None, draft: Draft | None) -> Message | None:
    """Return the mail that is answered: the one the writer began with, else the newest."""
    asked = str(form["answered"].value() or "") if form is not None else draft.says("answered") if draft else ""
    named = next((one for one in messages if str(one.pk) == asked and not one.is_outbound), None) if asked else None
    return named or newest_of(messages)


def _typed_before(draft: Draft | None) -> dict[str, Any]:
    """Return the fields of a draft that was begun; a note alone begins no answer."""
    if draft is None or not (draft.says("text") or draft.says("html")):
        return {}
    names = ("sender", "to", "cc", "bcc", "text", "quotes")
    return {name: draft.said[name] for name in names if name in draft.said}


def _since(draft: Draft | None, messages: list[Message]) -> list[Message]:
    """Return what came since the draft was last open on a page."""
    if draft is None or not (draft.says("text") or draft.says("html")):
        return []
    newest = str(draft.says("seen")).partition("-")[0]
    return [one for one in messages if newest and one.pk.hex > newest]


def undeliverable(organization_id: UUID, people: Sequence[Person]) -> dict[str, datetime]:
    """Return which of these addresses mail could not be delivered to, and since when; mail from one clears it."""
    digests = [address_digest(organization_id, address) for _name, address in people]
    found = ContactAddress.objects.filter(digest__in=digests, bounced_at__isnull=False) if digests else []
    return _among(people, {bytes(one.digest): one.bounced_at for one in found}, organization_id)


def _among(people: Sequence[Person], bounced: Mapping[bytes, Any], organization_id: UUID) -> dict[str, datetime]:
    if not bounced:
        return {}
    by_digest = {address_digest(organization_id, address): address for _name, address in people}
    return {address: bounced[digest] for digest, address in by_digest.items() if digest in bounced}


def _came_to(answered: Message, addresses: list[str]) -> str:
    """Return the address of ours that mail seems to have been sent to where it is none that we know: an alias."""
    named = [*answered.people("to"), *answered.people("cc")]
    if written_to(answered, addresses) or not named:
        return ""
    domain = addresses[0].rpartition("@")[2].casefold()
    return next((one for _name, one in named if fold_address(one).endswith(f"@{domain}")), "")


def _shown(introduction: str, text: str) -> dict[str, Any]:
    lines = text.split("\n")
    more = len(lines) - SHOWN_OF_QUOTE
    return {
        "introduction": introduction,
        "text": "\n".join(lines[:SHOWN_OF_QUOTE]),
        "label": ngettext("%(count)d line", "%(count)d lines", len(lines)) % {"count": len(lines)},
        "more": _("and %(count)d more") % {"count": more} if more > 0 else "",
    }
