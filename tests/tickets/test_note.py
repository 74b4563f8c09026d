"""Notes stay inside."""

import pytest

from accounts.errors import ActionRefused
from mailbox.models import OutboundEmail
from tickets.actions.note import add_note

pytestmark = pytest.mark.usefixtures("scope")


def test_a_note_is_kept_and_nothing_leaves(ticket, alice):
    state = ticket.state
    note = add_note(ticket, text="  She called twice. ", by=alice)

    note.refresh_from_db()
    assert (note.text, note.author) == ("She called twice.", alice)
    assert OutboundEmail.objects.count() == 0
    assert ticket.state == state


def test_an_empty_note_is_refused(ticket, alice):
    with pytest.raises(ActionRefused):
        add_note(ticket, text=" ", by=alice)
