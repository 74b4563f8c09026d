"""SearchDocument: by which words a ticket, a mail or a note is found, as keyed codes."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func

from accounts.models import Organization
from accounts.personal_data import DERIVED, FREE_TEXT, About, Origin, PersonalData


class SearchDocument(models.Model):
    """The codes of one ticket, message or note, under its id; see tickets.search and docs/search.md.

    Under a row policy Postgres would not use the index of codes. So this table has none, is closed to the tenant role,
    and is reached through the functions of its migration, which take the organization from the scope. Triggers remove a
    row with what it describes, and when that moves to a mailbox with another key.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    organization = models.ForeignKey(Organization, models.DO_NOTHING, db_constraint=False, db_index=False)
    ticket_id = models.UUIDField()
    mailbox_id = models.UUIDField()
    kind = models.PositiveSmallIntegerField()  # tickets.search.documents
    at = models.DateTimeField()
    key_version = models.PositiveSmallIntegerField()
    rules = models.PositiveSmallIntegerField()  # version of what is a word
    # Always blank. Postgres moves a value out of its row only where the row has more than 2 kB; with the codes outside,
    # sixty rows instead of seven share a page, and a common word is counted four times as fast.
    filler = models.TextField()
    codes = SearchVectorField()

    personal_data = PersonalData(
        About.BOTH,
        {
            "codes": "keyed codes of words, no positions: say nothing without the mailbox's key (docs/search.md)",
            "filler": "always blank",
        },
        origin=Origin.MAILBOX,
        mailbox="mailbox_id",
        subject=FREE_TEXT,
        loose={"ticket_id": "the ticket", "organization_id": "triggers delete it with what it describes"},
        unexported=DERIVED,
    )

    class Meta:
        indexes = [
            models.Index(fields=["ticket_id"], name="search_document_of_ticket"),
            # For common words, of which the newest rows are looked at and no others. By a function of the mailbox, so
            # that no other question is led here: reading a mailbox from end to end opens every row's codes.
            models.Index(Func(F("mailbox_id"), function="uuid_send"), F("at").desc(), name="search_document_by_time"),
            GinIndex(fields=["codes"], gin_pending_list_limit=1024, name="search_document_codes"),
        ]

    def __str__(self) -> str:
        return f"search document {self.pk}"
