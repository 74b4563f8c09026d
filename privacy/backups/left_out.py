"""What a backup of the data leaves out, and why: rows that are made anew, or that nobody may bring back."""

from django.apps import apps

LEFT_OUT = {
    "tickets.SearchDocument": "codes of words, made anew from the mails (manage.py reindex_search)",
    "sessions.Session": "whoever was signed in signs in again",
    "usersessions.UserSession": "likewise, with the address and the browser of the person",
    "account.EmailConfirmation": "not used",
    "mailbox.ConsentRequest": "an hour's way to the provider and back",
}


def tables_left_out() -> list[str]:
    """Return the tables whose rows are not backed up; their empty shape is."""
    return [apps.get_model(label)._meta.db_table for label in LEFT_OUT]
