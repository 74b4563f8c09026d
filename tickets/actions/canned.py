"""Canned replies: made, changed, deleted, and put into a draft."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership, Team
from mailbox.bodies import paragraphs
from mailbox.models import Mailbox
from tickets.actions.attach import NewFile
from tickets.actions.draft import attach_to_draft, draft_of, save_draft
from tickets.filling import fill, unknown
from tickets.models import CannedFile, CannedReply, Draft, Ticket

MOST = 500  # of one organization: a list that people choose from


@transaction.atomic
def save_canned(
    canned: CannedReply | None,
    *,
    name: str,
    text: str,
    by: Membership,
    shared: bool = False,
    team: Team | None = None,
    files: Sequence[NewFile] = (),
) -> CannedReply:
    """Make a canned reply, or change one: for its writer alone, for a team, or for everybody.

    What others use is for admins to change. A word in braces that is no variable is declined, by name.
    """
    if (shared or team) and not by.is_admin:
        raise ActionRefused(_("Only admins keep canned replies that others use."))
    if wrong := unknown(text):
        raise ActionRefused(_("“{%(name)s}” is no variable.") % {"name": wrong[0]})
    if canned is None:
        if CannedReply.objects.filter(organization_id=by.organization_id).count() >= MOST:
            raise ActionRefused(_("There are %(count)d canned replies already: delete some first.") % {"count": MOST})
        canned = CannedReply(organization_id=by.organization_id)
    canned.name, canned.text = name, text
    canned.owner, canned.team = (None, team) if shared or team else (by, None)
    canned.save()
    for file in files:
        _attach(canned, file)
    return canned


@transaction.atomic
def delete_canned(canned: CannedReply) -> None:
    """Delete a canned reply with its files; what was put into drafts stays there."""
    for file in canned.files.all():
        transaction.on_commit(file.file.delete)
    canned.delete()


@transaction.atomic
def detach_canned(file: CannedFile) -> None:
    """Take a file off a canned reply."""
    transaction.on_commit(file.file.delete)
    file.delete()


@transaction.atomic
def give_to_admin(team: Team, *, by: Membership) -> None:
    """Keep the canned replies of a team that ends, as those of whoever ends it."""
    CannedReply.objects.filter(team=team).update(team=None, owner=by)


def filled_for(canned: CannedReply, ticket: Ticket, by: Membership) -> tuple[str, list[str]]:
    """Return the text as it would stand in an answer of this member, and which variables were empty."""
    known = {"number": str(ticket.number), "subject": ticket.subject}
    return fill(canned.text, {**known_of(by, ticket.mailbox, ticket.contact.name), **known})


def known_of(by: Membership, mailbox: Mailbox, contact: str) -> dict[str, str]:
    """Return what is known wherever somebody writes: who writes, from where, and to whom, as far as that has a name."""
    name = contact.strip()
    return {
        "contact": name,
        "first_name": name.split()[0] if name else "",
        "agent": by.display_name,
        "organization": by.organization.name,
        "mailbox": mailbox.address,
    }


def files_of(canned: CannedReply) -> Iterator[NewFile]:
    """Yield the files that come along, one opened at a time."""
    for file in canned.files.all():
        yield NewFile(file.name, file.content_type, b"".join(file.file.read()))


def below(draft: Draft | None, text: str) -> dict[str, str]:
    """Return the words of a draft with this text below them, laid out where they are."""
    before, html = (draft.says("text"), draft.says("html")) if draft else ("", "")
    said = {"text": "\n\n".join(filter(None, [str(before).rstrip(), text]))}
    return said | ({"html": html + paragraphs(text)} if html else {})


@transaction.atomic
def put_files_in(canned: CannedReply, ticket: Ticket, *, by: Membership) -> None:
    """Let the files of a canned reply leave with what this member is writing on the ticket."""
    for file in files_of(canned):
        attach_to_draft(ticket, file, by=by)


@transaction.atomic
def put_into_draft(canned: CannedReply, ticket: Ticket, *, by: Membership) -> tuple[Draft | None, list[str]]:
    """Put text and files below what this member is writing; return the draft, and which variables were empty."""
    text, empty = filled_for(canned, ticket, by)
    draft = save_draft(ticket, below(draft_of(ticket, by), text), by=by)
    put_files_in(canned, ticket, by=by)
    return draft, empty


def _attach(canned: CannedReply, file: NewFile) -> None:
    there = canned.files.aggregate(size=Sum("size"))["size"] or 0
    if there + len(file.content) > settings.MAX_ATTACHMENT_BYTES:
        raise ActionRefused(_("The files are larger than mail can carry: 25 MB together at most."))
    row = CannedFile(
        organization_id=canned.organization_id,
        canned=canned,
        details={"name": file.name, "content_type": file.content_type},
        size=len(file.content),
    )
    row.file.write([file.content])
    row.save(force_insert=True)
