"""A remark about a contact."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import ActionRefused
from accounts.models import Membership
from tickets.models import Contact, ContactNote


@transaction.atomic
def add_contact_note(contact: Contact, *, text: str, by: Membership) -> ContactNote:
    """Add a remark that colleagues who may see the contact read; it never leaves the desk."""
    if not text.strip():
        raise ActionRefused(_("The note is empty."))
    return ContactNote.objects.create(
        organization_id=contact.organization_id, contact=contact, author=by, text=text.strip()
    )


@transaction.atomic
def remove_contact_note(note: ContactNote, *, by: Membership) -> None:
    """Delete a remark: who wrote it may, and admins."""
    if note.author_id != by.pk and not by.is_admin:
        raise ActionRefused(_("Only who wrote a note, or an admin, can delete it."))
    note.delete()
